"""A whole package: all items, all outlines, all reports; or all that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from item_bank.bank import Stock
from item_bank.instruments import INSTRUMENTS
from item_bank.qti.checks import is_for_people, problems_of_items
from item_bank.qti.documents import Companion, FormOutline, ImportDefaults, Imported, PackageRefused
from item_bank.qti.markup import Node, Unreadable
from item_bank.qti.names import is_same, own_id
from item_bank.qti.reading.findings import LEFT_OUT, Case, Findings, NotUnderstood
from item_bank.qti.reading.forms import read_outline
from item_bank.qti.reading.items import Known, ReadItem, read_companion, read_item
from item_bank.qti.reading.manifest import Listed, read_manifest
from item_bank.qti.writing.manifest import MANIFEST


@dataclass
class Import:
    """A package while it is read."""

    files: Mapping[str, bytes]
    defaults: ImportDefaults | None
    findings: Findings = field(default_factory=Findings)
    used: set[str] = field(default_factory=lambda: {MANIFEST})
    identifiers: dict[str, str] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    items: list[ReadItem] = field(default_factory=list)

    def case(self, file: str) -> Case:
        """Begin with a file."""
        return Case(file, self.files, self.findings, {file})


def read_files(files: Mapping[str, bytes], source: str, defaults: ImportDefaults | None) -> Imported:
    """Read all that the files of a package hold; refuses with PackageRefused, which says all that is wrong."""
    package = Import(files, defaults)
    listed = read_manifest(files, package.findings)
    if defaults is not None and defaults.instrument not in INSTRUMENTS:
        package.findings.refuse("defaults", f"there is no instrument '{defaults.instrument}'; correct it")
    _refuse_faults(package, source)
    for one in listed:
        if package.findings.is_full:
            break
        if one.is_a("item"):
            _add_item(one, package)
    outlines = [outline for one in listed if one.is_a("test") and (outline := _outline(one, package)) is not None]
    stocks = _stocks(package)
    _refuse_faults(package, source)
    _report_rest(listed, package)
    reports = tuple(package.findings.reports)
    told = {report.file for report in reports}
    kept = {name: files[name] for name in sorted(files) if name not in package.used or name in told - {MANIFEST}}
    return Imported(stocks, tuple(outlines), reports, kept)


def _refuse_faults(package: Import, source: str) -> None:
    if package.findings.problems:
        raise PackageRefused(source, package.findings.problems)


def _add_item(listed: Listed, package: Import) -> None:
    """Read an item into the package; one that is not understood is reported and stays outside."""
    case, told = package.case(listed.file), len(package.findings.reports)
    try:
        root = case.document()
        if root.name != "qti-assessment-item":
            raise NotUnderstood(root, "it is no item of QTI 3; have it converted to QTI 3 and exported anew")
        known = Known(_id_of(root, case, package), listed.keywords, _companion(listed, case), package.defaults)
        read = read_item(root, case, known)
    except Unreadable as error:
        package.findings.refuse(listed.file, *error.problems)
    except NotUnderstood as error:
        package.findings.forget(told)
        package.findings.tell(listed.file, error.place, str(error), LEFT_OUT)
    else:
        package.used |= case.used
        package.ids[listed.file] = read.item.id
        package.items.append(read)


def _id_of(root: Node, case: Case, package: Import) -> str:
    """Give the item its id here; refuses with Unreadable an identifier that another item has."""
    foreign = root.get("identifier")
    if foreign in package.identifiers:
        raise Unreadable(f"its identifier '{foreign}' is also that of '{package.identifiers[foreign]}'; change one")
    package.identifiers[foreign] = case.file
    own = own_id(foreign, package.taken)
    if not is_same(foreign, own):
        case.tell(root, f"the identifier '{foreign}'", f"it became '{own}'; the file is kept")
    return own


def _companion(listed: Listed, case: Case) -> Companion | None:
    """Read the file of ours beside an item, if it has one."""
    name = next((one for one in listed.others if one.startswith("proasn/") and one.endswith(".json")), None)
    if name is None:
        return None
    case.used.add(name)
    try:
        return read_companion(case.beside(name))
    except Unreadable as error:
        raise Unreadable(f"'{name}': {error}") from error


def _outline(listed: Listed, package: Import) -> FormOutline | None:
    case = package.case(listed.file)
    try:
        root = case.document()
        outline = read_outline(root, case, package.ids, package.codes)
    except Unreadable as error:
        package.findings.refuse(listed.file, *error.problems)
        return None
    except NotUnderstood as error:
        package.findings.tell(listed.file, error.place, str(error), "no outline was made; the file is kept")
        return None
    package.used |= case.used
    return outline


def _stocks(package: Import) -> tuple[Stock, ...]:
    """Put items together that come from one stock, in the order of the package, and check them as the bank does."""
    groups: dict[tuple[str, bool, str], list[ReadItem]] = {}
    for read in package.items:
        groups.setdefault((read.instrument, read.demonstration, read.parameters), []).append(read)
    stocks = [Stock(*head, tuple(read.item for read in group)) for head, group in groups.items()]
    for stock in stocks:
        package.findings.problems += problems_of_items(stock.items, stock.instrument)
        _report_for_people(stock, package)
    return tuple(stocks)


def _report_for_people(stock: Stock, package: Import) -> None:
    files = {own: file for file, own in package.ids.items()}
    for item in filter(is_for_people, stock.items):
        what = "an answer in free words, which no key of the bank scores"
        package.findings.tell(
            files[item.id], f"item '{item.id}'", what, "it was imported; people must read its answers"
        )


def _report_rest(listed: Sequence[Listed], package: Import) -> None:
    """Report the files that nothing here reads."""
    told = {report.file for report in package.findings.reports}
    kinds = {one.file: one.kind for one in listed}
    for name in sorted(set(package.files) - package.used - told):
        what = f"a resource of the type '{kinds[name]}'" if name in kinds else "a file that nothing read here needs"
        package.findings.tell(name, "the whole file", what, "it is kept")
