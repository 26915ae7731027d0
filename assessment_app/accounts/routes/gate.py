"""What is open before the door: sign-in with its second factor, a new password by link, the look of pages."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts import actions, messages, queries
from assessment_app.accounts.routes.door import first_endpoint, load, may_try, store, token, visit
from assessment_app.accounts.rules import KEPT_FORM_LIFE, Admission, Step, local_path
from assessment_app.platform import clock, texts
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import TooMany
from assessment_app.platform.settings import settings
from assessment_app.platform.texts import gettext as _

gate = Blueprint("gate", __name__, template_folder="../templates")

YEAR = 365 * 24 * 3600


@gate.get("/")
def home() -> ResponseReturnValue:
    """Lead to the page where this person's work begins."""
    if not current_user.is_authenticated:
        return redirect(url_for("gate.sign_in"))
    return redirect(url_for(first_endpoint()))


@gate.get("/masuk")
def sign_in() -> ResponseReturnValue:
    """Ask for name and password."""
    if current_user.is_authenticated:
        return redirect(_carried()["next"] or url_for("gate.home"))
    return render_template("accounts/sign_in.html", **_carried())


@gate.post("/masuk")
def check_password() -> ResponseReturnValue:
    """Take name and password; the hash is computed outside any transaction, because SQLite has one writer."""
    typed = messages.Credentials.parse(request.form)
    if not may_try(typed.name):
        page = render_template("accounts/sign_in.html", error=_(TooMany.title), name=typed.name, **_carried())
        return page, TooMany.status, {"Retry-After": "60"}
    with transaction(store(), reads_only=True) as db:
        stored = queries.password_hash_of(db, typed.name)
    proof = queries.prove(stored, typed.password)
    with transaction(store()) as db:
        required = settings().second_factor == "required"
        admission = actions.sign_in(db, typed.name, proof, required, visit(), clock.now())
    if admission.step is Step.REFUSED:
        error = _(messages.NOT_ADMITTED)
        return render_template("accounts/sign_in.html", error=error, name=typed.name, **_carried()), 422
    return _go_on(admission)


@gate.get("/masuk/kode")
def ask_code() -> ResponseReturnValue:
    """Ask for the code of the second factor."""
    return render_template("accounts/code.html", **_carried())


@gate.post("/masuk/kode")
def check_code() -> ResponseReturnValue:
    """Take the code of the second factor."""
    with transaction(store()) as db:
        admission = actions.pass_code(db, token(), messages.parse_code(request.form), visit(), clock.now())
    if admission.step is Step.REFUSED:
        return render_template("accounts/code.html", error=_(messages.WRONG_CODE), **_carried()), 422
    return _go_on(admission)


@gate.get("/masuk/pasang")
def ask_enrolment() -> ResponseReturnValue:
    """Show the secret of a second factor that is to be enrolled before anything else."""
    return _enrolment_page(None, "")


@gate.post("/masuk/pasang")
def enrol() -> ResponseReturnValue:
    """Take the first code of a second factor that is being enrolled."""
    enrolment, code = messages.Enrolment.parse(request.form), messages.parse_code(request.form)
    with transaction(store()) as db:
        admission = actions.enrol_half_way(db, token(), enrolment, code, visit(), clock.now())
    return _enrolment_page(enrolment, _(messages.WRONG_CODE)) if not admission.token else _go_on(admission)


def _enrolment_page(enrolment: messages.Enrolment | None, error: str) -> ResponseReturnValue:
    with transaction(store(), reads_only=True) as db:
        account = queries.half_way(db, token(), clock.now()).account
        enrolment = enrolment or actions.begin_enrolment(account, clock.now())
    page = render_template("accounts/enrol.html", enrolment=enrolment, error=error, again=False, **_carried())
    return page, 422 if error else 200


def _carried() -> dict[str, str]:
    """Take along where the person wanted to go, and the form that waits."""
    return {"next": local_path(request.values.get("next", "")) or "", "kept": request.form.get("kept", "")}


def _go_on(admission: Admission) -> ResponseReturnValue:
    """Give the browser a new session, and lead to the next step of signing in."""
    session.clear()
    session.permanent = True
    session["_user_id"] = admission.token
    carried = _carried()
    if admission.step is not Step.DONE:
        if carried["kept"]:
            is_code = admission.step is Step.CODE
            return render_template("accounts/code.html", **carried) if is_code else _enrolment_page(None, "")
        pages = {Step.CODE: "gate.ask_code", Step.ENROL: "gate.ask_enrolment"}
        return redirect(url_for(pages[admission.step], next=carried["next"] or None), 303)
    person = load(admission.token)
    if not carried["kept"]:
        return redirect(carried["next"] or url_for("gate.home"), 303)
    form = messages.KeptForm.opened(carried["kept"], clock.now(), KEPT_FORM_LIFE)
    is_own = form is not None and person is not None and form.account_id == person.account_id
    return render_template("accounts/kept_form.html", form=form if is_own else None)


@gate.post("/keluar")
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    with transaction(store()) as db:
        actions.sign_out(db, token(), visit(), clock.now())
    session.clear()
    flash(_("Anda sudah keluar."), "ok")
    return redirect(url_for("gate.sign_in"), 303)


@gate.get("/kata-sandi")
def ask_password() -> ResponseReturnValue:
    """Ask whoever was given a link for a new password; its secret is in the query, which no log of ours keeps."""
    return _password_page(request.args.get("tautan", ""), [], 200)


@gate.post("/kata-sandi")
def set_password() -> ResponseReturnValue:
    """Set the new password, typed twice."""
    link, password = request.form.get("tautan", ""), request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _password_page(link, [_(messages.DIFFERENT)], 422)
    with transaction(store()) as db:
        faults = actions.set_password(db, link, password, visit(), clock.now())
    if faults:
        return _password_page(link, [_(messages.PASSWORD_FAULTS[fault]) for fault in faults], 422)
    flash(_("Kata sandi tersimpan. Silakan masuk."), "ok")
    return redirect(url_for("gate.sign_in"), 303)


def _password_page(link: str, errors: list[str], status: int) -> ResponseReturnValue:
    with transaction(store(), reads_only=True) as db:
        account = queries.link_named(db, link, clock.now()).account
        name, full_name = account.sign_in_name, account.full_name
    page = render_template("accounts/password.html", name=name, full_name=full_name, link=link, errors=errors)
    return page, status


@gate.post("/tampilan")
def look() -> ResponseReturnValue:
    """Keep the reader's choice of theme or language in a cookie, for browsers without our script."""
    answer = redirect(local_path(request.form.get("next", "")) or "/", 303)
    for name, allowed in ((texts.THEME_COOKIE, texts.THEMES), (texts.LANGUAGE_COOKIE, texts.LANGUAGES)):
        if (chosen := request.form.get(name)) in allowed:
            secure = settings().secure_cookies
            answer.set_cookie(name, str(chosen), max_age=YEAR, samesite="Lax", secure=secure)
    return answer
