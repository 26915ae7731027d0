"""One item of a package: its words from QTI, and its key from the file of ours beside it or from what QTI says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from item_bank.bank import About, BankItem
from item_bank.drafts import UNREADABLE
from item_bank.instruments import INSTRUMENTS
from item_bank.presentation import AnyItem
from item_bank.qti.documents import Companion, ImportDefaults
from item_bank.qti.markup import Node, Unreadable
from item_bank.qti.reading.content import DROPPED, Content, read_blocks
from item_bank.qti.reading.declarations import OTHER, is_same_key, read_declared
from item_bank.qti.reading.findings import IMPORTED, Case, NotUnderstood
from item_bank.qti.reading.interactions import Asked, Shape, described, read_interaction
from item_bank.qti.reading.keys import Sought, assumed_key
from item_bank.qti.reading.pictures import read_image
from item_bank.qti.reading.tables import read_table
from item_bank.qti.texts import carried
from item_bank.qti.writing.keys import declared as declared_of
from item_bank.qti.writing.manifest import FACET, TOPIC

CONSTRUCTS = {construct: one.code for one in INSTRUMENTS.values() for construct in one.constructs}
"""By construct, the instrument that measures it."""

_READ = {
    "qti-response-declaration", "qti-outcome-declaration", "qti-assessment-stimulus-ref", "qti-item-body",
    "qti-response-processing",
}  # fmt: skip
_TEMPLATES = ("qti-template-declaration", "qti-template-processing")
_BESIDE = DROPPED | {
    "qti-modal-feedback": "feedback", "qti-companion-materials-info": "materials beside the item",
    "qti-context-declaration": "a declaration of the context", "qti-time-limits": "a time limit of its own",
}  # fmt: skip


@dataclass(frozen=True)
class ReadItem:
    """An item with what is said of the stock that it comes from."""

    item: BankItem
    instrument: str
    demonstration: bool = False
    parameters: str = "assumed"


@dataclass(frozen=True)
class Known:
    """What is known of an item beside its file: its id here, its keywords, its companion, and what holds for all."""

    id: str
    keywords: tuple[str, ...]
    companion: Companion | None
    defaults: ImportDefaults | None


def read_companion(case: Case) -> Companion:
    """Read the file of ours beside an item; refuses with Unreadable what is none."""
    try:
        return msgspec.json.decode(case.files[case.file], type=Companion)
    except UNREADABLE as error:
        raise Unreadable(f"it is no file of ours ({error}); leave it out, or export anew") from error


def read_item(root: Node, case: Case, known: Known) -> ReadItem:
    """Read an item; refuses with NotUnderstood what has no place here, with Unreadable what is broken."""
    _look_beside(root, case)
    content = _content(root, case)
    if len(content.asked) != 1:
        raise NotUnderstood(root, f"it has {len(content.asked)} interactions; an item asks one thing here")
    interaction = content.asked[0]
    declared = read_declared(root, interaction.get("response-identifier"))
    shape = read_interaction(Asked(interaction, content, case, declared))
    words = _words(shape, content, case, known.id, interaction)
    if known.companion is not None:
        read = _with_companion(words, known.companion, case, interaction)
        if not is_same_key(declared, declared_of(read.item)):
            case.tell(interaction, "its key was changed in QTI", "the key of our own file was taken; the file is kept")
        return read
    if declared.rule == OTHER:
        case.tell(root.first("qti-response-processing") or root, "a rule of scoring that is no template")
    construct, instrument = _construct(root, known)
    key = assumed_key(Sought(words, declared, shape.ids, construct, case, interaction))
    return ReadItem(BankItem(words, key, _about(root, known)), instrument)


def _look_beside(root: Node, case: Case) -> None:
    """Report what stands in an item beside its body."""
    if root.get("adaptive") == "true":
        raise NotUnderstood(root, "it goes on asking as answers come (adaptive), which has no place here")
    declarations = [*root.elements("qti-response-declaration")]
    if len(declarations) > 1:
        case.tell(declarations[1], "more than one response", IMPORTED)
    for table in root.everywhere("qti-match-table", "qti-interpolation-table", "qti-area-mapping"):
        case.tell(table, "a table of scores", IMPORTED)
    for child in root.elements():
        if child.name in _TEMPLATES:
            raise NotUnderstood(child, "its words are made by a template anew each time, which has no place here")
        if child.name not in _READ:
            case.tell(child, _BESIDE.get(child.name, "an unknown element"), IMPORTED)


def _content(root: Node, case: Case) -> Content:
    """Read the body, with the stimuli where it places them, or else before it."""
    body = root.first("qti-item-body")
    if body is None:
        raise NotUnderstood(root, "it has no body")
    content = Content()
    for reference in root.elements("qti-assessment-stimulus-ref"):
        content.stimuli[reference.get("identifier")] = _stimulus(reference, case)
    placed = {one.get("data-stimulus-idref") for one in body.everywhere("div", "section", "span", "article", "p")}
    for name in [one for one in content.stimuli if one not in placed]:
        read_blocks(*content.stimuli.pop(name), content)
    read_blocks(body, case, content)
    return content


def _stimulus(reference: Node, case: Case) -> tuple[Node, Case]:
    name = case.named(reference, reference.get("href"))
    beside = case.beside(name)
    try:
        body = beside.shared().first("qti-stimulus-body")
    except Unreadable as error:
        raise Unreadable(*(f"'{name}': {problem}" for problem in error.problems)) from error
    if body is None:
        raise NotUnderstood(reference, f"'{name}' is no stimulus")
    return body, beside


def _words(shape: Shape, content: Content, case: Case, own: str, place: Node) -> AnyItem:
    """Put the words together; an item has one table and one picture at most."""
    fields: dict[str, Any] = {"kind": shape.kind, "id": own, "stem": content.paragraphs, **shape.fields}
    if len(content.tables) > 1 or len(content.pictures) + ("picture" in fields) > 1:
        raise NotUnderstood(place, "it has more than one table or more than one picture, which has no place here")
    for table, its_case in content.tables:
        fields["table"] = read_table(table, its_case)
    for shown, its_case in content.pictures:
        image = msgspec.to_builtins(read_image(shown, its_case))
        fields["picture"] = {**image, "text": described(shown, its_case)}
    try:
        words: AnyItem = msgspec.convert(fields, AnyItem)
    except msgspec.ValidationError as error:
        raise NotUnderstood(place, f"it does not fit an item of the kind {shape.kind} ({error})") from error
    return words


def _with_companion(words: AnyItem, companion: Companion, case: Case, place: Node) -> ReadItem:
    """Join words and companion; its words count only while those of QTI are still what they were written as."""
    if companion.words is not None:
        if _were(companion.words, words):
            words = companion.words
        else:
            case.tell(place, "its words were changed in QTI", "the changed words were taken; the file is kept")
    item = BankItem(words, companion.key, companion.about)
    return ReadItem(item, companion.instrument, companion.demonstration, companion.parameters)


def _were(written: AnyItem, read: AnyItem) -> bool:
    """Whether words were read as they were written."""
    try:
        return carried(written) == read
    except msgspec.ValidationError:
        return False


def _construct(root: Node, known: Known) -> tuple[str, str]:
    """Say what an item measures: by its keywords, else by what holds for all; refuses with Unreadable."""
    told = next((word for word in known.keywords if word in CONSTRUCTS), None)
    if told is not None:
        return told, CONSTRUCTS[told]
    if known.defaults is None:
        raise Unreadable(f"{root.place}: nothing says what it measures; import it with a construct for all items")
    return known.defaults.construct, known.defaults.instrument


def _about(root: Node, known: Known) -> About:
    if known.defaults is None:
        raise Unreadable(f"{root.place}: nothing says whom it suits; import it with job levels for all items")
    facet = _told(known.keywords, FACET) or known.defaults.facet
    topic = _told(known.keywords, TOPIC) or known.defaults.topic
    try:
        told = {"facet": facet, "topic": topic, "job_levels": known.defaults.job_levels}
        return msgspec.convert(told, About)
    except msgspec.ValidationError as error:
        raise Unreadable(f"{root.place}: what it is for does not fit ({error}); correct the defaults") from error


def _told(keywords: tuple[str, ...], prefix: str) -> str:
    return next((word.removeprefix(prefix).strip() for word in keywords if word.startswith(prefix)), "")
