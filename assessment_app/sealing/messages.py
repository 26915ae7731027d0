"""What a session's record shows of a seal to a camera."""

from __future__ import annotations

from uuid import UUID

import segno
from markupsafe import Markup


def qr(session_id: UUID, n: int, root: str) -> Markup:
    """Draw a root with what it is the root of, in any size; black on white, or no camera reads it in every theme."""
    told = f"proasn/seal/1 {session_id} {n} {root}"
    drawn = segno.make(told, error="m").svg_inline(omitsize=True, border=4, dark="black", light="white")
    return Markup(drawn)  # nosec B704 # segno draws paths from numbers, no text of anybody gets in
