"""The cookie of a session: a file of a page that arrives late must not bring an older one back."""

from datetime import timedelta

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.servers import office
from tests import factories
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW


def test_only_what_changes_a_session_sets_its_cookie(on_sqlite, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
    stage, app = factories.stage(), office.build(on_sqlite)
    dewi = Staff(app, stage.agency_id, Role.BKD_ADMIN, "dewi")
    with dewi.client.session_transaction() as cookie:
        cookie.permanent = True
    dewi.get("/akun")  # makes the token of the forms
    for path in ("/static/platform/base.css", "/gelombang", "/akun"):
        answer = dewi.client.get(path)
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, []), path
