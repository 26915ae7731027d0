"""What comes in from the nine-box pages, their words, and the files that go out."""

from __future__ import annotations
