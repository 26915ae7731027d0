"""The list of a package's files: what each is, and which needs which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from item_bank.bank import BankItem, kind_of
from item_bank.qti.markup import Node, node
from item_bank.qti.texts import label

MANIFEST = "imsmanifest.xml"
ITEM, TEST, STIMULUS = "imsqti_item_xmlv3p0", "imsqti_test_xmlv3p0", "imsqti_stimulus_xmlv3p0"
CONTENT = "webcontent"
FACET, TOPIC = "facet:", "topic:"

_NAMESPACES = {
    "xmlns": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "xmlns:lom": "http://ltsc.ieee.org/xsd/LOM",
    "xmlns:qti": "http://www.imsglobal.org/xsd/imsqti_metadata_v3p0",
}
_INTERACTIONS = {
    "choice": "choiceInteraction", "choices": "choiceInteraction", "order": "orderInteraction",
    "most_least": "matchInteraction", "rating": "sliderInteraction", "number": "textEntryInteraction",
    "text": "extendedTextInteraction", "hotspot": "hotspotInteraction", "simulation": "portableCustomInteraction",
}  # fmt: skip


@dataclass(frozen=True)
class Resource:
    """One thing of the package: its name, what it is, its own file first, and the names of what it needs."""

    name: str
    kind: str
    files: tuple[str, ...]
    needs: tuple[str, ...] = ()
    metadata: Node | None = None


def manifest_document(resources: Iterable[Resource]) -> Node:
    """Write the list of all resources."""
    head = node("metadata", {}, node("schema", {}, "QTI Package"), node("schemaversion", {}, "3.0.0"))
    listed = node("resources", {}, *map(_resource, resources))
    return node("manifest", {**_NAMESPACES, "identifier": "PROASN"}, head, node("organizations"), listed)


def metadata_of(item: BankItem) -> Node:
    """Say of an item what catalogues ask: its topic, what it measures, and how it is answered."""
    keywords = [*sorted(item.constructs), FACET + label(item.about.facet), TOPIC + label(item.about.topic)]
    title = node("lom:title", {}, _string(label(item.about.topic)))
    general = node("lom:general", {}, title, *(node("lom:keyword", {}, _string(word)) for word in keywords))
    interaction = node("qti:interactionType", {}, _INTERACTIONS[kind_of(item)])
    return node("metadata", {}, node("lom:lom", {}, general), node("qti:qtiMetadata", {}, interaction))


def _string(text: str) -> Node:
    return node("lom:string", {"language": "id"}, text)


def _resource(resource: Resource) -> Node:
    told = {"identifier": resource.name, "type": resource.kind, "href": resource.files[0]}
    inside: Sequence[Node] = [
        *([resource.metadata] if resource.metadata is not None else []),
        *(node("file", {"href": file}) for file in resource.files),
        *(node("dependency", {"identifierref": name}) for name in resource.needs),
    ]
    return node("resource", told, *inside)
