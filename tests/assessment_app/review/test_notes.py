"""Serious notes on how somebody worked: named before all else, and nothing is chosen for the assessor."""

import re

from tests.assessment_app.review.conftest import REASON, against, plain, results, steps


def to_read(text):
    """Give what an assessor should read first, line by line, with the look of each line."""
    items = text.split('id="perhatian"')[1].split("</ul>")[0].split("<li")[1:]
    return [(re.search(r'class="([^"]*)"', one.partition(">")[0]), plain(">" + one.partition(">")[2])) for one in items]


def chosen(text):
    return re.findall(r'name="choice" value="(\w+)" checked', text)


def test_serious_notes_are_named_first_and_nothing_is_chosen_for_the_assessor(hasan, measured):
    assert chosen(hasan.open(measured.sure)) == ["confirm"]
    against(measured, measured.sure)
    text = hasan.open(measured.sure)
    aside = text.split("<aside")[1]
    assert aside.index('id="perhatian"') < aside.index('id="keputusan"') < aside.index('id="jpm"')
    (look, first), *others = to_read(text)
    assert look[1] == "notes--warn"
    assert "2 catatan keabsahan yang serius (jawaban kilat)" in first
    assert "mungkin tidak mengatakan apa pun tentang orang ini" in first
    assert all(look is None or look[1] != "notes--ok" for look, _ in others)
    assert chosen(text) == []


def test_without_a_choice_nothing_is_signed_and_what_was_typed_stays(hasan, measured):
    against(measured, measured.sure)
    hasan.open(measured.sure)
    form = hasan.form(measured.sure, why=REASON)
    for choice in ({}, {"choice": ""}):
        without = {name: value for name, value in form.items() if name != "choice"} | choice
        text = hasan.decide(measured.sure, without, 422)
        assert "Pilih dahulu hasil tinjauan Anda. Belum ada yang ditandatangani." in text
        assert REASON in text
        assert chosen(text) == []
    assert steps(measured.sure) == []
    hasan.decide(measured.sure, form)
    assert len(results(measured.sure)) == 1


def test_a_draft_without_a_choice_and_one_with_it_come_back_as_they_were(hasan, measured):
    against(measured, measured.sure)
    hasan.open(measured.sure)
    for choice, shown in (("", []), ("confirm", ["confirm"])):
        hasan.send(measured.sure, "draf", hasan.form(measured.sure, choice=choice))
        assert chosen(hasan.open(measured.sure)) == shown


def test_a_correction_of_a_result_with_serious_notes_begins_with_no_choice(hasan, measured):
    against(measured, measured.sure)
    hasan.open(measured.sure)
    hasan.decide(measured.sure)
    assert chosen(hasan.open(measured.sure)) == []
