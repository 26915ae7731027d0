"""Who asks, for the pages of the vault."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from assessment_app.accounts.rules import Actor, Role

AUTHORS = frozenset({Role.ITEM_AUTHOR, Role.PSYCHOMETRICIAN})
ALONE = frozenset({Role.PSYCHOMETRICIAN})


def by() -> Actor:
    """Name who asks, as the trail does."""
    return Actor(current_user.actor, request.remote_addr or "", current_user.agency_id)
