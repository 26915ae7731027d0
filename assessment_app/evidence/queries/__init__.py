"""What can be seen of evidence; every question carries the agency."""

from assessment_app.evidence.queries.imports import (
    all_findings,
    applied_before,
    content,
    findings,
    first_read,
    run,
    runs,
    today,
    waiting_preview,
    was_applied_since,
)
from assessment_app.evidence.queries.known import components, facts, history, predicates, row, simata
from assessment_app.evidence.queries.overview import PAGE, Completeness, Person, completeness, people_of, waves

__all__ = [
    "PAGE",
    "Completeness",
    "Person",
    "all_findings",
    "applied_before",
    "completeness",
    "components",
    "content",
    "facts",
    "findings",
    "first_read",
    "history",
    "people_of",
    "predicates",
    "row",
    "run",
    "runs",
    "simata",
    "today",
    "waiting_preview",
    "was_applied_since",
    "waves",
]  # fmt: skip
