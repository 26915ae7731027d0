"""Two doors, who reads of succession and who acts; what they tell the search, the trail and the nine-box."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import finds, names_ids, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Found, Group, Role, may_enter
from assessment_app.people.rules import JobLevel
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark, show_nip
from assessment_app.succession.models import TargetPost
from assessment_app.succession.queries import posts
from assessment_app.talent.routes import Offer, offers
from assessment_app.talent.rules import TALENT

READERS = frozenset({Role.TALENT_COMMITTEE, Role.BKD_ADMIN, Role.AUDITOR})
PROPOSERS = frozenset({Role.TALENT_COMMITTEE, Role.BKD_ADMIN})
DECIDERS = frozenset({Role.TALENT_COMMITTEE})
"""Who decides, as long as it is not whoever proposed."""

bp = Blueprint("succession", __name__, url_prefix="/suksesi", template_folder="../templates")
bp.before_request(only(*READERS))

acting = Blueprint("acts", __name__)
acting.before_request(only(*PROPOSERS))
bp.register_blueprint(acting)


def _posts_found(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(one.post, _described(one, is_closed=ended), url_for("succession.post", post_id=one.post_id))
        for one, ended in posts.named(db, own_agency(), text, most)
    ]


def _described(target: TargetPost, *, is_closed: bool) -> str:
    told = (target.unit, JobLevel(target.job_level).label, _("ditutup") if is_closed else "")
    return ", ".join(filter(None, told))


def _people_found(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(one.name, f"{show_nip(one.nip)}, {one.post}",
              url_for("succession.person", post_id=one.post_id, employee_id=one.employee_id))
        for one in posts.candidates_named(db, own_agency(), text, most)
    ]  # fmt: skip


finds(bp, mark("Jabatan sasaran"), READERS, _posts_found)
finds(bp, mark("Kandidat suksesi"), READERS, _people_found)
shows(bp, Entry(Group.RESULTS, mark("Suksesi"), "star", "succession.listed", READERS))
names_ids(bp, posts.names_in_trail)
offers(acting, Offer(mark("Usulkan suksesi"), "succession.acts.ask_proposals", PROPOSERS, frozenset({TALENT})))


def may_propose() -> bool:
    """Tell whether whoever is signed in names posts and proposes people."""
    return may_enter(current_user.roles, PROPOSERS)


def may_decide() -> bool:
    """Tell whether whoever is signed in decides about people whom others proposed."""
    return may_enter(current_user.roles, DECIDERS)
