"""Seals from the command line: check them in the store or in an archive, write archives, hand out the public key."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from assessment_app.commands.accounts import operator
from assessment_app.commands.psychometrics.results import say, show, write_pieces
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import EXAM, transaction
from assessment_app.platform.errors import Invalid, NotFound
from assessment_app.sealing import actions, queries, rules, verifier
from assessment_app.sealing.verifier import Unreadable

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
SESSION = click.option("--session", "session_id", type=click.UUID, help="one session")
WAVE = click.option("--wave", "wave_id", type=click.UUID, help="every sealed session of a wave")

WITHOUT_KEY = "Kunci diambil dari penyimpanan itu sendiri. Untuk bukti, beri kunci publik yang Anda simpan: --key"


@click.command()
@click.argument("archive", type=FILE, required=False)
@click.option("--key", "keys", type=FILE, multiple=True, help="public key in PEM; needed for an archive")
@click.option("--receipt", default="", help="the code on a participant's screen")
@SESSION
@WAVE
def verify(
    archive: Path | None, keys: tuple[Path, ...], receipt: str, session_id: UUID | None, wave_id: UUID | None
) -> None:
    """Check an ARCHIVE, a session, a wave or a receipt; exit code 1 when something does not hold."""
    code = receipt.strip().upper()
    if (archive, session_id, wave_id).count(None) < 2 or not (archive or session_id or wave_id or code):
        raise click.UsageError("Name one: an archive, --session, --wave, or --receipt alone.")
    if archive is not None and not keys:
        raise click.UsageError("An archive is checked with a key that did not come with it: --key FILE.")
    try:
        given = [verifier.read_key(path.read_bytes()) for path in keys]
    except Unreadable as refused:
        raise Invalid(f"--key: {refused}") from refused
    trusted = {verifier.key_id(key): key for key in given}
    if archive is not None:
        with archive.open("rb") as file:
            sys.exit(verifier.tell(verifier.check(verifier.unpack(file), trusted), code, click.echo))
    open_stores(EXAM)
    with transaction(reads_only=True) as db:
        sys.exit(_verify_stored(db, _chosen(db, session_id, wave_id, code), trusted, code))


def _chosen(db: Session, session_id: UUID | None, wave_id: UUID | None, code: str = "") -> list[UUID]:
    """Name the sealed sessions that are meant; refuses with NotFound when none of them has a seal."""
    if wave_id is not None:
        found = queries.sessions_of(db, wave_id)
    else:
        found = [queries.session(db, session_id or queries.session_of_receipt(db, code))]
    unsealed = [one.session_id for one, is_sealed in found if not is_sealed]
    for one in unsealed:
        say(f"sesi {one}: belum disegel; sesi disegel setelah usai dan semua lembarnya ada")
    if len(unsealed) == len(found):
        raise NotFound("Belum ada sesi yang disegel di sini.")
    return [one.session_id for one, is_sealed in found if is_sealed]


def _verify_stored(db: Session, session_ids: Sequence[UUID], trusted: Mapping[str, Ed25519PublicKey], code: str) -> int:
    if not trusted:
        say(WITHOUT_KEY)
        trusted = {one.key_id: verifier.read_key(one.pem.encode()) for one in queries.keys(db)}
    return verifier.tell(verifier.check(queries.archive(db, session_ids), trusted), code, click.echo)


@click.group()
def seal() -> None:
    """Archives of sealed sheets, and the key they are checked with."""


@seal.command()
@click.argument("file", type=OUT)
@SESSION
@WAVE
def export(file: Path, session_id: UUID | None, wave_id: UUID | None) -> None:
    """Write sheets, trees, seals and public key to FILE, a zip; the same seals give the same bytes."""
    if (session_id is None) == (wave_id is None):
        raise click.UsageError("Name one: --session or --wave.")
    open_stores(EXAM)
    with transaction() as db:
        session_ids = _chosen(db, session_id, wave_id)
        actions.tell_export(db, [queries.session(db, one)[0] for one in session_ids], operator(), clock.now())
    with transaction(reads_only=True) as db:
        try:
            write_pieces(file, rules.pack(queries.archive(db, session_ids)))
        except rules.TooMuch as error:
            raise Invalid("That is too much for one archive. Export the sessions one by one: --session") from error
    say(f"{len(session_ids)} sesi ditulis ke {file}. Isinya jawaban orang: simpan seperti Anda menyimpan datanya.")


@seal.command()
@click.option("--out", type=OUT, help="write to a file instead of standard output")
def key(out: Path | None) -> None:
    """Give the public keys that seals of this installation are checked with, the newest last."""
    open_stores(EXAM)
    with transaction(reads_only=True) as db:
        found = queries.keys(db)
    if not found:
        raise NotFound("There is no seal key yet. Run: proasn migrate")
    for one in found:
        say(f"{verifier.grouped(one.key_id)}  sejak {one.at:%Y-%m-%d %H:%M} UTC")
    if out is None:
        show("".join(one.pem for one in found))
    elif len(found) == 1:
        write_pieces(out, [found[0].pem.encode()])
    else:
        for one in found:
            write_pieces(out.with_name(f"{out.stem}-{one.key_id[:8]}{out.suffix}"), [one.pem.encode()])
