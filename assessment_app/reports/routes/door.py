"""Three doors: who reads reports, who issues them, and verification, which is open to everybody."""

from __future__ import annotations

from flask import Blueprint, url_for
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import finds, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Found, Group, Role
from assessment_app.platform.texts import mark, show_nip
from assessment_app.reports.queries import issued
from assessment_app.talent.routes import Offer, offers
from assessment_app.talent.rules import PROFILING, TALENT

READERS = frozenset({Role.BKD_ADMIN, Role.ASSESSOR, Role.TALENT_COMMITTEE})
ISSUERS = frozenset({Role.BKD_ADMIN})

bp = Blueprint("reports", __name__, url_prefix="/laporan", template_folder="../templates")
bp.before_request(only(*READERS))
shows(bp, Entry(Group.RESULTS, mark("Laporan individu"), "document", "reports.listed", READERS))
offers(bp, Offer(mark("Rencana pengembangan"), "reports.plan", READERS, frozenset({TALENT, PROFILING})))

issuing = Blueprint("report_issuing", __name__, url_prefix="/laporan", template_folder="../templates")
issuing.before_request(only(*ISSUERS))

verification = Blueprint("verification", __name__, url_prefix="/verifikasi", template_folder="../templates")


def _found(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(f"{name}, {report.number}", f"{show_nip(nip)}, {wave}",
              url_for("reports.report", sitting_id=report.sitting_id))
        for report, name, nip, wave in issued.named(db, own_agency(), text, most)
    ]  # fmt: skip


finds(bp, mark("Laporan individu"), READERS, _found)
