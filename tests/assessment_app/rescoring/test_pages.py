"""The office compares a key with what counts, and decides by two people; it sees seals and reasons, never a key."""

import re
import threading

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from werkzeug.serving import make_server

from assessment_app.accounts.models import Agency
from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.servers import office
from tests import factories
from tests.assessment_app.rescoring import planted
from tests.assessment_app.rescoring.planted import PEOPLE, newest, sign
from tests.assessment_app.scoring.house import browser, staff
from tests.stores import Furniture
from workers import tasks

WHY = "Kunci lama terbalik pada satu butir."


def corrected_wave():
    """Correct the key of a wave and compare; gives the page's address."""
    now = clock.now()
    planted.plant(now, PEOPLE)
    key_seal = planted.correct(now)
    planted.delivered(now)
    return f"/nilai-ulang/{planted.wave().wave_id}/{key_seal}"


@pytest.fixture
def furniture(request):
    """A wave whose key was corrected and compared, where a test asks for it."""
    return Furniture("corrected_wave", corrected_wave) if "wave" in request.fixturenames else None


@pytest.fixture
def wave(on_sqlite, furniture):
    """The office, and the address of the page of a wave whose key was corrected and compared."""
    return office.build(on_sqlite), furniture.made


def enter(app, name, *roles, code="contoh"):
    with transaction(reads_only=True) as db:
        agency_id = db.scalars(select(Agency.agency_id).where(Agency.code == code)).one()
    return browser(app, staff(agency_id, clock.now(), name, *roles))


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def found(pattern, page):
    match = re.search(pattern, page)
    assert match is not None
    return match.group(1)


def shown(page):
    return found(r'name="dilihat" value="([0-9a-f]{64})"', page)


def send(client, path, **fields):
    return client.post(path, data={"_csrf": "csrf", **fields})


def test_a_wave_without_a_corrected_key_says_so(on_sqlite):
    factories.stage(clock.now())
    said = read(enter(office.build(on_sqlite), "dewi", Role.BKD_ADMIN), "/nilai-ulang")
    assert "Belum ada kunci yang diperbaiki" in said


def test_the_comparison_names_who_changes_and_no_answer(wave):
    app, page = wave
    client = enter(app, "dewi", Role.BKD_ADMIN)
    assert "Siap dibandingkan" in read(client, "/nilai-ulang")
    said = read(client, page)
    assert "Peserta 1001" in said
    assert planted.REASON in said
    assert planted.ITEM not in said
    assert not [why for why in planted.right_key().rationale.values() if why in said]
    assert "Tidak ada yang berubah" in read(client, page + "?berubah=signed")
    assert "Peserta 1001" in read(client, page + "?berubah=levels")
    one = read(client, f"{page}/{min(newest())}")
    assert "Integritas" in one


def test_one_proposes_another_decides_and_the_trail_tells_it(wave):
    app, page = wave
    dewi, hasan = enter(app, "dewi", Role.BKD_ADMIN), enter(app, "hasan", Role.ASSESSOR)
    seen = shown(read(dewi, page))
    assert send(dewi, page + "/usulkan", alasan="ya", dilihat=seen).status_code == 422
    assert send(dewi, page + "/usulkan", alasan=WHY, dilihat="0" * 64).status_code == 409
    assert send(dewi, page + "/usulkan", alasan=WHY, dilihat=seen).status_code == 303
    said = read(dewi, page)
    assert "Orang kedua yang memutuskan" in said
    assert "berlakukan" not in said
    proposal = found(r"/([0-9a-f-]{36})/tolak", said)
    assert send(dewi, f"{page}/{proposal}/berlakukan", alasan=WHY, dilihat=seen).status_code == 403
    asked = read(hasan, page)
    assert WHY in asked
    assert send(hasan, f"{page}/{proposal}/berlakukan", alasan=WHY, dilihat=shown(asked)).status_code == 303
    tasks.hand_out()
    assert "Versi ini yang berlaku pada gelombang ini" in read(hasan, page)
    with transaction(reads_only=True) as db:
        trail = db.execute(select(AuditEntry.action, AuditEntry.reason).order_by(AuditEntry.entry_no)).all()
    assert [tuple(one) for one in trail if one.action.startswith("key_version.")] == [
        ("key_version.propose", WHY), ("key_version.choose", WHY),
    ]  # fmt: skip


def test_a_proposal_is_taken_back_by_who_made_it(wave):
    app, page = wave
    dewi = enter(app, "dewi", Role.BKD_ADMIN)
    send(dewi, page + "/usulkan", alasan=WHY, dilihat=shown(read(dewi, page)))
    proposal = found(r"/([0-9a-f-]{36})/tolak", read(dewi, page))
    assert send(dewi, f"{page}/{proposal}/tolak", alasan=WHY, dilihat="").status_code == 303
    assert "Usulkan versi ini" in read(dewi, page)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TALENT_COMMITTEE])
def test_who_only_reads_decides_nothing(wave, role):
    app, page = wave
    client = enter(app, "reno", role)
    said = read(client, page)
    assert "Usulkan versi ini" not in said
    assert send(client, page + "/usulkan", alasan=WHY, dilihat="0" * 64).status_code == 403


def test_a_proctor_does_not_come_in(wave):
    app, page = wave
    assert enter(app, "budi", Role.PROCTOR).get(page).status_code == 403


def test_another_agency_finds_nothing(wave):
    app, page = wave
    factories.agency("lain", clock.now())
    client = enter(app, "orang-lain", Role.BKD_ADMIN, code="lain")
    assert planted.CODE not in read(client, "/nilai-ulang")
    wave_id = planted.wave().wave_id
    for path in (page, f"{page}/{min(newest())}", f"/nilai-ulang?gelombang={wave_id}"):
        assert client.get(path).status_code == 404, path
    assert send(client, page + "/usulkan", alasan=WHY, dilihat="0" * 64).status_code == 404


def test_the_assessor_is_shown_what_differs_from_what_was_signed(wave):
    app, page = wave
    now = clock.now()
    two = planted.officer("dewi", now), planted.officer("hasan", now, Role.ASSESSOR)
    whose = min(newest())
    sign(whose, two[1], now)
    planted.chosen(page.rpartition("/")[2], two, clock.now())
    said = read(browser(app, "token-of-hasan"), f"/tinjau/{whose}")
    assert "Kunci formulir bagian 1 diganti dengan versi lain." in said
    assert re.search(r"Integritas: ditandatangani 5, sekarang <b>1</b>", said)


@pytest.mark.parametrize("theme", ["terang", "kontras"])
def test_every_page_is_accessible_and_fits_the_screen(wave, page, accessible, theme):
    app, path = wave
    staffed = enter(app, "dewi", Role.BKD_ADMIN)
    assert staffed.get("/nilai-ulang").status_code == 200
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    value = signer.dumps({"_user_id": "token-of-dewi", "_fresh": True})
    page.context.add_cookies([
        {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": address},
        {"name": "theme", "value": theme, "url": address},
    ])  # fmt: skip
    try:
        for one in ("/nilai-ulang", path, f"{path}/{min(newest())}"):
            answer = page.goto(address + one)
            assert answer.status == 200, one
            accessible(page)
            wide, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert wide <= screen, one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
