"""The verdicts at the end of a run, with the true reason of each rule that nothing bears on."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.results.results import Results
from openapi.catalogue import Catalogue
from openapi.rules import Area, Basis, Rule
from reports.record.entries import Verdict
from strategies.case import Side

_WATCHED = "nobody documents it: valid bodies keep it; what violates it alone, if anything does, is sent in larger profiles"
_UNREAD = "no response to a created call could be read: see response.json"
_ABOUT_RESPONSES = {Area.SHAPE: "shape", Area.DEFAULT: "default", Area.ECHO: "echo"}  # and the side on which each is judged
_NOT_SHOWN = "no response showed what it is about; a server may leave it out"
_HIDDEN = "what would have shown it was refused for another reason: see the rules that fail"


@dataclass(frozen=True)
class Evidence:
    """What a run knows beyond the results of single rules.

    `legible` says whether any response to an accepted body could be read, `hides` whether valid bodies were refused, and
    `violated` are the rules that a case can violate.
    """

    legible: bool | None
    hides: bool
    violated: frozenset[str]


def verdicts(catalogue: Catalogue, results: Results, evidence: Evidence, *, strict: bool) -> list[Verdict]:
    """Return the verdict on each selected rule."""
    rules = [rule for rule in catalogue.rules.values() if results.selection.wants(rule.id)]
    for rule in rules:
        if evidence.legible is False:
            _leave_unread(results, rule)
        if evidence.hides:
            results.skip(rule.id, _HIDDEN)
        if rule.basis is Basis.UNDOCUMENTED and rule.id.startswith("body."):
            results.skip(rule.id, _WATCHED)
        # Accepting valid values shows little while nothing invalid was sent.
        if rule.id in evidence.violated:
            results[rule.id].owed |= {Side.REJECTS}
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
