"""A draft that cannot be published says which file, which item and what to do."""

import json

import pytest

from item_bank import drafts
from item_bank.drafts import DraftRefused


def refusal(doc):
    with pytest.raises(DraftRefused) as refused:
        drafts.parse(json.dumps(doc).encode(), "contoh.json")
    return str(refused.value)


def first(doc, half):
    return doc["items"][0][half]


def test_a_draft_is_read_from_its_file(tmp_path, written):
    file = tmp_path / "karier.json"
    file.write_text(json.dumps(written("karier-demo")))
    draft = drafts.read(file)
    assert [item.id for item in draft.presentation.items] == [key.id for key in draft.keys]


def test_broken_json_is_told_with_its_place(tmp_path):
    file = tmp_path / "rusak.json"
    file.write_text('{"schema": ')
    with pytest.raises(DraftRefused, match=r"rusak\.json: not a draft form: .*truncated"):
        drafts.read(file)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: d.pop("recipe"), "not a draft form: .*`recipe`"),
        (lambda d: d.update(time_limit_ms=1), "time_limit_ms"),
        (lambda d: d["items"].append(d["items"][0]), "two items have the same id"),
        (lambda d: first(d, "words").pop("question"), "item 'ms-int-01': .*`question`"),
        (lambda d: d["items"][0].pop("words"), "item 'number 1': .*`words`"),
        (lambda d: first(d, "key").update(a=-1), "item 'ms-int-01': .*a"),
        (
            lambda d: first(d, "key").update(id="ms-int-02"),
            "'ms-int-01': its key is for 'ms-int-02'; give both the",
        ),
        (
            lambda d: first(d, "words").update(kind="order"),
            "'ms-int-01': no grm model scores the kind order; use",
        ),
        (
            lambda d: first(d, "words")["options"].append({"id": "new", "text": "x"}),
            "'new' has no place in the key",
        ),
        (lambda d: first(d, "words")["options"].pop(0), "which is not an option; remove it"),
        (lambda d: first(d, "key")["rationale"].popitem(), "write one reason for each option"),
        (lambda d: first(d, "key").update(construct="M.02"), "recipe: no item measures 'M.01'"),
        (lambda d: d["recipe"]["scales"].pop(0), "'ms-int-01': the recipe has no scale 'M.01'"),
        (lambda d: d["recipe"]["scales"].append(d["recipe"]["scales"][0]), "recipe: 'M.01' is there twice"),
        (
            lambda d: d["recipe"].update(
                composites=[{"name": "x", "constructs": ["M.99"], "weights": [1], "least_measured": 1}]
            ),
            "recipe: composite x: the recipe has no scale 'M.99'",
        ),
        (
            lambda d: d["recipe"]["scales"][0].update(construct="luck"),
            "'luck' is not measured by managerial_socio",
        ),
    ],
)
def test_a_mistake_is_told_by_file_and_item(written, spoil, told):
    doc = written("mansoskul-demo")
    spoil(doc)
    with pytest.raises(DraftRefused, match=told) as refused:
        drafts.parse(json.dumps(doc).encode(), "contoh.json")
    assert all(line.startswith("contoh.json: ") for line in str(refused.value).splitlines())


def test_all_mistakes_are_told_at_once(written):
    doc = written("mansoskul-demo")
    doc["items"][0]["key"]["a"] = 0
    doc["items"][1]["key"]["id"] = "x"
    told = refusal(doc)
    assert "item 'ms-int-01'" in told
    assert "item 'ms-ker-01'" in told


@pytest.mark.parametrize("repeated", ["pref-99", "pref-03"])
def test_a_block_can_only_repeat_another_block_of_its_form(written, repeated):
    doc = written("karier-demo")
    doc["items"][2]["key"]["repeats"] = repeated
    assert f"item 'pref-03': it repeats '{repeated}', which is no other item here" in refusal(doc)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.replace(b'"title": "', b'"title": "\xff', 1),
        lambda content: content.replace(b'"question": "', b'"question": "\xff', 1),
        lambda content: content.replace(b'"items": [', b'"items": [' + b"[" * 50_000 + b"]" * 50_000 + b",", 1),
        lambda content: content.replace(b'"repeats": "', b'"repeats": 1e999, "old": "', 1),
    ],
    ids=["no UTF-8 in the cover", "no UTF-8 in an item", "brackets without end", "a number without end"],
)
def test_bytes_that_no_program_reads_are_told_like_any_mistake(written, spoil):
    content = spoil(json.dumps(written("karier-demo")).encode())
    with pytest.raises(DraftRefused):
        drafts.parse(content, "contoh.json")


def test_a_text_that_is_long_enough_only_before_its_letters_are_composed_is_told(written):
    draft = written("karier-demo")
    rationale = draft["items"][0]["key"]["rationale"]
    rationale[next(iter(rationale))] = "e\u0301" * 5
    assert "length >= 10" in refusal(draft)


def test_a_null_character_is_told(written):
    assert "title" in refusal({**written("karier-demo"), "title": "Preferensi\0Karier"})
