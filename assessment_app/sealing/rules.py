"""What a seal says, proofs about its tree (RFC 6962), and how an archive is written. Pure.

Hashes are 32 bytes, a tree is the list of its leaf hashes. What checks them is in ``verifier``, which runs alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from assessment_app.sealing.verifier import Member, headers, node_hash, tail, tree_root
from scoring_engine.canonical import canonical

SCHEMA = "proasn/session-seal/1"

MOST_FILES, MOST_BYTES = 60_000, 4_000_000_000
"""Below these a zip needs no second form of its headers."""


class TooMuch(ValueError):
    """More than one archive holds."""


@dataclass(frozen=True)
class SealedPart:
    """A sheet by what names it: whose, which part of the battery, which form, and the hash of its bytes."""

    sitting: int
    attempt: int
    n: int
    form: str
    sheet: str

    def leaf(self) -> bytes:
        """Write the leaf of the tree: it names the sheet and tells no answer, so that it may be shown to anybody."""
        return canonical(
            {"sitting": self.sitting, "attempt": self.attempt, "n": self.n, "form": self.form, "sheet": self.sheet}
        )


@dataclass(frozen=True)
class Seal:
    """What is signed of a session: who, when, where, how many, and the root over all of its sheets."""

    agency: UUID
    wave: UUID
    session: UUID
    room: str
    starts: str
    ends: str
    booked: int
    present: int
    n: int
    size: int
    root: str
    key: str
    at: str
    replaces: str | None

    def record(self) -> bytes:
        """Write the canonical bytes that are signed."""
        said = {name: str(value) if isinstance(value, UUID) else value for name, value in vars(self).items()}
        return canonical({"schema": SCHEMA, **said})


def _split(size: int) -> int:
    """Give the largest power of two below ``size``, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(tree: Sequence[bytes], place: int) -> list[bytes]:
    """Give the hashes that lead from a leaf to the root, the lowest first (RFC 6962, 2.1.1).

    Raises IndexError for a place that the tree does not have.
    """
    if not 0 <= place < len(tree):
        raise IndexError(place)
    if len(tree) == 1:
        return []
    k = _split(len(tree))
    if place < k:
        return [*inclusion_proof(tree[:k], place), tree_root(tree[k:])]
    return [*inclusion_proof(tree[k:], place - k), tree_root(tree[:k])]


def is_included(leaf: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a leaf hash stands at a place of the tree of this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= place < size:
        return False
    node, last, found = place, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node % 2 or node == last:
            found = node_hash(step, found)
            while not node % 2 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(tree: Sequence[bytes], size: int) -> list[bytes]:
    """Give the hashes that show that the tree begins with its first ``size`` leaves (RFC 6962, 2.1.2).

    Raises IndexError for a size that is none of an earlier tree: 0 needs no proof.
    """
    if not 0 < size <= len(tree):
        raise IndexError(size)
    return _subproof(tree, size, whole=True)


def _subproof(tree: Sequence[bytes], size: int, *, whole: bool) -> list[bytes]:
    if size == len(tree):
        return [] if whole else [tree_root(tree)]
    k = _split(len(tree))
    if size <= k:
        return [*_subproof(tree[:k], size, whole=whole), tree_root(tree[k:])]
    return [*_subproof(tree[k:], size - k, whole=False), tree_root(tree[:k])]


def extends(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Tell whether a tree, given as (size, root), begins with all leaves of an older one (RFC 9162, 2.1.4.2)."""
    (old_size, old_root), (size, root) = old, new
    if not 0 < old_size < size:
        return old_size <= size and not proof and (old_size == 0 or old_root == root)
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    node, last = old_size - 1, size - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    return bool(steps) and _climb(steps, node, last) == (old_root, root)


def _climb(steps: Sequence[bytes], node: int, last: int) -> tuple[bytes, bytes] | None:
    """Follow a consistency proof upwards; gives the roots of the old and the new tree, or nothing if it is none."""
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if node % 2 or node == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not node % 2 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, step)
        node, last = node >> 1, last >> 1
    return (before, after) if last == 0 else None


def pack(members: Iterable[Member]) -> Iterator[bytes]:
    """Write files as a zip, piece by piece: stored, without dates, so that the same files are the same bytes.

    Refuses with TooMuch what does not fit one archive.
    """
    central, files, at = bytearray(), 0, 0
    for member in members:
        name, size = member.name.encode("ascii"), len(member.content)
        before, line = headers(name, zlib.crc32(member.content), size, at)
        central += line
        files, at = files + 1, at + len(before) + size
        if files > MOST_FILES or at + len(central) > MOST_BYTES:
            raise TooMuch
        yield before
        yield member.content
    yield tail(bytes(central), files, at)
