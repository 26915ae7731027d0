"""Texts, dates and numbers in the reader's language: Indonesian is what the code says.

The reader chooses language and theme by cookie; the time zone is that of the agency, set on ``g.timezone`` by
sign-in.
"""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as daytime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context, request

from assessment_app.platform.settings import settings

SOURCE = "id"
LANGUAGES = ("id", "en")
THEMES = ("terang", "kontras")
LANGUAGE_COOKIE, THEME_COOKIE = "lang", "theme"
DEFAULT_TIMEZONE = "Asia/Jakarta"
ZONE_NAMES = {
    "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT",
}  # fmt: skip
"""The three zones of Indonesia as everybody there writes them; the same in every language."""

DATE_PATTERNS = {"long": "d MMMM y", "short": "d MMM y", "full": "EEEE, d MMMM y"}
TIME_PATTERNS = {"id": "HH.mm", "en": "HH:mm"}
MINUS = "\u2212"


@cache
def catalogue(language: str) -> Catalog:
    """Read the catalogue of a language; once per process."""
    place = files("assessment_app.platform").joinpath("locale", language, "LC_MESSAGES", "messages.po")
    with place.open("rb") as stream:
        return read_po(stream, locale=language)


def mark(source: str) -> str:
    """Name a text for the catalogue where it stands, to be translated later where it is shown."""
    return source


def language() -> str:
    """Tell which language this request's reader reads."""
    if not has_request_context():
        return SOURCE
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else str(current_app.config["LANGUAGE"])


def theme() -> str:
    """Tell which theme this request's reader chose."""
    chosen = request.cookies.get(THEME_COOKIE, "") if has_request_context() else ""
    return chosen if chosen in THEMES else THEMES[0]


def gettext(source: str, **values: object) -> str:
    """Say an Indonesian text in the reader's language; values fill its ``%(name)s`` places."""
    found = source
    if language() != SOURCE:
        message = catalogue(language()).get(source)
        if message is not None and isinstance(message.string, str) and message.string:
            found = message.string
    return found % values if values else found


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Say a text that depends on a number; values fill its ``%(name)s`` places, the number ``%(num)s``."""
    forms: tuple[str, ...] = (singular, plural)
    if language() != SOURCE:
        message = catalogue(language()).get(singular)
        if message is not None and isinstance(message.string, tuple) and all(message.string):
            forms = message.string
    found = forms[0 if number == 1 else -1]
    return found % {"num": number, **values} if values else found


def local(moment: datetime, zone: str | None = None) -> datetime:
    """Give a moment on the wall clock of a zone; without one, of the reader's agency."""
    return moment.astimezone(ZoneInfo(zone or _zone()))


def _zone() -> str:
    return str(g.get("timezone") or DEFAULT_TIMEZONE) if has_request_context() else DEFAULT_TIMEZONE


def show_date(day: date | None, form: str = "long", zone: str | None = None) -> str:
    """Write a day: ``22 November 2026``; a moment becomes the day that it is in the zone."""
    if day is None:
        return "-"
    on_the_spot = local(day, zone).date() if isinstance(day, datetime) else day
    return format_date(on_the_spot, DATE_PATTERNS[form], locale=language())


def show_time(moment: datetime | daytime | None, zone: str | None = None) -> str:
    """Write a time of day with its zone: ``07.30 WIB``; a bare time of day has no zone and shows none."""
    if moment is None:
        return "-"
    pattern = TIME_PATTERNS[language()]
    if isinstance(moment, datetime):
        name = zone or _zone()
        clock_time = format_time(local(moment, name).time(), pattern, locale=language())
        return f"{clock_time} {ZONE_NAMES.get(name, name)}"
    return format_time(moment, pattern, locale=language())


def show_datetime(moment: datetime | None, form: str = "long", zone: str | None = None) -> str:
    """Write a moment: ``22 November 2026 11.00 WITA``."""
    return "-" if moment is None else f"{show_date(moment, form, zone)} {show_time(moment, zone)}"


def show_number(value: float | None, digits: int | None = None) -> str:
    """Write a number: ``1.905,5``; with ``digits`` exactly so many decimals, without at most three."""
    if value is None:
        return "-"
    pattern = "#,##0.###" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return _signed(format_decimal(value, pattern, locale=language()))


def show_percent(share: float | None, digits: int = 1) -> str:
    """Write a share of one as percent: 0.125 becomes ``12,5%``."""
    if share is None:
        return "-"
    return show_number(share * 100, digits) + "%"


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def show_nip(nip: str) -> str:
    """Write a NIP in its groups of 8, 6, 1 and 3; anything that is no NIP stays as it is."""
    if len(nip) != 18 or not nip.isdigit():
        return nip
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


def install(app: Flask) -> None:
    """Give an app its texts, its filters and what every page needs to know about its reader."""
    app.config["LANGUAGE"] = settings().language
    for other in LANGUAGES:
        if other != SOURCE:
            catalogue(other)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # by i18n
    app.jinja_env.filters.update(
        date=show_date, time=show_time, datetime=show_datetime,
        number=show_number, percent=show_percent, nip=show_nip,
    )  # fmt: skip
    app.context_processor(lambda: {"language": language(), "theme": theme(), "languages": LANGUAGES})
