"""Pages of waves, their sessions, who sits where, and the rooms."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.people import queries as people
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.safe_exam_browser import MEDIA_TYPE
from assessment_app.platform.security import secret
from assessment_app.platform.settings import settings
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import ngettext
from assessment_app.platform.web import download
from assessment_app.scheduling import actions, messages, queries
from assessment_app.scheduling.messages.changes import AMENDMENTS
from assessment_app.scheduling.queries import lists, timetable
from assessment_app.scheduling.routes.door import bp
from assessment_app.scheduling.rules import quit_password
from scoring_engine.canonical import digest

MOST_PARTS = 8
"""Places for forms in a battery; the longest one known has six."""

MOST_LISTED = 100
"""Employees in one tick list; beyond that the planner chooses a unit."""


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the agency's waves; the first page that a planner sees."""
    with transaction(reads_only=True) as db:
        waves = queries.waves(db, own_agency())
    return render_template("scheduling/waves.html", waves=waves, purposes=messages.PURPOSES)


@bp.get("/baru")
def ask_wave() -> ResponseReturnValue:
    """Ask for a new wave."""
    with transaction(reads_only=True) as db:
        forms = queries.forms(db)
    return render_template(
        "scheduling/new_wave.html", forms=forms, places=min(len(forms), MOST_PARTS), wave_id=uuid4(),
        purposes=messages.PURPOSES, instruments=messages.INSTRUMENTS,
    )  # fmt: skip


@bp.post("/baru")
def add_wave() -> ResponseReturnValue:
    """Plan a new wave."""
    new = messages.NewWave.parse(request.form)
    with transaction() as db:
        wave = actions.add_wave(db, officer(), new, clock.now())
    flash(_("Gelombang dibuat. Tambahkan sesi, lalu tempatkan peserta."), "ok")
    return redirect(url_for("scheduling.show_wave", wave_id=wave.wave_id), 303)


@bp.get("/<uuid:wave_id>")
def show_wave(wave_id: UUID) -> ResponseReturnValue:
    """Show how far a wave is planned: figures, sessions, battery."""
    with transaction(reads_only=True) as db:
        wave = queries.wave(db, own_agency(), wave_id)
        sessions = queries.sessions_of(db, own_agency(), wave_id)
        figures = queries.figures(db, own_agency(), wave_id)
        rooms = queries.rooms(db, own_agency())
        frozen = lists.frozen_ids(db, own_agency(), wave_id)
        units = lists.units_of(db, own_agency(), wave_id)
    return render_template(
        "scheduling/wave.html", wave=wave, sessions=sessions, figures=figures, rooms=rooms, zones=messages.ZONES,
        weeks=timetable.calendar(sessions), numbers=lists.numbered(one for one, _taken in sessions), frozen=frozen,
        units=units, purposes=messages.PURPOSES, instruments=messages.INSTRUMENTS,
    )  # fmt: skip


@bp.post("/<uuid:wave_id>/sesi")
def add_session(wave_id: UUID) -> ResponseReturnValue:
    """Give a wave a session."""
    with transaction() as db:
        zones = {room.room_id: room.timezone for room in queries.rooms(db, own_agency())}
        new = messages.NewSession.parse(request.form, zones)
        session = actions.add_session(db, officer(), wave_id, new, clock.now())
    flash(_("Sesi ditambahkan. Tempatkan peserta di kursinya."), "ok")
    return redirect(url_for("scheduling.show_session", session_id=session.session_id), 303)


@bp.get("/sesi/<uuid:session_id>")
def show_session(session_id: UUID) -> ResponseReturnValue:
    """Show who sits where in a session, and whom one could still seat."""
    unit_id = request.args.get("unit", type=UUID)
    with transaction(reads_only=True) as db:
        session = queries.session(db, own_agency(), session_id)
        units = people.units(db, own_agency())
        waiting, total = queries.unbooked(db, own_agency(), session.wave_id, unit_id, MOST_LISTED)
        frozen = lists.frozen(db, own_agency(), session_id)
        amended = lists.amendments(db, own_agency(), session_id)
        names = people.names_of(db, own_agency(), {one.by for one in amended} | ({frozen.by} if frozen else set()))
        number = lists.numbers_of(db, own_agency(), session.wave_id)[session_id]
    return render_template(
        "scheduling/session.html", session=session, units=units, unit_id=unit_id, waiting=waiting, total=total,
        door=session.hours.door(clock.now()), opens=session.hours.opens, number=number, frozen=frozen, amended=amended,
        free=session.room.seats - len(session.bookings), names=names, kinds=AMENDMENTS,
        fingerprint=digest(lists.document(session)),
    )  # fmt: skip


@bp.post("/sesi/<uuid:session_id>/peserta")
def book(session_id: UUID) -> ResponseReturnValue:
    """Seat the employees that were ticked."""
    ticked = messages.employee_ids(request.form)
    with transaction() as db:
        new = actions.book(db, officer(), session_id, ticked, clock.now())
    flash(ngettext("%(num)s peserta ditempatkan.", "%(num)s peserta ditempatkan.", len(new), num=len(new)), "ok")
    unit_id = request.args.get("unit", type=UUID)
    return redirect(url_for("scheduling.show_session", session_id=session_id, unit=unit_id), 303)


@bp.get("/sesi/<uuid:session_id>/layar")
def front_screen(session_id: UUID) -> ResponseReturnValue:
    """Show the PIN as it hangs before the room. It writes although it is a GET: knowing a PIN is on record."""
    with transaction() as db:
        session = queries.session(db, own_agency(), session_id)
        pin = actions.show_pin(db, officer(), session, secret("session-pin"), clock.now())
    back = url_for("scheduling.show_session", session_id=session_id)
    return render_template("scheduling/front_screen.html", session=session, pin=pin, back=back)


@bp.post("/sesi/<uuid:session_id>/pin")
def new_pin(session_id: UUID) -> ResponseReturnValue:
    """Make a session's PIN anew."""
    reason, shown = messages.reason(request.form), messages.count(request.form, "round")
    with transaction() as db:
        actions.new_pin(db, officer(), session_id, shown, reason, clock.now())
    flash(_("PIN baru berlaku. PIN lama tidak dapat dipakai lagi."), "ok")
    return redirect(url_for("scheduling.show_session", session_id=session_id), 303)


@bp.get("/<uuid:wave_id>/peramban")
def browser(wave_id: UUID) -> ResponseReturnValue:
    """Show how a wave stands to Safe Exam Browser, with what a lab needs for it."""
    with transaction(reads_only=True) as db:
        wave = queries.wave(db, own_agency(), wave_id)
        rule = queries.browser_rule(db, own_agency(), wave_id)
    return render_template(
        "scheduling/browser.html", wave=wave, rule=rule, policies=messages.BROWSER_POLICIES,
        address=settings().exam_address, password=quit_password(secret("safe-exam-browser"), wave_id),
    )  # fmt: skip


@bp.post("/<uuid:wave_id>/peramban")
def set_browser(wave_id: UUID) -> ResponseReturnValue:
    """Say how a wave stands to Safe Exam Browser."""
    rule, address = messages.BrowserRule.parse(request.form), settings().exam_address
    with transaction() as db:
        actions.set_browser(db, officer(), wave_id, rule, address, secret("safe-exam-browser"), clock.now())
    flash(_("Aturan Safe Exam Browser disimpan."), "ok")
    return redirect(url_for("scheduling.browser", wave_id=wave_id), 303)


@bp.get("/<uuid:wave_id>/peramban/asesmen.seb")
def browser_file(wave_id: UUID) -> ResponseReturnValue:
    """Give the file that sets Safe Exam Browser up for a wave."""
    with transaction(reads_only=True) as db:
        rule = queries.browser_rule(db, own_agency(), wave_id)
    if rule is None:
        raise NotFound
    return download(rule.file, "asesmen.seb", MEDIA_TYPE)


@bp.get("/ruang")
def rooms() -> ResponseReturnValue:
    """List the agency's rooms and ask for another one."""
    with transaction(reads_only=True) as db:
        found = queries.rooms(db, own_agency())
    return render_template("scheduling/rooms.html", rooms=found, zones=messages.ZONES)


@bp.post("/ruang")
def add_room() -> ResponseReturnValue:
    """Add a room."""
    new = messages.NewRoom.parse(request.form)
    with transaction() as db:
        actions.add_room(db, officer(), new, clock.now())
    flash(_("Ruang tersimpan."), "ok")
    return redirect(url_for("scheduling.rooms"), 303)
