"""Pages call what is measured by the names of the item bank."""

import pytest

from assessment_app.scoring import messages
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import CAREER_PATHS, DIGITAL_PILLARS, POTENTIAL_ASPECTS


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        (messages.COMPETENCY_NAMES, COMPETENCIES),
        (messages.ASPECT_NAMES, POTENTIAL_ASPECTS),
        (messages.PILLAR_NAMES, DIGITAL_PILLARS),
        (messages.PATH_NAMES, CAREER_PATHS),
    ],
)
def test_pages_call_constructs_by_the_names_of_the_item_bank(shown, meant):
    assert shown == {one.code: one.name for one in meant}
