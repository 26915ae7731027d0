"""A QTI package of 1,000 items, out and in, ours and as another system's: how long, how large, how much memory.

Run: ``python benchmarks/qti.py [items]``. Prints one table. Times are of one run, memory of a second one, because
counting memory takes time.
"""

from __future__ import annotations

import io
import re
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

from item_bank import bank
from item_bank.bank import BankItem, Stock
from item_bank.pictures import SVG, Picture
from item_bank.qti import package
from item_bank.qti.documents import FormOutline, ImportDefaults

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">{}</svg>'
DEFAULTS = ImportDefaults("potential", "intellectual", "impor", "butir impor", ("pelaksana",))
COLUMNS = ("work", "items", "kB", "seconds", "CPU s", "items/s", "peak MB")


def renamed(item: BankItem, number: int) -> BankItem:
    """Give a copy another name, its enemies those of the same copy, and every fourth copy a drawing."""
    told = msgspec.to_builtins(item)
    ending = f"-n{number}"
    for part in ("words", "key"):
        told[part]["id"] += ending
    told["about"]["enemies"] = [name + ending for name in told["about"]["enemies"]]
    copy = msgspec.convert(told, BankItem)
    if number % 4:
        return copy
    drawn = Picture(SVG, 200, 100, DRAWING.format('<circle r="9"/>' * (number % 40 + 1)), "Gambar uji.")
    return BankItem(msgspec.structs.replace(copy.words, picture=drawn), copy.key, copy.about)


def stock(items: int) -> Stock:
    """Copy the sample stocks of one instrument until there are so many items."""
    samples = [one for one in bank.samples() if one.instrument == "potential"]
    originals = [item for one in samples for item in one.items]
    copies = [renamed(item, number) for number in range(items // len(originals) + 1) for item in originals]
    kept = {item.id for item in copies[:items]}
    return Stock("potential", True, "assumed", tuple(_without(item, kept) for item in copies[:items]))


def _without(item: BankItem, kept: set[str]) -> BankItem:
    """Forget enemies that were not copied."""
    enemies = tuple(name for name in item.about.enemies if name in kept)
    return BankItem(item.words, item.key, msgspec.structs.replace(item.about, enemies=enemies))


def anothers(content: bytes) -> bytes:
    """Take the files of ours out of a package, as another system would give it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as ours, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as theirs:
        for name in ours.namelist():
            if not name.startswith("proasn/"):
                text = ours.read(name)
                theirs.writestr(name, re.sub(rb'\s*<file href="proasn/[^>]*>', b"", text))
    return out.getvalue()


def measured(work: str, items: int, run: Callable[[], Any]) -> tuple[Any, list[str]]:
    """Run twice, once for time and once for memory; give what came out and what to tell."""
    begun, cpu = time.perf_counter(), time.process_time()
    result = run()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    figures = [f"{seconds:.2f}", f"{cpu:.2f}", f"{items / seconds:.0f}", f"{peak:.0f}"]
    return result, [work, str(items), *figures]


def main(items: int) -> None:
    """Measure, check, and print the table."""
    whole = stock(items)
    outline = FormOutline("uji", "Uji", 3_600_000, ("Kerjakan semua.",), tuple(item.id for item in whole.items))
    content, exported = measured("export", items, lambda: package.export(whole, [outline]))
    read, imported = measured("import, ours", items, lambda: package.read(content, "uji.zip"))
    assert (read.stocks, read.outlines) == ((whole,), (outline,))
    assert package.export(read.stocks[0], read.outlines) == content
    theirs = anothers(content)
    foreign, came = measured("import, another's", items, lambda: package.read(theirs, "lain.zip", DEFAULTS))
    assert sum(len(one.items) for one in foreign.stocks) == items
    sizes = (len(content), len(content), len(theirs))
    rows = [
        [*row[:2], str(size // 1000), *row[2:]] for row, size in zip((exported, imported, came), sizes, strict=True)
    ]
    for row in [list(COLUMNS), *rows]:
        print(f"{row[0]:<18}" + "".join(f"{cell:>9}" for cell in row[1:]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
