"""Who may enter where, when an account locks, when a session ends, which password is good enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

LOCK_AFTER = 5
"""Wrong attempts that are forgiven at any one time (domain.md 11.2: seen practice of a ministry)."""

FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)

TOUCH_EVERY = timedelta(minutes=1)
"""How exactly the last sign of life is kept: a write for every request would be too dear."""

HALF_WAY = timedelta(minutes=10)
"""How long somebody may take from the password to the second factor."""

LINK_LIFE = timedelta(hours=24)
ENROL_LIFE = timedelta(minutes=15)
KEPT_FORM_LIFE = timedelta(hours=12)

PASSWORD_LEAST, PASSWORD_MOST = 12, 200
FEW_CHARACTERS = 6
"""A password of fewer different characters is a pattern, however long."""

TIMEZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")


class Role(StrEnum):
    """What somebody may do."""

    BKD_ADMIN = "bkd_admin"
    PROCTOR = "proctor"
    ASSESSOR = "assessor"
    TALENT_COMMITTEE = "talent_committee"
    ITEM_AUTHOR = "item_author"
    PSYCHOMETRICIAN = "psychometrician"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    PARTICIPANT = "participant"


STAFF = frozenset(Role) - {Role.PARTICIPANT}


def may_enter(held: Iterable[Role], asked: Iterable[Role]) -> bool:
    """Tell whether one of the roles that somebody holds is among those that a door asks for."""
    return not frozenset(held).isdisjoint(asked)


def may_be_without_agency(roles: Iterable[Role]) -> bool:
    """Tell whether an account with these roles may stand above all agencies."""
    return frozenset(roles) == {Role.SYSTEM_ADMIN}


def normal_name(sign_in_name: str) -> str:
    """Write a sign-in name the one way it is stored and looked up."""
    return sign_in_name.strip().casefold()


def lock_after(failures: int) -> timedelta | None:
    """Tell how long an account locks after so many failures: 1 minute at the fifth, doubling to 15."""
    if failures < LOCK_AFTER:
        return None
    # The exponent is bounded because a timedelta overflows long before an attacker gets tired.
    doublings = min(failures - LOCK_AFTER, 10)
    return min(FIRST_LOCK * int(2**doublings), LONGEST_LOCK)


class SessionState(StrEnum):
    """What has become of a session."""

    HALF = "half"
    ALIVE = "alive"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True)
class Span:
    """How long a session may be idle, and how long it may last at all."""

    idle: timedelta = timedelta(minutes=60)
    most: timedelta = timedelta(hours=12)

    def state(
        self, created: datetime, last_seen: datetime, ended: datetime | None, whole: bool, now: datetime
    ) -> SessionState:
        """Judge a session; both limits belong to its life. Half: password given, second factor not yet."""
        if ended is not None:
            return SessionState.ENDED
        if not whole:
            return SessionState.HALF if now - created <= HALF_WAY else SessionState.ENDED
        in_time = now - last_seen <= self.idle and now - created <= self.most
        return SessionState.ALIVE if in_time else SessionState.EXPIRED


class PasswordFault(StrEnum):
    """Why a password will not do."""

    SHORT = "short"
    LONG = "long"
    HAS_NAME = "has_name"
    MONOTONE = "monotone"


def password_faults(password: str, sign_in_name: str) -> tuple[PasswordFault, ...]:
    """List what is wrong with a password; empty when it will do."""
    name = normal_name(sign_in_name)
    wrong = {
        PasswordFault.SHORT: len(password) < PASSWORD_LEAST,
        PasswordFault.LONG: len(password) > PASSWORD_MOST,
        PasswordFault.HAS_NAME: bool(name) and name in password.casefold(),
        PasswordFault.MONOTONE: len(password) >= PASSWORD_LEAST and len(set(password)) < FEW_CHARACTERS,
    }
    return tuple(fault for fault, applies in wrong.items() if applies)


@dataclass(frozen=True)
class Actor:
    """Who does something and from where, as the audit trail names them; an agency limits their reach."""

    name: str
    origin: str = ""
    agency_id: UUID | None = None


@dataclass(frozen=True)
class Officer:
    """Who acts for which agency, and from where: what every act of an agency's own staff needs to know."""

    agency_id: UUID
    actor: str
    origin: str = ""


@dataclass(frozen=True)
class Proof:
    """What a typed password proves: the hash that it matched, and a new one if parameters have changed."""

    matched: str | None
    renewed: str | None = None


class Step(StrEnum):
    """What comes after a step of signing in."""

    REFUSED = "refused"
    CODE = "code"
    ENROL = "enrol"
    DONE = "done"


@dataclass(frozen=True)
class Admission:
    """How far somebody got, and the number of the session that goes into the cookie."""

    step: Step
    token: str = ""


def local_path(wanted: str) -> str | None:
    """Give the path back if it leads to a page of this server and nowhere else, otherwise nothing."""
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted or not wanted.isprintable():
        return None
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else None


def page_of(address: str) -> str:
    """Take from a whole address the page of this server that it names; the front page if it can be none."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a browser sends no such address, a stranger may
        return "/"
    return local_path(parts.path + ("?" + parts.query if parts.query else "")) or "/"


class Group(StrEnum):
    """The groups of the side navigation, in the order of the work."""

    PLANNING = "planning"
    RUNNING = "running"
    RESULTS = "results"
    INSTRUMENTS = "instruments"
    SYSTEM = "system"


@dataclass(frozen=True)
class Entry:
    """One entry of the side navigation; the label is the Indonesian text, marked for the catalogue.

    ``begins`` names the roles whose work begins here, where that is not the first entry that they see.
    """

    group: Group
    label: str
    icon: str
    endpoint: str
    roles: frozenset[Role]
    begins: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Found:
    """One thing that somebody may have looked for, and where it is."""

    label: str
    detail: str
    address: str


def navigation(entries: Iterable[Entry], held: Iterable[Role]) -> list[tuple[Group, list[Entry]]]:
    """Arrange what somebody with these roles can open, group by group; empty groups are left out."""
    seen = [entry for entry in entries if may_enter(held, entry.roles)]
    groups = [(group, [entry for entry in seen if entry.group == group]) for group in Group]
    return [(group, members) for group, members in groups if members]


def first_page(entries: Iterable[Entry], held: Iterable[Role]) -> Entry | None:
    """Find where somebody with these roles comes in; of several roles the first one in the order of ``Role`` counts."""
    held = frozenset(held)
    entries = [entry for _group, members in navigation(entries, held) for entry in members]
    for role in (role for role in Role if role in held):
        seen = [entry for entry in entries if role in entry.roles]
        if seen:
            return next((entry for entry in seen if role in entry.begins), seen[0])
    return None


def entry_of(groups: list[tuple[Group, list[Entry]]], endpoint: str) -> Entry | None:
    """Find the entry that a page belongs to: its own, or else the first of its blueprint."""
    entries = [entry for _group, members in groups for entry in members]
    same = [entry for entry in entries if entry.endpoint.partition(".")[0] == endpoint.partition(".")[0]]
    return next((entry for entry in same if entry.endpoint == endpoint), same[0] if same else None)
