"""The pages of the payroll check over HTTP, for those whom they are for."""

import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from assessment_app.accounts.rules import Role
from assessment_app.personnel import routes
from assessment_app.personnel.messages import demonstration
from assessment_app.personnel.models import PayrollAct, PayrollCheck
from assessment_app.platform import clock
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from tests.assessment_app.personnel.conftest import Desk
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW

START = "/periksa-gaji"


def sent(pair, **more):
    """Write the form of a new comparison."""
    return {
        "pegawai": (io.BytesIO(pair.personnel_csv()), "pegawai <juli>.csv"),
        "gaji": (io.BytesIO(pair.payroll_csv()), "gaji.csv"), "sumber": "berkas", **more,
    }  # fmt: skip


def compared(browser, pair):
    """Compare two lists at the page; gives the address of the worklist."""
    browser.get(START)
    answer = browser.post(START, **sent(pair))
    browser.follow(answer)
    return answer.location


def count(model):
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(model))


@pytest.fixture
def work(dewi):
    """Where the worklist of two planted lists is."""
    return compared(dewi, demonstration.planted_pair())


def test_the_way_from_two_files_to_the_worklist(dewi, work):
    assert "Sistem tidak pernah menghentikan gaji." in dewi.words
    assert "pegawai &lt;juli&gt;.csv" in dewi.said
    assert "Aturan tidak dapat diperiksa 1" in dewi.words
    assert "belum ada gelombang penilaian yang selesai" in dewi.words
    for rule in demonstration.planted_pair().planted:
        assert f">{rule}</abbr>" in dewi.said
    dewi.get(START)
    assert work in dewi.said
    assert "Dewi" in dewi.words


def test_what_is_not_verified_is_shown_as_such(dewi, work):
    row = re.findall(r"<tr>\s*<th scope=\"row\"><span class=\"mono\">R1</span>.*?</tr>", dewi.said, re.DOTALL)[0]
    assert row.count("belum diverifikasi") == 3
    row = re.findall(r"<tr>\s*<th scope=\"row\"><span class=\"mono\">R3</span>.*?</tr>", dewi.said, re.DOTALL)[0]
    assert "belum diverifikasi" not in row


def test_a_mismatch_is_decided_and_the_page_tells_who_and_why(dewi, work):
    dewi.get(f"{work}/temuan/1?keadaan=baru")
    assert "Belum ada putusan." in dewi.words
    assert dewi.hidden("setelah") == "0"
    dewi.follow(dewi.post(f"{work}/temuan/1", keadaan="dibantah", catatan="rapel menurut SK 12/2026", setelah="0"))
    for words in ("Putusan dicatat: Dibantah.", "rapel menurut SK 12/2026", "Dewi"):
        assert words in dewi.words
    dewi.get(f"{work}?keadaan=dibantah")
    assert len(re.findall(r"/temuan/\d+\?", dewi.said)) == 1


@pytest.mark.parametrize(
    ("form", "says"),
    [({"catatan": "ya"}, "Catatan harus diisi"), ({"catatan": "x" * 501}, "Catatan harus diisi"),
     ({"catatan": "NIK 1871011703850001 benar"}, "Jangan tulis NIK"), ({"catatan": "rek 12345678901"}, "Jangan tulis"),
     ({"keadaan": "baru"}, "Pilih salah satu putusan"), ({"keadaan": "dipecat"}, "Pilih salah satu putusan"),
     ({"setelah": "x"}, "sudah berubah"), ({"setelah": "9" * 30}, "sudah berubah")],
)  # fmt: skip
def test_a_decision_that_says_nothing_or_too_much_is_refused(dewi, work, form, says):
    dewi.get(f"{work}/temuan/1")
    whole = {"keadaan": "dibantah", "catatan": "NIP 198503172010011987 sudah dicek", "setelah": "0"}
    answer = dewi.post(f"{work}/temuan/1", **(whole | form))
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)
    assert count(PayrollAct) == 0
    assert dewi.post(f"{work}/temuan/1", **whole).status_code == 303


def test_two_officers_at_one_mismatch_do_not_overwrite_each_other(dewi, work, small_desk, app):
    budi = Staff(app, small_desk.agency_id, Role.BKD_ADMIN, "budi")
    form = {"keadaan": "dibantah", "catatan": "sudah dicek", "setelah": "0"}
    for one in (dewi, budi):
        one.get(f"{work}/temuan/1")
    assert dewi.post(f"{work}/temuan/1", **form).status_code == 303
    answer = budi.post(f"{work}/temuan/1", **form)
    assert answer.status_code == 409
    assert "Orang lain sudah memutuskan" in answer.get_data(as_text=True)


def test_an_auditor_reads_and_exports_but_compares_and_decides_nothing(dewi, work, auditor):
    auditor.get(f"{work}/temuan/1")
    assert "Catat putusan" not in auditor.said
    for path in (START, work, f"{work}/cetak", f"{work}/temuan.csv", f"{work}/temuan.xlsx"):
        assert auditor.client.get(path).status_code == 200
    auditor.get(START)
    assert "Bandingkan dua daftar" not in auditor.said
    form = {"keadaan": "dibantah", "catatan": "sudah dicek", "setelah": "0"}
    assert auditor.post(f"{work}/temuan/1", **form).status_code == 403
    assert auditor.post(START, **sent(demonstration.clean_pair(2))).status_code == 403
    assert (count(PayrollCheck), count(PayrollAct)) == (1, 0)


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.ASSESSOR, Role.TALENT_COMMITTEE, Role.SYSTEM_ADMIN])
def test_other_roles_stay_outside(small_desk, app, role):
    other = Staff(app, small_desk.agency_id, role, "lain")
    assert other.get(START).status_code == 403
    assert other.get(f"{START}/templat-gaji.xlsx").status_code == 403


def test_another_agency_finds_nothing_of_it(dewi, work, app):
    stranger = Staff(app, Desk("tetangga").agency_id, Role.BKD_ADMIN, "asing")
    stranger.get(START)
    assert work not in stranger.said
    for path in ("", "/cetak", "/temuan/1", "/temuan.csv", "/temuan.xlsx"):
        assert stranger.get(work + path).status_code == 404
    form = {"keadaan": "dibantah", "catatan": "sudah dicek", "setelah": "0"}
    assert stranger.post(f"{work}/temuan/1", **form).status_code == 404


def test_an_export_keeps_the_filters_tells_what_was_not_checked_and_leaves_a_trace(dewi, work):
    text = dewi.get(f"{work}/temuan.csv?aturan=R9").get_data().decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()]
    assert [row[1] for row in rows] == ["Aturan", "R9", "R4", "R10"]
    assert rows[-1][4] == "Tidak dapat diperiksa"
    book = CalamineWorkbook.from_filelike(io.BytesIO(dewi.client.get(f"{work}/temuan.xlsx").data)).get_sheet_by_index(0)
    assert len(book.to_python()) == 1 + len(demonstration.planted_pair().planted) + 2
    with transaction(reads_only=True) as db:
        details = [one.detail for one in db.scalars(select(AuditEntry)) if one.action == "payroll_check.export"]
    assert details == [{"rows": 1, "kind": "csv"}, {"rows": 11, "kind": "xlsx"}]


def test_a_formula_in_a_name_is_harmless_in_an_export(dewi):
    pair = demonstration.planted_pair()
    next(row for row in pair.payroll if row["nip"] == pair.planted["R3"])["name"] = "=1+1"
    work = compared(dewi, pair)
    assert ";'=1+1;" in dewi.get(f"{work}/temuan.csv?aturan=R3").get_data().decode("utf-8-sig")


def test_what_changed_since_the_last_comparison_can_be_chosen(dewi, work):
    pair = demonstration.planted_pair()
    pair.personnel[-3]["dukcapil"] = "Meninggal"
    row = next(row for row in pair.payroll if row["grade"] == "IV/b")
    row["grade"] = ""
    second = compared(dewi, pair)
    assert "Baru sejak perbandingan 1 1" in dewi.words
    dewi.get(f"{second}?banding=hilang")
    assert "sudah hilang" in dewi.words
    assert f"{work}/temuan/" in dewi.said
    dewi.get(f"{second}?banding=baru")
    assert "1 temuan" in dewi.words


def test_gone_because_nobody_could_look_is_told(dewi, work):
    pair = demonstration.planted_pair()
    content = "\r\n".join(
        ";".join(value for at, value in enumerate(line.split(";")) if at != 14)
        for line in pair.personnel_csv().decode("utf-8-sig").splitlines()
    )
    assert "DUKCAPIL" not in content
    answer = dewi.post(START, **sent(pair, pegawai=(io.BytesIO(content.encode()), "p.csv")))
    dewi.get(f"{answer.location}?banding=hilang")
    assert "tetapi aturannya tidak dapat diperiksa kali ini" in dewi.words


def test_the_same_lists_again_lead_to_the_same_page(dewi, work, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=1))
    assert compared(dewi, demonstration.planted_pair()) == work
    assert "inilah hasilnya" in dewi.words


@pytest.mark.parametrize(
    ("more", "says"),
    [({"gaji": (io.BytesIO(b""), "")}, "Pilih berkas daftar gaji"),
     ({"pegawai": (io.BytesIO(b""), "")}, "Pilih berkas"),
     ({"tanggal": "2027-01-01"}, "belum tiba"), ({"tanggal": "kemarin"}, "tidak terbaca"),
     ({"bulan": "Juli"}, "Bulan gaji tidak terbaca"), ({"sumber": "aplikasi"}, "Belum ada pegawai"),
     ({"gaji": (io.BytesIO(b"a;b"), "g.csv")}, "Daftar gaji: judul kolom"),
     ({"pegawai": (io.BytesIO(b"a;b"), "p.csv")}, "Daftar pegawai: judul kolom")],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_clear_line_and_nothing_is_kept(dewi, more, says):
    dewi.get(START)
    fresh = {
        name: (io.BytesIO(one[0].getvalue()), one[1]) if isinstance(one, tuple) else one for name, one in more.items()
    }
    answer = dewi.post(START, **sent(demonstration.clean_pair(2), **fresh))
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)
    assert count(PayrollCheck) == 0


@pytest.mark.parametrize(
    "query",
    ["aturan=R99", "keparahan=x", "keadaan=x", "banding=x", "unit=%00", "halaman=99999999999999999", "cari=%00'%22"],
)
def test_filters_that_mean_nothing_narrow_nothing(dewi, work, query):
    assert dewi.get(f"{work}?{query}").status_code == 200


@pytest.mark.parametrize("number", ["0", "99", str(10**30)])
def test_a_mismatch_that_is_not_there_is_not_found(dewi, work, number):
    assert dewi.get(f"{work}/temuan/{number}").status_code == 404


@pytest.mark.parametrize("which", ["pegawai", "gaji"])
def test_templates_and_demonstration_files_are_workbooks(dewi, which):
    for folder in ("templat", "peragaan"):
        data = dewi.client.get(f"{START}/{folder}-{which}.xlsx").data
        assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_the_demonstration_files_show_every_rule_that_needs_no_wave(dewi):
    files = {name: dewi.client.get(f"{START}/peragaan-{name}.xlsx").data for name in ("pegawai", "gaji")}
    dewi.get(START)
    answer = dewi.post(
        START, sumber="berkas", **{name: (io.BytesIO(data), f"{name}.xlsx") for name, data in files.items()}
    )
    dewi.follow(answer)
    for rule in demonstration.PLANTS:
        assert f">{rule}</abbr>" in dewi.said


def test_the_pages_speak_english_to_who_reads_english(dewi, work):
    dewi.client.set_cookie("lang", "en")
    dewi.get(work)
    assert "The system never stops anybody's pay." in dewi.words.replace("&#39;", "'")
    assert "Paid after retirement age" in dewi.words


def test_a_long_list_goes_on_paper_up_to_a_limit_and_says_so(dewi, monkeypatch):
    monkeypatch.setattr(routes, "MOST_PRINTED", 3)
    work = compared(dewi, demonstration.planted_pair())
    dewi.get(f"{work}/cetak?keadaan=baru")
    assert "Hanya 3 dari 11 temuan" in dewi.words
