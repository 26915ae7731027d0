"""What people ask for on the pages of the vault, read at the border."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import msgspec

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import mark
from item_bank.blueprints import FormBlueprint
from item_bank.instruments import INSTRUMENTS
from item_bank.life import Act, Aspect, State

REASON_LEAST, REASON_MOST = 10, 500
"""Characters of a reason: fewer say nothing, more is a report and belongs elsewhere."""

SHORT_REASON = mark("Tulis alasan 10 sampai 500 karakter. Alasan ini tercatat bersama nama Anda.")
SHORT_NOTE = mark("Tulis catatan 10 sampai 500 karakter untuk langkah ini.")
LONG_NOTE = mark("Catatan paling panjang 500 karakter.")

MOST_FORMS = 6
MOST_PERSONS = 50

NEEDS_NOTE = frozenset({Act.RETURN, Act.RECALL, Act.RETIRE, Act.COMMENT, Act.REINSTATE})
"""Steps that say nothing without their reason."""


@dataclass(frozen=True)
class Reason:
    """Why somebody opens what is closed; ``fault`` is the sentence for the field when it will not do."""

    text: str
    fault: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Reason:
        """Read the reason of the form; space around and between its words does not count."""
        text = " ".join(form.get("alasan", "").split())
        return cls(text, "" if REASON_LEAST <= len(text) <= REASON_MOST else SHORT_REASON)


NO_REASON = Reason("")
"""What stands in the field before anybody has written there."""


@dataclass(frozen=True)
class Note:
    """What somebody says to a step; ``fault`` is the sentence for the field when it will not do."""

    text: str = ""
    fault: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str], *, needed: bool) -> Note:
        """Read the note of the form; space around and between its words does not count."""
        text = " ".join(form.get("catatan", "").split())
        if needed and not REASON_LEAST <= len(text) <= REASON_MOST:
            return cls(text, SHORT_NOTE)
        return cls(text, LONG_NOTE if len(text) > REASON_MOST else "")


@dataclass(frozen=True)
class NewStep:
    """A step in the life of an item, as a page asks for it."""

    act: Act
    aspect: str
    note: Note

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewStep:
        """Read the form; refuses with Invalid a step or an aspect that is none."""
        try:
            act = Act(form.get("langkah", ""))
            aspect = Aspect(form["segi"]).value if act in (Act.REVIEW, Act.RETURN) else ""
        except (ValueError, KeyError) as error:
            raise Invalid("Pilih dahulu langkah dan segi telaahnya.") from error
        return cls(act, aspect, Note.parse(form, needed=act in NEEDS_NOTE))


@dataclass(frozen=True)
class ItemFilter:
    """Which items a list shows."""

    instrument: str = ""
    construct: str = ""
    state: str = ""
    words: tuple[str, ...] = ()
    mine_to_review: bool = False
    page: int = 1

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> ItemFilter:
        """Read the address; what is not known filters nothing."""
        instrument, state = args.get("instrumen", ""), args.get("keadaan", "")
        known = INSTRUMENTS[instrument].constructs if instrument in INSTRUMENTS else {}
        construct = args.get("konstruk", "")
        page = args.get("halaman", "1")
        return cls(
            instrument if instrument in INSTRUMENTS else "", construct if construct in known else "",
            state if state in {one.value for one in State} else "",
            _sought(args.get("cari", "")), args.get("telaah", "") == "saya",
            min(max(int(page), 1), 100_000) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )  # fmt: skip

    def arguments(self) -> dict[str, str]:
        """Give what an address needs to show the same again, without the page."""
        told = {
            "instrumen": self.instrument, "konstruk": self.construct, "keadaan": self.state,
            "cari": " ".join(self.words), "telaah": "saya" if self.mine_to_review else "",
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}


def _sought(text: str) -> tuple[str, ...]:
    """Give the words to look for, without what nobody sees: a null character in an address stops PostgreSQL."""
    words = ("".join(filter(str.isprintable, word)) for word in text.lower().split())
    return tuple(word for word in words if word)[:8]


def rehearsal_of(blueprint: FormBlueprint) -> FormBlueprint:
    """Make a blueprint's forms for rehearsals: under a code of their own, and never for a result."""
    return msgspec.structs.replace(blueprint, code=f"{blueprint.code}-gladi", purpose="rehearsal")


@dataclass(frozen=True)
class NewAssembly:
    """Forms that somebody wants: by which blueprint, with whose parameters, how many alike or one for each person.

    ``request`` names this wish, so that sending a page twice wishes once.
    """

    blueprint: FormBlueprint
    calibration: str = ""
    forms: int = 2
    persons: int = 0
    seed: int = 0
    request: UUID = field(default_factory=uuid4)

    @classmethod
    def parse(cls, form: Mapping[str, str], blueprints: Mapping[str, FormBlueprint]) -> NewAssembly:
        """Read the form; refuses with Invalid an unknown blueprint or a number of forms that cannot be."""
        blueprint = blueprints.get(form.get("kisi", ""))
        number = form.get("jumlah", "2")
        if blueprint is None:
            raise Invalid("Pilih kisi-kisinya.")
        if not (number.isascii() and number.isdigit() and len(number) < 3 and 1 <= int(number) <= MOST_FORMS):
            raise Invalid("Jumlah formulir 1 sampai 6.")
        purpose = rehearsal_of(blueprint) if form.get("gladi") else blueprint
        return cls(purpose, form.get("kalibrasi", ""), int(number), request=_request(form))


def _request(form: Mapping[str, str]) -> UUID:
    try:
        return UUID(form.get("permintaan", ""))
    except ValueError:
        return uuid4()
