"""What comes in from the pages of reports (``asked``), their words (``words``), files of them (``files``), and QR."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(address: str) -> Markup:
    """Draw the address that verifies a report, in any size; black on white, or no camera reads it in every theme."""
    drawn = segno.make(address, error="m").svg_inline(omitsize=True, border=4, dark="black", light="white")
    return Markup(drawn)  # nosec B704 # segno draws paths from numbers, no text of anybody gets in
