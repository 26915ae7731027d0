"""Numbers of regulations as rule sets hold them, for tests (domain reference, sections 3 and 4)."""

from scoring_engine.standards.nine_box import AxisCuts
from scoring_engine.standards.talent_value import AxisFormula
from scoring_engine.standards.thresholds import ThresholdSet

FILLING = ThresholdSet.rising("KMS", ("MMS", 68), ("MS", 80))
MAPPING = ThresholdSet.rising("Kurang Optimal", ("Cukup Optimal", 78), ("Optimal", 90))

KKP_SENIOR = ThresholdSet.rising("kurang", ("baik", 85), ("sangat baik", 91))
"""Permen KKP 39/2023 art. 52 leaves 90 < p < 91 open: this set lets it fall to *baik*."""

KKP_OTHERS = ThresholdSet.rising("kurang", ("baik", 75), ("sangat baik", 85))
JF_EXAM = ThresholdSet.rising("tidak lulus", ("lulus", 68))
JF_WEIGHTS = {"madya": (40, 60), "muda": (50, 50), "pertama": (60, 40)}

TALENT_Y = AxisFormula.of(performance=60, award=15, team=15, feedback_360=10)
TALENT_X = AxisFormula.of(
    competency=20, development=10, experience=10, potential=25, education=10, field=10, discipline=15
)
TALENT_CUTS: AxisCuts = ((60, 80), (60, 80))
TALENT_WEIGHTS = (50, 50)
TECHNICAL_MIX = {"jpt_madya": (80, 20), "jpt_pratama": (70, 30), "administrator": (60, 40), "pengawas": (50, 50)}
