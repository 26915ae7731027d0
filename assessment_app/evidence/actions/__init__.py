"""What can be done about evidence: let a file in, and write down, correct or take back one fact."""

from assessment_app.evidence.actions.imports import (
    PREVIEW_LIFE,
    Origin,
    apply_import,
    import_evidence,
    preview_import,
)
from assessment_app.evidence.actions.records import Ground, mark_none, record_fact, take_back
from assessment_app.evidence.actions.standing import judge, judge_some

__all__ = [
    "PREVIEW_LIFE",
    "Ground",
    "Origin",
    "apply_import",
    "import_evidence",
    "judge",
    "judge_some",
    "mark_none",
    "preview_import",
    "record_fact",
    "take_back",
]  # fmt: skip
