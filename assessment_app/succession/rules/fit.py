"""How well signed levels fit a target post: the match against that post's standard, and how sure it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessment_app.review.rules.deciding import match_error
from assessment_app.scoring.rules import Terms, matches, terms
from scoring_engine.canonical import kept

PURPOSE = "jpm.pengisian"
"""A target post is filled, so its own thresholds count (domain 3.2), whatever the wave was for."""

UNSIGNED, NO_STANDARD, INCOMPLETE = "unsigned", "no_standard", "incomplete"
"""Why there is no match."""

Document = Mapping[str, Any]


def filling(document: Document) -> Terms:
    """Read how a rule set matches people with a post that is to be filled; refuses with IncompleteRules."""
    rules = document["rules"]
    return terms({**document, "rules": {**rules, "jpm.purpose": {**rules["jpm.purpose"], "value": PURPOSE}}})


def fits(results: Sequence[Document], standard: Mapping[str, int], how: Terms) -> list[dict[str, Any]]:
    """Match results with a standard (construct -> required level), each as a document keeps it.

    ``error`` is the standard error in per cent, ``chance`` that of the category; a result with a competency that was
    not measured has no match, and says which.
    """
    people = [[_asked(one, standard[one["construct"]]) for one in result["competencies"]] for result in results]
    found = matches(people, how)
    return [_said(competencies, match, how) for competencies, match in zip(people, found, strict=True)]


def _asked(competency: Document, required: int) -> dict[str, Any]:
    return {**competency, "required": required}


def _said(competencies: Sequence[Document], match: Document, how: Terms) -> dict[str, Any]:
    if match["exact"] is None:
        return {"why": INCOMPLETE, "missing": match["missing"]}
    error = match_error({"competencies": competencies, "jpm": match}, how.rules)
    below = [one["construct"] for one in competencies if one["level"] < one["required"]]
    return {
        "exact": match["exact"], "category": match["category"], "floor": match["floor"], "below": below,
        "chance": match["chances"][match["categories"].index(match["category"])],
        "error": None if error is None else kept(error),
    }  # fmt: skip
