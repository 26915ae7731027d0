"""Items made by rules cross with their pictures and tables as the same bytes."""

import pytest

from item_bank.bank import Stock
from item_bank.generation.generate import FAMILIES, generated
from item_bank.qti import package


@pytest.mark.parametrize("family", FAMILIES)
def test_generated_items_come_back_as_they_were(family):
    stock = Stock("potential", True, "assumed", generated(family, 240))
    first = package.export(stock)
    again = package.read(first, "lagi.zip")
    assert again.stocks == (stock,)
    assert again.reports == ()
    assert package.export(again.stocks[0]) == first
