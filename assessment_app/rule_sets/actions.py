"""Keep the rule sets that came with a release."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

import msgspec
from sqlalchemy.orm import Session

from assessment_app.platform.db import insert_new
from assessment_app.rule_sets import rules
from assessment_app.rule_sets.models import RuleSet
from scoring_engine.canonical import canonical, digest


def take_in(db: Session) -> None:
    """Keep the rule sets that came with this release. Safe to repeat; one that is kept never changes."""
    for source in sorted(files("assessment_app.rule_sets").joinpath("documents").iterdir(), key=lambda one: one.name):
        document = msgspec.json.decode(source.read_bytes())
        rules.read(document)
        effective = datetime.fromisoformat(document["effective"])
        insert_new(
            db,
            RuleSet,
            sha256=digest(canonical(document)),
            name=document["name"],
            effective=effective,
            document=document,
        )
