"""Archives made by hand, so that anything can be wrong with them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessment_app.exam.rules import receipt_code
from assessment_app.sealing import rules, verifier
from assessment_app.sealing.actions import Signer
from assessment_app.sealing.rules import SealedPart
from assessment_app.sealing.verifier import Member, leaf_hash, tree_root
from scoring_engine.canonical import canonical, digest

SESSION, OTHER = UUID(int=1), UUID(int=2)


@dataclass
class Written:
    """One session: its sheets in the order of the tree, and how many of them each seal has."""

    session: UUID = SESSION
    people: int = 3
    parts: int = 2
    sizes: Sequence[int] = ()
    signer: Signer = field(default_factory=lambda: Signer(Ed25519PrivateKey.generate()))

    def bodies(self) -> list[bytes]:
        """Write the sheets, person by person."""
        first, same = self.session.int * 1000, {"schema": "proasn/sheet/1", "form": "ab" * 32}
        return [
            canonical({"attempt": first + n, "answers": {"i1": n, "i2": "é"}, **same})
            for n in range(self.people * self.parts)
        ]

    def leaves(self) -> list[SealedPart]:
        """Name the sheets."""
        return [
            SealedPart(n // self.parts + 1, self.session.int * 1000 + n, n % self.parts + 1, "ab" * 32, digest(body))
            for n, body in enumerate(self.bodies())
        ]

    def receipt(self, person: int) -> str:
        """Give the code on a participant's screen."""
        return receipt_code([one.sheet for one in self.leaves() if one.sitting == person])

    def seals(self) -> list[tuple[bytes, str]]:
        """Sign the tree, once for each size."""
        tree, made, before = [leaf_hash(one.leaf()) for one in self.leaves()], [], None
        for n, size in enumerate(self.sizes or [len(tree)], 1):
            record = rules.Seal(
                agency=UUID(int=9), wave=UUID(int=8), session=self.session, room="Lab 1", starts="a", ends="b",
                booked=4, present=3, n=n, size=size, root=tree_root(tree[:size]).hex(), key=self.signer.key_id, at="c",
                replaces=before,
            ).record()  # fmt: skip
            before = hashlib.sha256(record).hexdigest()
            made.append((record, self.signer.sign(record)))
        return made

    def files(self) -> dict[str, bytes]:
        """Give the files of the session by name."""
        place, leaves = f"sessions/{self.session}", [one.leaf() for one in self.leaves()]
        found: dict[str, bytes] = {}
        for n, (record, signature) in enumerate(self.seals(), 1):
            found |= {f"{place}/seals/{n:04}.json": record, f"{place}/seals/{n:04}.sig": signature.encode()}
        return found | {
            f"{place}/tree.txt": b"".join(leaf_hash(one).hex().encode() + b"\n" for one in leaves),
            f"{place}/leaves.jsonl": b"".join(one + b"\n" for one in leaves),
            f"{place}/sheets.jsonl": b"".join(one + b"\n" for one in self.bodies()),
        }


def listing(*sessions: UUID) -> dict[str, bytes]:
    """Give the file that names the sessions of an archive."""
    return {"archive.json": canonical({"schema": "proasn/seal-archive/1", "sessions": sorted(map(str, sessions))})}


def packed(files: dict[str, bytes]) -> bytes:
    """Put files into an archive."""
    return b"".join(rules.pack(Member(name, content) for name, content in files.items()))


def whole(written: Written) -> dict[str, bytes]:
    """Give the files of an archive of one session."""
    return listing(written.session) | written.files()


class Auditor:
    """Somebody with a computer of their own: Python, ``cryptography``, the verifier and a key, nothing else of ours."""

    def __init__(self, folder: Path, *keys: str) -> None:
        self.folder = folder
        shutil.copy(str(verifier.__file__), folder / "verifier.py")
        for n, pem in enumerate(keys):
            (folder / f"key{n}.pem").write_text(pem)
        self.keys = [word for n in range(len(keys)) for word in ("--key", f"key{n}.pem")]

    def verify(self, archive: bytes, *more: str) -> tuple[int, str]:
        """Run the verifier on an archive; gives exit code and what it says. It never ends with a traceback."""
        (self.folder / "arsip.zip").write_bytes(archive)
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PRO_ASN"))}
        command = [sys.executable, "-P", "verifier.py", "arsip.zip", *self.keys, *more]
        done = subprocess.run(command, cwd=self.folder, env=own, capture_output=True, timeout=60, check=False)
        said = (done.stdout + done.stderr).decode()
        assert "Traceback" not in said, said
        return done.returncode, said
