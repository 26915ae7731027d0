"""Says of a key what QTI can say of it; the rest stands in the file beside the item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from item_bank.bank import BankItem
from item_bank.item_keys import Graded, Performed, Preferred, Quantity, Ranked, Rated, RightOrWrong, Selected, Sequenced
from item_bank.presentation import Choosing, Hotspot, Number, Rating, Simulation, WrittenText
from item_bank.qti.declarations import BY_PEOPLE, EQUAL, MAP, MATCH, Declared
from item_bank.qti.names import identifier

MOST, LEAST = "MOST", "LEAST"


def declared(item: BankItem) -> Declared:
    """Declare an item's response, with as much of its key as QTI can hold."""
    match item.words, item.key:
        case WrittenText(), key:
            highest = float(len(getattr(key, "b", ())) if isinstance(key, Rated) else 0)
            return Declared("single", "string", highest=highest, external=BY_PEOPLE)
        case Choosing(option_ids=ids), RightOrWrong(credit=credit) | Graded(credit=credit):
            return _credited(ids, credit)
        case Choosing(option_ids=ids), Selected() as key:
            return _selected(ids, key)
        case Hotspot(regions=regions), Selected() as key:
            return _selected([region.id for region in regions], key)
        case _, Sequenced(right=right, b=b):
            names = tuple(map(identifier, right))
            rule = MATCH if len(b) == 1 else ""
            return Declared("ordered", "identifier", names, rule=rule, highest=float(len(b)))
        case Number(), Quantity(value=value, tolerance=tolerance):
            return Declared("single", "float", (value,), rule=EQUAL, tolerance=tolerance, highest=1.0)
        case Rating(), Rated() as key:
            return _rated(key)
        case Simulation(), Performed() as key:
            return _performed(key)
        case _, Preferred() | Ranked() | _:
            return Declared("multiple", "directedPair")


def _credited(ids: Sequence[str], credit: Mapping[str, int]) -> Declared:
    """Declare credits of options: by the right one where there is one, else by what each earns."""
    highest = max(credit.values(), default=0)
    best = tuple(identifier(one) for one in ids if credit.get(one) == highest)
    mapping = tuple((identifier(one), float(credit.get(one, 0))) for one in ids)
    rule = MATCH if highest == 1 and len(best) == 1 else MAP
    return Declared("single", "identifier", best[:1], mapping, rule=rule, highest=float(highest))


def _selected(ids: Sequence[str], key: Selected) -> Declared:
    """Declare a selection: as a whole, or each right one earns 1 and each wrong one takes 1 back, down to none."""
    right, names = set(key.right), tuple(identifier(one) for one in ids if one in key.right)
    if len(key.b) == 1:
        return Declared("multiple", "identifier", names, rule=MATCH, highest=1.0)
    mapping = tuple((identifier(one), 1.0 if one in right else -1.0) for one in ids)
    most = float(len(key.b))
    return Declared("multiple", "identifier", names, mapping, lower=0.0, upper=most, rule=MAP, highest=most)


def _rated(key: Rated) -> Declared:
    earns = key.earns()
    mapping = tuple((str(one), float(earns.credit(one))) for one in range(key.low, key.high + 1))
    return Declared("single", "integer", (), mapping, rule=MAP, highest=float(earns.highest))


def _performed(key: Performed) -> Declared:
    """Declare the best way as the right answer; whether another way was gone is beyond QTI."""
    best = max(key.ways, key=lambda way: way.credit)
    return Declared("ordered", "identifier", tuple(map(identifier, best.taken)), highest=float(best.credit))
