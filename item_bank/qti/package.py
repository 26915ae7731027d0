"""QTI 3.0 content packages: what other systems can take from here, and what can be taken from them.

Whatever QTI has no place for goes along in files of ours, so a package that was written here comes back whole. Whatever
of another's package has no place here is kept and reported. Nothing is written to disk, nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from item_bank.bank import Stock
from item_bank.qti.archive import pack, problems_of_size, unpack
from item_bank.qti.documents import FormOutline, ImportDefaults, Imported, PackageRefused, Report
from item_bank.qti.reading.packages import read_files
from item_bank.qti.writing.packages import package_files

__all__ = ["FormOutline", "ImportDefaults", "Imported", "PackageRefused", "Report", "export", "read"]

SOURCE = "export"


def export(stock: Stock, outlines: Sequence[FormOutline] = ()) -> bytes:
    """Write a package of items, and of forms made of them; equal items give equal bytes.

    Refuses with PackageRefused, which says all that is wrong.
    """
    files = package_files(stock, outlines, SOURCE)
    problems = [*problems_of_size(files)]
    if problems:
        raise PackageRefused(SOURCE, problems)
    _read_back(files, stock, outlines)
    return pack(files)


def _read_back(files: Mapping[str, bytes], stock: Stock, outlines: Sequence[FormOutline]) -> None:
    """Refuse what would not come back: a package that nobody can read is worse than none."""
    read = read_files(files, SOURCE, None)
    if (read.stocks, read.outlines) != ((stock,), tuple(outlines)):
        raise PackageRefused(SOURCE, ["what was written does not come back as it was; keep the items and report this"])


def read(content: bytes, source: str, defaults: ImportDefaults | None = None) -> Imported:
    """Read a package that came from ``source``, with what holds for items that do not say what they are for.

    Refuses with PackageRefused, which says all that is wrong.
    """
    return read_files(unpack(content, source), source, defaults)
