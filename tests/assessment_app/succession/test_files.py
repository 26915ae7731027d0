"""Files of succession, and what the one search finds: of the own agency only."""

from assessment_app.accounts.rules import Role
from tests import factories
from tests.assessment_app.scoring.house import NOW, browser, staff
from tests.assessment_app.succession.desk import asked, enter, page_of, read, sheet

LESTARI, RINA = "Lestari Handayani", "Rina Susanti"


def test_files_hold_ranks_and_reasons_and_an_unknown_is_an_empty_cell(desk):
    app, group = desk
    hasan = enter(app)
    group.propose(LESTARI, RINA)
    head, first, second = sheet(hasan.get(f"{page_of(group)}/kandidat.xlsx").data)
    lestari, rina = dict(zip(head, first, strict=True)), dict(zip(head, second, strict=True))
    assert (lestari["Peringkat"], lestari["Kotak"], lestari["Kategori JPM"]) == (1, 9, "MS")
    assert lestari["JPM jabatan sasaran (%)"] == 166.67
    assert (rina["Peringkat"], rina["Kotak"], rina["JPM jabatan sasaran (%)"], rina["Nilai talenta"]) == ("",) * 4
    assert rina["Saringan: hasil"].startswith("Tidak terpenuhi.")
    assert rina["NIP"] == "198503122010012003"
    text = hasan.get(f"{page_of(group)}/kandidat.csv").get_data().decode("utf-8-sig")
    assert "166,67" in text
    posts = hasan.get("/suksesi/jabatan.csv").get_data().decode("utf-8-sig")
    assert "Kepala Bidang Anggaran;BPKAD;Administrator;Instansi;2;0;0;ya" in posts
    assert len(sheet(hasan.get("/suksesi/jabatan.xlsx").data)) == 2
    trail = read(browser(app, group.house.staff("auditor", Role.AUDITOR)), "/jejak-audit")
    assert "Daftar suksesi diunduh" in trail
    assert "Kepala Bidang Anggaran" in trail, "the trail names the post"


def test_the_one_search_finds_posts_and_candidates_of_the_own_agency_only(desk):
    app, group = desk
    group.propose(LESTARI)
    found = read(enter(app), "/cari?q=anggaran")
    assert f'href="{page_of(group)}"' in found
    assert f'href="{page_of(group, LESTARI)}"' in read(enter(app), "/cari?q=lestari")
    other = browser(app, staff(factories.agency("lain", NOW), NOW, "orang-lain", Role.TALENT_COMMITTEE))
    for path in (page_of(group), page_of(group, LESTARI), f"{page_of(group)}/cetak", f"{page_of(group)}/kandidat.csv"):
        assert other.get(path).status_code == 404, path
    assert "Anggaran</b>" not in read(other, "/cari?q=anggaran")
    assert "Belum ada orang yang dipilih" in read(other, f"/suksesi/usulkan?orang={group.sittings[LESTARI]}")
    assert other.get(asked(group, LESTARI)).status_code == 404
