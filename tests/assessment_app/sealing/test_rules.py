"""The tree of RFC 6962: published vectors, and laws that no forged proof gets past."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_app.exam.rules import receipt_code
from assessment_app.sealing import rules, verifier
from assessment_app.sealing.rules import SealedPart
from assessment_app.sealing.verifier import leaf_hash, tree_root

LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
"""The leaves of Certificate Transparency's reference tests (google/certificate-transparency, merkle_tree_test)."""

ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
}  # fmt: skip
CONSISTENT = {
    (1, 8): PATHS[0, 8],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
}  # fmt: skip

TREES = st.integers(1, 40).flatmap(lambda size: st.tuples(st.just([leaf_hash(bytes([n])) for n in range(size)]),
                                                          st.integers(0, size - 1)))  # fmt: skip


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: a second way to the root that shares no code with the first."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(one) for one in LEAVES[:size]]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_that_of_the_reference(size):
    assert tree_root(hashes(size)).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "size"), PATHS)
def test_an_inclusion_proof_is_that_of_the_reference(place, size):
    assert [step.hex() for step in rules.inclusion_proof(hashes(size), place)] == PATHS[place, size]


@pytest.mark.parametrize(("old", "size"), CONSISTENT)
def test_a_consistency_proof_is_that_of_the_reference(old, size):
    assert [step.hex() for step in rules.consistency_proof(hashes(size), old)] == CONSISTENT[old, size]


@given(st.lists(st.binary(max_size=9), max_size=70))
def test_level_by_level_gives_the_root_that_the_definition_gives(leaves):
    assert tree_root([leaf_hash(one) for one in leaves]) == slow_root(leaves)


@given(TREES)
def test_every_leaf_is_proven_to_be_where_it_is_and_nowhere_else(made):
    tree, place = made
    root, proof = tree_root(tree), rules.inclusion_proof(tree, place)
    found = [n for n in range(len(tree)) if rules.is_included(tree[place], n, len(tree), proof, root)]
    assert found == [place]
    assert not rules.is_included(leaf_hash(b"another"), place, len(tree), proof, root)


@given(TREES, st.data())
def test_a_changed_inclusion_proof_proves_nothing(made, data):
    tree, place = made
    proof = rules.inclusion_proof(tree, place)
    forged = data.draw(st.sampled_from([[*proof, tree[0]], *([proof[:-1], proof[::-1]] if len(proof) > 1 else [])]))
    assert forged == proof or not rules.is_included(tree[place], place, len(tree), forged, tree_root(tree))


@given(TREES)
def test_a_tree_extends_each_of_its_beginnings(made):
    tree, old = made
    size = max(old, 1)
    proof = rules.consistency_proof(tree, size)
    assert rules.extends((size, tree_root(tree[:size])), (len(tree), tree_root(tree)), proof)


@given(TREES, st.integers(0, 39))
def test_a_tree_in_which_an_old_leaf_was_changed_extends_nothing(made, which):
    tree, old = made
    size = max(old, 1)
    changed = list(tree)
    changed[which % size] = leaf_hash(b"another")
    proof = rules.consistency_proof(changed, size)
    assert not rules.extends((size, tree_root(tree[:size])), (len(tree), tree_root(changed)), proof)


@given(TREES, st.data())
def test_a_changed_consistency_proof_proves_nothing(made, data):
    tree, old = made
    size = max(old, 1)
    proof = rules.consistency_proof(tree, size)
    forged = data.draw(st.sampled_from([[*proof, tree[0]], proof[1:], [*proof[:-1], leaf_hash(b"x")]]))
    ends = (size, tree_root(tree[:size])), (len(tree), tree_root(tree))
    assert forged == proof or not rules.extends(*ends, forged)


def test_a_tree_never_shrinks_and_every_tree_extends_the_empty_one():
    tree = hashes(5)
    assert rules.extends((0, tree_root([])), (5, tree_root(tree)), [])
    assert not rules.extends((5, tree_root(tree)), (4, tree_root(tree[:4])), [])
    assert not rules.extends((5, tree_root(tree)), (5, tree_root(tree[:4])), [])


@pytest.mark.parametrize("place", [-1, 5])
def test_a_place_outside_of_the_tree_has_no_proof(place):
    with pytest.raises(IndexError):
        rules.inclusion_proof(hashes(5), place)
    with pytest.raises(IndexError):
        rules.consistency_proof(hashes(5), place + (place > 0))
    assert not rules.is_included(hashes(5)[0], place, 5, [], tree_root(hashes(5)))


def test_a_leaf_is_in_the_only_form_that_the_verifier_reads():
    leaf = SealedPart(12, 2**62, 3, "ab" * 32, "cd" * 32).leaf()
    assert verifier.LEAF.fullmatch(leaf)
    assert leaf.endswith(b'"sitting":12}')


@given(st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), min_size=1, max_size=7))
def test_the_verifier_gives_the_receipt_that_the_participant_saw(sheets):
    leaves = [{"sitting": 5, "n": n, "sheet": sheet} for n, sheet in enumerate(sheets, 1)]
    assert list(verifier.receipts(reversed(leaves))) == [receipt_code(sheets)]
