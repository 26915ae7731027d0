"""What QTI can say of a key: the right answer, what each answer earns, and by which rule the two become a score."""

from __future__ import annotations

from dataclasses import dataclass

from item_bank.qti.markup import Node, node

RESPONSE, SCORE = "RESPONSE", "SCORE"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
MATCH, MAP, EQUAL, NONE = "match_correct", "map_response", "equal", ""
"""By the right answer as a whole, by what each part earns, by a number's tolerance, or not by a rule of QTI."""
BY_PEOPLE = "human"


@dataclass(frozen=True)
class Declared:
    """A response as QTI declares it; the mapping is without a limit where ``lower`` or ``upper`` is nothing."""

    cardinality: str
    base: str
    correct: tuple[str, ...] = ()
    mapping: tuple[tuple[str, float], ...] = ()
    otherwise: float = 0.0
    lower: float | None = None
    upper: float | None = None
    rule: str = NONE
    tolerance: str = ""
    highest: float = 0.0
    external: str = ""


def figure(value: float) -> str:
    """Write a number, a whole one without decimals."""
    return str(int(value)) if value == int(value) else repr(float(value))


def of_response(declared: Declared) -> Node:
    """Write the declaration of the response."""
    told = {"identifier": RESPONSE, "cardinality": declared.cardinality, "base-type": declared.base}
    made = node("qti-response-declaration", told)
    if declared.correct:
        made.children.append(node("qti-correct-response", {}, *(_value(one) for one in declared.correct)))
    if declared.mapping:
        made.children.append(_mapping(declared))
    return made


def of_outcomes(declared: Declared) -> list[Node]:
    """Write the declarations of the score and of the highest one."""
    told = {"identifier": SCORE, "cardinality": "single", "base-type": "float"}
    if declared.external:
        told["external-scored"] = declared.external
    most = {"identifier": "MAXSCORE", "cardinality": "single", "base-type": "float"}
    made = [node("qti-outcome-declaration", told, _default("0"))]
    if declared.highest:
        made.append(node("qti-outcome-declaration", most, _default(figure(declared.highest))))
    return made


def of_processing(declared: Declared) -> list[Node]:
    """Write how the response becomes a score, if QTI has a way to say it."""
    if declared.rule in (MATCH, MAP):
        return [node("qti-response-processing", {"template": TEMPLATES + declared.rule})]
    return [_by_tolerance(declared.tolerance)] if declared.rule == EQUAL else []


def _value(text: str) -> Node:
    return node("qti-value", {}, text)


def _default(text: str) -> Node:
    return node("qti-default-value", {}, _value(text))


def _mapping(declared: Declared) -> Node:
    told = {"default-value": figure(declared.otherwise)}
    if declared.lower is not None:
        told["lower-bound"] = figure(declared.lower)
    if declared.upper is not None:
        told["upper-bound"] = figure(declared.upper)
    entries = (node("qti-map-entry", {"map-key": key, "mapped-value": figure(to)}) for key, to in declared.mapping)
    return node("qti-mapping", told, *entries)


def _by_tolerance(tolerance: str) -> Node:
    told = {"tolerance-mode": "exact"}
    if tolerance.strip("0.-"):
        told = {"tolerance-mode": "absolute", "tolerance": f"{tolerance} {tolerance}"}
    both = (node("qti-variable", {"identifier": RESPONSE}), node("qti-correct", {"identifier": RESPONSE}))
    one = node("qti-base-value", {"base-type": "float"}, "1")
    scored = node("qti-set-outcome-value", {"identifier": SCORE}, one)
    condition = node("qti-response-if", {}, node("qti-equal", told, *both), scored)
    return node("qti-response-processing", {}, node("qti-response-condition", {}, condition))
