"""Items in stock: read whole, told apart by name, and refused with all that is wrong."""

import json

import msgspec
import pytest

from item_bank import bank, demonstration
from item_bank.drafts import DraftRefused
from item_bank.instruments import INSTRUMENTS
from item_bank.item_keys import Graded, Preferred, Ranked, RightOrWrong

STOCK = bank.samples()
ITEMS = [item for stock in STOCK for item in stock.items]


def item(number, **changes):
    one: dict[str, dict[str, object]] = {
        "words": {
            "id": f"uji-{number}", "kind": "choice", "question": "Apa yang tepat?",
            "stem": [f"Keadaan nomor {number}."],
            "options": [{"id": "q", "text": "Yang satu."}, {"id": "d", "text": "Yang lain."}],
        },
        "key": {
            "id": f"uji-{number}", "model": "2pl", "construct": "intellectual", "a": 1.0, "b": 0.0,
            "credit": {"q": 1, "d": 0}, "rationale": {"q": "Sebab yang tepat.", "d": "Sebab yang keliru."},
        },
        "about": {"facet": "uji", "topic": "keadaan uji", "job_levels": ["pelaksana"], "enemies": []},
    }  # fmt: skip
    for path, value in changes.items():
        part, name = path.split("__")
        one[part][name] = value
    return one


def file_of(*items, **changes):
    head = {"schema": "proasn/items/1", "instrument": "potential", "demonstration": True, "parameters": "assumed"}
    return json.dumps({**head, "items": items, **changes}).encode()


def test_every_sample_is_a_demonstration_with_assumed_parameters():
    assert all(stock.demonstration and stock.parameters == "assumed" for stock in STOCK)
    assert len({one.id for one in ITEMS}) == len(ITEMS)


def test_every_construct_of_a_sample_is_measured_by_its_instrument():
    for stock in STOCK:
        assert {name for one in stock.items for name in one.constructs} <= set(INSTRUMENTS[stock.instrument].constructs)


def test_slopes_and_locations_of_the_samples_are_such_as_a_test_could_have():
    for one in ITEMS:
        match one.key:
            case Graded(a=a, b=b):
                assert 0.5 <= a <= 2.5
                assert -3 < b[0] < b[-1] < 3
            case RightOrWrong(a=a, b=location):
                assert 0.5 <= a <= 2.5
                assert -3 < location < 3
            case Preferred(statements=statements):
                loadings = [statement.loading for statement in statements.values()]
                assert max(loadings) - min(loadings) >= 0.5, one.id


def test_a_file_is_read_with_what_an_assembler_needs():
    read = bank.parse(file_of(item(1), item(2, about__enemies=["uji-1"])), "uji.json")
    assert [one.id for one in read.items] == ["uji-1", "uji-2"]
    assert (read.items[1].about.enemies, bank.kind_of(read.items[0])) == (("uji-1",), "choice")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "uji.json: not a file of items"),
        (file_of(item(1), schema="proasn/items/2"), "not a file of items: .*schema"),
        (file_of(item(1), item(1)), "item 'uji-1': the id is there twice"),
        (file_of(item(1, about__enemies=["uji-9"])), "item 'uji-1': it speaks of 'uji-9', which is no item here"),
        (file_of(item(1, about__enemies=["uji-1"])), "item 'uji-1': it names itself as its enemy"),
        (file_of(item(1, key__construct="luck")), "'luck' is not measured by potential"),
        (file_of(item(1, about__job_levels=["raja"])), "item number 1: Invalid enum value 'raja'"),
        (file_of(item(1, key__credit={"q": 1, "z": 0})), "option 'd' has no place in the key"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_name(content, sentence):
    with pytest.raises(DraftRefused, match=sentence):
        bank.parse(content, "uji.json")


def test_a_block_that_repeats_itself_is_refused():
    stock = next(one for one in STOCK if one.instrument == "career_preference")
    block = next(one for one in stock.items if isinstance(one.key, Ranked))
    own = msgspec.structs.replace(block, key=msgspec.structs.replace(block.key, repeats=block.id))
    assert list(bank.problems_of([own], stock.instrument, {one.id for one in stock.items})) == [
        f"item '{block.id}': it names itself as its enemy or as what it repeats; name another, or none"
    ]


def test_all_mistakes_are_told_at_once():
    with pytest.raises(DraftRefused) as told:
        bank.parse(file_of(item(1, key__construct="luck"), {"words": {}}, item(3, about__enemies=["x"])), "uji.json")
    assert len(told.value.problems) == 3


def test_a_family_that_is_in_stock_already_is_not_made_again():
    made = [one for one in demonstration.stocks() if one.items[0].id.startswith(("fig-", "num-", "tab-"))]
    known = [item.id for one in made[:2] for item in one.items]
    assert len(made) == 3
    assert demonstration.stocks(known) == [*bank.samples(), made[2]]
    assert demonstration.stocks(known[:-1]) == [*bank.samples(), *made[1:]]
