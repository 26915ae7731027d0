"""Sheets of standards, and a way to have one applied."""

from uuid import UUID

from assessment_app.accounts.rules import Officer
from assessment_app.job_standards import actions
from assessment_app.platform.db import transaction
from item_bank.competencies import COMPETENCIES
from tests.assessment_app.scoring.house import NOW

LEVELS = {one.code: level for one, level in zip(COMPETENCIES, (3, 2, 2, 3, 1, 2, 4, 3, 2), strict=True)}
HEAD = ["JABATAN", "UNIT KERJA", "BERLAKU SEJAK", "DASAR", *(one.name for one in COMPETENCIES)]


def row(post, unit="", since="17-03-2025", source="Keputusan Bupati 12/2025", levels=LEVELS):
    """Write one row of a sheet."""
    return [post, unit, since, source, *(str(level) for level in levels.values())]


def sheet(*rows, head=HEAD):
    """Write a sheet as a spreadsheet with Indonesian settings would."""
    return "\n".join(";".join(cells) for cells in (head, *rows)).encode()


def imported(agency_id: UUID, *posts, rows=(), now=NOW):
    """Have standards of these posts applied, all with the same levels."""
    content = sheet(*(row(post) for post in posts), *rows)
    with transaction() as db:
        by = Officer(agency_id, "account:dewi")
        run = actions.preview(db, by, "standar.csv", content, now)
        db.flush()
        return actions.apply(db, by, run.import_id, now)
