"""Decide about every row of a file of evidence: what it says, whether that is new, and what it contradicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from assessment_app.evidence import messages, queries, rules
from assessment_app.evidence.messages import ReadFile
from assessment_app.evidence.rules import Fact, Kind, Numbers, Said, State
from assessment_app.people import queries as people
from assessment_app.people.messages import EmployeeRow, RowFinding
from assessment_app.people.rules import Severity, clean_nip, plain, read_nip

LIKE = 0.6
"""Two names that agree less than this are reported: titles and spelling differ, people do not so much."""


@dataclass(frozen=True)
class Draft:
    """A row that may be recorded."""

    row: EmployeeRow
    employee_id: UUID
    said: Said

    def as_fact(self, kind: Kind) -> Fact:
        """See the row as the fact that it would become."""
        return Fact(uuid4(), kind, self.said.state, self.said.said, None, f"baris {self.row.number}")


@dataclass
class Judgement:
    """What would become of a file: what is new, what was found, how many rows came in and stayed out."""

    kind: Kind
    columns: Mapping[str, str]
    findings: list[RowFinding]
    drafts: list[Draft] = field(default_factory=list)
    new: list[Draft] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """Count the rows that are let in, those that say nothing new included."""
        return len({draft.row.number for draft in self.drafts})

    @property
    def rejected(self) -> int:
        """Count the rows that stay out."""
        return len({finding.row for finding in self.findings if finding.severity == Severity.ERROR})

    @property
    def warned(self) -> int:
        """Count the rows that are let in with a warning."""
        numbers = {finding.row for finding in self.findings if finding.severity == Severity.WARNING}
        return len(numbers & {draft.row.number for draft in self.drafts})

    def tell(self, row: EmployeeRow, severity: Severity, field: str, sentence: str, advice: str) -> None:
        """Add a finding about one cell of a row."""
        value = row.cells.get(field, "")
        self.findings.append(row.finding(self.columns.get(field, ""), severity.value, sentence, advice, value))


def judge(
    db: Session, agency_id: UUID, file: ReadFile, numbers: Numbers, today: date, year: int | None = None
) -> Judgement:
    """Decide about every row of a file, and compare what it says with what is on record."""
    kind = Kind(file.kind)
    found = Judgement(kind, file.sheet.columns, list(file.sheet.findings))
    persons = people.known(db, agency_id, {clean_nip(row.cells.get("nip", "")) for row in file.sheet.rows})
    for row in file.sheet.rows:
        person = _person(found, row, persons, today)
        said, wrong = rules.read_row(kind, row.cells, numbers, today, year)
        for one in wrong:
            found.tell(row, one.severity, one.field, one.sentence, one.advice)
        if person is not None and said is not None:
            found.drafts.append(Draft(row, person.employee_id, said))
    _compare(found, queries.facts(db, agency_id, {draft.employee_id for draft in found.drafts}, [kind]))
    found.findings.sort(key=lambda one: (one.row, one.severity))
    return found


def _person(
    found: Judgement, row: EmployeeRow, persons: Mapping[str, people.Known], today: date
) -> people.Known | None:
    """Find whom a row is about; tells a NIP that is broken or nobody's, and a name that is another."""
    written = row.cells.get("nip", "")
    person = persons.get(clean_nip(written))
    if person is None:
        nip, wrong = read_nip(written, None, today)
        for one in wrong if nip is None else ():
            found.tell(row, one.severity, one.field, one.sentence, one.advice)
        if nip is not None:
            advice = "Periksa NIP, atau impor pegawai ini lebih dahulu."
            found.tell(row, Severity.ERROR, "nip", "NIP ini tidak ada dalam daftar pegawai instansi.", advice)
        return None
    named, name = plain(row.cells.get("name", "")), plain(person.name)
    if named and named != name and SequenceMatcher(None, named, name).ratio() < LIKE:
        sentence = f"Nama berbeda dari daftar pegawai ({person.name})."
        found.tell(row, Severity.WARNING, "name", sentence, "Pastikan NIP dan nama milik orang yang sama.")
    return person


def _compare(found: Judgement, on_record: Mapping[UUID, Sequence[Fact]]) -> None:
    of_person: dict[UUID, list[Draft]] = defaultdict(list)
    for draft in found.drafts:
        of_person[draft.employee_id].append(draft)
    for employee_id, drafts in of_person.items():
        facts = on_record.get(employee_id, ())
        fresh = _without_known(found, drafts, facts)
        found.new += fresh
        _tell_conflicts(found, drafts, fresh, rules.standing(facts))


def _without_known(found: Judgement, drafts: Sequence[Draft], facts: Sequence[Fact]) -> list[Draft]:
    """Leave out what is on record or stands twice in the file; what an officer corrected does not come back."""
    stand = {rules.identity(fact.kind, fact.state, fact.said) for fact in rules.standing(facts)}
    ever = {rules.identity(fact.kind, fact.state, fact.said) for fact in facts if fact.state != State.TAKEN_BACK}
    seen: dict[object, EmployeeRow] = {}
    fresh = []
    for draft in drafts:
        same = rules.identity(found.kind, draft.said.state, draft.said.said)
        if same in seen:
            sentence = f"Baris ganda dengan baris {seen[same].number}; dicatat sekali."
            found.tell(draft.row, Severity.WARNING, "nip", sentence, "Hapus salah satu.")
        elif same in ever and same not in stand:
            advice = "Bila isi ini benar, catat dengan tangan di halaman bukti pegawai."
            found.tell(
                draft.row, Severity.WARNING, "nip", "Isi ini sudah dikoreksi atau dicabut; tidak dicatat lagi.", advice
            )
        elif same not in stand:
            fresh.append(draft)
        seen.setdefault(same, draft.row)
    return fresh


def _tell_conflicts(found: Judgement, drafts: Sequence[Draft], fresh: Sequence[Draft], stand: Iterable[Fact]) -> None:
    """Tell of two answers to one question, and of a mark that there is none beside something that is there.

    All of them are recorded and none wins: the component is unknown until an officer takes the wrong one back.
    """
    facts = [*stand, *(draft.as_fact(found.kind) for draft in fresh)]
    for draft in drafts:
        mine = draft.as_fact(found.kind)
        others = [fact for fact in facts if fact.source != mine.source]
        against = [fact for fact in others if _differs(fact, mine)]
        if against:
            listed = "; ".join(dict.fromkeys(f"{_answer(fact)} ({fact.source})" for fact in against))
            sentence = f"Bertentangan: baris ini {_answer(mine)}, juga tercatat {listed}."
            advice = "Belum dihitung sampai yang keliru dicabut atau dikoreksi di halaman bukti pegawai."
            found.tell(draft.row, Severity.WARNING, "nip", sentence, advice)


def _differs(one: Fact, other: Fact) -> bool:
    if one.state != other.state:
        mark, fact = (one, other) if one.state == State.ABSENT else (other, one)
        return rules.is_contradicted(mark, fact)
    slot = rules.slot(one.kind, one.said)
    return (
        slot != "" and slot == rules.slot(other.kind, other.said)
        and rules.answer(one.kind, one.said) != rules.answer(other.kind, other.said)
    )  # fmt: skip


def _answer(fact: Fact) -> str:
    if fact.state == State.ABSENT:
        return "tidak ada"
    told = rules.answer(fact.kind, fact.said) if rules.slot(fact.kind, fact.said) else "ada"
    return messages.named(told)
