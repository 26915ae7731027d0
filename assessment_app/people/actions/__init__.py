"""What can be done: look at a list of people, decide what it leaves open, and let its good rows in."""

from assessment_app.people.actions.imports import (
    PREVIEW_LIFE,
    apply_import,
    decide,
    import_employees,
    preview_import,
    proposals,
)

__all__ = ["PREVIEW_LIFE", "apply_import", "decide", "import_employees", "preview_import", "proposals"]
