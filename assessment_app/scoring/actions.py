"""From a sealed sheet to scores, from scores to a profile. Runs in workers only: this module can read keys.

Both steps are pure functions of what they are given (sheet, key, rules, engine version) around which one transaction
reads and writes, so computing again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

import msgspec
import numpy as np
from sqlalchemy.orm import Session

from assessment_app.exam.models import Sitting
from assessment_app.platform import queue
from assessment_app.platform.db import insert_new
from assessment_app.scoring import queries, rules
from assessment_app.scoring.models import Profile, RuleSet, Score
from assessment_app.scoring.rules import kept
from item_bank import keys
from scoring_engine import ENGINE_VERSION
from scoring_engine.ability import eap
from scoring_engine.ability.posterior import Prior
from scoring_engine.canonical import canonical, digest
from scoring_engine.curves.items import Items
from scoring_engine.instruments import forced_choice, preference
from scoring_engine.responses import MISSING, omitted_as_wrong
from scoring_engine.standards import levels

RULE_SET = "pemetaan-awal"


def take_in_rules(db: Session) -> None:
    """Keep the rule sets that came with this release. Safe to repeat; one that is kept never changes."""
    for source in sorted(files("assessment_app.scoring").joinpath("rule_sets").iterdir(), key=lambda one: one.name):
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


def score_attempt(db: Session, vault: Session, attempt_id: int, now: datetime) -> None:
    """Score a sealed sheet with the key that its form names, and ask for the profile. Safe to repeat."""
    sheet, attempt = queries.sealed_sheet(db, attempt_id)
    key = keys.key_of(vault, sheet.key_seal)
    answers: dict[str, Any] = msgspec.json.decode(sheet.body)["answers"]
    body = canonical({
        "schema": "proasn/score/1", "attempt": attempt_id, "sheet": sheet.sha256, "key_seal": sheet.key_seal,
        "engine": ENGINE_VERSION, "parameters": key.parameters,
        "recipe": {"name": key.recipe.name, "version": key.recipe.version}, **score_sheet(key, answers),
    })  # fmt: skip
    insert_new(
        db, Score, attempt_id=attempt_id, key_seal=sheet.key_seal, engine_version=ENGINE_VERSION,
        sheet_sha256=sheet.sha256, body=body, sha256=digest(body), scored=now,
    )  # fmt: skip
    queue.enqueue(db, "make_profile", str(attempt.sitting_id), now)


def make_profile(db: Session, sitting_id: int, now: datetime) -> None:
    """Put a sitting's scores together and ask for the placement; does nothing while one is missing. Safe to repeat."""
    scores = queries.scores_of(db, sitting_id, ENGINE_VERSION)
    if scores is None:
        return
    in_force = queries.rules_in_force(db, RULE_SET, now)
    sitting = db.get_one(Sitting, sitting_id)
    inputs = {
        "schema": "proasn/profile-inputs/1", "scores": [score.sha256 for score in scores],
        "rules": in_force.sha256, "job_level": sitting.booking.job_level,
    }  # fmt: skip
    bodies = [msgspec.json.decode(score.body) for score in scores]
    document = rules.describe(bodies, rules.read(in_force.document), sitting.booking.job_level)
    body = canonical(document | {"inputs": inputs})
    insert_new(
        db, Profile, sitting_id=sitting_id, inputs_sha256=digest(canonical(inputs)), agency_id=sitting.agency_id,
        rule_set=in_force.sha256, document=msgspec.json.decode(body), sha256=digest(body), made=now,
    )  # fmt: skip
    queue.enqueue(db, "place", str(sitting_id), now)


def score_sheet(key: keys.Key, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Compute all that a form measures from one sheet's answers. Pure; what is unanswered stays so."""
    scored: dict[str, Any] = {"constructs": []}
    for scale in key.recipe.scales:
        members = [item for item in key.items if getattr(item, "construct", None) == scale.construct]
        prior = Prior(key.recipe.prior.mean, key.recipe.prior.sd)
        if members and isinstance(members[0], keys.Preferred):
            scored["constructs"].append(_forced_choice(scale, members, answers, prior))
        elif members:
            scored["constructs"].append(_ability(key, scale, members, answers, prior))
    ranked = [item for item in key.items if isinstance(item, keys.Ranked)]
    if ranked:
        scored["preference"] = _preference(ranked, [scale.construct for scale in key.recipe.scales], answers)
    return scored


def _ability(
    key: keys.Key, scale: keys.Scale, members: Sequence[Any], answers: Mapping[str, Any], prior: Prior
) -> dict[str, Any]:
    credits = np.array([[_credit(item, answers.get(item.id)) for item in key.items]])
    if (scale.missing or key.recipe.missing) == "wrong":
        credits = omitted_as_wrong(credits)  # over the whole form, because what was not reached shows only there
    columns = [position for position, item in enumerate(key.items) if item in members]
    thresholds = [item.b if isinstance(item, keys.Graded) else (item.b,) for item in members]
    posterior = eap.posterior(credits[:, columns], Items.of([item.a for item in members], thresholds), prior)
    found = eap.summarise(posterior)
    said = _estimate(scale.construct, found, len(members))
    if scale.cuts is not None:
        chances = levels.level_probabilities(posterior, scale.cuts)
        said["cuts"] = list(scale.cuts)  # with theta they let anybody check the level by hand
        said["levels"] = [kept(chance) for chance in chances[0]]
        said["level"] = int(levels.attained_level(found.theta, scale.cuts)[0]) if found.n_items[0] else None
    return said


def _credit(item: Any, answer: Any) -> int:
    """Give the credit of an answer; an answered block counts only as answered here."""
    if answer is None:
        return MISSING
    return int(item.credit[answer]) if isinstance(item, keys.Graded | keys.RightOrWrong) else 0


def _estimate(construct: str, found: eap.Ability, items: int) -> dict[str, Any]:
    answered = int(found.n_items[0])
    return {
        "construct": construct, "method": "eap", "theta": kept(found.theta[0]), "se": kept(found.se[0]), "items": items,
        "answered": answered, "flag": "" if answered else "no_items",
    }  # fmt: skip


def _picks(blocks: Sequence[Any], answers: Mapping[str, Any]) -> tuple[list[int], list[int]]:
    """Turn most/least answers into positions in each block; -1 where a block has no answer."""
    places = [{name: place for place, name in enumerate(block.statements)} for block in blocks]
    said = [answers.get(block.id) for block in blocks]
    pairs = [
        (at[pick["most"]], at[pick["least"]]) if pick else (MISSING, MISSING)
        for at, pick in zip(places, said, strict=True)
    ]
    return [most for most, _ in pairs], [least for _, least in pairs]


def _forced_choice(
    scale: keys.Scale, members: Sequence[Any], answers: Mapping[str, Any], prior: Prior
) -> dict[str, Any]:
    most, least = _picks(members, answers)
    statements = [statement for block in members for statement in block.statements.values()]
    blocks = forced_choice.Blocks(
        sizes=tuple(len(block.statements) for block in members),
        mean=np.array([one.mean for one in statements]), loading=np.array([one.loading for one in statements]),
        psi=np.array([one.psi for one in statements]),
    )  # fmt: skip
    return _estimate(scale.construct, forced_choice.eap(most, least, blocks, prior), len(members))


def _preference(ranked: Sequence[Any], paths: Sequence[str], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Divide the preference over the paths by the blocks that are no repetition; repetitions say how steady it is."""
    own = [block for block in ranked if block.repeats is None]
    most, least = _picks(own, answers)
    shares = preference.shares([list(block.statements.values()) for block in own], paths, most, least)[0]
    number = {block.id: position for position, block in enumerate(ranked)}
    repeats = [(number[block.repeats], number[block.id]) for block in ranked if block.repeats is not None]
    most, least = _picks(ranked, answers)
    steady = preference.consistency([list(block.statements.values()) for block in ranked], repeats, most, least)[0]
    return {
        "shares": {path: None if np.isnan(share) else kept(share) for path, share in zip(paths, shares, strict=True)},
        "consistency": None if np.isnan(steady) else kept(steady), "blocks": len(own),
        "answered": sum(block.id in answers for block in own),
    }  # fmt: skip
