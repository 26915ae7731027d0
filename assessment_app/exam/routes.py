"""The exam protocol over HTTP, and the two pages that the browser loads. Saves go by ``hot_path`` instead."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import msgspec
from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed

from assessment_app.exam import actions, contract, rules
from assessment_app.exam.actions import owners
from assessment_app.exam.actions import words as speaking
from assessment_app.exam.messages import (
    MOST_BYTES,
    RESCUE,
    ConsentGiven,
    Finish,
    Shown,
    SignedIn,
    SignIn,
    SittingView,
    parse,
    practice,
)
from assessment_app.exam.messages.words import Assistance, WasRead
from assessment_app.exam.queries import facts, saved, views, words
from assessment_app.platform import clock, letters, rate, static_files
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import NotSignedIn, TooMany
from assessment_app.platform.queue import wake
from assessment_app.platform.safe_exam_browser import MEDIA_TYPE, Proof, link
from assessment_app.platform.security import secret
from assessment_app.platform.settings import settings
from assessment_app.platform.web import download

pages = Blueprint("exam_pages", __name__, template_folder="templates")
api = Blueprint("exam", __name__, url_prefix="/api/exam/v1")

WORKER = Path(__file__).parent / "static" / "service-worker.js"

SCRIPTS = dict.fromkeys(("exam/sign_in.js", "exam/player.js"), "exam/preferences.js")
"""The page's module -> what is at work before its first paint."""

# A participant's page carries no secret: the token stands in the answer to signing in, never in a page.
pages.after_request(static_files.squeeze)

SIGN_IN_LIMIT = "10/minute"
"""By NIP and by device, never by address alone: a whole lab is one address."""

CALL_LIMIT = "6/minute"
"""Of a sitting: whoever calls for a proctor more often than that fills no table."""

OPEN = ("exam.sign_in", "exam.openapi")
"""The two calls that need no token."""


@pages.get("/")
def sign_in_page() -> ResponseReturnValue:
    """Show where a participant signs in."""
    shown = _header_proof()
    with transaction(reads_only=True) as db:
        agency_name, wave_title = views.what_is_on(db, clock.now())
        browser = views.browser_asked_for(db, clock.now(), shown)
    return render_template("exam/sign_in.html", agency_name=agency_name, wave_title=wave_title, browser=browser)


@pages.get("/peramban/<uuid:wave_id>")
def safe_browser_page(wave_id: UUID) -> ResponseReturnValue:
    """Explain to whoever came with another browser what Safe Exam Browser is, and open it."""
    with transaction(reads_only=True) as db:
        views.browser_file(db, wave_id)
    address = settings().exam_address + url_for("exam_pages.safe_browser_file", wave_id=wave_id)
    return render_template("exam/safe_browser.html", wave_id=wave_id, open_link=link(address))


@pages.get("/peramban/<uuid:wave_id>/asesmen.seb")
def safe_browser_file(wave_id: UUID) -> ResponseReturnValue:
    """Give the file that sets Safe Exam Browser up for a wave; it holds no secret but the hash of one."""
    with transaction(reads_only=True) as db:
        found = views.browser_file(db, wave_id)
    return download(found, "asesmen.seb", MEDIA_TYPE)


@pages.get("/sitting")
def sitting_page() -> ResponseReturnValue:
    """Show the player; it asks for everything by the protocol."""
    documents = {"practice": msgspec.to_builtins(practice()), "rescue_key": letters.public_text(RESCUE)}
    return render_template("exam/player.html", **documents)


@pages.get("/service-worker.js")
def service_worker() -> ResponseReturnValue:
    """Give what opens both pages without a network; a worker's address bounds what it may answer for."""
    given = Response(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    given.headers["Cache-Control"] = "no-cache"
    given.add_etag()
    return given.make_conditional(request)


def _header_proof() -> Proof:
    """Read what Safe Exam Browser sends with each request, for the address as the browser knows it."""
    said = request.headers
    config, exam = said.get("X-SafeExamBrowser-ConfigKeyHash", ""), said.get("X-SafeExamBrowser-RequestHash", "")
    return Proof(settings().exam_address + request.path, config, exam)


def _proofs(shown: Shown) -> tuple[Proof, Proof]:
    """Gather both ways of proving the browser: headers of this request, and what the sign-in page's script was told."""
    sign_in_page = settings().exam_address + url_for("exam_pages.sign_in_page")
    return _header_proof(), Proof(sign_in_page, shown.config_key, shown.exam_key)


def _secrets() -> rules.Secrets:
    return rules.Secrets(pin=secret("session-pin"), token=secret("exam-token"))


@api.before_request
def only_participants() -> None:
    """Read the token that every call but signing in carries; one door for all of them."""
    request.max_content_length = MOST_BYTES
    if request.endpoint in OPEN:
        return
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    named = rules.read_token(token, secret("exam-token"))
    if named is None:
        raise NotSignedIn
    g.sitting_id, g.epoch = named


def _owner() -> rules.Owner:
    return rules.Owner(g.sitting_id, g.epoch)


@api.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Check NIP and PIN; answers the token and where the participant stands."""
    wanted, now = parse(SignIn, request.get_data()), clock.now()
    for key in (f"nip:{wanted.digits}", f"device:{wanted.device}"):
        if not rate.allows(SIGN_IN_LIMIT, key):
            raise TooMany(retry_after_s=60)
    with transaction() as db:
        sitting = actions.sign_in(db, wanted, _secrets(), now, _proofs(wanted.browser))
        token = rules.make_token(sitting.sitting_id, sitting.epoch, secret("exam-token"))
        moved = [one.attempt_id for one in sitting.attempts if one.opened] if sitting.epoch > 1 else []
    for attempt_id in moved:  # whoever released it may have died before the gates: they still let the old device write
        with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
            actions.open_gate(answers, db, sitting.sitting_id, attempt_id)
    return _json(SignedIn(token, _view(sitting.sitting_id)))


@api.get("/sitting")
def sitting() -> ResponseReturnValue:
    """Say where the participant stands."""
    return _json(_view(g.sitting_id, check_device=True))


@api.post("/consent")
def consent() -> ResponseReturnValue:
    """Keep the answer to the integrity pact and the privacy notice."""
    given = parse(ConsentGiven, request.get_data())
    with transaction() as db:
        actions.consent(db, _owner(), given, clock.now())
    return _kept()


@api.post("/attempts/<int:n>/start")
def start(n: int) -> ResponseReturnValue:
    """Open an attempt; a second call answers the same deadline."""
    now = clock.now()
    with transaction() as db:
        part, is_new = actions.start(db, _owner(), n, now)
    if is_new:  # a whole lab starts at once, and what was just written need not be read again
        with transaction(ANSWERS) as answers:  # after the commit: the gate follows
            if actions.make_gate(answers, part.attempt_id, g.epoch, part.window):
                return _json(views.started(part, part.window, {}, now))
    else:
        with transaction(ANSWERS, reads_only=True) as answers:
            if saved.gate_follows(answers, part.attempt_id, g.epoch, part.window):
                return _json(views.started(part, part.window, saved.said(answers, part.attempt_id), now))
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        window = actions.open_gate(answers, db, g.sitting_id, part.attempt_id)
        said = saved.said(answers, part.attempt_id)
    return _json(views.started(part, window, said, now))


@api.post("/attempts/<int:n>/finish")
def finish(n: int) -> ResponseReturnValue:
    """Close an attempt early, once everything the browser knows has arrived."""
    wanted = parse(Finish, request.get_data())
    with transaction(reads_only=True) as db:
        found = facts.of(db, g.sitting_id)
    owners.check_owner(found, _owner())
    attempt_id = found.part(n).attempt_id
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        actions.check_all_arrived(answers, g.sitting_id, wanted)
        said, how = actions.close_gate(answers, db, g.sitting_id, attempt_id)
    with transaction() as db:
        actions.seal(db, g.sitting_id, n, said, clock.now(), how)
    wake()  # after the commit, so the worker can see the sheet
    return _json(_view(g.sitting_id))


@api.post("/assistance")
def call_for_assistance() -> ResponseReturnValue:
    """Call for a proctor, or take the call back."""
    wanted = parse(Assistance, request.get_data())
    if not rate.allows(CALL_LIMIT, f"assistance:{g.sitting_id}"):
        raise TooMany(retry_after_s=60)
    with transaction() as db:
        speaking.call(db, _owner(), wanted, clock.now())
        said = words.messages(db, g.sitting_id)
    return _json(said)


@api.get("/messages")
def messages() -> ResponseReturnValue:
    """Give what the page has to show: the open call, and what a proctor wrote; a sitting that is held hears it too."""
    with transaction(reads_only=True) as db:
        owners.check_device(facts.of(db, g.sitting_id), _owner())
        said = words.messages(db, g.sitting_id)
    return _json(said)


@api.post("/messages/read")
def keep_read() -> ResponseReturnValue:
    """Keep that what a proctor wrote was read."""
    said = parse(WasRead, request.get_data())
    with transaction() as db:
        speaking.read(db, _owner(), said, clock.now())
    return _kept()


@api.get("/receipt")
def receipt() -> ResponseReturnValue:
    """Give the receipt after the last attempt was sealed."""
    with transaction(reads_only=True) as db:
        found = facts.of(db, g.sitting_id)
    return _json(views.receipt(found))


@api.get("/messages/newest", endpoint="newest")
@api.get("/content/<form>")
def content(form: str = "") -> ResponseReturnValue:
    """Refuse HEAD, which Flask takes for a GET; ``hot_path`` answers GET before it comes here."""
    raise MethodNotAllowed(["GET"])


for hot in ("answers", "heartbeat"):
    api.add_url_rule(f"/{hot}", hot, methods=["POST"])  # so that Flask knows how to refuse every other method


@api.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Give the document of this protocol."""
    return Response(contract.written(), mimetype="application/json")


def _view(sitting_id: int, *, check_device: bool = False) -> SittingView:
    now = clock.now()
    with transaction(ANSWERS, reads_only=True) as answers:
        acked = saved.acked_seq(answers, sitting_id)
    with transaction(reads_only=True) as db:
        found = facts.of(db, sitting_id)
        if check_device:
            owners.check_owner(found, _owner())
        return views.view(db, found, acked, now)


def _kept() -> Response:
    kept = Response(status=204)
    del kept.headers["Content-Type"]  # of nothing
    return kept


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), mimetype="application/json")
