"""Pages of rule sets over HTTP: what each role can open and do, what is said of every rule, and what is refused."""

import io
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest

from assessment_app.accounts.models import StaffRole
from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.rule_sets import queries
from assessment_app.rule_sets.messages import RULE_NAMES, SOURCE_MARKS
from assessment_app.rule_sets.messages.asked import AS_TEXT, leaves
from assessment_app.rule_sets.rules.checks import SHAPES, unverified
from assessment_app.servers import office as office_server
from tests.assessment_app.rule_sets.conftest import Office
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW

HEAD = {"version": "2027-1", "effective": "2026-12-01", "reason": "Perbup 12/2026"}


@pytest.fixture
def app(on_sqlite, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return office_server.build(on_sqlite)


@pytest.fixture
def here(app):
    return Office()


@pytest.fixture
def dewi(app, here):
    return Staff(app, here.agency_id, Role.BKD_ADMIN, "dewi")


@pytest.fixture
def hasan(app, here):
    return Staff(app, here.agency_id, Role.TALENT_COMMITTEE, "hasan")


def found(pattern, text):
    """Read what a pattern's group matched first."""
    return re.findall(pattern, text)[0]


def begin(staff, **more):
    """Begin a draft on the page; gives its address."""
    staff.get("/aturan")
    answer = staff.post("/aturan/draf", **(HEAD | more))
    staff.follow(answer)
    return answer.location


def edit(staff, address, name, **fields):
    """Open the page of one rule and send it back with some fields changed."""
    page = f"/aturan/draf{address.removeprefix('/aturan')}/aturan/{name}"
    assert staff.get(page).status_code == 200
    given = dict(re.findall(r'name="(nilai\.[^"]*)" type="text" value="([^"]*)"', staff.said))
    for select, options in re.findall(r'<select[^>]* name="(nilai\.[^"]*)".*?>(.*?)</select>', staff.said, re.DOTALL):
        given[select] = found(r'value="([^"]*)" selected', options)
    rest = {"source": "SK Bupati 7/2026", "mark": "V1", "reason": "Rapat", "seen": staff.hidden("seen")}
    return staff.post(page, **(given | rest | fields))


def test_the_list_tells_what_is_in_force_and_how_much_of_it_is_unverified(dewi, document):
    some, total = len(unverified(document)), len(document["rules"])
    dewi.get("/aturan")
    assert "aturan-baku 2026-3" in dewi.words
    assert f"{some} dari {total} aturan tanpa sumber publik" in dewi.words


def test_every_rule_is_shown_with_name_value_source_and_mark(dewi, document):
    dewi.get("/aturan")
    dewi.get(found(r'href="(/aturan/sidik/[0-9a-f]{64})"', dewi.said))
    assert all(f'id="{name}"' in dewi.said for name in SHAPES)
    assert all(str(name) in dewi.words for name in RULE_NAMES.values())
    assert "78% sampai kurang dari 90%" in dewi.words
    for mark, known in SOURCE_MARKS.items():
        carried = sum(rule["mark"] == mark for rule in document["rules"].values())
        assert dewi.said.count(f"{mark} · {known.word}</span>") == carried
    assert "SK.01" not in dewi.words


def test_a_draft_goes_from_the_page_of_one_to_the_approval_of_another(dewi, hasan, here):
    address = begin(dewi)
    dewi.follow(edit(dewi, address, "talent.cut.x", **{"nilai.0": "55", "nilai.1": "77,5"}))
    assert "≥ 77,5" in dewi.words
    draft = address.removeprefix("/aturan")
    dewi.follow(dewi.post(f"/aturan/draf{draft}/ajukan", seen=dewi.hidden("seen"), reason="Siap"))
    assert "Menunggu orang kedua" in dewi.words
    hasan.get(address)
    assert "1 beda dengan yang berlaku" in hasan.words
    hasan.follow(hasan.post(f"/aturan/putusan{draft}/setujui", seen=hasan.hidden("seen"), reason="Sesuai"))
    assert "Akan berlaku" in hasan.words
    assert "dipakai mulai 1 Desember 2026" in hasan.words
    assert here.in_force(NOW)["name"] == queries.STANDARD


def test_the_day_begins_at_midnight_of_the_agency(dewi, here):
    address = begin(dewi)
    with transaction(reads_only=True) as db:
        (life,) = queries.lives(db, here.agency_id)
    assert life.rule_set.effective.isoformat() == "2026-11-30T17:00:00+00:00"
    assert "berlaku mulai 1 Desember 2026" in dewi.words
    assert address.endswith(str(life.draft_id))


def test_who_drafts_cannot_decide_and_who_decides_cannot_draft(dewi, hasan):
    draft = begin(dewi).removeprefix("/aturan")
    assert dewi.post(f"/aturan/putusan{draft}/setujui", seen=1, reason="x").status_code == 403
    hasan.get("/aturan")
    assert "Buat draf" not in hasan.words
    assert hasan.post("/aturan/draf", **HEAD).status_code == 403


def test_whoever_had_a_hand_in_it_is_told_so_and_refused(app, here, hasan):
    both = Staff(app, here.agency_id, Role.BKD_ADMIN, "ratih")
    address = begin(both)
    draft = address.removeprefix("/aturan")
    both.post(f"/aturan/draf{draft}/ajukan", seen=1, reason="Siap")
    with transaction() as db:
        db.add(StaffRole(account_id=UUID(both.actor.removeprefix("account:")), role=Role.TALENT_COMMITTEE))
    both.get(address)
    assert "Anda ikut menyusun set aturan ini" in both.words
    assert both.post(f"/aturan/putusan{draft}/setujui", seen=2, reason="x").status_code == 403


def test_a_wrong_value_comes_back_as_it_was_typed_with_what_to_do(dewi):
    address = begin(dewi)
    answer = edit(dewi, address, "talent.y.weights", **{"nilai.award": "banyak", "nilai.team": "30"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="banyak"' in text
    assert "Bobot komponen kinerja (sumbu Y) (Penghargaan): isi angka dari 0 sampai 100." in text
    assert "SK Bupati 7/2026" in text


def test_text_that_is_no_json_comes_back_with_what_to_do(dewi):
    answer = edit(dewi, begin(dewi), "succession.eligible", json='{"agency": [7, 8')
    assert answer.status_code == 422
    assert "Teks JSON tidak terbaca" in answer.get_data(as_text=True)


def test_a_rule_without_fixed_places_is_edited_as_text(dewi):
    address = begin(dewi)
    dewi.follow(edit(dewi, address, "succession.eligible", json='{"agency": [8, 9], "national": [9]}'))
    assert "8, 9" in dewi.words


def test_every_rule_has_an_edit_page_that_sent_back_unchanged_changes_nothing(dewi, here):
    address = begin(dewi)
    for name in SHAPES:
        with transaction(reads_only=True) as db:
            (life,) = queries.lives(db, here.agency_id)
        kept = life.rule_set.document["rules"][name]
        given = {"json": json.dumps(kept["value"])} if name in AS_TEXT else {}
        answer = edit(dewi, address, name, source=kept["source"], mark=kept["mark"], **given)
        assert answer.status_code == 303, (name, answer.get_data(as_text=True))
    with transaction(reads_only=True) as db:
        (life,) = queries.lives(db, here.agency_id)
    assert life.deeds == ["draft"]


def test_no_place_of_a_form_is_called_by_its_code(dewi, here, document):
    for name, rule in document["rules"].items():
        if name not in AS_TEXT:
            labels = [leaf.label for leaf in leaves(name, rule["value"])]
            assert len(set(labels)) == len(labels), name
            assert not [label for label in labels if "_" in label or label in ("x", "y", "none", "else")], name


def test_what_is_exported_comes_in_again_and_every_fault_is_listed(dewi, here):
    dewi.get("/aturan")
    sha256 = found(r"/aturan/sidik/([0-9a-f]{64})", dewi.said)
    document = json.loads(dewi.client.get(f"/aturan/sidik/{sha256}/set-aturan.json").data)
    document["version"] = "2027-impor"
    sent = {"berkas": (io.BytesIO(json.dumps(document).encode()), "a.json"), "reason": "Impor"}
    dewi.follow(dewi.post("/aturan/draf/impor", **sent))
    assert "2027-impor" in dewi.words
    del document["rules"]["bup.table"]
    document["rules"]["talent.cut.x"]["value"] = [90, 80]
    sent = {"berkas": (io.BytesIO(json.dumps(document).encode()), "a.json"), "reason": "Impor"}
    answer = dewi.post("/aturan/draf/impor", **sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "2 hal yang perlu dibetulkan" in text
    assert "Batas usia pensiun per jenjang: aturan ini tidak ada" in text
    assert "Batas potensial menengah dan tinggi: batas tinggi harus di atas batas menengah" in text


@pytest.mark.parametrize(("content", "said"), [
    (b"", "Teks JSON tidak terbaca"), (b"[1]", "bukan set aturan"), (b"[" * 100_000, "Teks JSON tidak terbaca"),
    (b"\xff\xfe", "Teks JSON tidak terbaca"), (b'{"version": "\\u0000"}', "huruf yang tidak dapat disimpan"),
    (b'{"version": "\\ud800"}', "Teks JSON tidak terbaca"), (b" " * 300_000, "paling besar 256 kB"),
    (b'{"rules": {"x": 1e999}}', "JSON tidak terbaca"),
])  # fmt: skip
def test_a_file_that_is_none_is_refused_with_a_sentence(dewi, content, said):
    dewi.get("/aturan")
    answer = dewi.post("/aturan/draf/impor", berkas=(io.BytesIO(content), "a.json"), reason="Impor")
    assert answer.status_code in (400, 413)
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize("change", [
    {"version": ""}, {"version": "x" * 21}, {"effective": "besok"}, {"effective": "1999-01-01"}, {"effective": ""},
    {"reason": ""}, {"reason": "x" * 151},
])  # fmt: skip
def test_a_draft_needs_a_version_a_date_and_a_reason(dewi, change):
    dewi.get("/aturan")
    assert dewi.post("/aturan/draf", **(HEAD | change)).status_code == 400


def test_the_difference_shows_both_sides_of_what_changed_and_nothing_else(dewi):
    address = begin(dewi)
    dewi.follow(edit(dewi, address, "predicate.score", **{"nilai.baik": "85"}))
    dewi.get(found(r'href="(/aturan/sidik/[0-9a-f]{64}/beda)"', dewi.said))
    assert dewi.said.count('class="rule rule--change"') == 1
    assert "Baik 80" in dewi.words
    assert "Baik 85" in dewi.words
    assert "SK Bupati 7/2026" in dewi.words


def test_a_draft_that_is_sent_back_says_why_to_its_author(dewi, hasan):
    address = begin(dewi)
    draft = address.removeprefix("/aturan")
    dewi.post(f"/aturan/draf{draft}/ajukan", seen=dewi.hidden("seen"), reason="Siap")
    hasan.get(address)
    hasan.follow(hasan.post(f"/aturan/putusan{draft}/kembalikan", seen=2, reason="Sertakan Perbup"))
    dewi.get(address)
    assert "Dikembalikan: Sertakan Perbup" in dewi.words


def test_another_agencys_draft_does_not_exist(app, dewi):
    address = begin(dewi)
    sha256 = found(r"/aturan/sidik/([0-9a-f]{64})/set-aturan", dewi.said)
    there = Office("lain")
    spy = Staff(app, there.agency_id, Role.BKD_ADMIN, "spy")
    boss = Staff(app, there.agency_id, Role.TALENT_COMMITTEE, "boss")
    for path in (
        address,
        f"/aturan/sidik/{sha256}",
        f"/aturan/sidik/{sha256}/beda",
        f"/aturan/sidik/{sha256}/set-aturan.json",
    ):
        assert spy.get(path).status_code == 404
    spy.get("/aturan")
    boss.get("/aturan")
    draft = address.removeprefix("/aturan")
    assert spy.get(f"/aturan/draf{draft}/aturan/box.near_cut").status_code == 404
    for path in ("ajukan", "tarik"):
        assert spy.post(f"/aturan/draf{draft}/{path}", seen=1, reason="x").status_code == 404
    assert boss.post(f"/aturan/putusan{draft}/setujui", seen=1, reason="x").status_code == 404


@pytest.mark.parametrize("path", ["/aturan/sidik/zzz", "/aturan/sidik/" + "0" * 64])
def test_a_set_that_is_not_there_is_not_there(dewi, path):
    assert dewi.get(path).status_code == 404


def test_a_rule_that_is_not_there_has_no_edit_page(dewi):
    draft = begin(dewi).removeprefix("/aturan")
    assert dewi.get(f"/aturan/draf{draft}/aturan/gaji").status_code == 404


def test_an_edit_of_what_changed_meanwhile_is_refused(dewi):
    address = begin(dewi)
    edit(dewi, address, "box.near_cut", **{"nilai.": "0,8"})
    assert edit(dewi, address, "box.near_cut", **{"nilai.": "0,9", "seen": "1"}).status_code == 409


def test_a_release_that_the_own_set_does_not_follow_is_told(dewi, here):
    here.approved(effective=NOW - timedelta(days=400))
    dewi.get("/aturan")
    assert "Rilis 2026-3 lebih baru dari set instansi yang berlaku" in dewi.words
    here.approved("2027-2", effective=NOW - timedelta(days=5))
    dewi.get("/aturan")
    assert "lebih baru dari set instansi" not in dewi.words
