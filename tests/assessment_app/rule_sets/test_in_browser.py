"""Every page of rule sets in Chromium: accessible in both themes, nothing wider than the screen."""

import threading
from datetime import timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface
from werkzeug.serving import make_server

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.rule_sets import actions
from assessment_app.servers import office as office_server
from tests.assessment_app.rule_sets.conftest import Office
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW


@pytest.fixture
def served(on_sqlite, monkeypatch):
    """A draft with a change, and a server that shows it to somebody who may edit; gives address, draft and cookie."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app, here = office_server.build(on_sqlite), Office()
    Staff(app, here.agency_id, Role.BKD_ADMIN, "dewi")
    draft_id = here.copy(effective=NOW + timedelta(days=9))
    here.change(draft_id, "talent.cut.x", [55, 77.5])
    here.act(actions.withdraw, here.copy("2026-9"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    cookie = {"name": app.config["SESSION_COOKIE_NAME"], "value": signer.dumps({"_user_id": "dewi", "_fresh": True})}
    try:
        yield f"http://127.0.0.1:{server.server_port}", draft_id, here.life(draft_id).rule_set.sha256, cookie
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("theme", ["terang", "kontras"])
def test_every_page_is_accessible_and_fits_the_screen(page, accessible, served, theme):
    address, draft_id, sha256, cookie = served
    page.context.add_cookies([cookie | {"url": address}, {"name": "theme", "value": theme, "url": address}])
    for path in (
        "/aturan", f"/aturan/{draft_id}", f"/aturan/sidik/{sha256}/beda",
        f"/aturan/draf/{draft_id}/aturan/jpm.pemetaan",
        f"/aturan/draf/{draft_id}/aturan/predicate.matrix", f"/aturan/draf/{draft_id}/aturan/box.recommendations",
        f"/aturan/{draft_id}/pratinjau",
    ):  # fmt: skip
        answer = page.goto(address + path)
        assert answer.status == 200, path
        accessible(page)
        wide, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= screen, path


def test_a_rule_is_edited_by_hand_and_comes_back_changed(page, served):
    address, draft_id, _sha256, cookie = served
    page.context.add_cookies([cookie | {"url": address}])
    page.goto(f"{address}/aturan/{draft_id}")
    page.get_by_role("link", name="Ubah Bobot sumbu dalam nilai talenta").click()
    page.get_by_label("Kinerja (sumbu Y)").fill("60")
    page.get_by_label("Alasan perubahan").fill("Rapat")
    page.get_by_role("button", name="Simpan").click()
    assert "jumlahnya 110. Ubah sampai jumlahnya tepat 100." in page.get_by_role("alert").inner_text()
    page.get_by_label("Potensial (sumbu X)").fill("40")
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_url("**#talent.axis_weights")
    assert "60" in page.locator('[id="talent.axis_weights"]').inner_text()
