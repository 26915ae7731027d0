"""What authors type in fields, read as it is kept; and numbers, written so that reading gives the same ones."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from assessment_app.platform.texts import mark
from item_bank.item_keys import FARTHEST, STEEPEST

NOT_A_NUMBER = mark("Angka pada kolom parameter atau skor tidak terbaca. Tulis misalnya 0,8 atau 3.")
NOT_WHOLE = mark("Skor pilihan ditulis sebagai bilangan bulat dari 0 sampai 12.")
TOO_FAR = mark("Daya beda a lebih dari 0 sampai 10, dan setiap batas b dari -20 sampai 20.")
NO_STATEMENT = mark("Setiap pernyataan berisi satu sampai tiga angka: muatan; rerata; ragam. Hapus angka yang lain.")

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FIGURE = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)


def text(said: str) -> str:
    """Give a text as it is kept: letters composed, lines ended alike, without margins and signs that nobody sees."""
    return _UNPRINTABLE.sub("", unicodedata.normalize("NFC", said.replace("\r\n", "\n"))).strip()


def decimal(said: str) -> str:
    """Read a decimal, with comma or point, and keep it as text; refuses with ValueError what is none."""
    plain = said.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if not _FIGURE.fullmatch(plain):
        raise ValueError(NOT_A_NUMBER)
    return plain


def number(said: str) -> float:
    """Read a decimal; refuses with ValueError also what is too large to be one."""
    value = float(decimal(said))
    if not math.isfinite(value):
        raise ValueError(NOT_A_NUMBER)
    return value


def slope(said: str) -> float:
    """Read the slope of an item; refuses with ValueError one that no item has."""
    value = number(said)
    if not 0 < value <= STEEPEST:
        raise ValueError(TOO_FAR)
    return value


def borders(said: str) -> list[float]:
    """Read the borders of an item, with semicolons between them; refuses with ValueError as ``slope``."""
    values = [number(part) for part in said.split(";") if part.strip()] or [0.0]
    if max(map(abs, values)) > FARTHEST:
        raise ValueError(TOO_FAR)
    return values


def whole(said: str, most: int, refusal: str = NOT_WHOLE) -> int:
    """Read a whole number from 0, which an empty field is, to ``most``; refuses with ValueError."""
    if not re.fullmatch("[0-9]{0,2}", said, re.ASCII) or int(said or 0) > most:
        raise ValueError(refusal)
    return int(said or 0)


def statement(said: str) -> dict[str, float]:
    """Read loading, mean and variance of a statement: three numbers, or the first of them; refuses with ValueError."""
    told = [number(part) for part in said.split(";")]
    if len(told) > 3:
        raise ValueError(NO_STATEMENT)
    return dict(zip(("loading", "mean", "psi"), (*told, *(0.0, 1.0)[len(told) - 1 :]), strict=True))


def shown(value: float) -> str:
    """Write a number with a decimal comma and all its digits."""
    return f"{Decimal(repr(value)):f}".removesuffix(".0").replace(".", ",")
