"""The strip of response times, and what the page says of how somebody worked."""

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import render_template
from sqlalchemy import select

from assessment_app.accounts.rules import Role
from assessment_app.exam.models import AnswerEvent, Attempt, TimeEntry
from assessment_app.exam.rules import Manner, milliseconds
from assessment_app.job_standards.rules import CODES
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.proctoring.rules import OUTAGE
from assessment_app.review import rules
from assessment_app.review.rules.times import (
    BOTTOM,
    LEFT,
    TOP,
    WIDTH,
    Arrival,
    Outage,
    PartTimes,
    time_strip,
)
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scoring import messages as names
from assessment_app.scoring import rules as scoring
from tests.assessment_app.scoring.house import BATTERY, BEST


def part(n=1, spent=(20_000, 1_000, 0), title="Potensi: Motivasi", arrivals=None, outages=()):
    items = [f"i{number}" for number in range(len(spent))]
    known = {item: ms for item, ms in zip(items, spent, strict=True) if ms}
    return PartTimes(n, title, items, known, arrivals or {}, outages)


def test_every_item_has_a_bar_in_the_order_of_the_parts():
    strip = time_strip([part(1), part(2, (5_000,))], 3)
    assert [(bar.part, bar.number, bar.seconds) for bar in strip.bars] == [
        (1, 1, 20.0), (1, 2, 1.0), (1, 3, None), (2, 1, 5.0)
    ]  # fmt: skip
    assert strip.timed == 3


def test_only_what_is_faster_than_the_limit_is_rapid():
    strip = time_strip([part(4, (2_999, 3_000, 0))], 3)
    assert [bar.is_rapid for bar in strip.bars] == [True, False, False]
    assert strip.rapid == {4: 1}
    assert strip.drawing.count("strip__flag") == 1


def test_the_scale_is_logarithmic_and_ends_where_the_drawing_ends():
    heights = {tick.seconds: tick.y for tick in time_strip([part()], 3).ticks}
    assert (heights[1], heights[300]) == (BOTTOM, TOP)
    assert heights[3] - heights[30] == pytest.approx(heights[10] - heights[100])


@pytest.mark.parametrize("ms", [1, 86_400_000])
def test_a_time_beyond_the_scale_stays_inside_the_drawing(ms):
    (bar,) = re.findall(
        r'strip__(?:bar|rapid)"[^>]* d="M[\d.]+ 158.0V([\d.]+)"', time_strip([part(spent=(ms,))], 3).drawing
    )
    assert TOP <= float(bar) <= BOTTOM - 2


def test_answers_without_network_are_shaded_as_one_span():
    arrivals = {f"i{at}": Arrival(at * 1_000, 90_000 if at in (1, 2) else 200) for at in range(4)}
    strip = time_strip([part(spent=(9_000,) * 4, arrivals=arrivals)], 3)
    assert strip.offline == {1: 2}
    step = (WIDTH - LEFT) / 4
    assert f'<rect class="strip__offline" x="{LEFT + step:.1f}" y="{TOP}" width="{2 * step:.1f}"' in strip.drawing


def test_answers_in_an_outage_are_shaded():
    arrivals = {"i0": Arrival(100_000, 10), "i1": Arrival(400_000, 10), "i2": Arrival(700_000, 10)}
    strip = time_strip([part(spent=(9_000,) * 3, arrivals=arrivals, outages=[Outage(600_000, 300_000)])], 3)
    assert [bar.is_offline for bar in strip.bars] == [False, True, False]


def test_a_title_that_does_not_fit_is_cut_and_keeps_its_number():
    long, short = time_strip([part(1, (1,) * 40), part(2, (1,), title="Sangat Panjang Sekali")], 3).titles
    assert long.text == "1 Motivasi"
    assert short.text == "2"


def test_a_sitting_without_parts_draws_nothing():
    assert time_strip([], 3).bars == []


def hurried(code, said):
    return Manner(dict.fromkeys(said, 1500 if code == BATTERY[1] else 21000), late=1 if code == BATTERY[2] else 0)


@pytest.fixture
def read(enter, house):
    def page(how=hurried):
        sitting_id = house.sit(house.book(), BEST, how)
        house.score(sitting_id)
        return enter(house, "hasan", Role.ASSESSOR), sitting_id

    return page


def shown(browser, sitting_id):
    return re.sub(r"\s+", " ", browser.get(f"/tinjau/{sitting_id}").get_data(as_text=True))


def test_the_page_draws_the_strip_and_holds_its_numbers_in_a_table(read):
    text = shown(*read())
    assert "Jejak waktu jawab, 24 soal" in text
    assert "Bagian 2: 8 soal lebih cepat dari 3 detik." in text
    assert text.count("jawaban kilat</td>") == 8
    assert 'role="img" aria-labelledby="waktu-judul waktu-isi"' in text


def test_the_page_says_what_was_checked_and_that_a_note_is_no_proof(read):
    text = shown(*read())
    assert "Jawaban kilat bagian 2: 8 dari 8" in text
    assert "100,0%" in text
    assert "2 catatan" in text
    assert "Perubahan terlambat yang dihitung, bagian 3" in text
    assert "Catatan bukan bukti kecurangan dan tidak mengubah skor." in text


def test_without_times_the_page_says_so_and_draws_nothing(read):
    text = shown(*read(lambda _code, _said: Manner({})))
    assert "disegel tanpa waktu per soal" in text
    assert "waktu-judul" not in text


def test_an_outage_of_the_ledger_and_a_late_arrival_are_shaded_on_the_page(read):
    browser, sitting_id = read()
    with transaction() as db:
        one = db.scalars(select(Attempt).where(Attempt.sitting_id == sitting_id, Attempt.n == 1)).one()
        opened = one.opened
        assert opened is not None
        db.add(TimeEntry(
            attempt_id=one.attempt_id, kind=OUTAGE, ms=60_000, by=f"account:{UUID(int=7)}", reason="listrik",
            at=opened + timedelta(seconds=300),
        ))  # fmt: skip
    start = milliseconds(opened)
    with transaction(ANSWERS) as answers:
        for seq, (item, at_ms, delay) in enumerate((("ms-int-01", 270_000, 5), ("ms-ker-01", 100_000, 61_000)), 1):
            answers.add(AnswerEvent(
                sitting_id=sitting_id, epoch=1, seq=seq, attempt_id=one.attempt_id, item=item, response='"f"',
                at_ms=at_ms, spent_ms=9, received_ms=start + at_ms + delay, standing=0,
            ))  # fmt: skip
    assert "Bagian 1: 2 soal dijawab saat luring atau gangguan." in shown(browser, sitting_id)


def test_the_person_is_measured_against_a_named_standard(read):
    assert "Standar pembanding: Standar baku jenjang Pengawas, level 2." in shown(*read())


def test_literacy_is_told_as_a_whole_and_preference_in_its_order(read):
    text = shown(*read())
    assert "Keseluruhan = rata-rata empat pilar" in text
    ranks = re.findall(r'<td class="num"><b>(\d)</b></td><th scope="row" class="light">', text)
    assert ranks == ["1", "2", "3"]


def test_potential_is_told_in_t_scores_where_the_recipe_has_a_norm(app, house):
    with transaction(reads_only=True) as db:
        terms = scoring.terms(db.scalars(select(RuleSet)).one().document)
    norm = {"name": "Pengawas 2025", "t": 61.2, "se": 3.9}
    measured = [
        {"construct": code, "answered": 9, "theta": 1.0, "se": 0.4, "norm": norm}
        for code in ("emotional", "motivation")
    ]
    body = {"parameters": "assumed", "constructs": measured}
    said = scoring.describe([body], terms, "pengawas", dict.fromkeys(CODES, 2))
    with app.test_request_context():
        text = render_template(
            "review/_potential.html", said=said, potential=None, seen=SimpleNamespace(rules=terms.rules), names=names,
            deviation_bar=rules.deviation_bar,
        )  # fmt: skip
    assert "Potensi (skor T)" in text
    assert "norma Pengawas 2025" in text
    assert text.count("<b>61</b>") == 2
    assert "±3,9" in text
