"""Confirming, adjusting, approving, sending back and signing, over HTTP and on real stores."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from assessment_app.accounts.models import StaffAccount
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import Job
from assessment_app.review.models import ReviewDraft, SignedResult
from assessment_app.review.queries import signed
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.review.conftest import REASON, computed_again, plain, profile_of, results, steps
from tests.assessment_app.scoring.house import NOW

SHORT = "terlalu pendek"


def acts(sitting_id):
    with transaction(reads_only=True) as store:
        wanted = select(AuditEntry).where(AuditEntry.subject == f"sitting:{sitting_id}").order_by(AuditEntry.entry_no)
        return [entry.action for entry in store.scalars(wanted)]


def place_job(sitting_id):
    with transaction(reads_only=True) as store:
        wanted = select(Job).where(Job.task == "place", Job.subject == str(sitting_id), Job.done.is_(None))
        return store.scalars(wanted).one_or_none()


def finish_jobs():
    with transaction() as store:
        for job in store.scalars(select(Job)):
            job.done = NOW


def test_a_confirmed_profile_is_signed_as_it_is_and_placed_again(hasan, measured):
    finish_jobs()
    hasan.open(measured.sure)
    assert place_job(measured.sure) is None
    hasan.decide(measured.sure)
    profile, (result,) = profile_of(measured, measured.sure), results(measured.sure)
    said = result.document["signed"]
    assert {name: part for name, part in result.document.items() if name != "signed"} == profile.document
    assert result.profile_inputs == said["profile_inputs"] == profile.inputs_sha256
    assert (said["profile"], said["choice"], said["adjustments"]) == (profile.sha256, "confirm", [])
    assert said["by"]["name"] == "Hasan Anggraini"
    assert result.sha256 == digest(canonical(result.document))
    assert place_job(measured.sure) is not None
    assert acts(measured.sure) == ["profile.open", "review.sign"]
    assert "Ditandatangani Hasan Anggraini" in hasan.open(measured.sure)


def test_a_profile_that_was_not_opened_is_not_signed(hasan, measured):
    text = hasan.decide(measured.sure, status=409)
    assert "Buka dan baca profil ini lebih dahulu" in text
    assert results(measured.sure) == []


@pytest.mark.parametrize("password", ["", "salah-sama-sekali"])
def test_a_wrong_password_signs_nothing_loses_nothing_and_counts_as_an_attempt(hasan, measured, password):
    hasan.open(measured.sure)
    form = hasan.adjusting(measured.sure) | {"password": password}
    text = hasan.decide(measured.sure, form, 422)
    assert "Kata sandi tidak cocok" in text
    assert REASON in text
    assert steps(measured.sure) == []
    with transaction(reads_only=True) as store:
        assert store.scalars(select(StaffAccount).where(StaffAccount.sign_in_name == "hasan")).one().failed_count == 1


def test_five_wrong_passwords_lock_out_the_right_one(hasan, measured):
    hasan.open(measured.sure)
    for _ in range(5):
        hasan.decide(measured.sure, hasan.form(measured.sure, password="salah-sama-sekali"), 422)
    hasan.decide(measured.sure, status=422)
    assert results(measured.sure) == []


def test_two_clicks_on_one_form_are_one_signature(hasan, measured):
    hasan.open(measured.sure)
    form = hasan.form(measured.sure)
    hasan.decide(measured.sure, form)
    hasan.decide(measured.sure, form)
    assert len(results(measured.sure)) == 1
    assert acts(measured.sure).count("review.sign") == 1


def test_an_old_form_with_another_decision_is_refused(hasan, measured):
    hasan.open(measured.sure)
    old = hasan.adjusting(measured.sure)
    hasan.decide(measured.sure)
    text = hasan.decide(measured.sure, old | {"why": REASON}, 409)
    assert "Hasan Anggraini sudah lebih dahulu memutuskan" in text
    assert steps(measured.sure) == ["signed"]


def test_the_second_of_two_assessors_is_told_who_was_first(hasan, mega, measured):
    hasan.open(measured.sure)
    mega.open(measured.sure)
    late = mega.form(measured.sure)
    hasan.decide(measured.sure)
    assert "Hasan Anggraini sudah lebih dahulu memutuskan" in mega.decide(measured.sure, late, 409)
    assert len(results(measured.sure)) == 1


def test_a_profile_that_was_computed_again_meanwhile_is_not_signed(hasan, measured):
    hasan.open(measured.sure)
    form = hasan.adjusting(measured.sure)
    computed_again(measured, measured.sure)
    text = hasan.decide(measured.sure, form, 409)
    assert "sudah dihitung ulang" in text
    assert REASON in text
    assert steps(measured.sure) == []


def test_a_signed_profile_that_is_computed_again_has_to_be_reviewed_again(hasan, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure)
    computed_again(measured, measured.sure)
    text = hasan.open(measured.sure)
    assert "Profil ini dihitung ulang sejak keputusan terakhir" in text
    hasan.decide(measured.sure, hasan.form(measured.sure, why=REASON))
    first, second = results(measured.sure)
    assert (second.n, second.replaces, second.document["signed"]["why"]) == (2, 1, REASON)
    assert second.profile_inputs != first.profile_inputs


def test_an_adjustment_takes_effect_only_when_a_second_assessor_approves(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    assert (steps(measured.sure), results(measured.sure)) == (["submitted"], [])
    assert "menunggu persetujuan asesor kedua" in plain(hasan.open(measured.sure))
    text = plain(mega.open(measured.sure))
    assert "Hasan Anggraini mengajukan keputusan ini" in text
    assert REASON in text
    assert "JPM 150,00% → 144,44%" in text
    mega.judge(measured.sure)
    (result,) = results(measured.sure)
    score = next(one for one in result.document["competencies"] if one["construct"] == "M.08")
    assert (score["level"], score["levels"], score["reaches"]) == (2, [0.0, 1.0, 0.0, 0.0, 0.0], 1.0)
    assert result.document["jpm"]["exact"] == [1300, 9]
    assert result.approved_by != result.signed_by
    assert result.document["signed"]["approved"]["name"] == "Mega Anggraini"
    assert result.sha256 == digest(canonical(result.document))
    assert acts(measured.sure) == [
        "profile.open", "review.submit", "profile.open", "profile.open", "review.approve", "review.sign",
    ]  # fmt: skip


def test_nobody_approves_what_they_decided_themselves(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    assert "Persetujuan harus dari asesor lain" in hasan.judge(measured.sure, status=403)
    assert steps(measured.sure) == ["submitted"]


def test_a_second_assessor_approves_with_a_password_and_after_reading(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    assert "Buka dan baca" in mega.judge(measured.sure, status=409)
    mega.judge(measured.sure, status=422, password="salah-sama-sekali")
    assert steps(measured.sure) == ["submitted"]


def test_what_waits_is_not_approved_on_a_newer_profile(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    mega.open(measured.sure)
    computed_again(measured, measured.sure)
    mega.open(measured.sure)
    assert "sudah dihitung ulang" in mega.judge(measured.sure, status=409)
    assert results(measured.sure) == []


def test_what_is_sent_back_comes_with_the_reason_and_as_a_draft(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    mega.open(measured.sure)
    assert "sedikitnya 50 huruf" in mega.judge(measured.sure, "back", 422, reason=SHORT)
    mega.judge(measured.sure, "back", reason=REASON + " Sebut nomor soalnya.")
    assert steps(measured.sure) == ["submitted", "sent_back"]
    text = hasan.open(measured.sure)
    assert "Dikembalikan oleh Mega Anggraini" in text
    assert "Sebut nomor soalnya." in text
    assert text.count(REASON) == 2
    hasan.decide(measured.sure, hasan.adjusting(measured.sure, reason=REASON + " Soal 61, 88 dan 117."))
    mega.judge(measured.sure)
    assert steps(measured.sure) == ["submitted", "sent_back", "submitted", "approved"]


def test_a_third_assessor_decides_nothing_while_something_waits(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    mega.open(measured.sure)
    assert "menunggu persetujuan" in mega.decide(measured.sure, status=409)


def test_the_only_assessor_of_an_agency_is_told_what_to_do(hasan, measured):
    text = plain(hasan.open(measured.sure))
    assert "Instansi Anda baru punya satu akun asesor. Minta admin sistem membuat akun asesor kedua" in text


@pytest.mark.parametrize(("level", "reason", "said"), [
    (5, REASON, "Pengambilan Keputusan: level paling jauh 1 dari hasil sistem"),
    (1, REASON, "Pengambilan Keputusan: level paling jauh 1 dari hasil sistem"),
    (2, SHORT, "Pengambilan Keputusan: tulis alasan sedikitnya 50 huruf"),
    (2, " " * 80, "Pengambilan Keputusan: tulis alasan sedikitnya 50 huruf"),
    (3, REASON, "Belum ada level yang diubah"),
])  # fmt: skip
def test_an_adjustment_outside_the_rule_set_is_refused_with_what_to_do(hasan, measured, level, reason, said):
    hasan.open(measured.sure)
    form = hasan.form(measured.sure, choice="adjust", **{"level.M.08": str(level), "reason.M.08": reason})
    assert said in hasan.decide(measured.sure, form, 422)
    assert steps(measured.sure) == []


def test_what_was_not_measured_is_not_adjusted(hasan, measured):
    text = hasan.open(measured.incomplete)
    assert 'name="level.M.01"' not in text
    form = hasan.form(measured.incomplete, choice="adjust", **{"level.M.01": "2", "reason.M.01": REASON})
    assert "Belum ada level yang diubah" in hasan.decide(measured.incomplete, form, 422)


def test_an_adjustment_whose_effect_was_not_shown_is_not_sent(hasan, measured):
    hasan.open(measured.sure)
    form = hasan.adjusting(measured.sure)
    for other in ({"effect": ""}, {"effect": "0" * 64}, {"level.M.07": "2", "reason.M.07": REASON}):
        assert "Periksa dampaknya lebih dahulu" in hasan.decide(measured.sure, form | other, 200)
    assert steps(measured.sure) == []


def test_without_script_a_button_shows_the_effect_and_keeps_what_was_typed(hasan, measured):
    form = hasan.form(measured.sure, choice="adjust", **{"level.M.08": "4", "reason.M.08": REASON})
    text = hasan.send(measured.sure, "dampak", form, 200)
    assert "JPM 150,00% → 155,56%" in plain(text)
    assert REASON in text
    assert steps(measured.sure) == []


def test_a_draft_is_kept_and_is_the_assessors_own(hasan, mega, measured):
    hasan.send(measured.sure, "draf", hasan.form(measured.sure, choice="adjust", **{"reason.M.08": SHORT}))
    assert SHORT in hasan.open(measured.sure)
    assert "Draf saya" in hasan.open(measured.sure)
    assert SHORT not in mega.open(measured.sure)
    assert "Sedang dikerjakan Hasan Anggraini" in mega.open(measured.sure)
    hasan.decide(measured.sure)
    with transaction(reads_only=True) as store:
        assert store.scalars(select(ReviewDraft)).all() == []


def test_a_new_assessment_is_noted_and_nothing_is_signed(hasan, measured):
    hasan.open(measured.unsure)
    form = hasan.form(measured.unsure, choice="reassess", why=REASON)
    assert "Pilih bagian yang diasesmen ulang" in hasan.decide(measured.unsure, form | {"part": "9"}, 422)
    assert "sedikitnya 50 huruf" in hasan.decide(measured.unsure, form | {"part": "2", "why": SHORT}, 422)
    hasan.decide(measured.unsure, form | {"part": "2"})
    assert (steps(measured.unsure), results(measured.unsure)) == (["reassess"], [])
    assert "Hasan Anggraini meminta asesmen ulang bagian 2" in plain(hasan.open(measured.unsure))
    queue = hasan.browser.get("/tinjau?keadaan=reassess").get_data(as_text=True)
    assert "Nina Marlina" in queue
    assert "Ahmad Fauzi" not in queue


def test_a_correction_is_a_new_row_that_says_why(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure)
    assert "sedikitnya 50 huruf" in hasan.decide(measured.sure, hasan.adjusting(measured.sure, why=SHORT), 422)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure, why="Koreksi: " + REASON))
    mega.open(measured.sure)
    mega.judge(measured.sure)
    first, second = results(measured.sure)
    assert (first.n, first.replaces, second.n, second.replaces) == (1, None, 2, 1)
    assert second.document["signed"]["why"] == "Koreksi: " + REASON
    with transaction(reads_only=True) as store:
        assert signed(store, [measured.sure, measured.unsure]).keys() == {measured.sure}
        assert signed(store, [measured.sure])[measured.sure].n == 2


@pytest.mark.parametrize("change", [update(SignedResult).values(n=7), delete(SignedResult)])
def test_what_is_signed_is_frozen(hasan, measured, change):
    hasan.open(measured.sure)
    hasan.decide(measured.sure)
    with pytest.raises(DBAPIError, match="added, never changed"), transaction() as store:
        store.execute(change)
