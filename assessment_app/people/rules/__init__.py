"""What is allowed and what is asked of people, their numbers, posts and units."""

from assessment_app.people.rules.findings import Finding, Severity, error, warning
from assessment_app.people.rules.names import name_key
from assessment_app.people.rules.nips import Nip, Sex, Status, age, clean_nip, read_nip
from assessment_app.people.rules.posts import JobLevel, plain, read_job_level
from assessment_app.people.rules.questions import MERGE, Choice, Question, about_rows, about_units, unit_key
from assessment_app.people.rules.repairs import repairs
from assessment_app.people.rules.rows import GRADES, RANKS, Verdict, check_row
from assessment_app.people.rules.standings import Standing, read_standing
from assessment_app.people.rules.units import compare

__all__ = [
    "GRADES",
    "MERGE",
    "RANKS",
    "Choice",
    "Finding",
    "JobLevel",
    "Nip",
    "Question",
    "Severity",
    "Sex",
    "Standing",
    "Status",
    "Verdict",
    "about_rows",
    "about_units",
    "age",
    "check_row",
    "clean_nip",
    "compare",
    "error",
    "name_key",
    "plain",
    "read_job_level",
    "read_nip",
    "read_standing",
    "repairs",
    "unit_key",
    "warning",
]
