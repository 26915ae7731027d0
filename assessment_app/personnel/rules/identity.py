"""Rules about who somebody is: two NIPs for one person (R5), dates (R6) and sex (R7) that contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from assessment_app.people.rules import name_key
from assessment_app.personnel.rules.basis import Basis
from assessment_app.personnel.rules.lists import Lists, Row
from assessment_app.personnel.rules.paying import HIGH, LOW, MEDIUM, Seen
from assessment_app.personnel.rules.readings import (
    born_of_nik,
    born_of_nip,
    day_words,
    masked,
    sex_of_nik,
    sex_of_nip,
)
from assessment_app.personnel.rules.records import Found, Pay, Person, RuleId, Severity, Side

MOST_NAMED = 5
"""People whom one finding names; a default account of a whole office would be a page of its own."""

SIMILAR = 0.6
"""Names less alike than this, by the share of letters in the same order, are two names."""


def double_identity(lists: Lists, _basis: Basis) -> Iterator[Seen]:
    """R5: two NIPs with the same NIK, the same bank account, or the same name and birth date. Never by name alone."""
    people = list(lists.people.values())
    newest = [pays[-1] for pays in lists.pays.values()]
    for nik, same in _several((one.nik, one) for one in people):
        yield _double(lists, same, "NIK", f"NIK {masked(nik)}", nik)
    for account, paid in _several((one.account, one) for one in newest):
        yield _double(lists, paid, "nomor rekening", f"rekening {masked(account)}", account)
    for key, same in _several((_name_and_birth(one), one) for one in people):
        yield _double(lists, same, "nama dan tanggal lahir", f"lahir {key[-10:]}", key)


def _name_and_birth(person: Person) -> str:
    born, name = person.born or born_of_nip(person.nip), name_key(person.name)
    return f"{name} {day_words(born)}" if born and name else ""


def _several(pairs: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, list[Row]]]:
    """Gather who shares something; what is empty is shared by nobody."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for shared, one in pairs:
        if shared:
            groups[shared].append(one)
    return ((shared, group) for shared, group in groups.items() if len(group) > 1)


def _double(lists: Lists, group: Sequence[Person | Pay], what: str, shown: str, shared: str) -> Found:
    first, *others = sorted(group, key=lambda one: one.nip)
    person = lists.people.get(first.nip)
    said = [f"NIP {one.nip}, {one.name}, {shown}" for one in (first, *others)]
    nips = [one.nip for one in (first, *others)]
    rest = (
        "; ".join(said[1:])
        if len(said) <= MOST_NAMED
        else f"{'; '.join(said[1:MOST_NAMED])}; dan {len(said) - MOST_NAMED} lagi"
    )
    return Found(
        RuleId.R5, HIGH, first.nip, first.name, person.unit if person else "", _side(lists, first, said[0]),
        _side(lists, others[0], rest), f"{len(nips)} NIP dengan {what} yang sama.",
        "Panggil orangnya dengan KTP dan SK asli: satu orang dengan dua NIP, atau data salah satunya keliru.",
        (what, shared, *nips),
    )  # fmt: skip


def _side(lists: Lists, one: Person | Pay, value: str) -> Side:
    return lists.of_person(one, value) if isinstance(one, Person) else lists.of_pay(one, value)


def identity_conflict(lists: Lists, _basis: Basis) -> Iterator[Seen]:
    """R6: birth dates of NIP, field and NIK contradict each other, or one NIP stands for two quite different names."""
    for person in lists.people.values():
        in_nip = born_of_nip(person.nip)
        in_nik = born_of_nik(person.nik, person.born or in_nip) if person.nik else None
        others = [("kolom", person.born)] * (person.born is not None) + [("NIK", in_nik)] * bool(person.nik)
        if any(born != in_nip for _, born in others) or in_nip is None:
            said = "; ".join(f"{where}: {day_words(born)}" for where, born in others) or "tidak ada pembanding"
            yield _conflict(lists, person, RuleId.R6, MEDIUM, f"NIP: {day_words(in_nip)}", said, "Tanggal lahir")
    for person, pay in lists.paid():
        if _is_another(person.name, pay.name):
            yield Found(
                RuleId.R6, MEDIUM, person.nip, person.name, person.unit, lists.of_person(person, person.name),
                lists.of_pay(pay, pay.name), "NIP yang sama tertulis untuk dua nama yang sama sekali berbeda.",
                "Periksa NIP di daftar gaji: mungkin tertukar dengan pegawai lain.",
                (person.nip, name_key(person.name), name_key(pay.name)),
            )  # fmt: skip


def _is_another(one: str, other: str) -> bool:
    """Tell whether two names have nothing in common: no word, no beginning of a word, no similar spelling."""
    here, there = name_key(one).split(), name_key(other).split()
    if not here or not there:
        return False
    shares = any(a.startswith(b) or b.startswith(a) for a in here for b in there)
    return not shares and SequenceMatcher(None, " ".join(here), " ".join(there)).ratio() < SIMILAR


def sex_conflict(lists: Lists, _basis: Basis) -> Iterator[Seen]:
    """R7: the sex that NIP, field and NIK tell is not the same."""
    for person in lists.people.values():
        in_nip = sex_of_nip(person.nip)
        others = [("kolom", person.sex)] * bool(person.sex) + [("NIK", sex_of_nik(person.nik or "0" * 16))] * bool(
            person.nik
        )
        if in_nip and any(sex and sex != in_nip for _, sex in others):
            said = "; ".join(f"{where}: {sex or 'tidak terbaca'}" for where, sex in others)
            yield _conflict(lists, person, RuleId.R7, LOW, f"NIP: {in_nip}", said, "Jenis kelamin")


def _conflict(
    lists: Lists, person: Person, rule: RuleId, severity: Severity, here: str, there: str, what: str
) -> Found:
    return Found(
        rule, severity, person.nip, person.name, person.unit, lists.of_person(person, here),
        lists.of_person(person, there), f"{what} menurut NIP, kolom, dan NIK tidak sama.",
        "Cocokkan dengan KTP dan SK CPNS. NIP hanya dapat dibetulkan melalui BKN.", (person.nip, here, there),
    )  # fmt: skip
