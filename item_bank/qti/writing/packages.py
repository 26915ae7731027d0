"""All files of a package, from the items of a stock and the outlines of forms."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from item_bank.bank import BankItem, Stock
from item_bank.qti import markup
from item_bank.qti.checks import problems_of_items
from item_bank.qti.documents import FormOutline, PackageRefused
from item_bank.qti.names import identifier
from item_bank.qti.writing.companions import NotWritable, companion_file
from item_bank.qti.writing.forms import outline_document, problems_of_outlines
from item_bank.qti.writing.items import Stimulus, item_document, stimulus_document
from item_bank.qti.writing.manifest import (
    CONTENT,
    ITEM,
    MANIFEST,
    STIMULUS,
    TEST,
    Resource,
    manifest_document,
    metadata_of,
)
from item_bank.qti.writing.pictures import Album


def package_files(stock: Stock, outlines: Sequence[FormOutline], source: str) -> dict[str, bytes]:
    """Write all files, by name; refuses with PackageRefused, which says all that is wrong."""
    companions, problems = _companions(stock)
    problems += [] if problems else problems_of_items(stock.items, stock.instrument)
    problems += problems_of_outlines(outlines, {item.id for item in stock.items})
    if not stock.items:
        problems.append("there are no items; export at least one")
    if problems:
        raise PackageRefused(source, problems)
    files, resources = dict(companions), list[Resource]()
    stimuli = shared_stems(stock.items)
    for item in stock.items:
        resources.append(_add_item(item, stimuli.get(item.words.stem), files))
    for stimulus in stimuli.values():
        files[stimulus.file] = markup.write(stimulus_document(stimulus))
        resources.append(Resource(stimulus.name, STIMULUS, (stimulus.file,)))
    resources += [Resource(_name(file), CONTENT, (file,)) for file in sorted(files) if file.startswith("pictures/")]
    resources += [_add_outline(outline, files) for outline in outlines]
    files[MANIFEST] = markup.write(manifest_document(resources))
    return files


def _companions(stock: Stock) -> tuple[dict[str, bytes], list[str]]:
    files: dict[str, bytes] = {}
    problems: list[str] = []
    for item in stock.items:
        try:
            files[f"proasn/{item.id}.json"] = companion_file(item, stock)
        except NotWritable as error:
            problems.append(f"item '{item.id}': {error}")
    return files, problems


def shared_stems(items: Sequence[BankItem]) -> dict[tuple[str, ...], Stimulus]:
    """Find the stems that two or more items have, in the order of the items."""
    counted = Counter(item.words.stem for item in items if item.words.stem)
    return {stem: _stimulus(stem) for stem, many in counted.items() if many > 1}


def _stimulus(paragraphs: tuple[str, ...]) -> Stimulus:
    name = hashlib.sha256("\0".join(paragraphs).encode()).hexdigest()[:16]
    return Stimulus(f"STIMULUS_{name}", f"stimuli/{name}.xml", paragraphs)


def _add_item(item: BankItem, stimulus: Stimulus | None, files: dict[str, bytes]) -> Resource:
    """Write an item and its pictures, and list them; its companion is there already."""
    album, name = Album(), f"items/{item.id}.xml"
    files[name] = markup.write(item_document(item, stimulus, album))
    files |= album.files
    needs = ([stimulus.name] if stimulus is not None else []) + [_name(file) for file in sorted(album.files)]
    return Resource(identifier(item.id), ITEM, (name, f"proasn/{item.id}.json"), tuple(needs), metadata_of(item))


def _add_outline(outline: FormOutline, files: dict[str, bytes]) -> Resource:
    name = f"tests/{outline.code}.xml"
    files[name] = markup.write(outline_document(outline))
    return Resource(f"TEST_{outline.code}", TEST, (name,), tuple(map(identifier, outline.item_ids)))


def _name(picture: str) -> str:
    return f"PICTURE_{picture.removeprefix('pictures/').partition('.')[0]}"
