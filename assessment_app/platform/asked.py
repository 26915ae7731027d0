"""What an address or a form names, read without refusing: whoever asks says what becomes of nonsense."""

from __future__ import annotations

from uuid import UUID


def uuid_of(text: str) -> UUID | None:
    """Read an id; nothing where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
