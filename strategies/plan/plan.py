"""The plan: the cases that verify every rule of the body from both sides, boundary values before drawn ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from math import inf
from typing import TypeVar

from openapi.catalogue import Catalogue, catalogue_of
from openapi.coercion.parsers import ALL
from openapi.json_types import Json, Path
from openapi.rules import Basis
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.bodies.builder import Builder, with_members
from strategies.bodies.context import contexts
from strategies.case import Aim, Case, Side
from strategies.coverage.packing import Pack, Packer, packer
from strategies.coverage.pairwise import pairwise
from strategies.coverage.single_choice import each_alone, premises, together, without_need
from strategies.coverage.surroundings import is_holder, surrounded
from strategies.negative.violations import ALONGSIDE, COERCED, Violation, begun_elsewhere, is_hazard, violations
from strategies.plan import branch_cases
from strategies.plan.budget import LIKELIEST, CaseBudget
from strategies.plan.corpus import Corpus, corpus
from strategies.plan.may_packs import MayPack, UncertainValue, packed
from strategies.plan.verification import Verification
from strategies.values.valid import Value, accepted

T = TypeVar("T")
_FEW_UNCERTAIN, _LONGEST = 2, 10_000  # values that a server may refuse, of a field within alternatives, and their characters
_OF_MEMBERS = (".oneOf", ".minProperties")  # rules that a whole element of a list or map breaks in several ways
_LIKELY_COERCED = 2  # values that parsers coerce which the server does not use, and that are sent before those in turn
_COMBINED = 40  # combinations that may become bases of drawn bodies
_IN_CONTEXT = 16  # violations of such a rule in context


@dataclass(frozen=True)
class Plan:
    """The cases of the body for a catalogue, as many as the budget has.

    Values at the places in `lacking` may be refused, since the account lacks what they need (`x-needs`).
    """

    catalogue: Catalogue
    budget: CaseBudget = LIKELIEST
    lacking: frozenset[str] = frozenset()
    reads: frozenset[str] = ALL

    @property
    def few(self) -> bool:
        """Return whether positive cases are the likeliest ones alone."""
        return self.budget.few

    @cached_property
    def oracle(self) -> Oracle:
        """Return the oracle of the request body."""
        return Oracle(self.catalogue.contract.request, "body", self.catalogue.body)

    @cached_property
    def verification(self) -> Verification:
        """Return the verification of the plan's cases."""
        return Verification(self.oracle)

    @cached_property
    def maker(self) -> Packer:
        """Return the packer of the request body."""
        return packer(self.oracle.root, "body", few=self.few, lacking=self.lacking)

    def keep(self, _name: str, make: Callable[[], Iterator[T]]) -> Iterator[T]:
        """Yield what `make` yields; a subclass caches it under the name."""
        return make()

    def seeds(self) -> Iterator[Json]:
        """Yield small valid bodies to begin with, the likeliest to be accepted first: the contract's own, then the smallest."""
        root, builder = self.oracle.root, Builder(self.oracle)
        stated = self.catalogue.contract.data.seed
        candidates = chain(
            [] if stated is None else [stated],
            [{}],
            [builder.complete({})] if "object" in root.types else [],
            sorted((pack.value for pack in self.maker.packs(root)), key=lambda value: len(str(value))),
            (case.body for case in self.accepts()),
        )
        found: list[Json] = []
        for body in candidates:
            if body is not None and body not in found and self.oracle.is_valid(body):
                found.append(body)
                yield body

    def premises(self) -> list[list[tuple[Node, list[Case]]]]:
        """Return each field that needs something, with a few bodies that set it: if one is accepted, the need is met.

        Those whose first bodies go together are in one group.
        """
        return together(self.oracle, [each for each in premises(self.oracle, self.maker) if each[1]])

    def without(self, places: frozenset[str]) -> Plan:
        """Return the plan for a server that lacks what the fields at these places need."""
        return Plan(self.catalogue, self.budget, places, self.reads)

    def accepts(self) -> Iterator[Case]:
        """Yield valid bodies that between them carry every value that must be accepted."""
        packs, _ = self.paired
        for number, pack in enumerate(packs, 1):
            if self.oracle.is_valid(pack.value):
                yield self._short(
                    Case(side=Side.ACCEPTS, label=f"pack {number} of {len(packs)}", aims=pack.aims, body=pack.value)
                )
        yield from each_alone(self.oracle, self.maker)
        for plan, names in self.branches:
            yield from branch_cases.accepted(plan.accepts(), names, self.oracle)

    @cached_property
    def branches(self) -> list[tuple[Plan, Mapping[str, str]]]:
        """Return the plan of each branch that the body may take, with its rules' ids there and in this catalogue."""
        return [
            (Plan(catalogue_of(each.contract), self.budget, self.lacking, self.reads), each.names)
            for each in self.catalogue.branches
        ]

    def pairs(self) -> Iterator[Case]:
        """Yield valid bodies for each pair of kinds of values of two members, unless a pack has it."""
        _, packs = self.paired
        for number, pack in enumerate(packs, 1):
            yield self._short(Case(side=Side.ACCEPTS, label=f"pairs {number} of {len(packs)}", aims=pack.aims, body=pack.value))

    def _short(self, case: Case) -> Case:
        """Return the case of an object that ends by itself soon, unless its body aims at another time."""
        lifetime = self.catalogue.contract.data.created.lifetime
        if lifetime is None or any(aim.path[:1] == (lifetime.member,) for aim in case.aims):
            return case
        body = lifetime.shortened(case.body)
        return replace(case, body=body) if body is not case.body and self.oracle.is_valid(body) else case

    @cached_property
    def paired(self) -> tuple[list[Pack], list[Pack]]:
        """Return the packs of :meth:`accepts`, and those of :meth:`pairs`."""
        columns = {name: self.maker.packs(child) for name, child in self.oracle.root.properties.items()}
        alone = [case.body for case in each_alone(self.oracle, self.maker)]
        return pairwise(self.oracle, columns, self.maker.packs(self.oracle.root), alone)

    def combinations(self, rounds: int) -> Iterator[Case]:
        """Yield valid bodies in which the members meet in other combinations each round."""
        columns = {name: self.maker.packs(child) for name, child in self.oracle.root.properties.items()}
        columns = {name: packs for name, packs in columns.items() if packs}
        start: Json = next(self.seeds(), {}) if self.oracle.root.required else {}
        for number in range(rounds if columns else 0):
            names = list(columns)
            members: dict[str, Pack] = {}
            for index, name in enumerate(names[number % len(names) :] + names[: number % len(names)]):
                packs = columns[name]
                members[name] = packs[(number * (index + 1) + index * index) % len(packs)]
            body = with_members(self.oracle, start, [(name, pack.value) for name, pack in members.items()])
            if not self.oracle.is_valid(body):
                continue
            aims = tuple(aim for name in body if name in members for aim in members[name].below(name))
            yield self._short(Case(side=Side.ACCEPTS, label=f"combination {number + 1}", aims=aims, body=body))

    def may(self) -> Iterator[Case]:
        """Yield valid bodies that a server may refuse, several reasons in each."""
        yield from (pack.case for pack in self.may_packs)
        yield from without_need(self.oracle, self.maker)

    @cached_property
    def may_packs(self) -> list[MayPack]:
        """Return the packs of what a server may refuse."""
        found = self.implementation_defined.items()
        return packed(self.oracle, (UncertainValue(reason, *each) for reason, values in found for each in values))

    @cached_property
    def implementation_defined(self) -> dict[str, list[tuple[Json, Path, Aim]]]:
        """Return valid bodies that a server may refuse, by reason: the body, the path of the value, and its aim."""
        found: dict[str, list[tuple[Json, Path, Aim]]] = defaultdict(list)
        builder = Builder(self.oracle)
        self.maker.packs(self.oracle.root)  # which shows what is implementation-defined as a whole
        for node, value in self._may_values():
            built = builder.around(node, value.value)
            if built is not None:
                # Of one field a server may know more values than are listed, of another none.
                label = value.label if node.get("x-known-values") is None else f"unknown value of {node.path}"
                found[label].append((*built, self.maker.aim(node, value.keyword, value.label)))
        return found

    def _may_values(self) -> Iterator[tuple[Node, Value]]:
        turns = Counter[tuple[str, ...]]()  # of the fields with the same values
        for node in self.oracle.root.walk():
            if is_hazard(self.oracle.root, node):
                continue
            if node.is_object or node.each is not None:
                yield from (
                    (node, Value(pack.value, "type", "an implementation-defined whole"))
                    for pack in self.maker.doubted.get(id(node), ())
                )
            else:
                longest = _LONGEST if self.few and self.maker.is_alternative(node) else inf
                found = [value for value in accepted(node) if not value.must and len(str(value.value)) < longest]
                kind = tuple(value.label for value in found)
                found, turns[kind] = self.maker.scarce(node, found, _FEW_UNCERTAIN, turns[kind]), turns[kind] + 1
                limit = self.budget.unknown if node.get("x-known-values") is not None else None
                yield from ((node, value) for value in found[:limit])

    def rejects(self) -> Iterator[Case]:
        """Yield bodies that violate one rule each, as many of each rule as the budget has, the likeliest first."""
        for number, (rule, found) in enumerate(self._violations()):
            # A body can be invalid as a whole in few ways.
            limit = self._limit(rule, found[0]) if found[0].path else None
            left = found[limit:] if limit else []
            alongside = [each for each in left if each.label.startswith(ALONGSIDE)]
            coerced = [each for each in left if each.label.startswith(COERCED)]
            likely, other = coerced[:_LIKELY_COERCED], coerced[_LIKELY_COERCED:]
            others = islice(other[number % max(len(other), 1) :], self.budget.coerced)
            yield from map(self.rejected, (*found[:limit], *alongside, *likely, *others))

    def _limit(self, rule: str, first: Violation) -> int | None:
        """Return how many violations of a rule are sent; None for all of them."""
        basis = self.catalogue.rules[rule].basis
        if basis is Basis.UNDOCUMENTED:
            return self.budget.undocumented
        keyword, node = rule.rsplit(".", 1)[-1], self.oracle.root.at(first.path)
        if keyword == "type" and node is not None and node.is_open:
            return self.budget.others  # no member of it is described, so nothing else is tried of it
        if keyword == "required" and basis is not Basis.DOCUMENTED:
            return self.budget.implied
        return self.budget.of(keyword)

    @property
    def is_planned(self) -> bool:
        """Return whether all violations are made; while another thread makes them, nobody else should."""
        return "violations" in vars(self)

    @cached_property
    def violations(self) -> dict[str, list[Violation]]:
        """Return every violation that can be constructed, by rule."""
        return dict(self._made())

    def _violations(self) -> Iterator[tuple[str, list[Violation]]]:
        """Yield the violations of one rule after the other as they are made, so that requests can be open meanwhile."""
        if self.is_planned:
            yield from self.violations.items()
            return
        made: dict[str, list[Violation]] = {}
        for rule, found in self._made():
            made[rule] = found
            yield rule, found
        vars(self).setdefault("violations", made)

    def _made(self) -> Iterator[tuple[str, list[Violation]]]:
        yield from self._of_body()
        for plan, names in self.branches:
            yield from branch_cases.violated(plan.violations, names, self.oracle)

    def _of_body(self) -> Iterator[tuple[str, list[Violation]]]:
        reported = 0
        for found in violations(self.oracle, self.reads):
            rule = found[0].rule
            # Rules that are merely watched must not change what is tried first of the others.
            if self.catalogue.rules[rule].basis is Basis.UNDOCUMENTED:
                yield rule, found
            else:
                yield rule, begun_elsewhere(found, reported)
                reported += 1

    @cached_property
    def corpus(self) -> Corpus:
        """Return the corpus that bodies are drawn from."""
        packs = (pack.value for pack in self.maker.packs(self.oracle.root))
        return corpus(self.oracle, chain(packs, (case.body for case in self.combinations(_COMBINED))), self.lacking)

    def rejected(self, violation: Violation) -> Case:
        """Return the negative case of a violation."""
        return Case(
            side=Side.REJECTS, label=violation.label, rule=violation.rule, body=violation.body, offending_path=violation.path
        )

    def in_context(self) -> Iterator[Case]:
        """Yield violations in rich surroundings: between valid items, and among as many other members as fit."""
        rich = sorted((pack.value for pack in self.maker.packs(self.oracle.root)[1:4]), key=lambda body: len(str(body)))
        around = [*rich[:1], *contexts(self.oracle)]
        for rule, found in self.violations.items():
            if self.catalogue.rules[rule].basis is Basis.UNDOCUMENTED:
                continue
            yield from self._in_context(rule, found[0], around)
            yield from self._other_ways(rule, found)

    def deep_in_lists(self) -> Iterator[Case]:
        """Yield, for each array and map, one violation inside it, between valid items and after many of them.

        Rules about the members of an item are broken in several ways, each of which is tried there.
        """
        for rule, known in self.violations.items():
            if self.catalogue.is_documented(rule):
                yield from self._other_ways(rule, known)
        found = ((rule, each) for rule, known in self.violations.items() for each in known[:1])
        met: set[str] = set()
        known_rules = self.catalogue.rules
        for rule, violation in sorted(found, key=lambda each: known_rules[each[0]].basis is not Basis.DOCUMENTED):
            above = (violation.path[:depth] for depth in range(len(violation.path)))
            holders = {self.oracle.place(path) for path in above if is_holder(self.oracle.root.at(path))}
            if holders - met:
                cases = list(self._in_context(rule, violation, []))
                met |= holders if cases else set()
                yield from cases

    def _other_ways(self, rule: str, found: list[Violation]) -> Iterator[Case]:
        """Yield the violations of a rule about the members of an item after the first one, in context."""
        for each in found[1:_IN_CONTEXT] if rule.endswith(_OF_MEMBERS) else ():
            yield from self._in_context(rule, each, [])

    def _in_context(self, rule: str, violation: Violation, rich: list[Json]) -> Iterator[Case]:
        for index, body in enumerate(surrounded(self.maker, violation, rich)):
            violated = self.oracle.violated(body)
            stem = rule.rsplit(".", 1)[0]
            if rule in violated and all(other.rsplit(".", 1)[0] == stem for other in violated):
                label = f"{violation.label}, in context {index + 1}"
                yield Case(side=Side.REJECTS, label=label, rule=rule, body=body, offending_path=violated[rule][0])
