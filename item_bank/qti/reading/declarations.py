"""Reads what an item of QTI says of its key, and by which rule its response becomes a score."""

from __future__ import annotations

from item_bank.qti.declarations import EQUAL, MAP, MATCH, NONE, Declared
from item_bank.qti.markup import Node
from item_bank.qti.reading.findings import NotUnderstood

OTHER = "other"
"""A rule that is neither of the templates nor one of their usual forms."""

_FRAME = {
    "qti-response-condition", "qti-response-if", "qti-response-else", "qti-variable", "qti-set-outcome-value",
    "qti-base-value", "qti-is-null",
}  # fmt: skip
_RULES = {"qti-match": MATCH, "qti-map-response": MAP, "qti-equal": EQUAL}
_PARTS = {MATCH: {"qti-match", "qti-correct"}, MAP: {"qti-map-response"}, EQUAL: {"qti-equal", "qti-correct"}}


def read_declared(root: Node, response: str) -> Declared:
    """Read the declaration of a response; refuses with NotUnderstood if there is none, or one without sense."""
    declarations = root.elements("qti-response-declaration")
    found = next((one for one in declarations if one.get("identifier") == response), None)
    if found is None:
        raise NotUnderstood(root, f"it declares no response '{response}'")
    mapping = found.first("qti-mapping")
    rule, tolerance = _rule_of(root.first("qti-response-processing"))
    correct = found.first("qti-correct-response")
    return Declared(
        cardinality=found.get("cardinality"),
        base=found.get("base-type"),
        correct=tuple(value.words() for value in correct.elements("qti-value")) if correct else (),
        mapping=_entries(mapping),
        otherwise=_figure(mapping, "default-value") or 0.0,
        lower=_figure(mapping, "lower-bound"),
        upper=_figure(mapping, "upper-bound"),
        rule=rule,
        tolerance=tolerance,
    )


def _entries(mapping: Node | None) -> tuple[tuple[str, float], ...]:
    if mapping is None:
        return ()
    entries = mapping.elements("qti-map-entry")
    return tuple((entry.get("map-key"), _figure(entry, "mapped-value") or 0.0) for entry in entries)


def _figure(element: Node | None, attribute: str) -> float | None:
    """Read a number of an attribute; refuses with NotUnderstood what is none."""
    if element is None or attribute not in element.attributes:
        return None
    try:
        value = float(element.get(attribute))
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e9:
        raise NotUnderstood(element, f"'{element.get(attribute)[:20]}' is no number that a score could be")
    return value


def _rule_of(processing: Node | None) -> tuple[str, str]:
    """Name the rule, with the tolerance if it has one."""
    if processing is None or not (processing.children or processing.get("template")):
        return NONE, ""
    template = processing.get("template").rpartition("/")[2].removesuffix(".xml").lower()
    if template:
        return (template if template in (MATCH, MAP) else OTHER), ""
    names = {one.name for one in processing.everywhere()}
    rule = next((_RULES[name] for name in sorted(names & set(_RULES))), OTHER)
    if rule == OTHER or not _is_usual(processing, names, rule):
        return OTHER, ""
    return rule, _tolerance(processing) if rule == EQUAL else ""


def _is_usual(processing: Node, names: set[str], rule: str) -> bool:
    """Whether a rule is the usual one: one condition, RESPONSE against its key, and what fits earns more than 0."""
    conditions = list(processing.elements("qti-response-condition"))
    if not names <= _FRAME | _PARTS[rule] or len(conditions) > 1 or len(list(processing.elements())) > 1:
        return False
    if rule == MAP:
        return True
    fits = conditions[0].first("qti-response-if") if conditions else None
    told = [one.words() for one in fits.everywhere("qti-base-value")] if fits else []
    return (
        len(told) == 1
        and _is_positive(told[0])
        and fits is not None
        and bool([*fits.elements("qti-match", "qti-equal")])
    )


def _is_positive(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False


def _tolerance(processing: Node) -> str:
    equal = next(processing.everywhere("qti-equal"))
    if equal.get("tolerance-mode", "exact") == "exact":
        return "0"
    both = equal.get("tolerance").split()
    if equal.get("tolerance-mode") != "absolute" or not both or len(set(both)) > 1:
        raise NotUnderstood(equal, "its tolerance is not the same number below and above, which has no place here")
    return both[0]


def is_same_key(one: Declared, other: Declared) -> bool:
    """Whether two declarations say the same of what is right."""
    return (one.correct, one.mapping, one.rule) == (other.correct, other.mapping, other.rule)
