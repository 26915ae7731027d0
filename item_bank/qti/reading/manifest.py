"""What a package says it holds, held against what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from item_bank.qti.markup import Node, Unreadable, parse, resolve
from item_bank.qti.reading.findings import TAGS_EACH, Case, Findings
from item_bank.qti.writing.manifest import MANIFEST


@dataclass(frozen=True)
class Listed:
    """A resource: what it is, its own file, its other files, and the keywords that catalogues find it by."""

    kind: str
    file: str
    others: tuple[str, ...]
    keywords: tuple[str, ...]

    def is_a(self, what: str) -> bool:
        """Whether it is an item, a test or a stimulus of QTI 3."""
        return self.kind.lower().startswith(f"imsqti_{what}_xmlv3")


def read_manifest(files: Mapping[str, bytes], findings: Findings) -> list[Listed]:
    """Read the list of resources; what is wrong with it is noted."""
    if MANIFEST not in files:
        deeper = sorted(name for name in files if name.endswith(f"/{MANIFEST}"))
        advice = f"pack what is in '{deeper[0].removesuffix(MANIFEST)}', not the folder" if deeper else "add it"
        findings.refuse(MANIFEST, f"the package has no manifest; {advice}")
        return []
    case = Case(MANIFEST, files, findings, set())
    try:
        root = parse(files[MANIFEST])
    except Unreadable as error:
        findings.refuse(MANIFEST, *error.problems)
        return []
    resources = root.first("resources")
    if root.name != "manifest" or resources is None:
        findings.refuse(MANIFEST, "it is no manifest of a content package: it lists no resources; export anew")
        return []
    listed = [_listed(one, case) for one in resources.elements("resource")]
    findings.most_tags += TAGS_EACH * len({one.file for one in listed if one is not None})
    return [one for one in listed if one is not None]


def _listed(resource: Node, case: Case) -> Listed | None:
    """Read a resource; a file that it names and that is not there is noted."""
    names: dict[str, None] = {}
    for place in (resource, *resource.elements("file")):
        reference = place.get("href")
        if not reference:
            continue
        try:
            name = resolve(MANIFEST, reference)
        except Unreadable as error:
            case.findings.refuse(MANIFEST, f"{place.place}: {error}")
            continue
        if name not in case.files:
            case.findings.refuse(
                MANIFEST, f"{place.place}: it names '{name}', which is not in the package; add the file"
            )
        else:
            names[name] = None
    if not names:
        return None
    first, *others = names
    return Listed(resource.get("type"), first, tuple(others), _keywords(resource))


def _keywords(resource: Node) -> tuple[str, ...]:
    """Give the keywords of the catalogue, and the names of standards that the item is aligned to."""
    metadata = resource.first("metadata")
    if metadata is None:
        return ()
    places = metadata.everywhere("keyword", "label", "GUID", "humanCodingScheme")
    return tuple(words for place in places if (words := place.words()))
