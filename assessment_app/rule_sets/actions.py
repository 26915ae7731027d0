"""Rule sets of releases are taken in; an agency's own go from a draft over a second person to numbers that decide.

Nothing here changes a row: an edit is another document and another act. Whoever writes holds the agency's planning
lock, so acts follow each other, and two people who decide at once find out in turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.platform import audit
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Conflict, Forbidden
from assessment_app.platform.texts import gettext as _
from assessment_app.rule_sets import queries, rules
from assessment_app.rule_sets.models import RuleAct, RuleSet
from assessment_app.rule_sets.queries import Life
from assessment_app.rule_sets.rules.checks import ALL, SCHEMA, Violation, effective_of, ordered, violations
from assessment_app.rule_sets.rules.life import Deed, standing_name
from assessment_app.scheduling.queries import lock_planning
from scoring_engine.canonical import canonical, digest


class OwnNumbers(Forbidden):
    """Whoever had a hand in the numbers is not the second person."""

    title = "Anda ikut menyusun set aturan ini. Minta orang kedua memeriksa dan menyetujuinya."


class Changed(Conflict):
    """Somebody else was quicker: what was seen is not what is there any more."""

    title = "Set aturan ini sudah berubah sejak Anda membukanya. Muat ulang halaman, periksa lagi, lalu ulangi."


def take_in(db: Session) -> None:
    """Keep the rule sets that came with this release. Safe to repeat; one that is kept never changes.

    Refuses with IncompleteRules one that does not hold together.
    """
    for source in sorted(files("assessment_app.rule_sets").joinpath("documents").iterdir(), key=lambda one: one.name):
        document = msgspec.json.decode(source.read_bytes())
        if found := violations(document):
            said = "; ".join(f"{one.rule}: {one.fault}" for one in found)
            raise rules.IncompleteRules(f"{source.name} does not hold together: {said}")
        _keep(db, document)


def _keep(db: Session, document: Mapping[str, Any]) -> str:
    sha256, effective = digest(canonical(document)), effective_of(document)
    insert_new(db, RuleSet, sha256=sha256, name=document["name"], effective=effective, document=document)
    return sha256


def own_document(db: Session, agency_id: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """Make a document that is an agency's own of what somebody sent; whatever else it called itself is forgotten."""
    kept = {part: given.get(part) for part in ("version", "effective", "rules")}
    return {"schema": given.get("schema"), "name": standing_name(queries.agency_code(db, agency_id)), **kept}


def copied_rules(db: Session, agency_id: UUID, now: datetime) -> dict[str, Any]:
    """Copy the rules in force for a new draft; what a newer release knows and the agency's set does not is added."""
    own, released = queries.in_force(db, agency_id, now).document["rules"], queries.released_in_force(db, now)
    known = own if released is None else released.document["rules"] | own
    return {name: known[name] for name in ordered(known) if name in ALL}


def _violations(db: Session, document: Mapping[str, Any], now: datetime) -> list[Violation]:
    """Check an agency's own document, which must hold whatever the release in force knows."""
    released = queries.released_in_force(db, now)
    return violations(document, required=() if released is None else released.document["rules"])


def draft(
    db: Session, by: Officer, document: Mapping[str, Any], why: str, now: datetime, draft_id: UUID | None = None
) -> tuple[UUID, list[Violation]]:
    """Begin a rule set of an agency's own; gives its number and everything that is wrong, and then nothing is kept."""
    lock_planning(db, by.agency_id)
    own, named = own_document(db, by.agency_id, document), draft_id or uuid4()
    found = _violations(db, own, now)
    if not found:
        _act(db, by, named, 1, Deed.DRAFT, _keep(db, own), why, now, version=own["version"])
    return named, found


def copy(db: Session, by: Officer, version: str, effective: datetime, why: str, now: datetime) -> UUID:
    """Begin a rule set of an agency's own with the rules that are in force."""
    document = {
        "schema": SCHEMA, "version": version, "effective": effective.isoformat(),
        "rules": copied_rules(db, by.agency_id, now),
    }  # fmt: skip
    draft_id, found = draft(db, by, document, why, now)
    if found:
        raise rules.IncompleteRules("; ".join(f"{one.rule}: {one.fault}" for one in found))
    return draft_id


def edit(
    db: Session, by: Officer, draft_id: UUID, seen: int, changed: Mapping[str, Any], why: str, now: datetime
) -> list[Violation]:
    """Change rules, version or date of a draft; gives everything that would be wrong, and then nothing is kept.

    ``changed`` holds ``version`` and ``effective``, or ``rules`` with those that change; ``seen`` is the number of the
    newest act that the editor saw. Refuses with Changed, and with Conflict what is no draft any more.
    """
    life = _locked(db, by, draft_id, Deed.EDIT, seen)
    before = life.rule_set.document
    document = dict(before) | dict(changed) | {"rules": before["rules"] | dict(changed.get("rules", {}))}
    if document == before:
        return []
    found = _violations(db, document, now)
    if not found:
        _follow(db, by, life, Deed.EDIT, why, now, sha256=_keep(db, document), **_told(before, changed))
    return found


def _told(before: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, object]:
    """Tell the trail what changed and from what; as text, because the trail holds no fractions."""
    parts = [part for part in ("version", "effective") if part in changed]
    old: dict[str, Any] = {part: before[part] for part in parts}
    new: dict[str, Any] = {part: changed[part] for part in parts}
    for name, rule in changed.get("rules", {}).items():
        old[name], new[name] = before["rules"].get(name), rule
    return {name: [canonical(old[name]).decode(), canonical(new[name]).decode()] for name in new}


def submit(db: Session, by: Officer, draft_id: UUID, seen: int, why: str, now: datetime) -> None:
    """Hand a draft to the second person. Refuses with Conflict one that could never come into force."""
    life = _locked(db, by, draft_id, Deed.SUBMIT, seen)
    _refuse_overtaken(db, by, life, now)
    _follow(db, by, life, Deed.SUBMIT, why, now)


def approve(db: Session, by: Officer, draft_id: UUID, seen: int, why: str, now: datetime) -> bool:
    """Let a rule set decide from its date on, in a second person's name; tells whether that is new.

    Refuses with OwnNumbers whoever drafted, edited or submitted it, with Changed when it is not what they saw, and with
    Conflict one that could never come into force.
    """
    lock_planning(db, by.agency_id)
    life = queries.life(db, by.agency_id, draft_id)
    if life.newest.kind == Deed.APPROVE and life.newest.n == seen + 1:
        return False
    life = _locked(db, by, draft_id, Deed.APPROVE, seen)
    if by.actor in life.authors:
        raise OwnNumbers
    _refuse_overtaken(db, by, life, now)
    _follow(db, by, life, Deed.APPROVE, why, now)
    return True


def send_back(db: Session, by: Officer, draft_id: UUID, seen: int, why: str, now: datetime) -> None:
    """Give a submitted rule set back to its authors with a reason; it is a draft again."""
    _follow(db, by, _locked(db, by, draft_id, Deed.SEND_BACK, seen), Deed.SEND_BACK, why, now)


def withdraw(db: Session, by: Officer, draft_id: UUID, seen: int, why: str, now: datetime) -> None:
    """Give a draft up for good; its acts stay."""
    _follow(db, by, _locked(db, by, draft_id, Deed.WITHDRAW, seen), Deed.WITHDRAW, why, now)


def _locked(db: Session, by: Officer, draft_id: UUID, deed: Deed, seen: int) -> Life:
    lock_planning(db, by.agency_id)
    life = queries.life(db, by.agency_id, draft_id)
    if life.newest.n != seen:
        raise Changed
    if not life.can(deed):
        raise Conflict("Set aturan ini tidak dapat diubah lagi. Buat draf baru yang menggantikannya.")
    return life


def _refuse_overtaken(db: Session, by: Officer, life: Life, now: datetime) -> None:
    """Refuse what no date would ever make the newest, and a version that would mean two sets."""
    wanted = life.rule_set
    for other in queries.lives(db, by.agency_id):
        if other.newest.kind != Deed.APPROVE:
            continue
        version = other.rule_set.document["version"]
        if version == wanted.document["version"]:
            raise Conflict(_("Versi %(version)s sudah dipakai set yang disetujui. Ganti versinya.", version=version))
        if other.rule_set.effective > wanted.effective and other.rule_set.effective <= now:
            raise Conflict(_("Set %(version)s yang sudah berlaku mulai lebih baru, jadi set ini tidak akan pernah "
                             "berlaku. Ubah tanggal mulainya.", version=version))  # fmt: skip


def _follow(
    db: Session, by: Officer, life: Life, deed: Deed, why: str, now: datetime, sha256: str = "", **told: object
) -> None:
    named = sha256 or life.rule_set.sha256
    _act(db, by, life.draft_id, life.newest.n + 1, deed, named, why, now, **told)


def _act(
    db: Session, by: Officer, draft_id: UUID, n: int, deed: Deed, sha256: str, why: str, now: datetime, **told: object
) -> None:
    db.add(RuleAct(
        draft_id=draft_id, n=n, agency_id=by.agency_id, kind=deed.value, sha256=sha256, by=by.actor, at=now, why=why,
    ))  # fmt: skip
    detail = {"sha256": sha256, **told}
    act = audit.Act(by.agency_id, by.actor, f"rule_set.{deed}", f"rule_set:{draft_id}", why, by.origin, detail)
    audit.record(db, act, now)
