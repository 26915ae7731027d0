"""The page of the player brings what draws items, and allows in drawings what the item bank allows."""

import json
import re
import subprocess
from pathlib import Path
from typing import get_args

import msgspec
import playwright
import pytest

from assessment_app.exam.messages import Practice
from assessment_app.platform.joining import join_styles
from item_bank import drafts, pictures
from item_bank.presentation import Item
from item_bank.simulations import Look

HOUSE = Path(__file__).parents[3] / "assessment_app"
ITEMS = HOUSE / "platform" / "static" / "items"
NODE = Path(playwright.__file__).parent / "driver" / "node"


def kinds() -> set[str]:
    """Name every kind of item that a presentation may hold."""
    found, waiting = set(), [Item]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if not kind.__subclasses__():
            found.add(str(kind.__struct_config__.tag))
    return found


@pytest.fixture
def player(server) -> str:
    """The page of the player."""
    return str(server.test_client().get("/sitting").text)


def test_the_player_has_a_template_for_every_kind_and_every_look(player):
    templates = set(re.findall(r'<template data-template="([\w-]+)"', player))
    assert {f"kind-{kind}" for kind in (*kinds(), "unknown")} <= templates
    assert {f"look-{look}" for look in get_args(Look)} <= templates
    assert join_styles(HOUSE, ("platform/items/items.css",)) in player


def test_every_kind_is_drawn():
    table = (ITEMS / "kinds.js").read_text().partition("const KINDS = {")[2].partition("};")[0]
    assert set(re.findall(r"^\s+(\w+):", table, re.MULTILINE)) == kinds()


def test_the_page_lets_drawings_hold_what_the_item_bank_lets_them_hold():
    script = f"import('{ITEMS / 'drawings.js'}').then((m) => console.log(JSON.stringify(m.ATTRIBUTES)))"
    told = subprocess.run([NODE, "-e", script], capture_output=True, text=True, check=True, timeout=30)
    read = {name: set(attributes) - {""} for name, attributes in json.loads(told.stdout).items()}
    assert read == {name: set(attributes) for name, attributes in pictures._ATTRIBUTES.items()}


def test_pages_may_show_photographs_that_travel_in_the_form(server):
    policy = server.test_client().get("/sitting").headers["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy


def test_the_practice_items_are_items_and_no_form_holds_them(player):
    (sent,) = re.findall(r'<script type="application/json" data-at="practice-document">(.*?)</script>', player)
    practised = msgspec.convert(json.loads(sent), Practice)
    assert {type(one.words).__struct_config__.tag for one in practised.items} == {"choice", "most_least"}
    assert any(one.words.picture for one in practised.items)
    in_forms = {item.id for draft in drafts.samples() for item in draft.presentation.items}
    assert not in_forms & {one.words.id for one in practised.items}
