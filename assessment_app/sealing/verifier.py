"""Checks an archive of sealed answer sheets, alone: ``python verifier.py ARSIP --key KUNCI.pem [--receipt KODE]``.

It needs Python and ``cryptography``, believes nothing before it is proven, unpacks nothing to the disk, and ends with 0
when all holds, 1 when something does not, 2 when it cannot begin. ``proasn verify`` runs this code (docs/sealing.md).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import struct
import sys
import zlib
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

SIGNED = b"proasn/seal/1\n"  # says what is signed: no signature of something else can stand for a seal's

UUID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_SESSION = rf"sessions/{UUID.pattern.decode()}/"
KINDS = [(re.compile(kind), 1 << bits) for kind, bits in (
    (r"archive\.json", 24), (r"keys/[0-9a-f]{32}\.pem", 10), (_SESSION + r"seals/[0-9]{4}\.json", 14),
    (_SESSION + r"seals/[0-9]{4}\.sig", 10), (_SESSION + r"tree\.txt", 26), (_SESSION + r"leaves\.jsonl", 28),
    (_SESSION + r"sheets\.jsonl", 29),
)]  # fmt: skip
"""The only names that an archive may hold, and how many bytes each: nothing else is read, so nothing can hide."""

NAMES = ("tree.txt", "leaves.jsonl", "sheets.jsonl")
HASH, SIGNER = re.compile(rb"[0-9a-f]{64}"), re.compile(rb'"key":"([0-9a-f]{32})"')
LEAF = re.compile(rb'{"attempt":\d{1,19},"form":"[0-9a-f]{64}","n":\d{1,4},"sheet":"[0-9a-f]{64}","sitting":\d{1,19}}')


class Unreadable(Exception):
    """The archive, or a key, cannot be read to its end; the message is Indonesian and says where."""


def leaf_hash(content: bytes) -> bytes:
    """Hash a leaf as RFC 6962 does; takes any bytes, returns 32."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two hashes of 32 bytes into the node above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes, RFC 6962 section 2.1: level by level, where one without a neighbour goes up."""
    level = list(hashes)
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[2 * len(pairs) :]
    return level[0] if level else hashlib.sha256(b"").digest()


def key_id(key: Ed25519PublicKey) -> str:
    """Name a key by its hash: 32 hexadecimal digits that can be compared with a printed record."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def read_key(pem: bytes) -> Ed25519PublicKey:
    """Read a public key in PEM; refuses with Unreadable what is none."""
    key: object = None
    with suppress(ValueError, UnsupportedAlgorithm):
        key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise Unreadable("kunci bukan kunci publik Ed25519 dalam PEM")
    return key


def holds(key: Ed25519PublicKey, record: bytes, signature: bytes) -> bool:
    """Tell whether a seal's record was signed with this key; the signature is in hexadecimal digits."""
    with suppress(InvalidSignature, ValueError):
        key.verify(bytes.fromhex(signature.decode("ascii")), SIGNED + record)
        return True
    return False


def grouped(digits: str, mark: str = " ") -> str:
    """Part digits into groups of four, as people compare them."""
    return mark.join(digits[i : i + 4] for i in range(0, len(digits), 4))


def receipts(leaves: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Give the code on each participant's screen, the hash of the sheets' hashes by part, with what it stands for."""
    found = dict[str, list[dict[str, Any]]]()
    for _sitting, group in groupby(sorted(leaves, key=itemgetter("sitting", "n")), itemgetter("sitting")):
        parts = list(group)
        digest = hashlib.sha256("\n".join(one["sheet"] for one in parts).encode()).digest()
        found[grouped(b32encode(digest[:10]).decode(), "-")] = parts
    return found


class Member(NamedTuple):
    """One file of an archive; not intact if its checksum says that it changed after it was put there."""

    name: str
    content: bytes
    intact: bool = True


def headers(name: bytes, checksum: int, size: int, at: int) -> tuple[bytes, bytes]:
    """Write what stands before a file in the zip, and its line in the list at the end; ``at`` is where it begins."""
    facts = (0, 0, 0, 33, checksum, size, size, len(name))  # stored, without a date
    before = struct.pack("<4s5H3L2H", b"PK\3\4", 20, *facts, 0) + name
    return before, struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *facts, 0, 0, 0, 0, 0, at) + name


def tail(central: bytes, files: int, at: int) -> bytes:
    """Write the list at the end, and the end itself."""
    return central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, files, files, len(central), at, 0)


def unpack(file: BinaryIO) -> Iterator[Member]:
    """Read a zip exactly as ours are written, a file at a time; refuses with Unreadable any other byte."""
    central, files, at, where = bytearray(), 0, 0, "di awal"
    while (head := file.read(30))[:4] == b"PK\3\4":
        name, content, checksum = _member(file, head, where)
        central += headers(name.encode(), checksum, len(content), at)[1]
        files, at, where = files + 1, at + 30 + len(name) + len(content), f"setelah {name}"
        yield Member(name, content, zlib.crc32(content) == checksum)
    wanted = tail(bytes(central), files, at)
    rest = head + file.read(len(wanted) + 1)
    if rest != wanted:
        cut = files and (wanted.startswith(rest) or b"PK\3\4".startswith(rest))
        raise Unreadable(f"arsip terpotong {where}" if cut else f"arsip rusak {where}, atau bukan arsip segel")


def _member(file: BinaryIO, head: bytes, where: str) -> tuple[str, bytes, int]:
    checksum, size, length = struct.unpack("<14xLL4xHxx", head.ljust(30, b"\0"))
    name = file.read(min(length, 200)).decode("ascii", "replace")
    most = next((limit for kind, limit in KINDS if kind.fullmatch(name)), -1)
    if len(head) < 30 or len(name) < length <= 200:
        raise Unreadable(f"arsip terpotong {where}")
    if size > most or head + name.encode() != headers(name.encode(), checksum, size, 0)[0]:
        raise Unreadable(f"arsip rusak {where}: berkas {name!r} tidak dikenal, terlalu besar, atau kepalanya berubah")
    content = file.read(size)
    if len(content) < size:
        raise Unreadable(f"arsip terpotong di dalam {name}")
    return name, content, checksum


@dataclass
class Verdict:
    """What was found about one session, or, where ``session`` is empty, about the archive as a whole."""

    session: str
    wrong: list[str] = field(default_factory=list)
    record: dict[str, Any] = field(default_factory=dict)
    leaves: list[dict[str, Any]] = field(default_factory=list)


def check(members: Iterable[Member], keys: Mapping[str, Ed25519PublicKey]) -> Iterator[Verdict]:
    """Judge an archive session by session; the last verdict is about the whole. Keeps one session in memory."""
    whole, promised, seen = Verdict(""), list[str](), Counter[str]()
    try:
        for session, group in groupby(members, lambda one: one.name.split("/")[1] if "sessions/" in one.name else ""):
            files = list(group)
            whole.wrong += [f"{one.name}: berubah setelah arsip dibuat" for one in files if not one.intact]
            if session:
                seen[session] += 1
                yield _Session(session, files, keys).judge()
            else:
                promised += [one.decode() for one in UUID.findall(files[0].content)]
    except Unreadable as broken:
        whole.wrong.append(str(broken))
    whole.wrong += [] if promised else ["archive.json tidak menyebut satu sesi pun"]
    whole.wrong += [f"sesi {one} tidak ada, atau tidak utuh, dalam arsip" for one in promised if one not in seen]
    whole.wrong += [f"sesi {one} ganda atau tidak terdaftar" for one in seen if seen[one] > 1 or one not in promised]
    yield whole


def _compare(expected: Sequence[bytes], found: Sequence[bytes]) -> Iterator[tuple[int, int, str]]:
    """Yield (place, line, what is wrong): a place of what was expected, and -1 for a line too many."""
    wanted, left, i, j = set(expected), Counter(found), 0, 0
    expected, found = [*expected, b""], [*found, b""]
    while (pair := (expected[i], found[j])) != (b"", b""):
        mine, theirs = pair
        extra = not mine or (mine != theirs and left[mine] > 0)
        gone = not extra and mine != theirs and (not theirs or theirs in wanted)
        if extra:
            yield -1, j, "ganda atau tidak pada tempatnya" if theirs in wanted else "tidak ada di dalam segel"
        elif mine != theirs:
            yield i, j, "tidak ada" if gone else "isinya berubah"
        i, j, left[theirs] = i + (not extra), j + (not gone), left[theirs] - (not gone)


class _Session:
    """The files of one session, as they are compared with each other and with a key."""

    def __init__(self, session: str, files: Sequence[Member], keys: Mapping[str, Ed25519PublicKey]) -> None:
        self.verdict, self.keys = Verdict(session), keys
        self.note = self.verdict.wrong.append
        self.files = {one.name.split("/", 2)[2]: one.content for one in files}
        if len(self.files) < len(files) or not self.files.keys() >= set(NAMES):
            self.note(f"berkas {', '.join(NAMES)} harus ada, masing-masing satu")
        listed, self.leaves, self.sheets = ([x for x in self.files.get(one, b"").split(b"\n") if x] for one in NAMES)
        self.tree = [bytes.fromhex(line.decode()) for line in listed if HASH.fullmatch(line)]
        self.own = [leaf_hash(line) for line in self.leaves]

    def judge(self) -> Verdict:
        seals = sorted(name for name in self.files if name.endswith(".json")) or [""]
        for n, name in enumerate(seals, 1):
            self.check_seal(n, name, hashlib.sha256(self.files[seals[n - 2]]).hexdigest() if n > 1 else None)
        if self.verdict.record.get("size", len(self.tree)) < len(self.tree):
            self.note("ada lembar di luar segel terakhir dalam arsip: segel yang lebih baru tidak ada")
        if b"".join(b"%s\n" % one.hex().encode() for one in self.tree) != self.files.get("tree.txt"):
            self.note("tree.txt berubah")
        for place, line, what in _compare(self.tree, self.own):
            self.note(f"leaves.jsonl, {f'catatan ke-{place + 1}' if place >= 0 else f'baris {line + 1}'}: {what}")
        known = {key: line for key, line in zip(self.own, self.leaves, strict=True) if LEAF.fullmatch(line)}
        self.verdict.leaves = [json.loads(known[one]) for one in self.tree if one in known]
        self.check_sheets()
        return self.verdict

    def check_seal(self, n: int, name: str, before: str | None) -> None:
        record, words = self.files.get(name, b""), f"segel ke-{n}"
        signer = SIGNER.search(record)
        key = signer and self.keys.get(signer[1].decode())
        if name != f"seals/{n:04}.json":
            self.note(f"{words} tidak ada")
        elif key is None:
            self.note(f"{words} dibuat dengan kunci lain, bukan kunci yang diberikan: {signer and signer[1].decode()}")
        elif not holds(key, record, self.files.get(f"seals/{n:04}.sig", b"")):
            self.note(f"{words}: tanda tangan tidak sah; segel atau tanda tangannya berubah")
        else:
            self.follow(json.loads(record), (self.verdict.session, n, before))

    def follow(self, record: dict[str, Any], expected: tuple[str, int, str | None]) -> None:
        self.verdict.record, size, root = record, record["size"], record["root"]
        if (record["session"], record["n"], record["replaces"]) != expected:
            self.note(f"segel ke-{expected[1]} milik sesi lain, atau bukan lanjutan segel sebelumnya")
        if tree_root(self.own[:size]).hex() == root:
            self.tree = self.tree if self.tree[:size] == self.own[:size] else self.own
        elif tree_root(self.tree[:size]).hex() != root:
            self.note(f"pohon lembar tidak menghasilkan akar yang ditandatangani segel ke-{expected[1]}")

    def check_sheets(self) -> None:
        name = "lembar {attempt} (peserta {sitting}, bagian {n})"
        named = {bytes.fromhex(one["sheet"]): name.format_map(one) for one in self.verdict.leaves}
        expected, found = list(named), [hashlib.sha256(line).digest() for line in self.sheets]
        for place, line, what in _compare(expected, found):
            which = expected[place] if place >= 0 else found[line]
            self.note(f"{named.get(which, f'sheets.jsonl baris {line + 1}')}: {what}")


def tell(verdicts: Iterable[Verdict], receipt: str, say: Callable[[str], object]) -> int:
    """Say each verdict in Indonesian, and what became of a receipt if there is one; gives the exit code, 0 or 1."""
    bad, sheets, found = 0, 0, ""
    for one in verdicts:
        bad, sheets = bad + len(one.wrong), sheets + len(one.leaves)
        if one.session:
            seal = "segel ke-{n}, akar {root}, {room}".format_map(one.record) if one.record else "segel tidak terbukti"
            say(f"sesi {one.session}: {'TIDAK ' if one.wrong else ''}SAH, {len(one.leaves)} lembar, {seal}")
        for words in one.wrong:
            say(f"  SALAH: {words}")
        if receipt and (parts := receipts(one.leaves).get(receipt)):
            found = f"peserta {parts[0]['sitting']}, {len(parts)} lembar, sesi {one.session}"
    if receipt:
        bad += not found
        say(f"Tanda terima {receipt}: {found or 'SALAH: tidak ada pada lembar yang disegel'}")
    say(f"{f'TIDAK SAH: {bad} kesalahan' if bad else 'SAH'}; {sheets} lembar diperiksa.")
    return int(bad > 0)


def _say(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")  # a console of another encoding must not end the check


def main() -> int:
    """Run from the command line; gives the exit code."""
    asked = argparse.ArgumentParser(description="Memeriksa arsip lembar jawaban yang disegel.")
    asked.add_argument("archive", type=Path, help="arsip (.zip) yang diperiksa")
    asked.add_argument("--key", type=Path, action="append", required=True, help="kunci publik (PEM), satu atau lebih")
    asked.add_argument("--receipt", default="", help="kode tanda terima seorang peserta")
    given = asked.parse_args()
    try:
        keys = {key_id(key): key for key in (read_key(path.read_bytes()) for path in given.key)}
        with given.archive.open("rb") as file:
            return tell(check(unpack(file), keys), given.receipt.strip().upper(), _say)
    except (Unreadable, OSError) as error:
        sys.stderr.write(f"Tidak dapat memeriksa: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
