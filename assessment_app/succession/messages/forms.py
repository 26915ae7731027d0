"""What comes in: a post to be filled, proposals, decisions, a technical fit. Nonsense is told field by field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from assessment_app.people.rules import JobLevel, plain
from assessment_app.platform.asked import uuid_of
from assessment_app.platform.texts import mark
from assessment_app.succession.messages.words import ACT_NAMES, POOL_NAMES

REASON_LEAST, REASON_MOST = 10, 500
"""Characters of a reason: fewer say nothing."""

NAME_MOST = 200
MOST_NUMBER = 2**31 - 1
"""Of a sitting, as the columns hold it: PostgreSQL refuses to look for a larger one."""

AT_ONCE = 100
"""People proposed in one act: each of them has been looked at."""

SHORT_REASON = mark("Tulis alasan 10 sampai 500 karakter. Alasan ini tercatat bersama nama Anda.")
NO_POST = mark("Tulis nama jabatan sasaran, paling banyak 200 karakter.")
LONG_UNIT = mark("Nama unit paling banyak 200 karakter.")
NO_LEVEL = mark("Pilih jenjang jabatan.")
NO_POOL = mark("Pilih kelompok rencana suksesi.")
NO_VALUE = mark("Tulis angka 0 sampai 100, paling banyak dua desimal, misalnya 82,5.")
NO_BASIS = mark("Tulis dokumen yang memuat nilai ini, 5 sampai 200 karakter.")
NOBODY = mark("Pilih sedikitnya satu orang.")
TOO_MANY = mark("Paling banyak 100 orang dapat diusulkan sekaligus.")

LEVELS = (
    JobLevel.JPT_UTAMA, JobLevel.JPT_MADYA, JobLevel.JPT_PRATAMA, JobLevel.ADMINISTRATOR, JobLevel.PENGAWAS,
    *(one for one in JobLevel if one.group != "manajerial"),
)  # fmt: skip
"""Levels in the order in which a field offers them."""


class Form(Protocol):
    """A submitted form or an address."""

    def get(self, name: str, default: str, /) -> str:
        """Give one value."""

    def getlist(self, name: str, /) -> list[str]:
        """Give every value."""


@dataclass(frozen=True)
class NewPost:
    """A post to be filled; ``faults`` says what is wrong with which field."""

    post_id: UUID | None
    post: str
    unit: str
    job_level: str
    pool: str
    faults: Mapping[str, str]

    @classmethod
    def parse(cls, form: Form) -> NewPost:
        """Read the form."""
        post, unit = line(form.get("jabatan", "")), line(form.get("unit", ""))
        level, pool = form.get("jenjang", ""), form.get("kelompok", "")
        wrong = {
            "jabatan": "" if plain(post) and len(post) <= NAME_MOST else NO_POST,
            "unit": "" if len(unit) <= NAME_MOST else LONG_UNIT,
            "jenjang": "" if level in set(JobLevel) else NO_LEVEL,
            "kelompok": "" if pool in POOL_NAMES else NO_POOL,
        }
        faults = {name: fault for name, fault in wrong.items() if fault}
        return cls(uuid_of(form.get("id", "")), post[:NAME_MOST], unit[:NAME_MOST], level, pool, faults)


@dataclass(frozen=True)
class Proposals:
    """Whom somebody proposes, with what was shown of each, and why."""

    people: Mapping[UUID, str]
    reason: str
    fault: str
    nobody: str

    @classmethod
    def parse(cls, form: Form) -> Proposals:
        """Read the form: ``orang`` is who stayed chosen, ``dilihat`` names a person and what was shown."""
        shown = dict(one.split(" ", 1) for one in form.getlist("dilihat") if " " in one)
        chosen = {known: shown.get(str(known), "") for one in form.getlist("orang") if (known := uuid_of(one))}
        nobody = NOBODY if not chosen else TOO_MANY if len(chosen) > AT_ONCE else ""
        reason, fault = reason_of(form)
        return cls(chosen, reason, fault, nobody)


NOTHING_PROPOSED = Proposals({}, "", "", "")


@dataclass(frozen=True)
class Said:
    """An act on one candidacy: what (empty when nothing that is known), why, after which act, what was shown."""

    deed: str
    reason: str
    seen: str
    after: int
    aware: bool
    fault: str = ""

    @classmethod
    def parse(cls, form: Form) -> Said:
        """Read the form; ``aware`` tells that somebody takes a person who does not meet everything, knowing so."""
        kind, after = form.get("keputusan", ""), form.get("setelah", "")
        reason, fault = reason_of(form)
        return cls(
            kind if kind in ACT_NAMES else "", reason, form.get("dilihat", ""),
            int(after) if re.fullmatch("[0-9]{1,6}", after, re.ASCII) else 0, form.get("sadar", "") == "1", fault,
        )  # fmt: skip


NOTHING_SAID = Said("", "", "", 0, aware=False)


@dataclass(frozen=True)
class Technical:
    """How well somebody fits a post technically, as a document says."""

    hundredths: int
    basis: str
    typed: str
    faults: Mapping[str, str]

    @classmethod
    def parse(cls, form: Form) -> Technical:
        """Read the form; a comma or a point before decimals."""
        typed, basis = form.get("nilai", "").strip()[:20], line(form.get("dasar", ""))
        written = typed.replace(",", ".")
        known = re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", written, re.ASCII)
        whole, _, decimals = written.partition(".")
        hundredths = int(whole) * 100 + int(decimals.ljust(2, "0")) if known else -1
        wrong = {
            "nilai": "" if 0 <= hundredths <= 10_000 else NO_VALUE, "dasar": "" if 5 <= len(basis) <= 200 else NO_BASIS
        }  # fmt: skip
        return cls(hundredths, basis[:200], typed, {name: fault for name, fault in wrong.items() if fault})


NOTHING_MEASURED = Technical(-1, "", "", {})


def reason_of(form: Form) -> tuple[str, str]:
    """Read a reason, and what is wrong with it; space around and between words does not count."""
    reason = line(form.get("alasan", ""))
    return reason[: 2 * REASON_MOST], "" if REASON_LEAST <= len(reason) <= REASON_MOST else SHORT_REASON


def sittings_of(values: Iterable[str]) -> list[int]:
    """Read the numbers of sittings out of an address; what is no such number is left out."""
    written = [one for one in dict.fromkeys(values) if re.fullmatch("[1-9][0-9]{0,9}", one, re.ASCII)]
    return [number for one in written if (number := int(one)) <= MOST_NUMBER]


def line(text: str) -> str:
    """Write what somebody typed as one line of what can be shown."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def levels() -> Collection[tuple[str, str]]:
    """List the job levels as a field offers them."""
    return [(one.value, one.label) for one in LEVELS]
