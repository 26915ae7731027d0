"""The nine-box page of generated waves on both databases: what it counts, lists and compares."""

import re
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from sqlalchemy import event, update

from assessment_app.accounts.rules import Role
from assessment_app.people.rules import age
from assessment_app.platform import db as stores
from assessment_app.platform.db import transaction
from assessment_app.talent import routes
from assessment_app.talent.models import CurrentPlacement
from tests.assessment_app.scoring.house import browser, staff
from tests.assessment_app.talent.conftest import office
from tests.assessment_app.talent.provinces import (
    LATER,
    NUMBERING,
    SIZE,
    boxes,
    counted,
    counts,
    listed,
    moved,
    page,
    rows,
    two_waves,
    two_waves_placed,
)
from tests.stores import copied, opened, sqlite_template


@pytest.fixture(params=["sqlite", "postgres"])
def waves(request, service_run, compiled_once, tmp_path, monkeypatch):
    cluster = request.getfixturevalue("postgres") if request.param == "postgres" else None
    with two_waves_placed(service_run, tmp_path, monkeypatch, cluster) as placed:
        yield placed


def test_what_is_copied_is_what_would_be_made_anew(service_run, compiled_once, tmp_path, monkeypatch):
    told = {}
    for name in ("copied", "anew"):
        folder = tmp_path / name
        folder.mkdir()
        if name == "copied":
            with two_waves_placed(service_run, folder, monkeypatch):
                pass
        else:
            with opened(folder, copied(sqlite_template(service_run), folder)):
                two_waves(monkeypatch)
        with closing(sqlite3.connect(folder / "exam.db")) as db:
            told[name] = list(db.iterdump())
    assert len(told["anew"]) > 4 * SIZE
    assert told["copied"] == told["anew"]


@pytest.fixture
def dewi(waves):
    return browser(office(), staff(waves[1].agency_id, LATER, "dewi", Role.TALENT_COMMITTEE))


@pytest.mark.parametrize("definition", ["profiling", "talent"])
def test_every_filter_counts_what_it_says(dewi, waves, definition):
    today, everybody = date(2026, 11, 24), rows(waves[1], definition)
    expected = {
        (): everybody,
        (("unit", "Dinas 02"),): [one for one in everybody if one.unit == "Dinas 02"],
        (("jenjang", "pengawas"),): [one for one in everybody if one.job_level == "pengawas"],
        (("dekat", "1"),): [one for one in everybody if one.near_cut],
        (("keadaan", "signed"),): [one for one in everybody if one.state == "signed"],
        (("usia", "-34"),): [one for one in everybody if age(one.birth_date, today) <= 34],
        (("usia", "35-44"),): [one for one in everybody if 35 <= age(one.birth_date, today) <= 44],
        (("usia", "55-"),): [one for one in everybody if age(one.birth_date, today) >= 55],
        (("unit", "Dinas 01"), ("keadaan", "proposed")): [
            one for one in everybody if one.unit == "Dinas 01" and one.state == "proposed"
        ],
    }  # fmt: skip
    for asked, found in expected.items():
        assert found, asked
        assert counts(page(dewi, sumbu=definition, **dict(asked))) == counted(found), asked


def test_ages_of_somebody_whose_birthday_is_today_are_of_today(dewi, waves):
    with transaction() as db:
        one = CurrentPlacement.sitting_id == waves[1].sitting_ids[1]
        db.execute(update(CurrentPlacement).where(one).values(birth_date=date(1991, 11, 24), unit="Sendiri"))
    assert sum(counts(page(dewi, unit="Sendiri", usia="35-44")).values()) == 1
    assert sum(counts(page(dewi, unit="Sendiri", usia="-34")).values()) == 0


def test_proposed_and_signed_are_counted_apart_in_every_box(dewi, waves):
    everybody = rows(waves[1])
    for number, label in boxes(page(dewi)).items():
        inside = [one for one in everybody if NUMBERING[one.cell // 3][one.cell % 3] == number]
        signed = sum(one.state == "signed" for one in inside)
        assert f"{signed} ditandatangani, {len(inside) - signed} usulan." in label


def test_pages_of_a_box_never_overlap_and_miss_nobody_in_any_order(dewi, waves):
    number = max(counted(rows(waves[1])).items(), key=lambda item: item[1])[0]
    inside = [one for one in rows(waves[1]) if NUMBERING[one.cell // 3][one.cell % 3] == number]
    keys = {"nama": lambda one: one.name, "y": lambda one: one.y, "x": lambda one: one.x, "peluang": lambda o: o.chance}
    by_name = {one.name: one for one in inside}
    for sort, key in keys.items():
        for sign in ("", "-"):
            pages = -(-len(inside) // routes.PAGE)
            found = [
                name
                for n in range(1, pages + 1)
                for name in listed(page(dewi, kotak=number, urut=sign + sort, halaman=n))
            ]
            assert sorted(found) == sorted(by_name), sort
            values = [key(by_name[name]) for name in found]
            assert values == sorted(values, reverse=bool(sign)), sort
    text = page(dewi, kotak=number, urut="-y")
    assert re.findall(r'aria-sort="(\w+)">\s*<a class="sort" href="[^"]*urut=([^"#&]+)', text) == [("descending", "y")]


def test_somebody_is_found_by_name_or_by_nip_in_any_spelling(dewi, waves):
    one = rows(waves[1])[7]
    spaced = f"{one.nip[:8]} {one.nip[8:14]} {one.nip[14]} {one.nip[15:]}"
    for search in (one.name, one.name.upper(), one.name[-5:], one.nip, spaced):
        text = page(dewi, cari=search)
        assert one.name in listed(text), search
        assert sum(counts(text).values()) == 1, search


@pytest.mark.parametrize("search", ["%", "_", "'; DROP TABLE placement", "\\", "<script>", "x" * 5000, "\0"])
def test_a_search_is_a_text_and_nothing_else(dewi, search):
    text = page(dewi, cari=search)
    assert "<script>" not in text.replace('<script type="module"', "")
    assert sum(counts(text).values()) == (SIZE if search == "\0" else 0)


def test_another_wave_is_compared_box_by_box(dewi, waves):
    before, now = counted(rows(waves[0])), counted(rows(waves[1]))
    text = page(dewi, gelombang=waves[1].wave_id, banding=waves[0].wave_id)
    for number, label in boxes(text).items():
        change = f"{now[number] - before[number]}".replace("-", "\u2212")
        assert f"Perubahan {change} dari Tahap 1." in label
    went, both = moved(waves)
    said = f"{len(both)} orang punya kotak di keduanya: {len(both) - len(went)} tetap, {len(went)} berpindah"
    assert said in text


def test_who_moved_can_be_seen_alone_with_where_they_were(dewi, waves):
    went, _ = moved(waves)
    text = page(dewi, gelombang=waves[1].wave_id, banding=waves[0].wave_id, pindah="1")
    assert counts(text) == counted(went)
    assert "Sebelumnya" in text


def test_a_wave_that_is_compared_with_itself_is_compared_with_nothing(dewi, waves):
    text = page(dewi, gelombang=waves[1].wave_id, banding=waves[1].wave_id, pindah="1")
    assert "Perubahan" not in text
    assert sum(counts(text).values()) == SIZE


def test_a_page_reads_no_more_for_many_people_than_for_few(dewi, waves, monkeypatch):
    said = []
    page(dewi)  # the first sight of a session is written down
    event.listen(stores.engine_of(stores.EXAM), "before_cursor_execute", lambda *args: said.append(args[2]))
    monkeypatch.setattr(routes, "PAGE", 1)
    page(dewi, sumbu="talent")
    few = len(said)
    monkeypatch.setattr(routes, "PAGE", 100)
    said.clear()
    page(dewi, sumbu="talent")
    assert len(said) == few
    assert few < 15
