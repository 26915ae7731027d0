"""The pages of succession over HTTP: roles, forms, what a refusal says, the nine-box."""

import re

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.evidence.rules import Kind
from assessment_app.platform import clock
from assessment_app.servers import office
from tests import factories
from tests.assessment_app.scoring.house import browser, staff
from tests.assessment_app.succession.desk import asked, enter, form_of, page_of, plain, read, send
from tests.assessment_app.succession.group import REASON

LESTARI, AHMAD = "Lestari Handayani", "Ahmad Fauzi"


def test_an_empty_installation_says_how_to_begin(on_sqlite):
    factories.stage(clock.now())
    agency = factories.agency("kosong", clock.now())
    client = browser(office.build(on_sqlite), staff(agency, clock.now(), "dewi", Role.BKD_ADMIN))
    assert "Belum ada jabatan sasaran" in read(client, "/suksesi")
    assert "Belum ada orang yang dipilih" in read(client, "/suksesi/usulkan")


def test_a_list_names_posts_with_counts_and_gaps_and_is_narrowed(desk):
    app, group = desk
    group.add_post("Kepala Bagian Umum", unit="Sekretariat")
    group.propose(LESTARI, AHMAD)
    group.decide(LESTARI, "taken")
    text = read(enter(app), "/suksesi")
    assert re.search(r"Celah: belum ada yang siap</dt><dd>1 ", text)
    assert re.search(r'Kepala Bidang Anggaran</a>.*?num">1</td><td class="num">1</td><td class="num">1</td>', text)
    assert "Kepala Bidang Anggaran" not in read(enter(app), "/suksesi?celah=1").partition("<table")[2]
    assert "Kepala Bagian Umum" not in read(enter(app), "/suksesi?cari=anggaran").partition("<table")[2]
    assert "Tidak ada jabatan yang cocok" in read(enter(app), "/suksesi?cari=%00x&halaman=99999999999")


def test_people_go_from_the_nine_box_to_a_proposal_and_a_decision(desk):
    app, group = desk
    dewi, hasan = enter(app, "dewi"), enter(app)
    text = read(dewi, "/talenta?sumbu=talent&kotak=9&pilih=semua")
    assert len(re.findall(r'name="orang" value="\d+" form="pilihan" data-choice [^>]*checked', text)) == 2
    assert 'formaction="/suksesi/usulkan">Usulkan suksesi<' in text
    chosen = read(dewi, f"/suksesi/usulkan?orang={group.sittings[LESTARI]}&orang={group.sittings[AHMAD]}")
    assert "2 orang dipilih" in chosen
    assert "Kepala Bidang Anggaran, BPKAD (Administrator)" in chosen
    shown = read(dewi, asked(group, LESTARI, AHMAD))
    assert "166,67%" in shown
    people = re.findall(r'name="dilihat" value="([^"]+)"', shown)
    path = f"{page_of(group)}/usulkan"
    short = send(dewi, path, dilihat=people, orang=[group.people[LESTARI]], alasan="ya", sesi=group.sittings[LESTARI])
    assert short.status_code == 422
    assert "10 sampai 500 karakter" in plain(short)
    nobody = send(dewi, path, dilihat=people, alasan=REASON, sesi=group.sittings[LESTARI])
    assert (nobody.status_code, "Pilih sedikitnya satu orang" in plain(nobody)) == (422, True)
    for said in ("1 orang diusulkan", "1 orang sudah menjadi kandidat"):
        done = send(dewi, path, dilihat=people, orang=[group.people[LESTARI]], alasan=REASON)
        assert done.status_code == 303
        assert said in read(dewi, page_of(group))
    assert "keputusan" not in re.findall(r'<button[^>]*name="(\w+)" value="taken"', read(dewi, page_of(group, LESTARI)))
    form = form_of(read(hasan, page_of(group, LESTARI)))
    for _ in range(2):
        assert send(hasan, f"{page_of(group, LESTARI)}/putuskan", keputusan="taken", **form).status_code == 303
    text = read(hasan, page_of(group, LESTARI))
    assert "Masuk kelompok" in text
    assert text.count(REASON) >= 2
    assert group.acts(LESTARI) == [(1, "proposed"), (2, "taken")]
    story = read(dewi, page_of(group)).partition('class="timeline"')[2]
    assert re.search(r"Masuk kelompok</b>.*Lestari Handayani.*Hasan Anggraini.*Diusulkan</b>.*Dewi Anggraini", story)


def test_a_stale_form_is_refused_with_what_changed_and_keeps_the_reason(desk):
    app, group = desk
    hasan = enter(app)
    group.propose(LESTARI)
    form = form_of(read(hasan, page_of(group, LESTARI)))
    group.tell(LESTARI, Kind.DISCIPLINE, level="Berat", thing="pembebasan", **{"from": "2026-11-23"})
    answer = send(hasan, f"{page_of(group, LESTARI)}/putuskan", keputusan="taken", **form)
    assert answer.status_code == 409
    assert "Sejak Anda membukanya berubah: Rekam jejak disiplin." in plain(answer)
    assert f">{REASON}</textarea>" in plain(answer)
    assert group.acts(LESTARI) == [(1, "proposed")]
    fresh = form_of(plain(answer))
    unaware = send(hasan, f"{page_of(group, LESTARI)}/putuskan", keputusan="taken", **fresh)
    assert (unaware.status_code, "Tandai bahwa Anda tahu" in plain(unaware)) == (400, True)
    done = send(hasan, f"{page_of(group, LESTARI)}/putuskan", keputusan="taken", sadar="1", **fresh)
    assert done.status_code == 303


def test_somebody_else_who_was_first_is_told_and_a_proposal_that_changed_names_who(desk):
    app, group = desk
    group.propose(LESTARI)
    form = form_of(read(enter(app, "ratih"), page_of(group, LESTARI)))
    group.decide(LESTARI, "not_taken")
    late = send(enter(app, "ratih"), f"{page_of(group, LESTARI)}/putuskan", keputusan="taken", **form)
    assert (late.status_code, "Orang lain sudah bertindak" in plain(late)) == (409, True)
    people = re.findall(r'name="dilihat" value="([^"]+)"', read(enter(app, "dewi"), asked(group, AHMAD)))
    group.change(AHMAD, status="PPPK")
    stale = send(
        enter(app, "dewi"), f"{page_of(group)}/usulkan", dilihat=people, orang=[group.people[AHMAD]], alasan=REASON,
        sesi=group.sittings[AHMAD],
    )  # fmt: skip
    assert stale.status_code == 409
    assert "Ahmad Fauzi: Sisa masa kerja" in plain(stale)


def test_the_proposer_is_shown_no_decision_and_is_refused_one(desk):
    app, group = desk
    hasan = enter(app)
    group.propose(LESTARI, by="hasan")
    text = read(hasan, page_of(group, LESTARI))
    assert 'value="taken"' not in text
    assert 'value="withdrawn"' in text
    refused = send(hasan, f"{page_of(group, LESTARI)}/putuskan", keputusan="taken", **form_of(text))
    assert refused.status_code == 403
    assert "dua orang yang berbeda" in plain(refused)


@pytest.mark.parametrize("keputusan", ["", "proposed", "hapus", "taken "])
def test_a_decision_that_is_none_is_refused(desk, keputusan):
    app, group = desk
    group.propose(LESTARI)
    form = form_of(read(enter(app), page_of(group, LESTARI)))
    answer = send(enter(app), f"{page_of(group, LESTARI)}/putuskan", keputusan=keputusan, **form)
    assert answer.status_code == 422
    assert group.acts(LESTARI) == [(1, "proposed")]


def test_whoever_reads_only_proposes_and_decides_nothing_and_others_do_not_come_in(desk):
    app, group = desk
    group.propose(LESTARI)
    token = group.house.staff("auditor", Role.AUDITOR)
    auditor = browser(app, token)
    text = read(auditor, page_of(group, LESTARI))
    assert "putuskan" not in text
    assert "Tambah jabatan sasaran" not in read(auditor, "/suksesi")
    form = form_of(read(enter(app), page_of(group, LESTARI)))
    for path, fields in (
        (f"{page_of(group, LESTARI)}/putuskan", {"keputusan": "taken", **form}),
        (f"{page_of(group, LESTARI)}/teknis", {"nilai": "80", "dasar": "BA 1/2026"}),
        (f"{page_of(group)}/usulkan", {"alasan": REASON}), (f"{page_of(group)}/tutup", {"alasan": REASON}),
        ("/suksesi/jabatan-baru", {}),
    ):  # fmt: skip
        assert send(auditor, path, **fields).status_code == 403, path
    assert read(auditor, "/suksesi/usulkan", 403)
    admin = send(enter(app, "dewi"), f"{page_of(group, LESTARI)}/putuskan", keputusan="taken", **form)
    assert admin.status_code == 403, "the committee decides"
    for name in ("asesor",):
        assert enter(app, name).get(page_of(group)).status_code == 403
        assert "Usulkan suksesi" not in read(enter(app, name), "/talenta?sumbu=talent&kotak=9")


def test_the_early_mapping_offers_no_succession(desk):
    app, group = desk
    text = read(enter(app, "dewi"), "/talenta?kotak=9")
    assert "Rencana pengembangan" in text
    assert "Usulkan suksesi" not in text
    assert 'name="orang"' not in read(enter(app, "dewi"), "/talenta/cetak?sumbu=talent&kotak=9"), "on paper"
    assert group.sittings


def test_a_post_is_added_with_its_faults_told_and_an_unfinished_proposal_goes_on(desk):
    app, group = desk
    dewi = enter(app, "dewi")
    wrong = send(dewi, "/suksesi/jabatan-baru", jabatan=" ?! ", jenjang="raja", kelompok="x", unit="u" * 300)
    assert wrong.status_code == 422
    for said in ("Tulis nama jabatan sasaran", "Pilih jenjang jabatan", "Pilih kelompok", "paling banyak 200"):
        assert said in plain(wrong)
    form = {
        "id": "01234567-89ab-4cde-8f01-23456789abcd", "jabatan": "Kepala <b>Biro</b> Umum", "unit": "",
        "jenjang": "administrator", "kelompok": "national", "orang": [group.sittings[LESTARI]],
    }  # fmt: skip
    for _ in range(2):
        done = send(dewi, "/suksesi/jabatan-baru", **form)
        assert done.status_code == 303
        assert f"orang={group.sittings[LESTARI]}" in done.location
    same = send(dewi, "/suksesi/jabatan-baru", **form | {"id": "11234567-89ab-4cde-8f01-23456789abcd"})
    assert (same.status_code, "sudah ada dalam daftar suksesi" in plain(same)) == (409, True)
    assert "<b>Biro</b>" not in dewi.get("/suksesi").get_data(as_text=True)


def test_a_closed_post_is_read_and_nothing_is_done_for_it(desk):
    app, group = desk
    dewi = enter(app, "dewi")
    group.propose(LESTARI)
    assert send(dewi, f"{page_of(group)}/tutup", alasan="ya").status_code == 422
    assert send(dewi, f"{page_of(group)}/tutup", alasan="Jabatan sudah terisi.").status_code == 303
    assert "Jabatan sudah terisi." in read(dewi, "/suksesi")
    assert "putuskan" not in read(enter(app), page_of(group, LESTARI))
    assert "sudah ditutup" in read(dewi, asked(group, AHMAD))


def test_who_records_evidence_gets_there_from_a_candidate_and_others_do_not(desk):
    app, group = desk
    group.propose(LESTARI)
    path = f'href="/bukti/pegawai/{group.people[LESTARI]}"'
    assert path in read(enter(app, "dewi"), page_of(group, LESTARI))
    assert path not in read(enter(app), page_of(group, LESTARI))


def test_technical_fit_is_written_down_with_its_document(desk):
    app, group = desk
    dewi = enter(app, "dewi")
    group.propose(LESTARI)
    path = f"{page_of(group, LESTARI)}/teknis"
    wrong = send(dewi, path, nilai="100,01", dasar="x")
    assert (wrong.status_code, "Tulis angka 0 sampai 100" in plain(wrong)) == (422, True)
    for _ in range(2):
        assert send(dewi, path, nilai="82,5", dasar="BA uji teknis 7/2026").status_code == 303
    assert "82,50" in read(dewi, page_of(group, LESTARI))
    assert "BA uji teknis 7/2026" in read(dewi, page_of(group, LESTARI))


def test_what_is_different_from_a_decision_is_shown_beside_it(desk):
    app, group = desk
    group.propose(AHMAD)
    group.decide(AHMAD, "taken")
    group.change(AHMAD, active=False)
    assert "berubah: Sisa masa kerja" in read(enter(app), page_of(group))
    text = read(enter(app), page_of(group, AHMAD))
    assert "Berbeda dari dasar keputusan" in text
    assert "Tidak lagi tercatat sebagai pegawai aktif" in text
    assert "Sistem tidak membatalkan apa pun" in text


def test_hostile_addresses_find_nothing_and_break_nothing(desk):
    app, group = desk
    dewi = enter(app, "dewi")
    many = "&".join(f"orang={n}" for n in range(1, 102))
    for path, status in (
        ("/suksesi/usulkan?orang=-1&orang=x&orang=" + "9" * 40, 200), ("/suksesi/usulkan?orang=" + "9" * 18, 200),
        (f"/suksesi/usulkan?{many}", 400), ("/suksesi/usulkan?orang=1&jabatan=x", 200),
        (f"/suksesi/usulkan?orang={group.sittings[LESTARI]}&jabatan=01234567-89ab-4cde-8f01-23456789abcd", 404),
        (f"{page_of(group)}?halaman=-4", 200), (f"{page_of(group)}?halaman={'9' * 30}", 200),
        (f"/suksesi/{group.post_id}/orang/{group.people[AHMAD]}", 404),
    ):  # fmt: skip
        read(dewi, path, status)
