"""What pages ask for is read at the border: what cannot be is refused, and what nobody sees is left out."""

import pytest

from assessment_app.authoring.messages.asked import ItemFilter, NewAssembly
from assessment_app.platform.errors import Invalid
from item_bank import blueprints

BLUEPRINTS = {one.code: one for one in blueprints.samples()}


@pytest.mark.parametrize("number", ["0069", "0010", "00127", "007", "7", "0", "-1", "\u0663", "2.0", ""])
def test_a_number_of_forms_that_cannot_be_is_refused(number):
    with pytest.raises(Invalid, match="1 sampai 6"):
        NewAssembly.parse({"kisi": "literasi", "jumlah": number}, BLUEPRINTS)


def test_a_number_of_forms_is_read_as_it_was_written():
    assert [NewAssembly.parse({"kisi": "literasi", "jumlah": one}, BLUEPRINTS).forms for one in ("1", "06")] == [1, 6]


def test_a_search_is_for_what_can_be_seen():
    assert ItemFilter.parse({"cari": "Nol\0 ang\u200bka \0"}).words == ("nol", "angka")
    assert len(ItemFilter.parse({"cari": "a " * 20}).words) == 8
