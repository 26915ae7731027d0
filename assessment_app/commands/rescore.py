"""``proasn rescore``: what corrected keys would change in a wave, and whatever is still missing asked for again."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.orm import Session

from assessment_app.commands.psychometrics.results import say
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock, queue
from assessment_app.platform.db import EXAM, transaction
from assessment_app.platform.errors import NotFound
from assessment_app.rescoring.actions.delivering import score_again
from assessment_app.rescoring.queries import versions as queries
from assessment_app.rescoring.queries.versions import Version
from assessment_app.rescoring.rules import Changed, Comparison
from assessment_app.scheduling.models import Wave
from scoring_engine.canonical import canonical


@click.command()
@click.option("--wave", "wave_id", type=click.UUID, required=True)
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="write the whole comparison here")
@click.option("--again", is_flag=True, help="ask the workers for whatever is still missing")
def rescore(wave_id: UUID, file: Path | None, again: bool) -> None:
    """Compare what counts in a wave with what other keys of its forms lead to. Decides nothing: two people do."""
    open_stores(EXAM)
    with transaction(reads_only=not again) as db:
        found = _compared(db, wave_id)
        for one in found if again else ():
            if one[0].correction is not None:
                _ask(db, one[0])
    if again:
        queue.wake()
    if file is not None:
        file.write_bytes(canonical({"schema": "proasn/rescore/1", "versions": [_document(*one) for one in found]}))
    for version, compared in found:
        _tell(version, compared)


def _compared(db: Session, wave_id: UUID) -> list[tuple[Version, Comparison]]:
    wave = db.get(Wave, wave_id)
    if wave is None:
        raise NotFound("Gelombang ini tidak ada.")
    found = queries.versions(db, wave.agency_id, wave_id)
    if not found:
        raise NotFound("Tidak ada kunci yang diperbaiki untuk formulir gelombang ini.")
    return [(one, queries.comparison(db, one)) for one in found]


def _ask(db: Session, version: Version) -> None:
    now, form_id = clock.now(), version.form.form_id
    score_again(db, form_id, now)
    sittings = queries.sittings_with(db, version.wave.wave_id, form_id)
    queue.enqueue_many(db, "compare_versions", map(str, sittings), now)


def _tell(version: Version, compared: Comparison) -> None:
    state = "berlaku" if version.counts else f"{len(compared.people)} dari {compared.awaited} dibandingkan"
    say(f"{version.form.code} versi {version.n} {version.key_seal[:12]}: {state}")
    if version.counts:
        return
    changed = compared.changed
    say(f"  berubah: {len(changed)} orang, {compared.signed_changed} di antaranya sudah ditandatangani")
    for one in changed:
        said = canonical(one.change).decode()
        say(f"  NIP {one.nip} (peserta {one.sitting_id}){' bertanda tangan' if one.signed else ''}: {said}")


def _document(version: Version, compared: Comparison) -> dict[str, object]:
    return {
        "form": version.form.code, "version": version.n, "key_seal": version.key_seal, "counts": version.counts,
        "awaited": compared.awaited, "compared": len(compared.people),
        "people": [_person(one) for one in compared.changed],
    }  # fmt: skip


def _person(one: Changed) -> dict[str, object]:
    return {"nip": one.nip, "sitting": one.sitting_id, "signed": one.signed, "change": one.change}
