"""Queue and profile, over HTTP and on real stores."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Role
from assessment_app.exam.models import AnswerEvent, Attempt, Sheet
from assessment_app.exam.queries import facts
from assessment_app.exam.rules import Standing
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.settings import settings
from assessment_app.platform.texts import show_datetime
from assessment_app.scheduling.models import ExamSession
from assessment_app.scheduling.queries import naming
from assessment_app.scoring.models import Profile
from assessment_app.servers import office
from tests.assessment_app.scoring.house import House, browser, staff


@pytest.fixture
def hasan(enter, measured):
    return enter(measured, "hasan", Role.ASSESSOR)


def page(browser, path="/tinjau", status=200):
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def looks():
    with transaction(reads_only=True) as store:
        return list(store.scalars(select(AuditEntry).where(AuditEntry.action == "profile.open")))


def test_the_least_certain_comes_first_and_the_incomplete_apart(hasan):
    text = page(hasan)
    assert re.findall(r"(Ahmad|Nina|Linda) \w+<", text) == ["Nina", "Ahmad", "Linda"]
    assert "Belum terukur: Integritas" in re.sub(r"\s+", " ", text)


def test_opening_a_profile_is_in_the_audit_trail_and_reading_the_queue_is_not(hasan, measured):
    page(hasan)
    assert looks() == []
    page(hasan, f"/tinjau/{measured.sure}")
    text = page(hasan, f"/tinjau/{measured.sure}")
    assert [entry.subject for entry in looks()] == [f"sitting:{measured.sure}"] * 2
    assert looks()[0].agency_id == measured.agency_id
    assert looks()[0].actor.startswith("account:")
    assert "Hasan Anggraini membuka profil" in text


def test_the_audit_trail_names_whom_and_what_it_speaks_of_and_keeps_the_code(hasan, measured):
    page(hasan, f"/tinjau/{measured.sure}")
    lestari = browser(office.build(settings()), staff(measured.agency_id, measured.now, "lestari", Role.AUDITOR))
    text = page(lestari, "/jejak-audit")
    with transaction(reads_only=True) as store:
        starts = show_datetime(store.get_one(ExamSession, measured.session_id).starts, "short", "Asia/Jakarta")
    for code, name in (
        (f"sitting:{measured.sure}", "Ahmad Fauzi"), (str(measured.wave_id), "Profiling tahap 1"),
        (str(measured.session_id), f"Lab 2, {starts}"),
    ):  # fmt: skip
        assert f'{name}<span class="sub mono">{code}</span>' in text


def test_a_name_in_the_trail_is_told_to_the_own_agency_and_to_who_sees_all(measured, forms):
    other = House(forms, "bali")
    subjects = [f"sitting:{measured.sure}", f"sitting:{10**6}", "sitting:x", "unknown"]
    ids = [measured.wave_id, measured.session_id, uuid4()]
    with transaction(reads_only=True) as store:
        for agency_id, names, planned in ((measured.agency_id, 1, 2), (None, 1, 2), (other.agency_id, 0, 0)):
            assert len(facts.names_in_trail(store, agency_id, subjects)) == names
            assert len(naming.names_of(store, agency_id, ids)) == planned


def test_a_profile_shows_the_person_as_on_the_day(hasan, measured):
    text = page(hasan, f"/tinjau/{measured.sure}")
    for part in (
        "Ahmad Fauzi",
        "19850312 201001 2 001",
        "Kepala Subbagian",
        "Pengawas",
        "Dinas Sosial",
        "Lab 2",
        "kursi 1",
    ):
        assert part in text


def test_a_profile_shows_every_number_with_its_uncertainty(hasan, measured):
    text = re.sub(r"\s+", " ", page(hasan, f"/tinjau/{measured.sure}"))
    assert text.count('class="levelbar" width=') == 9 + 4 + 4
    assert "150,00%" in text
    assert "JPM (kecocokan dengan jabatan); dapat lebih dari 100 persen bila level melebihi standar." in text
    assert "150/1 persen" in text.split('id="dasar"')[1]
    assert "150/1" not in text.split('id="dasar"')[0]
    assert "−0,02 (0,72)" in text
    assert text.count("tidak diukur") == 4
    assert "4 dari 8 aspek" in text
    assert "Tidak pernah masuk sumbu X maupun Y" in text


def rows_of(text, sitting_id):
    """Give each competency of a profile with its row of the page and, where there is one, the line below."""
    with transaction(reads_only=True) as store:
        said = store.scalars(select(Profile).where(Profile.sitting_id == sitting_id)).one().document["competencies"]
    table = text.split('id="kompetensi"')[1].split("</table>")[0].split("<tbody>")[1]
    rows = re.findall(r'<tr class="(?!comp__why).*?(?=<tr class="(?!comp__why)|</tbody>)', table, re.DOTALL)
    return list(zip(said, rows, strict=True))


def test_a_profile_shows_gap_and_nearness_and_why_a_less_probable_level_stands(hasan, measured):
    rows = [row for one in (measured.sure, measured.unsure) for row in rows_of(page(hasan, f"/tinjau/{one}"), one)]
    near = [(one, row) for one, row in rows if one["reaches"] is not None and 0.25 < one["reaches"] < 0.75]
    assert near
    for one, row in rows:
        gap = one["level"] - one["required"]
        assert (f"{gap} lebih" if gap > 0 else f"{-gap} kurang" if gap < 0 else "Sesuai") in row
        assert ("dekat batas" in row) == (0.25 < one["reaches"] < 0.75)
        assert ("itu yang menentukan" in row) == (max(one["levels"]) > one["levels"][one["level"] - 1])


def test_a_profile_shows_what_it_rests_on(hasan, measured):
    text = page(hasan, f"/tinjau/{measured.sure}")
    with transaction(reads_only=True) as store:
        profile = store.scalars(select(Profile).where(Profile.sitting_id == measured.sure)).one()
        sheets = store.scalars(select(Sheet.sha256).limit(4)).all()
    assert profile.sha256 in text
    assert profile.rule_set in text
    assert all(sheet in text for sheet in sheets)
    assert "aturan-baku 2026-3" in text
    assert "belum diverifikasi" in text
    assert "Konten demonstrasi, parameter diasumsikan: bukan dasar keputusan" in text


def test_a_profile_tells_how_answers_came_that_did_not_come_as_they_should(hasan, measured):
    assert "perubahan terlambat" not in page(hasan, f"/tinjau/{measured.sure}")
    with transaction(reads_only=True) as store:
        attempt = store.scalars(select(Attempt).where(Attempt.sitting_id == measured.sure, Attempt.n == 2)).one()
    late, aside = Standing.LATE.value, Standing.ASIDE.value
    with transaction(ANSWERS) as answers:
        for seq, (standing, recovered) in enumerate(((late, False), (aside, True), (aside, True)), start=901):
            answers.add(AnswerEvent(
                sitting_id=measured.sure, epoch=1, seq=seq, attempt_id=attempt.attempt_id, item="x", response="null",
                at_ms=0, spent_ms=0, received_ms=0, standing=standing, recovered=recovered,
            ))  # fmt: skip
    said = ("Bagian 2: 1 perubahan terlambat, dihitung · 2 perubahan disimpan terpisah, tidak dihitung · "
            "2 perubahan dari berkas yang dimuat pengawas")  # fmt: skip
    assert said in page(hasan, f"/tinjau/{measured.sure}")


def test_a_competency_without_answer_is_not_counted_as_zero(hasan, measured):
    text = page(hasan, f"/tinjau/{measured.incomplete}")
    assert "Tidak terjawab: tidak diukur, tidak dihitung nol" in text
    assert "Tidak dihitung" in text


def test_neighbours_lead_through_the_queue(hasan, measured):
    text = page(hasan, f"/tinjau/{measured.sure}")
    assert "Antrean, 2 dari 3" in text
    assert f'href="/tinjau/{measured.unsure}"' in text
    assert f'href="/tinjau/{measured.incomplete}"' in text


def test_an_english_reader_reads_english(hasan, measured):
    hasan.set_cookie("lang", "en")
    text = page(hasan, f"/tinjau/{measured.sure}")
    assert "Career preference" in text
    assert "Preferensi karier" not in text


def test_another_agency_sees_nothing_and_leaves_no_trace(enter, forms, measured):
    made = enter(House(forms, "bali"), "made", Role.ASSESSOR)
    assert "Belum ada profil" in page(made)
    page(made, f"/tinjau/{measured.sure}", 404)
    page(made, f"/tinjau?gelombang={measured.wave_id}", 404)
    assert looks() == []


def test_a_profile_that_is_not_there_is_not_found(hasan):
    for path in ("/tinjau/999", "/tinjau/0", "/tinjau/x"):
        page(hasan, path, 404)


def test_the_door_is_shut_to_other_roles(enter, measured):
    for role in (Role.BKD_ADMIN, Role.TALENT_COMMITTEE, Role.AUDITOR, Role.PROCTOR):
        somebody = enter(measured, role.value, role)
        page(somebody, status=403)
        page(somebody, f"/tinjau/{measured.sure}", 403)
    assert looks() == []


def test_an_assessor_finds_a_profile_by_a_part_of_the_name(hasan, measured):
    text = page(hasan, "/cari?q=nina")
    assert re.findall(r'<li><a href="(/tinjau/\d+)"><b>(Nina) ', text)
    assert "Ahmad" not in text
    assert "Tidak ada yang cocok" in page(hasan, "/cari?q=zzz")
