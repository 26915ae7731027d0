"""A desk of the office before the agency of ``group``: pages as they read, forms as they are sent."""

from __future__ import annotations

import html
import io
import re

from python_calamine import CalamineWorkbook

from tests.assessment_app.scoring.house import browser
from tests.assessment_app.succession.group import REASON


def enter(app, name="hasan"):
    return browser(app, f"token-of-{name}")


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return plain(answer)


def plain(answer):
    """Give a page with its white space folded, so that sentences can be looked for."""
    return re.sub(r"\s+", " ", html.unescape(answer.get_data(as_text=True)))


def send(client, path, **fields):
    return client.post(path, data={"_csrf": "csrf", **fields})


def page_of(group, name=None):
    return f"/suksesi/{group.post_id}" + (f"/orang/{group.people[name]}" if name else "")


def form_of(text):
    """Take from a page what its form for decisions carries."""
    return {
        **{name: re.findall(rf'name="{name}" value="([^"]+)"', text)[0] for name in ("dilihat", "setelah")},
        "alasan": REASON,
    }


def sheet(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def asked(group, *names):
    chosen = "&".join(f"orang={group.sittings[name]}" for name in names)
    return f"/suksesi/usulkan?{chosen}&jabatan={group.post_id}"
