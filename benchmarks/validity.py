"""Write docs/validity.md from certificates of rehearsals: ``python -m benchmarks.validity CERTIFICATE.json ...``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

PAGE = Path(__file__).parents[1] / "docs" / "validity.md"

WORDS = """# Validity: what simulated people can show

Written by `python -m benchmarks.validity` from certificates of `proasn rehearse`. Invented people have true values on
every construct; they answer by the item models of the forms, think as long as a lognormal model says, leave items
blank, come back to some, and run out of time. Then everything goes the real way: the exam protocol, the answer log,
sealed sheets, scoring, placement. What comes out is compared with what is true.

**What this shows:** that keys, parameters, estimators, levels, matches, composites and boxes fit together, and that a
stated probability means what it says: of everything that is stated at 80 %, about 80 % is so.

**What this does not show:** that the items measure what they are said to measure, that the assumed parameters are
those of real people, that levels and cut scores are where a panel would set them, or that a result predicts anything.
The content is demonstration content; parameters are assumed. Only data of real people can show those. The population
is assumed too: mean 0 and variance 1, constructs of one instrument correlating at .60 and others at .35 within a job
level, higher levels a little higher.

**What constructs share:** each construct is estimated with a prior of its own, as if constructs did not go together.
What is put together of several, the composite of potential and the match of the competencies, knows better, by two
assumed correlations of .4 ([decision 31](decisions/0031-parts-that-go-together.md)); the invented people have others.

Left out: people who click through without reading (2 %); no model speaks of them, and their effort flag says so.
Evidence (performance and the rest) is taken as known: its own errors are not in the probabilities of a box, nor here.
"""


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Write a table."""
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""


def part(document: dict[str, Any]) -> Iterator[str]:
    """Write what one rehearsal found."""
    told, found = document["told"], document["validity"]
    yield f"## {document['figures']['sittings']:,} people, {told['store']}, seed {told['seed']}"
    yield ""
    seats, name = document["people"]["seats"], document["sha256"][:16]
    yield f"`proasn rehearse --seed {told['seed']}`, {seats:,} seats; certificate `{name}`"
    yield ""
    yield "Estimates beside true values; RMSE in logits. A prior draws estimates of short scales towards the middle."
    yield ""
    yield from table(("construct", "people", "correlation", "RMSE"), (
        (one["construct"], str(one["people"]), f"{one['correlation']:.3f}", f"{one['rmse']:.3f}")
        for one in found["constructs"]
    ))  # fmt: skip
    for one in found["boxes"]:
        yield f"### Boxes, definition `{one['definition']}`"
        yield ""
        yield (f"{100 * one['right']:.1f} % of {one['people']} people are in the box that is truly theirs; "
               f"stated on average: {100 * one['stated']:.1f} %.")  # fmt: skip
        yield ""
        yield from table(("stated", "boxes", "stated on average", "so", "standard error", "off by"), (
            (f"{one['low']:.2f} to {one['high']:.2f}", str(one["count"]), f"{one['stated']:.3f}", f"{one['right']:.3f}",
             f"{one['error']:.3f}", f"{(one['right'] - one['stated']) / max(one['error'], 1e-9):+.1f} errors")
            for one in one["bins"]
        ))  # fmt: skip


@click.command()
@click.argument("certificates", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def main(certificates: tuple[Path, ...]) -> None:
    """Write the page anew."""
    lines = [WORDS]
    for path in certificates:
        lines += part(json.loads(path.read_text()))
    PAGE.write_text("\n".join(lines).rstrip() + "\n")


if __name__ == "__main__":
    main()
