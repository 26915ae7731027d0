"""Decide about every row of a list: what it says, what is news, what stays out, and what only a person can decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.people import queries
from assessment_app.people.messages import ListFinding, ListRow, PeopleFile
from assessment_app.people.models import Unit
from assessment_app.people.rules import (
    MERGE,
    Choice,
    Question,
    Severity,
    Verdict,
    about_rows,
    about_units,
    check_row,
    compare,
    name_key,
    repairs,
    unit_key,
)

WRITTEN = ("name", "unit_key", "post_title", "job_level", "grade", "status", "birth_date", "sex")
"""What a row says about an employee: if none of it is news, the employee stays untouched."""

ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Draft:
    """A row that may be written; one that is held waits for a decision."""

    row: ListRow
    nip: str
    name: str
    unit: str
    parent_unit: str
    post_title: str
    job_level: str
    grade: str
    status: str
    birth_date: date
    sex: str
    held: bool = False

    @property
    def unit_key(self) -> str:
        """Name the unit as the agency's units are compared."""
        return key_of(self.parent_unit, self.unit)

    def says(self, other: Draft) -> bool:
        """Tell whether two rows say the same of a person."""
        return all(getattr(self, name) == getattr(other, name) for name in WRITTEN)


@dataclass
class Judgement:
    """What would become of a file: rows to let in, what was found and asked, and which rows are news."""

    decided: Mapping[str, str]
    findings: list[ListFinding]
    questions: list[Question] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    new: list[Draft] = field(default_factory=list)
    changed: dict[UUID, Draft] = field(default_factory=dict)

    @property
    def going(self) -> list[Draft]:
        """Give the rows that go in, once the file is applied."""
        return [draft for draft in self.drafts if not draft.held]

    @property
    def held(self) -> int:
        """Count the rows that wait for a decision."""
        return sum(draft.held for draft in self.drafts)

    @property
    def rejected(self) -> int:
        """Count the rows that stay out."""
        return len({f.row_place for f in self.findings if f.severity == Severity.ERROR})

    def with_a(self, severity: Severity) -> int:
        """Count the rows that go in and of which something of this severity is told."""
        going = {draft.row.place for draft in self.going}
        return len(going & {f.row_place for f in self.findings if f.severity == severity})

    def tell(self, row: ListRow, severity: Severity, field: str, sentence: str, advice: str, kind: str) -> None:
        """Add a finding about a cell of a row."""
        self.findings.append(row.tell(severity.value, field, sentence, advice, kind))

    def wait(self, row: ListRow, field: str, question: Question) -> None:
        """Say that a row waits for a question."""
        told = (field, question.sentence, "Baris ini menunggu keputusan Anda di atas.", question.kind, question.key)
        self.findings.append(row.tell(Severity.QUESTION.value, *told))


def judge(db: Session, agency_id: UUID, file: PeopleFile, decided: Mapping[str, str], today: date) -> Judgement:
    """Decide about every row of a file by the decisions that were made, and compare with what is known."""
    found = Judgement(decided, list(file.findings))
    for row in file.rows:
        verdict, of_row = check_row(row.cells, today)
        spelt = repairs(row.written, row.cells, _used(verdict)) if verdict else ()
        found.findings += [row.tell(f.severity.value, f.field, f.sentence, f.advice, f.kind) for f in (*of_row, *spelt)]
        if verdict is not None:
            found.drafts.append(_draft(row, verdict))
    _settle_units(found, queries.units(db, agency_id))
    _settle_duplicates(found)
    found.questions.sort(key=lambda one: (one.kind != "unit_alike", -one.rows))
    _doubt_namesakes(found)
    nips = {draft.nip for draft in found.drafts}
    _doubt_others(found, queries.elsewhere(db, agency_id, nips))
    known = queries.known(db, agency_id, nips)
    found.new = [draft for draft in found.going if draft.nip not in known]
    found.changed = {
        known[d.nip].employee_id: d for d in found.going if d.nip in known and _is_news(d, known[d.nip])
    }  # fmt: skip
    named = dict.fromkeys((*file.sheets, *(finding.sheet for finding in file.findings)))  # lists before what is none
    sheets = {sheet: place for place, sheet in enumerate(named)}
    found.findings.sort(key=lambda f: (sheets[f.sheet], f.row, ORDER[Severity(f.severity)]))
    return found


def _used(verdict: Verdict) -> dict[str, str]:
    return {"nip": verdict.nip.digits, "born": verdict.born.isoformat(), "grade": verdict.grade}


def _draft(row: ListRow, verdict: Verdict) -> Draft:
    nip, texts = verdict.nip, row.cells
    return Draft(
        row, nip.digits, texts["name"], texts["unit"], texts.get("parent_unit", ""), texts["title"],
        verdict.level.value, verdict.grade, nip.status.value, verdict.born, nip.sex.value,
    )  # fmt: skip


def key_of(parent: str, unit: str) -> str:
    """Write the way to a unit so that capitals do not make two of one."""
    return " > ".join(name.casefold() for name in (parent, unit) if name)


def _is_news(draft: Draft, known: queries.Known) -> bool:
    return not known.active or any(getattr(draft, name) != getattr(known, name) for name in WRITTEN)


@dataclass(frozen=True)
class _Settled:
    """How a unit is named from here on, and the question that is about it."""

    name: str
    merged: bool = False
    question: Question | None = None


def _settle_units(found: Judgement, known: Sequence[Unit]) -> None:
    """Give every unit one spelling, the ones at the top first; where two may be one, ask."""
    tops = Counter(draft.parent_unit or draft.unit for draft in found.drafts)
    top = _settle(found, "", tops, [unit.name for unit in known if unit.parent_id is None])
    found.drafts = [
        _renamed(found, draft, "parent_unit" if draft.parent_unit else "unit", top[draft.parent_unit or draft.unit])
        for draft in found.drafts
    ]
    names = {unit.unit_id: unit.name for unit in known}
    below: dict[str, Counter[str]] = defaultdict(Counter)
    for draft in found.drafts:
        if draft.parent_unit:
            below[draft.parent_unit][draft.unit] += 1
    part = {
        parent: _settle(found, parent, units, [u.name for u in known if u.parent_id and names[u.parent_id] == parent])
        for parent, units in below.items()
    }
    found.drafts = [
        _renamed(found, draft, "unit", part[draft.parent_unit][draft.unit]) if draft.parent_unit else draft
        for draft in found.drafts
    ]


def _settle(found: Judgement, parent: str, names: Mapping[str, int], known: Iterable[str]) -> dict[str, _Settled]:
    units = compare(names, known)
    rows = Counter[str]()
    for name, number in names.items():
        rows[units.spelling[name]] += number
    asked = {
        name: about_units(parent, alike, rows[name], found.decided.get(unit_key(parent, alike), ""))
        for name, alike in units.alike.items()
    }
    found.questions += asked.values()
    settled = {}
    for name, spelling in units.spelling.items():
        about = asked.get(spelling)
        merged = about is not None and about.chosen in ("", MERGE)  # while it is open, as it is proposed
        target = units.alike[spelling].proposed if merged else spelling
        settled[name] = _Settled(target, merged, about)
    return settled


def _renamed(found: Judgement, draft: Draft, field: str, settled: _Settled) -> Draft:
    written, row = getattr(draft, field), draft.row
    asked = settled.question
    if asked is not None and not asked.chosen:
        found.wait(row, field, asked)
    elif settled.merged:
        said = f"Unit '{written}' digabung ke '{settled.name}' sesuai keputusan."
        found.tell(row, Severity.REPAIR, field, said, "", "unit_merged")
    elif written != settled.name:
        said = f"Unit tertulis '{written}'; dibaca '{settled.name}'."
        found.tell(row, Severity.REPAIR, field, said, "", "unit_spelling")
    named = {field: settled.name}
    return replace(draft, **named, held=draft.held or (asked is not None and not asked.chosen))  # type: ignore[arg-type]  # names of texts


def _settle_duplicates(found: Judgement) -> None:
    """Keep one row of each NIP: the first of rows that say the same, the chosen one of rows that differ."""
    rows_of: dict[str, list[Draft]] = defaultdict(list)
    for draft in found.drafts:
        rows_of[draft.nip].append(draft)
    found.drafts = []
    for nip, rows in rows_of.items():
        single = list(_without_repeated(found, rows))
        found.drafts += single if len(single) == 1 else _chosen(found, nip, single)


def _without_repeated(found: Judgement, rows: Sequence[Draft]) -> Iterator[Draft]:
    # One that waits for nothing comes before the same one that does.
    kept: list[Draft] = []
    for draft in sorted(rows, key=lambda one: one.held):
        same = next((one for one in kept if one.says(draft)), None)
        if same is None:
            kept.append(draft)
            yield draft
        else:
            said = f"NIP ganda dengan {where(same.row)}."
            found.tell(draft.row, Severity.ERROR, "nip", said, "Hapus salah satu; isinya sama.", "duplicate_same")


def _chosen(found: Judgement, nip: str, rows: Sequence[Draft]) -> Iterator[Draft]:
    """Hold all rows of a NIP that differ until one is chosen; then the others stay out."""
    values = [f"{draft.row.sheet}!{draft.row.number}" for draft in rows]
    choices = tuple(
        Choice(value, f"B{where(d.row)[1:]}", " · ".join((d.name, d.post_title, d.unit, d.grade or "-")))
        for value, d in zip(values, rows, strict=True)
    )
    question = about_rows(nip, choices, found.decided.get(f"nip:{nip}", ""))
    found.questions.append(question)
    for value, draft in zip(values, rows, strict=True):
        if not question.chosen:
            found.wait(draft.row, "nip", question)
            yield replace(draft, held=True)
        elif value == question.chosen:
            yield draft
        else:
            said = "NIP ganda; baris ini dilewati sesuai keputusan."
            found.tell(draft.row, Severity.ERROR, "nip", said, "Hapus baris ini.", "duplicate_decided")


def where(row: ListRow) -> str:
    """Name the place of a row in words."""
    return f"baris {row.number} lembar '{row.sheet}'" if row.sheet else f"baris {row.number}"


def _doubt_namesakes(found: Judgement) -> None:
    """Warn of people with one name and birth date under two NIPs: one of them may be mistyped."""
    rows_of: dict[tuple[str, date], list[Draft]] = defaultdict(list)
    for draft in found.drafts:
        rows_of[name_key(draft.name), draft.birth_date].append(draft)
    for rows in rows_of.values():
        for draft in rows:
            other = next((one for one in rows if one.nip != draft.nip), None)  # one is enough, however many there are
            if other is not None:
                said = f"Nama dan tanggal lahir sama dengan {where(other.row)}, NIP {other.nip}."
                advice = "Pastikan dua orang; bila satu orang, hapus baris yang NIP-nya salah."
                found.tell(draft.row, Severity.WARNING, "nip", said, advice, "namesake")


def _doubt_others(found: Judgement, elsewhere: set[str]) -> None:
    for draft in found.drafts:
        if draft.nip in elsewhere:
            said = "NIP ini masih tercatat di instansi lain."
            found.tell(draft.row, Severity.WARNING, "nip", said, "Pastikan mutasi sudah selesai.", "elsewhere")
