"""Who may not decide: other agencies, other roles, and forms that no page made."""

import pytest

from assessment_app.accounts.rules import Role
from tests.assessment_app.review.conftest import REASON, steps
from tests.assessment_app.scoring.house import House


def test_another_agencys_assessor_finds_none_of_it(hire, forms, hasan, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    made = hire(House(forms, "bali"), "made")
    form = hasan.form(measured.sure, verdict="approve", reason=REASON)
    for act in ("dampak", "draf", "keputusan", "persetujuan", "ambil", "lepas"):
        made.send(measured.sure, act, form, 404)
    assert made.browser.get(f"/tinjau/{measured.sure}/jejak").status_code == 404
    assert steps(measured.sure) == ["submitted"]


@pytest.mark.parametrize("role", [Role.BKD_ADMIN, Role.TALENT_COMMITTEE, Role.AUDITOR, Role.PROCTOR])
def test_who_is_no_assessor_signs_nothing(hire, hasan, measured, role):
    hasan.open(measured.sure)
    somebody = hire(measured, role.value, role)
    for act in ("keputusan", "persetujuan", "draf", "ambil"):
        somebody.send(measured.sure, act, hasan.form(measured.sure, verdict="approve"), 403)
    assert steps(measured.sure) == []


@pytest.mark.parametrize("broken", [
    {"choice": "x"}, {"profile": "x"}, {"steps": ""}, {"steps": "-1"}, {"level.M.08": "1e9"}, {"why": "x" * 2001},
])  # fmt: skip
def test_a_form_that_no_page_made_is_refused(hasan, measured, broken):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.form(measured.sure) | broken, 400)
    assert steps(measured.sure) == []
