"""What can be seen of evidence; every question carries the agency."""

from assessment_app.evidence.queries.imports import (
    all_findings,
    applied_before,
    content,
    findings,
    first_read,
    names_in_trail,
    run,
    runs,
    today,
    waiting_preview,
    was_applied_since,
)
from assessment_app.evidence.queries.known import components, facts, history, invented, predicates, row, simata
from assessment_app.evidence.queries.overview import (
    PAGE,
    Completeness,
    Narrowed,
    Person,
    completeness,
    count,
    listed,
    waves,
)
from assessment_app.evidence.queries.standing import stale, terms

__all__ = [
    "PAGE",
    "Completeness",
    "Narrowed",
    "Person",
    "all_findings",
    "applied_before",
    "completeness",
    "components",
    "content",
    "count",
    "facts",
    "findings",
    "first_read",
    "history",
    "invented",
    "listed",
    "names_in_trail",
    "predicates",
    "row",
    "run",
    "runs",
    "simata",
    "stale",
    "terms",
    "today",
    "waiting_preview",
    "was_applied_since",
    "waves",
]  # fmt: skip
