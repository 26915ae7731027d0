"""A question with its answers before they have an order, and the item that is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from item_bank.bank import About, BankItem
from item_bank.generation.chance import LETTERS, chance_of, place_of
from item_bank.generation.difficulty import Difficulty
from item_bank.item_keys import RightOrWrong
from item_bank.parts import Table
from item_bank.pictures import Image, Picture
from item_bank.presentation import Choice, Option


@dataclass(frozen=True)
class Answer:
    """One answer, and why it is right or which slip leads to it."""

    text: str
    reason: str
    image: Image | None = None


@dataclass(frozen=True)
class Puzzle:
    """A question with one right answer and the wrong ones."""

    stem: str
    question: str
    right: Answer
    wrong: tuple[Answer, ...]
    facet: str
    topic: str
    difficulty: Difficulty
    table: Table | None = None
    picture: Picture | None = None


def assemble(puzzle: Puzzle, source: str, name: str, seed: int) -> BankItem:
    """Give the answers an order and ids that tell nothing, and make the item; ``source`` is where chance comes from."""
    chance = chance_of(source, "order", seed)
    answers = chance.sample(puzzle.wrong, len(puzzle.wrong))
    answers.insert(place_of(source, seed, len(answers) + 1), puzzle.right)
    named = dict(zip(chance.sample(LETTERS, len(answers)), answers, strict=True))
    return BankItem(
        words=Choice(
            id=name,
            stem=(puzzle.stem,),
            question=puzzle.question,
            table=puzzle.table,
            picture=puzzle.picture,
            options=tuple(Option(letter, answer.text, answer.image) for letter, answer in named.items()),
        ),
        key=_key(puzzle, name, named),
        about=About(puzzle.facet, puzzle.topic, ("pelaksana", "pengawas", "administrator", "jpt", "fungsional")),
    )


def _key(puzzle: Puzzle, name: str, named: dict[str, Answer]) -> RightOrWrong:
    return RightOrWrong(
        name,
        construct="intellectual",
        a=puzzle.difficulty.a,
        b=puzzle.difficulty.b,
        credit={letter: int(answer is puzzle.right) for letter, answer in named.items()},
        rationale={letter: answer.reason for letter, answer in named.items()},
    )
