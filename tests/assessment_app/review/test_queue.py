"""Who works on what, filters, cases signed together, and the whole story of a result."""

import re
from datetime import timedelta

from assessment_app.platform import clock
from tests.assessment_app.review.conftest import PASSWORD, REASON, against, plain, profile_of, results
from tests.assessment_app.scoring.house import NOW


def test_whoever_opens_a_case_is_seen_by_the_others_for_a_while(hasan, mega, measured, monkeypatch):
    hasan.open(measured.sure)
    assert "Sedang dikerjakan Hasan Anggraini" in mega.open(measured.sure)
    assert "Hasan Anggraini" in mega.browser.get("/tinjau").get_data(as_text=True)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=31))
    assert "Sedang dikerjakan" not in mega.open(measured.sure)


def test_two_assessors_take_different_cases(hasan, mega, measured):
    wave = f"/tinjau/gelombang/{measured.wave_id}/ambil"
    hasan.browser.post(f"/tinjau/{measured.unsure}/ambil", data={"_csrf": "csrf"})
    mega.browser.post(wave, data={"_csrf": "csrf"})
    mine = mega.browser.get("/tinjau?saya=1").get_data(as_text=True)
    assert ("Nina" in mine, "Ahmad" in mine, "Linda" in mine) == (False, True, True)
    assert "Antrean saya, 1 dari 2" in mega.open(measured.sure)
    mega.send(measured.sure, "lepas", {"_csrf": "csrf"})
    assert "Ahmad" not in mega.browser.get("/tinjau?saya=1").get_data(as_text=True)
    hasan.send(measured.incomplete, "ambil", {"_csrf": "csrf"})
    assert "Linda" in hasan.browser.get("/tinjau?saya=1").get_data(as_text=True)


def test_filters_find_by_state_unit_name_and_nip(hasan, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure)
    for asked, found in {
        "keadaan=signed": ["Ahmad"], "keadaan=open": ["Nina", "Linda"], "cari=ahm": ["Ahmad"], "dekat=1": ["Nina"],
        "cari=19850312+201001+2+003": ["Linda"], "unit=Dinas+Lain": [], "tanda=1": [],
    }.items():  # fmt: skip
        text = hasan.browser.get(f"/tinjau?{asked}").get_data(as_text=True)
        assert re.findall(r"(Ahmad|Nina|Linda) \w+<", text) == found, asked


def test_several_are_signed_together_only_if_opened_and_plain(hasan, measured):
    address = f"/tinjau/gelombang/{measured.wave_id}/bersama"
    text = hasan.browser.get(address).get_data(as_text=True)
    assert "Belum ada yang dapat ditandatangani bersama" in text
    for sitting_id in (measured.sure, measured.unsure, measured.incomplete):
        hasan.open(sitting_id)
    text = hasan.browser.get(address).get_data(as_text=True)
    assert ("Ahmad" in text, "Nina" in text, "Linda" in text) == (True, False, False)
    of_all = [f"{one}:{profile_of(measured, one).sha256}" for one in (measured.sure, measured.unsure)]
    form = {"_csrf": "csrf", "case": of_all, "password": PASSWORD}
    assert hasan.browser.post(address, data=form | {"password": "salah"}).status_code == 422
    assert hasan.browser.post(address, data=form | {"case": []}).status_code == 422
    assert results(measured.sure) == []
    assert hasan.browser.post(address, data=form).status_code == 303
    assert (len(results(measured.sure)), len(results(measured.unsure))) == (1, 0)
    text = hasan.browser.get("/tinjau").get_data(as_text=True)
    assert "1 hasil ditandatangani." in text
    assert "Nina Marlina: Profil ini dekat batas" in text


def test_a_serious_flag_keeps_a_case_out_of_the_common_signature(hasan, measured):
    against(measured, measured.sure)
    hasan.open(measured.sure)
    assert "Ahmad" not in hasan.browser.get(f"/tinjau/gelombang/{measured.wave_id}/bersama").get_data(as_text=True)
    assert "Ahmad" in hasan.browser.get("/tinjau?tanda=1").get_data(as_text=True)


def test_the_whole_story_is_told_with_names_reasons_and_hashes(hasan, mega, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure))
    mega.open(measured.sure)
    mega.judge(measured.sure)
    text = plain(mega.browser.get(f"/tinjau/{measured.sure}/jejak").get_data(as_text=True))
    for line in (
        "Masuk ruang tes", "Profil disusun dari 4 skor", "Penempatan Kompetensi × Potensi: kotak 4",
        "Hasan Anggraini membuka profil", "Hasan Anggraini mengajukan keputusan kepada asesor kedua",
        f"Pengambilan Keputusan: 3 → 2. {REASON}", "Mega Anggraini menyetujui sebagai asesor kedua",
        "menandatangani hasil nomor 1",
    ):  # fmt: skip
        assert line in text
