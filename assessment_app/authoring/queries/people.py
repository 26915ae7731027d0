"""The names of the people behind what was done."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.queries import names_of

ACCOUNT = "account:"


class Names(dict[str, str]):
    """The name of each actor; one that is no account is named as the trail has it."""

    def __missing__(self, actor: str) -> str:
        return actor


def names_in(db: Session, actors: Iterable[str]) -> Names:
    """Look up the people among actors."""
    ids = {UUID(actor.removeprefix(ACCOUNT)) for actor in actors if actor.startswith(ACCOUNT)}
    return Names({f"{ACCOUNT}{account_id}": name for account_id, name in names_of(db, ids).items()})
