"""All rules over both lists: what they find, and what could not be checked, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assessment_app.personnel.rules import identity, paying, presence
from assessment_app.personnel.rules.basis import Basis
from assessment_app.personnel.rules.lists import PAYROLL, PERSONNEL, Lists
from assessment_app.personnel.rules.paying import Seen
from assessment_app.personnel.rules.records import Found, RuleId, Severity, Side, Unread


class Reach(StrEnum):
    """How far a rule could be checked."""

    WHOLE = "whole"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True)
class Coverage:
    """How far one rule could be checked, and why not further: one reason a line."""

    rule: RuleId
    reach: Reach
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a comparison."""

    found: tuple[Found, ...]
    coverage: tuple[Coverage, ...]
    people: int
    payees: int


@dataclass(frozen=True)
class Need:
    """Something that a rule looks at: columns of which one is enough, in which list, and how people call it.

    Without a vital one nothing of the rule can be checked.
    """

    list_name: str
    fields: tuple[str, ...]
    words: str
    is_vital: bool = True


def _personnel(words: str, *fields: str, vital: bool = True) -> Need:
    return Need(PERSONNEL, fields, words, vital)


def _payroll(words: str, *fields: str, vital: bool = True) -> Need:
    return Need(PAYROLL, fields, words, vital)


@dataclass(frozen=True)
class Rule:
    """One of the eleven: how it is checked, what it needs, and which numbers of regulations it rests on."""

    check: Callable[[Lists, Basis], Iterator[Seen]]
    severity: Severity
    needs: tuple[Need, ...] = ()
    rests_on: tuple[str, ...] = ()


STANDING = _personnel("KEDUDUKAN", "standing")
RULES = {
    RuleId.R1: Rule(paying.after_retirement, Severity.HIGH, (
        _payroll("BULAN", "month"), _personnel("JABATAN atau JENJANG", "level", "post", "pension"),
    ), ("bup.table", "bup.first_day_rule", "bup.special")),
    RuleId.R2: Rule(paying.while_not_active, Severity.HIGH, (STANDING,), ("payroll.mpp_paid",)),
    RuleId.R3: Rule(paying.unknown_payee, Severity.HIGH),
    RuleId.R4: Rule(paying.not_paid, Severity.MEDIUM, (STANDING,)),
    RuleId.R5: Rule(identity.double_identity, Severity.HIGH, (
        _personnel("NIK", "nik", vital=False), _payroll("NOMOR REKENING", "account", vital=False),
    )),
    RuleId.R6: Rule(identity.identity_conflict, Severity.MEDIUM, (
        _personnel("TANGGAL LAHIR", "born", vital=False), _personnel("NIK", "nik", vital=False),
    )),
    RuleId.R7: Rule(identity.sex_conflict, Severity.LOW, (
        _personnel("JENIS KELAMIN atau NIK", "sex", "nik"), _personnel("JENIS KELAMIN", "sex", vital=False),
        _personnel("NIK", "nik", vital=False),
    )),
    RuleId.R8: Rule(paying.deceased, Severity.HIGH, (_personnel("STATUS DUKCAPIL", "dukcapil"),)),
    RuleId.R9: Rule(paying.wrong_amount, Severity.MEDIUM, (
        _personnel("GOLONGAN, JABATAN, atau TUNJANGAN", "grade", "post", "allowance"),
        _payroll("GOLONGAN, JABATAN, atau TUNJANGAN", "grade", "post", "allowance"),
        _personnel("GOLONGAN", "grade", vital=False), _payroll("GOLONGAN", "grade", vital=False),
        _personnel("JABATAN", "post", vital=False), _payroll("JABATAN", "post", vital=False),
        _personnel("TUNJANGAN", "allowance", vital=False), _payroll("TUNJANGAN", "allowance", vital=False),
    )),
    RuleId.R10: Rule(presence.unconfirmed, Severity.MEDIUM, (
        _personnel("LOGIN MYASN TERAKHIR", "last_login", vital=False),
        _personnel("PRESENSI TERAKHIR", "last_presence", vital=False),
        _personnel("ALASAN TIDAK HADIR", "absence_reason", vital=False),
    ), ("payroll.absence_months",)),
    RuleId.R11: Rule(paying.moved_and_paid, Severity.HIGH, (
        _personnel("MUTASI KELUAR atau KEDUDUKAN", "moved_out", "standing"),
        _personnel("MUTASI KELUAR", "moved_out", vital=False),
    )),
}  # fmt: skip
"""Needed columns are named as our templates name them."""


def compare(lists: Lists, basis: Basis | None, why_no_basis: str = "") -> Outcome:
    """Let every rule look at both lists. Without a basis the rules that rest on one are reported as not checked."""
    found, coverage = [_unreadable(one, lists) for one in lists.unread], [Coverage(RuleId.R0, Reach.WHOLE, ())]
    for rule_id, rule in RULES.items():
        hindrances = list(_hindrances(rule_id, rule, lists, basis, why_no_basis))
        seen = [] if any(is_vital for is_vital, _ in hindrances) else list(rule.check(lists, basis or NO_BASIS))
        found += [one for one in seen if isinstance(one, Found)]
        coverage.append(_coverage(rule_id, hindrances, Counter(one for one in seen if isinstance(one, str))))
    found.sort(key=lambda one: (list(Severity).index(one.severity), list(RuleId).index(one.rule), one.nip, one.parts))
    return Outcome(tuple(found), tuple(coverage), len(lists.people), len(lists.pays))


NO_BASIS = Basis({}, (), True, 0, {}, {})
"""For the rules that rest on no number."""


def _hindrances(
    rule_id: RuleId, rule: Rule, lists: Lists, basis: Basis | None, why_no_basis: str
) -> Iterator[tuple[bool, str]]:
    """Say what stands in a rule's way: whether it cannot be checked at all, and why."""
    if rule.rests_on and basis is None:
        yield True, why_no_basis
    if rule_id is RuleId.R10 and lists.absences is None:
        yield True, "belum ada gelombang penilaian yang selesai"
    for need in rule.needs:
        sheet = lists.personnel if need.list_name == PERSONNEL else lists.payroll
        if sheet.fields.isdisjoint(need.fields):
            yield need.is_vital, f"{need.list_name}: kolom {need.words} tidak ada"
    if rule_id is RuleId.R2 and lists.personnel.kept_here:
        yield False, "data pegawai aplikasi hanya tahu aktif atau tidak aktif"
    if rule_id in REMARKED:
        yield from ((False, remark) for remark in (*lists.personnel.remarks, *lists.payroll.remarks))
    lost = sum(len(one.nip) < FIFTEEN for one in lists.unread)
    if rule_id in (RuleId.R3, RuleId.R4) and lost:
        yield False, f"{lost} baris tanpa NIP yang terbaca: orangnya dapat tampak tidak ada (lihat R0)"


FIFTEEN = 15
REMARKED = (RuleId.R5, RuleId.R6)
"""Rules that rest on numbers which a spreadsheet may have damaged; what was seen of that is told with them."""


def _coverage(rule: RuleId, hindrances: Iterable[tuple[bool, str]], skipped: Counter[str]) -> Coverage:
    told = list(hindrances)
    vital = [why for is_vital, why in told if is_vital]
    if vital:
        return Coverage(rule, Reach.NOT, tuple(vital))
    reasons = (*(why for _, why in told), *(f"{number} orang: {why}" for why, number in sorted(skipped.items())))
    return Coverage(rule, Reach.PARTLY if reasons else Reach.WHOLE, reasons)


def _unreadable(one: Unread, lists: Lists) -> Found:
    sheet = lists.personnel if one.list_name == PERSONNEL else lists.payroll
    here, there = Side(one.nip or "kosong", f"{one.list_name}, baris {one.row}", sheet.day), Side("", "", None)
    nip = one.nip if one.nip.isdigit() and len(one.nip) <= 18 else ""
    parts = (one.list_name, one.nip, one.name, one.sentence)
    return Found(RuleId.R0, Severity.MEDIUM, nip, one.name, "", here, there, one.sentence, one.advice, parts)
