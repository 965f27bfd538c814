"""The rules of branches: each keyword inside a branch of a body or a response has one, under an id that names the branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from openapi.contract import Contract
from openapi.json_types import Schema
from openapi.rules import Rule
from openapi.schema.branches import Branch, Choice, Choices
from openapi.schema.nodes import Node, tree
from openapi.schema.oracle import rule_id, rules_at
from openapi.schema_rules import schema_rules


@dataclass(frozen=True, eq=False)
class BranchRules:
    """The rules of one branch: `contract` has that branch alone, `names` maps the ids there to those here."""

    contract: Contract
    names: Mapping[str, str]
    rules: tuple[Rule, ...]


def branch_rules(contract: Contract, root: Node, prefix: str, notes: list[str]) -> Iterator[BranchRules]:
    """Yield the branches of the request ("body") or the response ("response") with the rules that they add.

    A rule that holds in every branch has its own place. `notes` gains the branches that have none, where there are too many.
    """
    choices, known = Choices(root), rules_at(root, prefix)
    side = "the body" if prefix == "body" else "the response"
    for choice, branch in choices.named:
        own, schema = _alone(contract, prefix, choice, branch)
        stem = rule_id(prefix, choice.place, "")
        rules = {}
        for rule in schema_rules(own, tree(schema), prefix, []):
            rest = rule.id.removeprefix(f"{stem}.")
            is_inside = rule.id.startswith(f"{stem}.") and rule.id not in known
            if is_inside and rest != "type" and rest.split(".")[0] != choice.member:
                identity = f"{rule_id(stem, '', choice.name(branch))}.{rest}"
                sentence = f"Where {choice.place or side} is {branch.label}: {rule.requirement}"
                rules[rule.id] = replace(rule, id=identity, requirement=sentence)
        if rules:
            yield BranchRules(own, {old: rule.id for old, rule in rules.items()}, tuple(rules.values()))
    for choice, branch in choices.unnamed:
        notes.append(f"{choice.place or side}: {choice.name(branch)} has no rules: there are too many branches")


def _alone(contract: Contract, prefix: str, choice: Choice, branch: Branch) -> tuple[Contract, Schema]:
    """Return the contract with one branch alone, and the schema in which it stands."""
    if prefix == "body":
        schema = choice.alone(contract.request, branch)
        return replace(contract, request=schema), schema
    schema = choice.alone(contract.response, branch)
    return replace(contract, response=schema), schema
