"""Both lists side by side, matched by NIP, and what every rule needs of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from assessment_app.people.rules import name_key
from assessment_app.personnel.rules.readings import born_of_nip
from assessment_app.personnel.rules.records import Absence, Pay, Person, Side, Unread

PERSONNEL, PAYROLL = "Daftar pegawai", "Daftar gaji"


Row = TypeVar("Row", Person, Pay)


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """One list as it was read: rows with a sound NIP, the others, which columns there are, of which day it speaks.

    ``kept_here`` says that it is no file but the employees whom the platform knows.
    """

    rows: tuple[Row, ...]
    unread: tuple[Unread, ...]
    fields: frozenset[str]
    day: date
    remarks: tuple[str, ...] = ()
    kept_here: bool = False


@dataclass(frozen=True)
class Lists:
    """Both lists by NIP. ``pays`` are the rows by which money goes out, oldest month first; ``idle`` the others."""

    personnel: Sheet[Person]
    payroll: Sheet[Pay]
    people: Mapping[str, Person]
    pays: Mapping[str, Sequence[Pay]]
    idle: Mapping[str, Pay]
    unread: tuple[Unread, ...]
    damaged: frozenset[str]
    absences: Mapping[str, Absence] | None

    def paid(self) -> Iterator[tuple[Person, Pay]]:
        """Go through everybody who is on both lists and paid, with the newest payment."""
        return ((self.people[nip], pays[-1]) for nip, pays in self.pays.items() if nip in self.people)

    def of_person(self, person: Person, value: str) -> Side:
        """Write a value down with the place where the personnel list has it."""
        where = "Data pegawai aplikasi" if self.personnel.kept_here else f"{PERSONNEL}, baris {person.row}"
        return Side(value, where, self.personnel.day)

    def of_pay(self, pay: Pay, value: str) -> Side:
        """Write a value down with the place where the payroll list has it."""
        return Side(value, f"{PAYROLL}, baris {pay.row}", pay.month or self.payroll.day)

    @property
    def newest_month(self) -> date:
        """The newest month that the payroll list pays; where it tells none, the day of which it speaks."""
        return max((pay.month for pay in self.payroll.rows if pay.month), default=self.payroll.day)

    def may_be_damaged(self, nip: str) -> bool:
        """Tell whether an unreadable row of the other list could be this person: fifteen digits are the same."""
        return nip[:15] in self.damaged


def side_by_side(personnel: Sheet[Person], payroll: Sheet[Pay], absences: Mapping[str, Absence] | None) -> Lists:
    """Match two lists by NIP; a NIP that a spreadsheet rounded to 000 is set apart instead of being nobody's."""
    people, twice = _first_of_each(personnel.rows)
    paid_nips = {row.nip for row in payroll.rows}
    here, there = _rounded(PERSONNEL, people.values(), paid_nips), _rounded(PAYROLL, payroll.rows, people)
    rows = [row for row in payroll.rows if not _is_rounded(row.nip, people)]
    pays = _by_nip(row for row in rows if row.is_paid)
    idle = {row.nip: row for row in rows if row.nip not in pays}
    broken = [*_advised((*personnel.unread, *here), paid_nips), *_advised((*payroll.unread, *there), people)]
    return Lists(
        personnel, payroll, {nip: one for nip, one in people.items() if not _is_rounded(nip, paid_nips)}, pays, idle,
        (*broken, *twice, *_paid_twice(pays)), frozenset(one.nip[:15] for one in broken if len(one.nip) >= 15),
        absences,
    )  # fmt: skip


def _by_nip(rows: Iterable[Pay]) -> dict[str, list[Pay]]:
    pays: dict[str, list[Pay]] = defaultdict(list)
    for pay in sorted(rows, key=lambda one: (one.month or date.min, one.row)):
        pays[pay.nip].append(pay)
    return dict(pays)


def _first_of_each(rows: Iterable[Person]) -> tuple[dict[str, Person], list[Unread]]:
    people: dict[str, Person] = {}
    twice = []
    for row in rows:
        first = people.setdefault(row.nip, row)
        if first is row:
            continue
        same = replace(row, row=first.row) == first
        sentence = f"NIP ganda dengan baris {first.row}; isinya {'sama' if same else 'berbeda'}."
        advice = "Hapus salah satu. Baris pertama yang dibandingkan."
        twice.append(Unread(PERSONNEL, row.row, row.nip, row.name, sentence, advice))
    return people, twice


def _paid_twice(pays: Mapping[str, Sequence[Pay]]) -> Iterator[Unread]:
    for nip, rows in pays.items():
        for first, pay in pairwise(rows):
            if first.month == pay.month:
                sentence = f"Dibayar dua kali pada bulan yang sama: juga di baris {first.row}."
                advice = "Pastikan baris ini rapel atau komponen lain; bila tidak, satu pembayaran berlebih."
                yield Unread(PAYROLL, pay.row, nip, pay.name, sentence, advice)


def _is_rounded(nip: str, others: Container[str]) -> bool:
    return nip.endswith("000") and nip not in others


def _rounded(list_name: str, rows: Iterable[Person | Pay], others: Container[str]) -> list[Unread]:
    sentence = "NIP berakhir 000 dan tidak ada di daftar satunya: tiga angka terakhir dibulatkan Excel."
    advice = "Format kolom NIP sebagai Teks, lalu salin ulang NIP dari sumbernya."
    return [
        Unread(list_name, row.row, row.nip, row.name, sentence, advice) for row in rows if _is_rounded(row.nip, others)
    ]


def _advised(broken: Sequence[Unread], others: Iterable[str]) -> Iterator[Unread]:
    """Name the NIP that a damaged one may have been, where the other list has exactly one with its fifteen digits."""
    near: dict[str, list[str]] = defaultdict(list)
    for nip in others:
        near[nip[:15]].append(nip)
    for one in broken:
        meant = near[one.nip[:15]] if len(one.nip) >= 15 else []
        yield replace(one, advice=f"{one.advice} Mungkin {meant[0]}.") if len(meant) == 1 else one


def alike(people: Iterable[Person]) -> dict[tuple[str, date], str]:
    """Find people by name and birth date together, to suggest whom a row may mean; two of one kind suggest nobody."""
    found: dict[tuple[str, date], str] = {}
    for person in people:
        born, name = person.born or born_of_nip(person.nip), name_key(person.name)
        if born is not None and name:
            key = (name, born)
            found[key] = "" if key in found else person.nip
    return found
