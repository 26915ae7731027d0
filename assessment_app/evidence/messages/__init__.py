"""What goes in and out: sheets of evidence read into rows, and the words for what is known."""

from assessment_app.evidence.messages.forms import FIELDS, FormField, cells_of, day_of, filled
from assessment_app.evidence.messages.sheets import LAYOUTS, ReadFile, read_file, template
from assessment_app.evidence.messages.words import (
    COMPONENT_NAMES,
    KIND_NAMES,
    STATE_NAMES,
    in_source,
    named,
    said_lines,
    say,
)

__all__ = [
    "COMPONENT_NAMES",
    "FIELDS",
    "KIND_NAMES",
    "LAYOUTS",
    "STATE_NAMES",
    "FormField",
    "ReadFile",
    "cells_of",
    "day_of",
    "filled",
    "in_source",
    "named",
    "read_file",
    "said_lines",
    "say",
    "template",
]  # fmt: skip
