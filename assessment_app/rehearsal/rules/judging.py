"""Says what went wrong, from what was witnessed and what the stores hold. Shares no rule with the product.

lost       the server promised a change, and the log does not hold it
not counted  the client was told that it counts, or it came in time, and it does not
invented   the log holds a change that nobody made
vanished   a change was kept on a computer and is nowhere: not promised, not replaced, not there
sheet      not sealed exactly once, or not the newest counting answers, or its hash or its totals are wrong
receipt    a receipt does not name the sheets
stopped    a participant got an answer that the protocol does not foresee
work       a sheet's scoring job or score is missing or doubled
"""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from collections.abc import Iterator
from typing import NamedTuple

from assessment_app.rehearsal.rules.evidence import COUNTS, REFUSED, Evidence, Logged, Paper
from assessment_app.rehearsal.rules.witness import Said, Witness, Witnessed, written

COMMIT_MS = 5000
"""How long a save may wait for its commit (``PRO_ASN_QUEUE_PATIENCE_MS``): one that waits while the sweep closes is
late, and its client hears so.
"""


class Finding(NamedTuple):
    """One thing that must not be."""

    kind: str
    nip: str
    what: str


def judge(witness: Witness, found: Evidence) -> list[Finding]:
    """List everything that must not be."""
    strangers = (set(found.log) | set(found.papers)) - set(witness.people)
    findings = [Finding("invented", nip, "a sitting of somebody who never came") for nip in strangers]
    findings += [Finding("stopped", nip, what) for nip, what in witness.stopped.items()]
    for nip, person in witness.people.items():
        log, papers = found.log.get(nip, []), found.papers.get(nip, [])
        said = [
            *lost(person, log), *not_counted(person, log, papers), *invented(person, log), *vanished(person, log),
            *sheets(log, papers), *receipts(person, papers), *work(papers),
        ]  # fmt: skip
        findings += [Finding(kind, nip, what) for kind, what in said]
    return findings


Told = Iterator[tuple[str, str]]


def lost(person: Witnessed, log: list[Logged]) -> Told:
    """Find what was acknowledged and is not in the log."""
    held = {row.said for row in log}
    for said in person.acknowledged:
        if said not in held:
            yield "lost", f"{said} was acknowledged"


def not_counted(person: Witnessed, log: list[Logged], papers: list[Paper]) -> Told:
    """Find what stands aside though the client heard otherwise, or though it came before deadline and grace."""
    late = 0 if person.clock_was_wrong else 1
    closes = {paper.part: paper.deadline_ms + late * paper.grace_ms - COMMIT_MS for paper in papers}
    for row in log:
        if row.standing in (*COUNTS, REFUSED):
            continue
        part = row.said.part
        if row.said in person.told_to_count:
            yield "not counted", f"{row} was acknowledged as one that counts"
        elif row.received_ms <= min(closes[part], person.finish_asked_ms.get(part, closes[part])):
            yield "not counted", f"{row} came in time"


def invented(person: Witnessed, log: list[Logged]) -> Told:
    """Find what is in the log and was never sent; of a change that did not fit its item, only its number is there."""
    numbers = {(said.epoch, said.seq, said.part) for said in person.sent}
    for row in log:
        known = (row.said.epoch, row.said.seq, row.said.part) in numbers if row.standing == REFUSED else (
            row.said in person.sent
        )  # fmt: skip
        if not known:
            yield "invented", str(row)


def vanished(person: Witnessed, log: list[Logged]) -> Told:
    """Find what a computer had kept and what is neither there nor anywhere else now."""
    held = {row.said for row in log}
    somewhere = person.on_computers | set(person.acknowledged.values()) | person.replaced
    for uid in person.kept - somewhere:
        made = person.made[uid]
        if not any((one.seq, one.item) == (made["seq"], made["item"]) for one in held):
            yield "vanished", str(made)


def newest(log: list[Logged], part: int) -> dict[str, Said]:
    """Give the newest change of each item of a part that counts."""
    found: dict[str, Said] = {}
    for row in log:
        said = row.said
        if said.part == part and row.standing in COUNTS:
            found[said.item] = max(found.get(said.item, said), said, key=lambda one: (one.epoch, one.seq))
    return found


def sheets(log: list[Logged], papers: list[Paper]) -> Told:
    """Find sheets that are not what was answered."""
    for paper in papers:
        if paper.seals != 1 or not paper.body:
            yield "sheet", f"part {paper.part} was sealed {paper.seals} times"
            continue
        wanted = {item: said.response for item, said in newest(log, paper.part).items() if said.response != "null"}
        body = json.loads(paper.body)
        got = {item: written(response) for item, response in body["answers"].items()}
        if got != wanted:
            differ = sorted(item for item in got | wanted if got.get(item) != wanted.get(item))
            yield "sheet", f"part {paper.part}: {differ} are not the newest answers"
        named = (body["attempt"], body["form"], body["key_seal"])
        if named != (paper.attempt_id, paper.form_id, paper.key_seal) or paper.answered != len(got):
            yield "sheet", f"part {paper.part} names {named} and {paper.answered} answers"
        if hashlib.sha256(paper.body).hexdigest() != paper.sha256:
            yield "sheet", f"part {paper.part} does not have its hash"


def receipts(person: Witnessed, papers: list[Paper]) -> Told:
    """Find a receipt that does not name the sheets."""
    if person.receipt is None:
        return
    hashes = [paper.sha256 for paper in sorted(papers, key=lambda one: one.part)]
    letters = b32encode(hashlib.sha256("\n".join(hashes).encode()).digest()[:10]).decode()
    code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    if [sheet["sha256"] for sheet in person.receipt["sheets"]] != hashes or person.receipt["receipt_code"] != code:
        yield "receipt", f"{person.receipt} is not {code} of {hashes}"


def work(papers: list[Paper]) -> Told:
    """Find sheets that were not scored exactly once."""
    for paper in papers:
        if (paper.jobs, paper.jobs_done, paper.scores) != (1, 1, 1):
            yield "work", f"part {paper.part}: {paper.jobs} jobs, {paper.jobs_done} done, {paper.scores} scores"
