"""The value of a rule as people read it: a few words, or a small table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import show_number, show_percent
from assessment_app.rule_sets.messages.faults import key_name
from assessment_app.rule_sets.messages.words import (
    CHOICE_NAMES,
    GROUPS,
    NONE_WORDS,
    OTHERS,
    PERFORMANCE_ROWS,
    POTENTIAL_COLUMNS,
    SHARES,
    in_order,
)


@dataclass(frozen=True)
class Shown:
    """A value in words, or else a table: the first cell of a row names it; ``columns`` may be empty."""

    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def shown(name: str, value: Any) -> Shown:
    """Write the value of a rule for people."""
    match value:
        case {"lowest": lowest, "above": above}:
            return Shown(rows=_bands(lowest, above))
        case dict():
            return _table(name, value)
        case [[_, _, _], [_, _, _], [_, _, _]]:
            return _grid(name, value)
        case [[str(), _], *_]:
            return Shown(rows=tuple((word, show_number(given)) for word, given in value))
        case [[_, _], *_]:
            return Shown(rows=tuple((f"≥ {show_number(start)}", show_number(given)) for start, given in value))
        case [middle, high]:
            return Shown(rows=((_("Tinggi"), f"≥ {show_number(high)}"), (_("Menengah"), f"≥ {show_number(middle)}"),
                               (_("Rendah"), f"< {show_number(middle)}")))  # fmt: skip
        case _:
            return Shown(_word(name, value))


def _word(name: str, value: Any) -> str:
    if value is None:
        return _(NONE_WORDS[name]) if name in NONE_WORDS else "-"
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, str):
        names = CHOICE_NAMES.get(name, {})
        return _(names[value]) if value in names else value
    return show_percent(value, 0) if name in SHARES else show_number(value)


def _bands(lowest: str, above: Iterable[tuple[str, float]]) -> tuple[tuple[str, ...], ...]:
    rising = [(lowest, None), *above]
    ends = [end for _name, end in rising[1:]] + [None]
    return tuple((name, _between(low, high)) for (name, low), high in reversed(list(zip(rising, ends, strict=True))))


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"< {show_number(high)}%"
    if high is None:
        return f"≥ {show_number(low)}%"
    return _("%(low)s%% sampai kurang dari %(high)s%%", low=show_number(low), high=show_number(high))


def _table(name: str, value: Mapping[str, Any]) -> Shown:
    if name == "talent.technical_mix":
        columns = (_("Jenjang"), _("Nilai talenta"), _("Kompetensi teknis"))
        return Shown(
            columns=columns, rows=tuple((key_name(name, key), *map(_cell, value[key])) for key in in_order(name, value))
        )
    keys = sorted(value, reverse=True) if name == "box.recommendations" else in_order(name, value)
    return Shown(rows=tuple((_row_name(name, key), _cell(value[key], name)) for key in keys))


def _row_name(name: str, key: str) -> str:
    return _("Kotak %(number)s", number=key) if name == "box.recommendations" else key_name(name, key)


def _cell(value: Any, name: str = "") -> str:
    if name == "predicate.row":
        return _(PERFORMANCE_ROWS[value])
    if isinstance(value, list):
        return ("; " if name == "box.recommendations" else ", ").join(map(str, value))
    return show_number(value) if isinstance(value, int | float) else str(value)


def _grid(name: str, value: list[list[Any]]) -> Shown:
    """Draw a matrix as it is read: the highest row first."""
    if name == "predicate.matrix":
        columns = (_("hasil kerja \\ perilaku"), *map(_, PERFORMANCE_ROWS))
        cells = [tuple(key_name(name, word) for word in row) for row in value]
    else:
        columns = (_("kinerja \\ potensial"), *map(_, POTENTIAL_COLUMNS))
        cells = [tuple(map(str, row)) for row in value]
    named = [(_(PERFORMANCE_ROWS[at]), *row) for at, row in enumerate(cells)]
    return Shown(columns=columns, rows=tuple(reversed(named)))


def groups(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Arrange the names of rules in groups, each with what it is called; groups without a rule are left out."""
    left = list(names)
    found = []
    for beginning, title in (*GROUPS, ("", OTHERS)):
        members = [name for name in left if name.startswith(beginning)]
        left = [name for name in left if name not in members]
        if members:
            found.append((_(title), members))
    return found
