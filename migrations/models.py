"""Every model of the house, imported for its metadata."""

from assessment_app.accounts import models as accounts
from assessment_app.evidence import models as evidence
from assessment_app.exam import models as exam
from assessment_app.job_standards import models as job_standards
from assessment_app.logbook import models as logbook
from assessment_app.people import models as people
from assessment_app.personnel import models as personnel
from assessment_app.platform import audit, queue
from assessment_app.reports import models as reports
from assessment_app.rescoring import models as rescoring
from assessment_app.review import models as review
from assessment_app.rule_sets import models as rule_sets
from assessment_app.scheduling import models as scheduling
from assessment_app.scoring import models as scoring
from assessment_app.sealing import models as sealing
from assessment_app.succession import models as succession
from assessment_app.talent import models as talent
from item_bank import calibrations, corrections, forms, keys, stock

__all__ = [
    "accounts", "audit", "calibrations", "corrections", "evidence", "exam", "forms", "job_standards", "keys",
    "logbook", "people", "personnel", "queue", "reports", "rescoring", "review", "rule_sets", "scheduling", "scoring",
    "sealing", "stock", "succession", "talent",
]  # fmt: skip
