"""Posts to be filled: one, all of an agency with their counts, and what a search finds. Reads no result's document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessment_app.job_standards.models import JobStandard
from assessment_app.people.models import Employee, Unit
from assessment_app.people.queries import holds
from assessment_app.platform import audit
from assessment_app.platform.errors import NotFound
from assessment_app.succession.models import SuccessionAct, TargetPost, TargetPostEnd
from assessment_app.succession.queries.acts import last
from assessment_app.succession.queries.subjects import basis, screened, subjects
from assessment_app.succession.rules.life import STANDING, Deed
from assessment_app.succession.rules.screening import Criterion, Met

SUGGESTED = 300
"""Names that a field offers: a list for whoever begins to type, and no register."""


@dataclass(frozen=True)
class Line:
    """A post in the list: candidates who wait for a decision, who was taken, and how many of these are ready now.

    Ready is who was taken and meets every criterion as things are now; an unknown one is not met.
    """

    target: TargetPost
    waiting: int
    taken: int
    ready: int

    @property
    def is_gap(self) -> bool:
        """Tell that nobody is ready for this post."""
        return self.ready == 0


@dataclass(frozen=True)
class Named:
    """Somebody whom a search found, and a post that they were proposed for."""

    employee_id: UUID
    name: str
    nip: str
    post_id: UUID
    post: str
    post_key: str


def post(db: Session, agency_id: UUID, post_id: UUID, *, lock: bool = False) -> TargetPost:
    """Find a post of an agency, or hold it so that one act on it is written at a time; refuses with NotFound."""
    wanted = select(TargetPost).where(TargetPost.post_id == post_id, TargetPost.agency_id == agency_id)
    found = db.scalar(wanted.with_for_update(key_share=True) if lock else wanted)
    if found is None:
        raise NotFound("Jabatan sasaran ini tidak ada di instansi Anda.")
    return found


def end(db: Session, target: TargetPost) -> TargetPostEnd | None:
    """Tell how and by whom a post was closed, if it was."""
    return db.get(TargetPostEnd, target.post_id)


def open_posts(db: Session, agency_id: UUID) -> Sequence[TargetPost]:
    """List an agency's posts that are not closed, by name."""
    wanted = (
        select(TargetPost).outerjoin(TargetPostEnd, TargetPostEnd.post_id == TargetPost.post_id)
        .where(TargetPost.agency_id == agency_id, TargetPostEnd.post_id.is_(None))
        .order_by(TargetPost.post_key, TargetPost.unit_key, TargetPost.post_id)
    )  # fmt: skip
    return db.scalars(wanted).all()


def closed_posts(db: Session, agency_id: UUID) -> Sequence[tuple[TargetPost, TargetPostEnd]]:
    """List an agency's closed posts with what closed them, the newest first."""
    wanted = (
        select(TargetPost, TargetPostEnd).join(TargetPostEnd, TargetPostEnd.post_id == TargetPost.post_id)
        .where(TargetPost.agency_id == agency_id).order_by(TargetPostEnd.at.desc(), TargetPost.post_id)
    )  # fmt: skip
    return [(target, end) for target, end in db.execute(wanted)]


def same_name(db: Session, agency_id: UUID, post_key: str, unit_key: str) -> TargetPost | None:
    """Find the open post that has a name already."""
    return next(
        (one for one in open_posts(db, agency_id) if (one.post_key, one.unit_key) == (post_key, unit_key)), None
    )


def lines(db: Session, agency_id: UUID, now: datetime) -> list[Line]:
    """List every open post with its counts; screens who was taken by pointers and facts alone."""
    targets = {one.post_id: one for one in open_posts(db, agency_id)}
    standing = _standing(db, agency_id, targets)
    waiting = Counter(post_id for post_id, _who, deed in standing if deed is Deed.PROPOSE)
    taken = [(post_id, who) for post_id, who, deed in standing if deed is Deed.TAKE]
    counted, ready = Counter(post_id for post_id, _who in taken), _ready(db, agency_id, targets, taken, now)
    return [Line(one, waiting[post_id], counted[post_id], ready[post_id]) for post_id, one in targets.items()]


def _standing(
    db: Session, agency_id: UUID, targets: Mapping[UUID, TargetPost]
) -> list[tuple[UUID, UUID, Deed]]:  # fmt: skip
    """Name every candidacy for open posts that stands: post, person, and whether proposed or taken."""
    wanted = last(agency_id).with_only_columns(SuccessionAct.post_id, SuccessionAct.employee_id, SuccessionAct.kind)
    rows = db.execute(wanted.where(SuccessionAct.kind.in_(STANDING)))
    return [(post_id, who, Deed(kind)) for post_id, who, kind in rows if post_id in targets]


def _ready(
    db: Session, agency_id: UUID, targets: Mapping[UUID, TargetPost], taken: Collection[tuple[UUID, UUID]],
    now: datetime,
) -> Counter[UUID]:  # fmt: skip
    found = subjects(db, agency_id, {who for _post_id, who in taken})
    known = basis(db, agency_id, list(found.values()), now)
    return Counter(
        post_id for post_id, who in taken if who in found and _is_ready(screened(found[who], targets[post_id], known))
    )


def _is_ready(criteria: Mapping[str, Criterion]) -> bool:
    return all(one.state is Met.MET for one in criteria.values())


def suggestions(db: Session, agency_id: UUID) -> tuple[list[str], list[str]]:
    """Offer names of an agency's posts, those with a standard of their own first, and of its units."""
    own = db.scalars(
        select(JobStandard.post).where(JobStandard.agency_id == agency_id).distinct().order_by(JobStandard.post)
        .limit(SUGGESTED)
    ).all()  # fmt: skip
    held = db.scalars(
        select(Employee.post_title).where(Employee.agency_id == agency_id, Employee.active).distinct()
        .order_by(Employee.post_title).limit(SUGGESTED)
    ).all()  # fmt: skip
    units = db.scalars(
        select(Unit.name).where(Unit.agency_id == agency_id).distinct().order_by(Unit.name).limit(SUGGESTED)
    ).all()
    return list(dict.fromkeys((*own, *held)))[:SUGGESTED], list(units)


def named(db: Session, agency_id: UUID, text: str, most: int) -> list[tuple[TargetPost, bool]]:
    """List the posts whose name or unit holds a text, open ones first; tells of each whether it is closed."""
    wanted = (
        select(TargetPost, TargetPostEnd.post_id)
        .outerjoin(TargetPostEnd, TargetPostEnd.post_id == TargetPost.post_id)
        .where(TargetPost.agency_id == agency_id, or_(TargetPost.post.icontains(text, autoescape=True),
                                                      TargetPost.unit.icontains(text, autoescape=True)))
        .order_by(TargetPostEnd.post_id.is_not(None), TargetPost.post_key, TargetPost.unit_key).limit(most)
    )  # fmt: skip
    return [(target, ended is not None) for target, ended in db.execute(wanted)]


def candidates_named(
    db: Session, agency_id: UUID, text: str, most: int
) -> list[Named]:  # fmt: skip
    """List the people whom a text names among everybody who was ever proposed, with the post."""
    wanted = (
        select(
            Employee.employee_id, Employee.name, Employee.nip, TargetPost.post_id, TargetPost.post, TargetPost.post_key
        ).distinct().join(SuccessionAct, SuccessionAct.employee_id == Employee.employee_id)
        .join(TargetPost, TargetPost.post_id == SuccessionAct.post_id)
        .where(SuccessionAct.agency_id == agency_id, holds(Employee.name, Employee.nip, text))
        .order_by(Employee.name, TargetPost.post_key).limit(most)
    )  # fmt: skip
    return [Named(*row) for row in db.execute(wanted)]


def names_in_trail(db: Session, agency_id: UUID | None, ids: Collection[UUID]) -> dict[UUID, str]:
    """Name posts by their ids, of one agency or, without one, of all."""
    return audit.named(db, agency_id, ids, (TargetPost.post_id, TargetPost.post, TargetPost.agency_id))
