"""The nine-box page, over HTTP and on real stores."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer, Role
from assessment_app.commands.demo import invented
from assessment_app.evidence import actions as evidence
from assessment_app.evidence.rules import DEMONSTRATION
from assessment_app.exam.rules import Manner
from assessment_app.people.models import Employee
from assessment_app.platform.db import transaction
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import NewWave
from assessment_app.scoring.models import Profile
from assessment_app.scoring.rules.sureness import serious
from tests.assessment_app.scoring.house import BEST, MAKERS, WORST, House, new_house, steady

COMMITTEE = Role.TALENT_COMMITTEE


def without_potential(code, key):
    return None if code == "potensi-demo" else BEST(code, key)


def unequal(code, key):
    """Best in all but one aspect of potential, which leaves the composite near a border."""
    return (WORST if getattr(key, "construct", "") == "intellectual" else BEST)(code, key)


def measured_house():
    house = new_house()
    house.measure(BEST, name="Lestari Handayani", unit="BPKAD", level="administrator")
    house.measure(BEST, name="Ahmad Fauzi", unit="Bappeda")
    house.measure(WORST, name="Nina Marlina", unit="Bappeda", level="administrator")
    house.measure(without_potential, name="Linda Manurung")
    house.book("Iwan Setiawan")
    return house


@pytest.fixture
def makers():
    return MAKERS | {"measured": measured_house}


@pytest.fixture
def measured(house):
    return house


@pytest.fixture
def dewi(enter, measured):
    return enter(measured, "dewi", COMMITTEE)


def page(browser, path="/talenta", status=200):
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def counts(text):
    return {int(box): int(count) for box, count in re.findall(r'aria-label="Kotak (\d): (\d+) orang', text)}


def test_the_heading_names_the_rules_without_a_doubled_word(dewi):
    text = page(dewi)
    assert re.search(r"· aturan baku, versi 2026-\d+, berlaku \d+ ", re.sub(r"\s+", " ", text))
    assert "aturan-baku" not in text


def test_every_box_is_a_link_with_its_count(dewi):
    text = page(dewi)
    assert counts(text) == {1: 1, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 2}
    assert len(re.findall(r'href="/talenta\?kotak=\d#kotak-\d"', text)) == 9


def test_the_fullest_box_is_open_until_another_is_chosen(dewi):
    assert re.findall(r"(Lestari|Ahmad|Nina) \w+<", page(dewi)) == ["Ahmad", "Lestari"]
    assert re.findall(r"(Lestari|Ahmad|Nina) \w+<", page(dewi, "/talenta?kotak=1")) == ["Nina"]
    assert "Tidak ada orang di kotak ini" in page(dewi, "/talenta?kotak=5")


def test_people_carry_match_potential_and_how_sure_their_box_is(dewi):
    text = page(dewi, "/talenta?kotak=9")
    assert "250,00%" in text  # 45 levels where 18 are required
    assert "JPM (kecocokan dengan jabatan); dapat lebih dari 100 persen bila level melebihi standar." in text
    assert "kecocokan dengan jabatan" not in page(dewi, "/talenta?sumbu=talent")
    assert re.search(r'<td class="num">91,\d\s', text)  # as exactly as its profile and the queue say it
    assert "86%" in text


def test_who_is_near_a_border_has_the_other_box_beside(dewi, measured):
    measured.measure(unequal, name="Rina Susanti")
    text = page(dewi, "/talenta?dekat=1")
    assert {box: count for box, count in counts(text).items() if count} == {7: 1}
    assert re.search(r"Rina Susanti.*\d\?", text, re.DOTALL)


def hasty(code, said):
    """Click through everything, in less than a second each."""
    return Manner(dict.fromkeys(said, 900))


def row_of(text, name):
    return text.split(f"{name}<")[1].partition("</tr>")[0]


def test_who_has_serious_validity_notes_carries_their_number_in_the_row(dewi, measured):
    sitting_id = measured.sit(measured.book(name="Rudi Hartono"), BEST, hasty)
    measured.score(sitting_id)
    with transaction(reads_only=True) as db:
        notes = serious(db.scalars(select(Profile.document).where(Profile.sitting_id == sitting_id)).one())
    assert notes > 1
    for query in ("kotak=9", "kotak=9&urut=-x", "sumbu=talent&kotak=sementara"):
        text = page(dewi, f"/talenta?{query}")
        assert re.search(rf'aria-label="Peringatan">.*</svg>{notes} catatan keabsahan', row_of(text, "Rudi Hartono"))
        assert "catatan keabsahan" not in row_of(text, "Ahmad Fauzi")


def test_who_is_incomplete_has_no_box_and_is_told_what_is_missing(dewi):
    assert re.search(r"Belum punya kotak: 1 orang", page(dewi))
    text = page(dewi, "/talenta?kotak=sementara")
    assert "Linda Manurung" in text
    assert "Potensi: 0 aspek terukur, perlu sedikitnya 4" in text
    assert re.search(r"Belum selesai atau belum dinilai</dt><dd>1<", text)


def test_results_of_demonstration_content_say_so_and_who_decides(dewi):
    for path in ("/talenta", "/talenta?sumbu=talent"):
        text = page(dewi, path)
        assert "Konten demonstrasi, parameter diasumsikan: bukan dasar keputusan" in text
        assert "Sistem hanya mengusulkan" in text


def test_the_early_mapping_is_labelled_and_carries_no_recommendation(dewi):
    text = page(dewi).lower()
    assert "pemetaan awal" in text
    for official in ("suksesi", "dipromosikan", "dipertahankan", "bimbingan kinerja"):
        assert official not in text


def test_the_official_matrix_without_evidence_has_nobody_in_a_box_and_says_what_is_missing(dewi):
    text = page(dewi, "/talenta?sumbu=talent")
    assert set(counts(text).values()) == {0}
    assert "Kotak sementara: 4 orang" in text
    assert "Kotak menjadi final setelah semua bukti dari luar ada" in text
    assert "Verifikasi rekam jejak disiplin" in text


def test_filters_narrow_the_boxes(dewi):
    expected = {
        "unit=Bappeda": {1: 1, 9: 1},
        "jenjang=administrator": {1: 1, 9: 1},
        "unit=Bappeda&jenjang=administrator": {1: 1},
        "dekat=1": {},
        "unit=Nowhere": {},
    }
    for query, boxes in expected.items():
        found = counts(page(dewi, f"/talenta?{query}"))
        assert {box: count for box, count in found.items() if count} == boxes, query


def test_links_keep_the_filters(dewi):
    assert "/talenta?kotak=4&amp;unit=Bappeda#kotak-4" in page(dewi, "/talenta?unit=Bappeda")


def test_nonsense_in_the_address_shows_the_ordinary_page(dewi):
    for query in ("kotak=77", "kotak=x", "halaman=-3", "halaman=900", "sumbu=?", "gelombang=abc"):
        assert "Matriks sembilan kotak" in page(dewi, f"/talenta?{query}"), query


def plan(house, name):
    """Plan a wave that nobody has sat."""
    with transaction() as store:
        new = NewWave(name, "pemetaan", tuple(house.forms.values()), uuid4())
        scheduling.add_wave(store, Officer(house.agency_id, "system"), new, house.now)


def test_a_wave_without_results_is_listed_and_cannot_be_chosen_and_the_page_says_why(dewi, forms, measured):
    assert "Belum dapat dipilih" not in page(dewi)
    plan(measured, "Tahap <2>")
    plan(House(forms, "bali"), "Tahap Bali")
    text = page(dewi)
    assert re.search(r'<option value="[^"]+" disabled>Tahap &lt;2&gt; \(belum ada hasil\)</option>', text)
    assert "Belum dapat dipilih: Tahap &lt;2&gt;. Gelombang dapat dipilih setelah" in text
    assert "Tahap Bali" not in text


def invent_evidence(house, name):
    """Let in what the demonstration invents of one of a house's people."""
    with transaction() as store:
        nip = store.scalars(select(Employee.nip).where(Employee.name == name)).one()
        by = Officer(house.agency_id, "account:demo", "test")
        for kind, file_name, content in invented.files([(nip, name)], house.now.date()):
            if content.count(b"\r\n") > 1:  # of everybody something stays unknown
                evidence.import_evidence(store, by, evidence.Origin(file_name, DEMONSTRATION, kind), content, house.now)


def test_whoever_has_invented_evidence_is_labelled_in_nine_box_and_profile_and_nobody_else(dewi, enter, measured):
    address, hasan = "/talenta?sumbu=talent&kotak=sementara", enter(measured, "hasan", Role.ASSESSOR)
    assert "ukti peragaan" not in page(dewi, address)
    invent_evidence(measured, "Ahmad Fauzi")
    text = page(dewi, address)
    assert "Bukti peragaan: bukan dasar keputusan" in text
    assert "bukti peragaan" in row_of(text, "Ahmad Fauzi")
    assert "bukti peragaan" not in row_of(text, "Lestari Handayani")
    assert "ukti peragaan" not in page(dewi), "test results alone"
    seen = dict(re.findall(r'href="(/tinjau/\d+)">(\w+)', page(hasan, address)))
    assert {name: "Bukti peragaan:" in page(hasan, at) for at, name in seen.items()} == {
        "Ahmad": True, "Lestari": False, "Nina": False, "Linda": False,
    }  # fmt: skip


def test_a_long_box_has_pages(enter, house):
    for number in range(11):
        house.measure(steady(1.0), name=f"Orang {number:02d}")
    dewi = enter(house, "dewi", COMMITTEE)
    first, second = (re.findall(r"Orang \d\d(?=<)", page(dewi, f"/talenta?halaman={n}")) for n in (1, 2))
    assert len(first) == 10
    assert sorted(first + second) == [f"Orang {number:02d}" for number in range(11)]


def test_only_an_assessor_is_led_to_profiles(dewi, enter, measured):
    assert "/tinjau/" not in page(dewi)
    assert "/tinjau/" in page(enter(measured, "hasan", Role.ASSESSOR))


def test_another_agency_sees_nothing(enter, forms, measured):
    other = enter(House(forms, "bali"), "made", COMMITTEE)
    assert "Belum ada hasil" in page(other)
    assert "Lestari" not in page(other)
    page(other, f"/talenta?gelombang={measured.wave_id}", 404)


def test_the_door_is_shut_to_other_roles(enter, house):
    for role in (Role.PROCTOR, Role.AUDITOR, Role.SYSTEM_ADMIN):
        page(enter(house, role.value, role), status=403)


def test_nobody_enters_without_signing_in(app):
    assert app.test_client().get("/talenta").status_code == 302
