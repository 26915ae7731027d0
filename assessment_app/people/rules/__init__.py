"""What is allowed and what is asked of people, their numbers, posts and units."""

from assessment_app.people.rules.findings import MATCH, Finding, Severity, error, repair, warning
from assessment_app.people.rules.names import name_key
from assessment_app.people.rules.nips import (
    APPOINTMENT_AGE,
    WORKING_AGE,
    Nip,
    Sex,
    Status,
    age,
    clean_nip,
    day_of,
    read_nip,
)
from assessment_app.people.rules.posts import JobGroup, JobLevel, level_of, level_of_echelon, plain, read_job_level
from assessment_app.people.rules.questions import (
    APART,
    MERGE,
    NONE,
    Choice,
    Question,
    about_rows,
    about_units,
    unit_key,
)
from assessment_app.people.rules.repairs import repairs, shown
from assessment_app.people.rules.rows import GRADES, RANKS, Verdict, check_row
from assessment_app.people.rules.standings import Standing, read_standing
from assessment_app.people.rules.units import Alike, Units, compare, fold

__all__ = [
    "APART",
    "APPOINTMENT_AGE",
    "GRADES",
    "MATCH",
    "MERGE",
    "NONE",
    "RANKS",
    "WORKING_AGE",
    "Alike",
    "Choice",
    "Finding",
    "JobGroup",
    "JobLevel",
    "Nip",
    "Question",
    "Severity",
    "Sex",
    "Standing",
    "Status",
    "Units",
    "Verdict",
    "about_rows",
    "about_units",
    "age",
    "check_row",
    "clean_nip",
    "compare",
    "day_of",
    "error",
    "fold",
    "level_of",
    "level_of_echelon",
    "name_key",
    "plain",
    "read_job_level",
    "read_nip",
    "read_standing",
    "repair",
    "repairs",
    "shown",
    "unit_key",
    "warning",
]
