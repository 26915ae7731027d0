"""A real browser before an office server in this process, signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Thread
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from werkzeug.serving import make_server

from assessment_app.accounts.rules import Role
from tests.assessment_app.scoring.house import browser, staff
from tests.assessment_app.talent.provinces import LATER


@contextmanager
def looking(
    app: Flask, page: Page, agency_id: UUID, user: str = "dewi", role: Role = Role.TALENT_COMMITTEE,
    now: datetime = LATER,
) -> Iterator[str]:  # fmt: skip
    """Serve an app for the length of a block and sign the page's reader in; gives the address."""
    with before(app, page, browser(app, staff(agency_id, now, user, role))) as address:
        yield address


@contextmanager
def before(app: Flask, page: Page, client: FlaskClient) -> Iterator[str]:
    """Serve an app for the length of a block to a page that is signed in as a client is; gives the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.port}"
    for one in (client._cookies or {}).values():
        page.context.add_cookies([{"name": one.key, "value": one.value, "url": address}])
    try:
        yield address
    finally:
        page.close()
        server.shutdown()
        thread.join()
        server.server_close()
