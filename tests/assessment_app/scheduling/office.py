"""The real office server in the test's own process, and people who are signed in to it."""

import re
from uuid import UUID

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.models import StaffSession
from assessment_app.accounts.queries import hashed
from assessment_app.accounts.rules import Actor
from assessment_app.platform.db import transaction
from tests.factories import NOW


class Staff:
    """Somebody who is signed in; keeps the last page and its CSRF token."""

    def __init__(self, app, agency_id, role, name):
        self.agency_id: UUID = agency_id
        with transaction() as db:
            account = accounts.create_account(db, name, name.title(), [role], agency_id, Actor("test"), NOW)
            db.add(StaffSession(
                session_hash=hashed(name), account_id=account.account_id, whole=True, created=NOW, last_seen=NOW,
                ended=None, origin="127.0.0.1", browser="test",
            ))  # fmt: skip
        self.actor = f"account:{account.account_id}"
        self.client, self.said, self.csrf = app.test_client(), "", ""
        with self.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = name, True

    def _read(self, answer):
        self.said = answer.get_data(as_text=True)
        found = re.findall(r'name="_csrf" value="([^"]+)"', self.said)
        self.csrf = found[-1] if found else self.csrf
        return answer

    def get(self, path, **more):
        """Open a page."""
        return self._read(self.client.get(path, **more))

    def post(self, path, **fields):
        """Send a form of the last page; the answer is what the server said first."""
        return self.client.post(path, data={"_csrf": self.csrf, **fields})

    def follow(self, answer):
        """Go where an answer leads."""
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.get(answer.location)

    def hidden(self, name):
        """Read a hidden field of the last page."""
        return re.findall(rf'name="{name}" value="([^"]*)"', self.said)[0]

    @property
    def words(self):
        """What the last page says, without its tags."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.said).replace("&ndash;", "-").split())
