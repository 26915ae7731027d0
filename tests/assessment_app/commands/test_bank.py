"""The item bank from the command line."""

import json

from click.testing import CliRunner

from assessment_app.commands import bank as commands
from item_bank import bank


def test_stats_count_every_item_once():
    told = CliRunner().invoke(commands.bank, ["stats", "--json"])
    document = json.loads(told.output)
    assert told.exit_code == 0
    assert document["items"] == sum(row["items"] for row in document["by"])
    assert document["items"] == sum(len(stock.items) for stock in bank.samples())
    assert (document["parameters"], document["demonstration"]) == ("assumed", True)


def test_stats_for_people_name_them_as_demonstration():
    told = CliRunner().invoke(commands.bank, ["stats"])
    assert "M.01  M.01  choice" in told.output
    assert told.output.splitlines()[-1].endswith("demonstration items with assumed parameters")


def test_lint_of_the_samples_finds_nothing():
    told = CliRunner().invoke(commands.bank, ["lint"])
    assert (told.output, told.exit_code) == ("nothing to look at\n", 0)


def test_lint_names_what_it_finds_and_says_so_by_its_exit_code(monkeypatch):
    monkeypatch.setattr("item_bank.lint.known_words", frozenset)
    told = CliRunner().invoke(commands.bank, ["lint"])
    assert told.exit_code == 1
    assert ": spelling: " in told.output
