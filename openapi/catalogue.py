"""The catalogue: every rule of a contract, derived by walking its schemas and from the tables of stated rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from openapi.branch_rules import BranchRules, branch_rules
from openapi.contract import Contract, Parameter
from openapi.identifiers import identifier_of
from openapi.json_types import Json, Schema
from openapi.own_checks import OwnCheck, OwnCheckError
from openapi.rules import Area, Basis, Level, Rule
from openapi.schema.keywords import KEYWORDS, makes_rule, note_of
from openapi.schema.nodes import Constraint, Node, tree
from openapi.schema.oracle import rule_id
from openapi.schema_rules import plain, rule_of, schema_rules, source

HERE = Path(__file__).parent
PROTOCOL, MUTATORS, PROBES = HERE / "protocol.yaml", HERE / "mutators.yaml", HERE / "probes.yaml"


@dataclass(frozen=True)
class Catalogue:
    """The rules of a contract by id, in document order; `notes` name what has no rule.

    `body` and `response` are the trees of both schemas: caches keyed by node use these. `branches` are those of the body,
    `own` are the user's checks.
    """

    contract: Contract
    rules: Mapping[str, Rule]
    notes: tuple[str, ...]
    body: Node
    response: Node
    branches: tuple[BranchRules, ...] = ()
    own: tuple[OwnCheck, ...] = ()

    def is_documented(self, rule: str) -> bool:
        """Return whether the rule exists and rests on the documentation, so that a violation fails a run."""
        return rule in self.rules and self.rules[rule].basis is Basis.DOCUMENTED

    def select(self, globs: Iterable[str]) -> list[Rule]:
        """Return the rules whose id matches one of the globs, in order; all of them without a glob."""
        patterns = list(globs)
        return [r for r in self.rules.values() if not patterns or any(fnmatchcase(r.id, each) for each in patterns)]

    def with_own(self, checks: Iterable[OwnCheck]) -> Catalogue:
        """Return the catalogue with the user's checks and their rules. OwnCheckError if the id of one is taken."""
        rules, taken, added = (
            dict(self.rules),
            {each.partition(".")[0] for each, rule in self.rules.items() if rule.area is not Area.OWN},
            tuple(checks),
        )
        for each in added:
            identity, first = each.rule.id, each.rule.id.partition(".")[0]
            if first in taken:
                raise OwnCheckError(f"{identity}: ids that begin with {first} are the suite's; begin with another word")
            if identity in rules:
                raise OwnCheckError(f"{identity}: two checks have this id")
            rules[identity] = each.rule
        return replace(self, rules=rules, own=(*self.own, *added))


def catalogue_of(contract: Contract) -> Catalogue:
    """Return the catalogue of a contract."""
    found: dict[str, Rule] = {}
    notes: list[str] = list(contract.notes)
    body, response = tree(contract.request), tree(contract.response)
    for rule in (
        *schema_rules(contract, body, "body", notes),
        *_echo_rules(contract, body, response, notes),
        *_default_rules(contract, body, response),
        *schema_rules(contract, response, "response", notes),
        *_query_rules(contract, notes),
        *_stated_rules(contract),
        *_parent_rules(contract, body, response),
        *_protocol_rules(contract),
        *_observed_rules(contract),
    ):
        found.setdefault(rule.id, rule)
    branches = tuple(branch_rules(contract, body, "body", notes))
    for each in (*branches, *branch_rules(contract, response, "response", notes)):
        found |= {rule.id: rule for rule in each.rules}
    return Catalogue(contract, found, tuple(dict.fromkeys(notes)), body, response, branches)


def echoed(body: Node, response: Node) -> Iterator[tuple[Node, Node]]:
    """Yield the fields that request and response share, with both nodes, the top-level ones first."""
    for name, node in body.properties.items():
        if name in response.properties:
            yield node, response.properties[name]
            yield from echoed(node, response.properties[name])
    if body.each is not None and response.each is not None:
        yield body.each, response.each
        yield from echoed(body.each, response.each)


def _echo_rules(contract: Contract, body: Node, response: Node, notes: list[str]) -> Iterator[Rule]:
    identifier = identifier_of(contract, body, response).path
    for node, _ in echoed(body, response):
        if node.place[-1] == "*":
            continue  # the list or map as a whole has a rule, and so has each member of an element
        if node.place == identifier:
            where = source(contract, node.parts[0].origin)
            notes.append(f"{where}: a server may keep an id that is sent or make its own, so its echo has no rule")
            continue
        yield Rule(
            id=rule_id("body", node.path, "echo"),
            area=Area.ECHO,
            level=Level.MUST,
            basis=Basis.DOCUMENTED,
            requirement=f"The response MUST show {node.path} with the value that was sent.",
            quote=None,
            source=source(contract, node.parts[0].origin),
        )


def default_of(node: Node) -> tuple[Json, Mapping[str, Json], str] | None:
    """Return the documented default of a field: its value, its entry in `x-rules`, its origin. None without one."""
    for part in node.parts:
        if "default" in part.schema:
            found = part.constraint("default", part.schema["default"])
            return found.value, found.about, found.origin
    return None


def _default_rules(contract: Contract, body: Node, response: Node) -> Iterator[Rule]:
    pairs = {node.path: (node, other) for node, other in echoed(body, response)}
    for path, (node, other) in pairs.items():
        found = default_of(node) or default_of(other)
        if found and "*" not in node.place:
            yield _default_rule(contract, "body", path, found)
    for node in response.walk():
        found = default_of(node)
        if found and node.path not in pairs and "*" not in node.place:
            yield _default_rule(contract, "response", node.path, found)


def _default_rule(contract: Contract, prefix: str, path: str, found: tuple[Json, Mapping[str, Json], str]) -> Rule:
    value, about, origin = found
    constraint = Constraint("default", value, "", about, origin)
    what = (
        f"Where {path} is not sent, the response"
        if prefix == "body"
        else f"The response for a new {contract.data.created.noun}"
    )
    # A nested default may stay unsaid (tolerances.yaml), so what is demanded is only that it is not another value.
    verb = (
        "MUST NOT show another value than" if "." in path else f"MUST show {path} as" if prefix == "response" else "MUST show"
    )
    return rule_of(contract, prefix, path, constraint, Area.DEFAULT, f"{what} {verb} {value!r}.")


def _query_rules(contract: Contract, notes: list[str]) -> Iterator[Rule]:
    for parameter in contract.parameters:
        for node in tree(parameter.schema).walk():
            for constraint in node.constraints:
                if (note := note_of(constraint.keyword, constraint.value)) is not None:
                    notes.append(f"{source(contract, constraint.origin)}: {note}")
                if makes_rule(constraint.keyword, constraint.value):
                    yield _query_rule(contract, parameter, constraint)


def _query_rule(contract: Contract, parameter: Parameter, constraint: Constraint) -> Rule:
    about = KEYWORDS[constraint.keyword]
    return Rule(
        id=rule_id("query", parameter.name, constraint.keyword),
        area=Area.QUERY,
        level=Level(constraint.about.get("level", "MUST")),
        basis=Basis(constraint.about.get("basis", "documented")),
        requirement=about.sentence(f"The query parameter {parameter.name}", constraint.value),
        quote=constraint.about.get("quote"),
        source=constraint.about.get("source") or source(contract, constraint.origin),
        keyword=constraint.keyword,
        value=plain(constraint.value),
    )


def _stated_rules(contract: Contract) -> Iterator[Rule]:
    """Yield the rules that the operation's own extensions state in full."""
    for extension, prefix, area in (
        ("x-request-rules", "query", Area.QUERY),
        ("x-exchange-rules", "response", Area.SHAPE),
    ):
        for index, each in enumerate(contract.extensions.get(extension, ())):
            where = f"{contract.origins['']}/{extension}/{index}"
            yield _stated(each, f"{prefix}.{each['id']}", Area(each.get("area", area)), where)


def _stated(data: Mapping[str, Json], identity: str, area: Area, where: str) -> Rule:
    return Rule(
        id=identity,
        area=area,
        level=Level(data.get("level", "MUST")),
        basis=Basis(data.get("basis", "documented")),
        requirement=data["requirement"],
        quote=data.get("quote"),
        source=data.get("source", where),
    )


def inheritable(contract: Contract, body: Node, response: Node) -> list[str]:
    """Return the properties that a derived call takes over from its parent call and shows in its response."""
    parent = contract.extensions.get("x-parent-call")
    if not parent:
        return []
    shown = [name for name in body.properties if name in response.properties]
    return shown if parent.get("inherits", "*") == "*" else [name for name in shown if name in parent["inherits"]]


def _parent_rules(contract: Contract, body: Node, response: Node) -> Iterator[Rule]:
    parent, noun = contract.extensions.get("x-parent-call", {}), contract.data.created.noun
    for name in inheritable(contract, body, response):
        for verb, sentence in (
            ("inherited", f"A derived {noun} MUST take over {name} from the parent {noun} unless the body sets it."),
            ("overridden", f"A derived {noun} MUST have the {name} that its own body sets."),
        ):
            data = {**parent, "requirement": sentence}
            yield _stated(data, f"state.{name}.{verb}", Area.STATE, f"{contract.origins['']}/x-parent-call")


def _protocol_rules(contract: Contract) -> Iterator[Rule]:
    """Yield the rules about requests in general, for each feature that the contract has, then those of its own protocol."""
    features, noun, own = _features(contract), contract.data.created.noun, contract.data.protocol
    quotes = _table(own).get("quotes", {}) if own else {}
    tables = [("protocol.yaml", PROTOCOL), *([(f"{own.parent.name}/protocol.yaml", own)] if own else ())]
    for name, table in tables:
        for entry in entries(table, "rules"):
            if features.issuperset(entry.get("needs", ())):
                stated = {**entry, "requirement": entry["requirement"].replace("{object}", noun)}
                if entry["id"] in quotes:
                    stated["quote"] = quotes[entry["id"]]
                yield _stated(stated, entry["id"], Area(entry["area"]), f"{name}#{entry['id']}")


@cache
def _table(path: Path) -> dict[str, Json]:
    found: dict[str, Json] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def entries(table: Path, member: str) -> list[dict[str, Json]]:
    """Return the entries of a table of the project or of a contract; none where it lacks the member."""
    found: list[dict[str, Json]] = _table(table).get(member, [])
    return found


def probes(contract: Contract) -> list[dict[str, Json]]:
    """Return the probes of whole requests: those for every contract, then those of this one."""
    own = contract.data.probes
    return [*entries(PROBES, "probes"), *(entries(own, "probes") if own else ())]


def _observed_rules(contract: Contract) -> Iterator[Rule]:
    """Yield the rules about undocumented behaviour, which is only recorded."""
    for found, table, area in (
        (probes(contract), PROBES, Area.PROTOCOL),
        (entries(MUTATORS, "mutators"), MUTATORS, Area.ROBUSTNESS),
    ):
        for entry in found:
            data = {
                "requirement": f"What the server does with {entry['what']} is recorded.",
                "basis": "undocumented",
                "level": "MAY",
            }
            yield _stated(data, f"observed.{entry['id']}", area, f"{table.name}#{entry['id']}")


def _features(contract: Contract) -> set[str]:
    present: dict[str, Schema | Json] = {
        "key": contract.keys and () not in contract.security,
        "alternatives": len(contract.security) > 1 and () not in contract.security,
        "read": contract.read,
        "delete": contract.delete,
        "parent": contract.extensions.get("x-parent-call"),
        "query": contract.parameters,
    }
    return {name for name, value in present.items() if value}
