"""Screens and steps join into a program in which nothing is lost."""

import copy

import msgspec
import pytest

from item_bank.presentation import Simulation

PROGRAM = {
    "kind": "simulation", "id": "s", "stem": [], "question": "Apa yang Anda lakukan?", "at_most": 20,
    "screens": [
        {"id": "awal", "look": "mail", "title": "Kotak masuk", "head": ["Dari", "Perihal"],
         "rows": [{"cells": ["Bank", "Segera"], "step": "buka", "mark": "strong"}], "steps": ["tutup"]},
        {"id": "isi", "look": "mail", "title": "Segera", "rows": [{"cells": ["Klik di sini."]}], "steps": ["hapus"]},
    ],
    "steps": [
        {"id": "buka", "text": "Buka", "to": "isi"}, {"id": "tutup", "text": "Tutup"},
        {"id": "hapus", "text": "Hapus", "to": "awal", "says": "Surat dihapus."},
    ],
}  # fmt: skip


def test_a_program_that_joins_is_taken_and_written_as_it_came():
    assert msgspec.to_builtins(msgspec.convert(PROGRAM, Simulation)) == msgspec.to_builtins(
        msgspec.convert(copy.deepcopy(PROGRAM), Simulation)
    )


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda p: p["screens"].append(p["screens"][0]), "two screens have the same id"),
        (lambda p: p["steps"].append(p["steps"][0]), "two steps have the same id"),
        (lambda p: p["screens"][0]["steps"].append("zap"), "offers the step 'zap', which is not there"),
        (lambda p: p["screens"][0]["steps"].pop(), "no screen offers the step 'tutup'"),
        (lambda p: p["steps"][0].update(to="luar"), "leads to the screen 'luar', which is not there"),
        (lambda p: p["steps"][0].pop("to"), "no step leads to the screen 'isi'"),
        (lambda p: p["screens"][0].update(look="game"), "Invalid enum value"),
    ],
)
def test_a_program_that_does_not_join_is_told_what_to_mend(spoil, told):
    program = copy.deepcopy(PROGRAM)
    spoil(program)
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(program, Simulation)
    assert told in str(refused.value)
