"""Cases of one branch of the body: those of a contract with that branch alone, under the ids of the whole contract.

`names` maps the ids of the branch's rules where it is alone to those of the whole. The whole's oracle confirms each body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from openapi.schema.oracle import Oracle
from strategies.case import Case
from strategies.negative.violations import Violation


def accepted(cases: Iterable[Case], names: Mapping[str, str], oracle: Oracle) -> Iterator[Case]:
    """Yield the valid bodies that carry values of the branch's own rules."""
    for case in cases:
        aims = tuple(replace(aim, rule=names[aim.rule]) for aim in case.aims if aim.rule in names)
        if aims and oracle.is_valid(case.body):
            yield replace(case, aims=aims, label=f"{case.label}, {_branch_of(aims[0].rule)}")


def violated(
    violations: Mapping[str, list[Violation]], names: Mapping[str, str], oracle: Oracle
) -> Iterator[tuple[str, list[Violation]]]:
    """Yield the violations of the branch's own rules that violate nothing else of the whole contract."""
    for rule, found in violations.items():
        if (name := names.get(rule)) is not None:
            kept = [replace(each, rule=name) for each in found if list(oracle.violated(each.body)) == [name]]
            if kept:
                yield name, kept


def _branch_of(rule: str) -> str:
    """Return the branch in the id of one of its rules."""
    return next(part for part in rule.split(".") if ":" in part)
