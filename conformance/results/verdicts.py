"""The verdicts at the end of a run, with the true reason of each rule that nothing bears on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conformance.results.results import Results
from openapi.catalogue import Catalogue
from openapi.rules import Area, Basis, Rule
from reports.record.entries import Verdict
from strategies.case import Side
from strategies.plan.plan import Plan

_WATCHED = "nobody documents it: valid bodies keep it, and this profile sends nothing that violates it alone"
_UNREAD = "no response to a created call could be read: see response.json"
_ABOUT_RESPONSES = {Area.SHAPE: "shape", Area.DEFAULT: "default", Area.ECHO: "echo"}  # and the side on which each is judged
_NOT_SHOWN = "no response showed what it is about; a server may leave it out"
_HIDDEN = "is refused for another reason, so that nothing shows this: see the rules that fail"
ONE_SIDED = "only its valid side was tried: no violation of it could be constructed"
_CONSTRAINTS = frozenset({Area.CONSTRAINT, Area.ENUM, Area.CROSS_FIELD})


@dataclass(frozen=True)
class Evidence:
    """The knowledge of a run beyond the results of single rules.

    `legible` says whether any response to an accepted body could be read. `hiding` gives a refused place that hides a rule, and
    `violated` are the rules that a case can violate.
    """

    legible: bool | None
    hiding: Callable[[str], str | None]
    violated: frozenset[str]


def violable(plan: Plan) -> frozenset[str]:
    """Return the rules that a case can violate; those that one might, while violations are still in the making.

    Another thread makes them, and may take minutes: a run that has been interrupted does not wait, nor make them itself.
    """
    if plan.is_planned:
        return frozenset(plan.violations)
    rules = plan.catalogue.rules.values()
    return frozenset(rule.id for rule in rules if rule.id.startswith("body.") and rule.area not in _OF_RESPONSES)


_OF_RESPONSES = (Area.ECHO, Area.DEFAULT)


def verdicts(catalogue: Catalogue, results: Results, evidence: Evidence, *, strict: bool) -> list[Verdict]:
    """Return the verdict on each selected rule."""
    rules = [rule for rule in catalogue.rules.values() if results.selection.wants(rule.id)]
    for rule in rules:
        if evidence.legible is False:
            _leave_unread(results, rule)
        if (place := evidence.hiding(rule.id)) is not None:
            results.skip(rule.id, f"{place} {_HIDDEN}")
        if rule.basis is Basis.UNDOCUMENTED and rule.id.startswith("body."):
            results.skip(rule.id, _WATCHED)
        _owe_violation(results, evidence, rule)
    for stated in catalogue.contract.extensions.get("x-exchange-rules", ()) if evidence.legible else ():
        results.skip(f"response.{stated['id']}", _NOT_SHOWN)
    for rule in rules if evidence.legible else ():
        if rule.area is Area.DEFAULT:
            results.skip(rule.id, _NOT_SHOWN)
    return results.verdicts(rules, strict=strict)


def _leave_unread(results: Results, rule: Rule) -> None:
    """Note of a rule about responses that there was nothing to read; an error unless the reason is reported itself."""
    side = _ABOUT_RESPONSES.get(rule.area)
    if side is not None and results.selection.wants("response.json"):
        results.skip(rule.id, _UNREAD)
    elif side is not None:
        results.unjudge(rule.id, side, _UNREAD)


def _owe_violation(results: Results, evidence: Evidence, rule: Rule) -> None:
    """Note that a rule passes only if a violation was refused: accepting what is valid shows little by itself."""
    is_constraint = rule.id.startswith("body.") and rule.area in _CONSTRAINTS and rule.basis is not Basis.UNDOCUMENTED
    if rule.id in evidence.violated or is_constraint:
        results[rule.id].owed |= {Side.REJECTS}
        if rule.id not in evidence.violated:
            results.skip(rule.id, ONE_SIDED)
