"""The form in which accommodations are granted, and the words for what was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark, ngettext, show_number
from assessment_app.scheduling.messages import reason
from assessment_app.scheduling.rules import (
    LEAST_FACTOR,
    MINUTE_MS,
    MOST_BREAK_MINUTES,
    MOST_BREAKS,
    MOST_FACTOR,
    Kind,
    Needs,
)

KINDS = {
    Kind.TIME: mark("Waktu"),
    Kind.TEXT: mark("Ukuran teks"),
    Kind.BREAKS: mark("Istirahat"),
    Kind.READER: mark("Pembaca"),
}
"""What can be granted, as pages call it."""

MOST_NAME = 120

_FACTOR = re.compile(r"[0-9][.,]?[0-9]{0,2}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,2}", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """What somebody is to be granted from now on, all of it, and why."""

    needs: Needs
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Wanted:
        """Read the form; refuses with Invalid. An empty field grants nothing of its kind."""
        breaks, minutes = _count(form, "breaks"), _count(form, "break_minutes")
        if bool(breaks) != bool(minutes) or breaks > MOST_BREAKS or minutes > MOST_BREAK_MINUTES:
            said = _("Isi jumlah istirahat (1 sampai %(breaks)s) dan lamanya (1 sampai %(minutes)s menit), atau "
                     "kosongkan keduanya.", breaks=MOST_BREAKS, minutes=MOST_BREAK_MINUTES)  # fmt: skip
            raise Invalid(said)
        reader = " ".join(form.get("reader", "").split())
        if len(reader) > MOST_NAME:
            raise Invalid(_("Nama pembaca paling banyak %(most)s huruf.", most=MOST_NAME))
        needs = Needs(_factor(form.get("factor", "")), "large_text" in form, breaks, minutes, reader)
        return cls(needs, reason(form))


def _factor(typed: str) -> int:
    text = "".join(typed.split()) or "1"
    percent = round(100 * float(text.replace(",", "."))) if _FACTOR.fullmatch(text) else 0
    if percent != 100 and not LEAST_FACTOR <= percent <= MOST_FACTOR:
        said = _("Kelipatan waktu harus antara %(least)s dan %(most)s, misalnya 1,3. Kosongkan bila tidak ada.",
                 least=show_number(LEAST_FACTOR / 100), most=show_number(MOST_FACTOR / 100))  # fmt: skip
        raise Invalid(said)
    return percent


def _count(form: MultiDict[str, str], name: str) -> int:
    text = form.get(name, "").strip() or "0"
    return int(text) if _COUNT.fullmatch(text) else 99  # too many of anything: refused with the bounds


def factor(needs: Needs) -> str:
    """Write how many times the time of a part is given: ``1,3``."""
    return show_number(needs.factor / 100)


def words(needs: Needs, limits_ms: Iterable[int]) -> list[str]:
    """Say what is granted in phrases, with the minutes that come on top of these parts, if any are named."""
    said = []
    if needs.factor != 100:
        minutes = sum(map(needs.extra_ms, limits_ms)) // MINUTE_MS
        more = _("tambahan %(minutes)s menit", minutes=minutes)
        said.append(_("waktu %(factor)s kali", factor=factor(needs)) + (f" ({more})" if minutes else ""))
    if needs.large_text:
        said.append(_("teks besar"))
    if needs.breaks:
        said.append(ngettext("%(num)s kali istirahat %(minutes)s menit", "%(num)s kali istirahat %(minutes)s menit",
                             needs.breaks, minutes=needs.break_minutes))  # fmt: skip
    if needs.reader:
        said.append(_("pembaca: %(name)s", name=needs.reader))
    return said


def row_words(kind: str, value: str) -> str:
    """Say what one row of the record granted, or that it took something back."""
    return ", ".join(words(Needs.of([(kind, value)]), [])) or _("dicabut")
