"""What a rule set says of retirement and pay, read and checked; and when somebody's pension begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessment_app.people.rules import JobLevel, plain
from assessment_app.personnel.rules.readings import born_of_nip
from assessment_app.personnel.rules.records import Person
from assessment_app.rule_sets.rules import IncompleteRules

NEXT_MONTH = "next_month"
"""The one way of ``bup.first_day_rule`` that is known: the first day of the month after the birthday."""

USED = ("bup.table", "bup.first_day_rule", "bup.special", "payroll.mpp_paid", "payroll.absence_months")


@dataclass(frozen=True)
class Basis:
    """The numbers of regulations that the comparison rests on, each with how sure it is (V2, V1, M, D)."""

    ages: Mapping[str, int]
    special: Sequence[tuple[str, int]]
    mpp_is_paid: bool
    absence_months: int
    marks: Mapping[str, str]
    sources: Mapping[str, str]


def read(document: Mapping[str, Any]) -> Basis:
    """Read what is needed of a rule set's document; refuses with IncompleteRules, naming what is wrong."""
    try:
        rules = {name: document["rules"][name] for name in USED}
        value = {name: rule["value"] for name, rule in rules.items()}
        if value["bup.first_day_rule"] != NEXT_MONTH:
            raise ValueError(f"bup.first_day_rule {value['bup.first_day_rule']!r} is not known")
        ages = {JobLevel(level).value: int(age) for level, age in value["bup.table"].items()}
        if ages.keys() != {level.value for level in JobLevel}:
            raise ValueError("bup.table does not name every job level")
        special = [(plain(word), int(age)) for word, age in value["bup.special"]]
        if not all(50 <= age <= 80 for age in (*ages.values(), *(age for _, age in special))):
            raise ValueError("an age of retirement is outside 50 to 80")
        if not isinstance(value["payroll.mpp_paid"], bool):
            raise ValueError("payroll.mpp_paid is neither true nor false")
        return Basis(
            ages, special, value["payroll.mpp_paid"], int(value["payroll.absence_months"]),
            {name: str(rule["mark"]) for name, rule in rules.items()},
            {name: str(rule["source"]) for name, rule in rules.items()},
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise IncompleteRules(f"rule set is not whole: {error}") from error


@dataclass(frozen=True)
class Pension:
    """When pay ends: from this day on, by which age, and whether a contract ends before that age is reached."""

    start: date
    age: int
    by_contract: bool = False


def age_of(person: Person, basis: Basis) -> int | None:
    """Give the age of retirement of a post: that of its occupation if it has one of its own, else of its level."""
    words = f"{plain(person.post)} "
    own = next((age for word, age in basis.special if words.startswith(f"{word} ")), None)
    return own if own is not None else basis.ages.get(person.level or "")


def pension_of(person: Person, basis: Basis) -> Pension | None:
    """Compute when a person's pension begins; None when birth date or level are not known.

    Born 17 March 1967, retirement at 58: reached on 17 March 2025, pension from 1 April 2025; born on the 1st likewise.
    A PPPK's pay ends with the contract, if that is earlier.
    """
    born, age = person.born or born_of_nip(person.nip), age_of(person, basis)
    if born is None or age is None:
        return None
    start = month_after(born.replace(year=born.year + age, day=1))
    if person.contract_end is not None and person.contract_end < start:
        return Pension(month_after(person.contract_end), age, by_contract=True)
    return Pension(start, age)


def month_after(one: date) -> date:
    """Give the first day of the next month."""
    return date(one.year + one.month // 12, one.month % 12 + 1, 1)


def months_between(earlier: date, later: date) -> int:
    """Count whole months from one day to another; negative when the second is the earlier one."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)
