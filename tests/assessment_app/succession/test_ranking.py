"""The order of candidates: exact, ties stay ties, and what is unknown of one decides nothing among equals."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessment_app.succession.rules.ranking import KEYS, Place, Worth, ranked


def worth(box=9, technical=None, match=100, value=80, eligible=True):
    made = (None if one is None else Fraction(one) for one in (technical, match, value))
    return Worth(eligible, box, *made)


def ranks(*worths):
    return [place.rank for place in ranked(worths)]


def test_the_box_comes_first_then_technical_fit_then_match_then_value():
    assert ranks(worth(8, 99, 200, 99), worth(9, 1, 1, 1)) == [2, 1]
    assert ranks(worth(technical=70, match=200), worth(technical=80, match=90)) == [2, 1]
    assert ranks(worth(match=90, value=99), worth(match=91, value=1)) == [2, 1]
    assert ranks(worth(value=80), worth(value=81)) == [2, 1]


def test_matches_are_compared_exactly_and_not_as_they_are_shown():
    assert ranks(worth(match="79.995"), worth(match="79.996"), worth(match=Fraction(239985, 3000))) == [2, 1, 2]


def test_equals_share_a_rank_and_the_next_one_counts_on():
    found = ranked([worth(value=80), worth(value=80), worth(value=70)])
    assert found == [Place(1, tied=True, unused=("technical",)), Place(1, tied=True, unused=("technical",)),
                     Place(3, unused=("technical",))]  # fmt: skip


def test_what_is_unknown_of_one_decides_nothing_among_equals_and_is_told():
    found = ranked([worth(technical=90, match=90), worth(technical=None, match=95)])
    assert [one.rank for one in found] == [2, 1]
    assert all(one.unused == ("technical",) for one in found)
    alone = ranked([worth(9, technical=None), worth(8, technical=60), worth(8, technical=50)])
    assert [one.rank for one in alone] == [1, 2, 3], "of another box it does not matter"
    assert [one.unused for one in alone] == [(), (), ()]


def test_unknown_is_not_zero_and_with_nothing_known_all_are_equal():
    found = ranked([worth(match=None, value=None), worth(match=0, value=0)])
    assert [(one.rank, one.tied, one.unused) for one in found] == [(1, True, KEYS)] * 2


def test_who_has_no_final_box_or_is_left_out_has_no_rank():
    assert ranks(worth(None), worth(7), worth(9, eligible=False)) == [None, 1, None]
    assert ranks() == []


worths = st.builds(
    Worth, st.booleans(), st.none() | st.integers(1, 9),
    *[st.none() | st.integers(0, 3).map(Fraction) for _ in KEYS],
)  # fmt: skip


@given(st.lists(worths, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_a_list_changes_no_rank_and_equals_are_equal(people, chance):
    order = list(range(len(people)))
    chance.shuffle(order)
    first, again = ranked(people), ranked([people[n] for n in order])
    assert [first[n] for n in order] == again
    with_rank = [place.rank for place in first if place.rank is not None]
    for rank in set(with_rank):
        equals = with_rank.count(rank)
        assert sum(one < rank for one in with_rank) == rank - 1
        assert all(place.tied == (equals > 1) for place in first if place.rank == rank)
    for one, there in zip(people, first, strict=True):
        assert all(first[n] == there for n, other in enumerate(people) if other == one)
