"""Texts of the cases of a small description, and of the bodies that its cases are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from typing import Any

from openapi.catalogue import Catalogue, catalogue_of
from openapi.contract_data import Lifetime
from strategies.bodies.builder import Builder
from strategies.bodies.context import contexts
from strategies.bodies.encodings import percent_encoded, spellings
from strategies.case import NO_BODY, Case, Side
from strategies.coverage.probes import probe_cases
from strategies.coverage.special_bodies import lengthy, near_equal, nested, nested_most
from strategies.negative.malformed import malformed_bodies
from strategies.plan.all_invalid import all_invalid, all_null, nulls_by_type
from strategies.plan.budget import EVERY, LIKELIEST
from strategies.plan.may_packs import bisected
from strategies.plan.mutators import mutated, mutations
from strategies.plan.omissions import omitted_together
from strategies.plan.plan import Plan
from strategies.plan.probe_packs import probe_packs
from tests.openapi.synthetic import description, loaded
from tests.strategies.golden.field_texts import read
from tests.strategies.golden.shown import digest, first, shown

NAMES = ("scalars", "values", "members", "lists", "names", "implied", "branches", "many")


@cache
def catalogue(name: str) -> Catalogue:
    """Return the catalogue of one of the small descriptions."""
    contract = loaded(description(read("descriptions.yaml")[name]))
    created = replace(contract.data.created, lifetime=Lifetime("lifetime", "300s"))
    return catalogue_of(replace(contract, data=replace(contract.data, created=created)))


@cache
def plan_of(name: str) -> Plan:
    """Return the plan of one of the small descriptions where requests are scarce."""
    return Plan(catalogue(name), LIKELIEST)


def cases(name: str) -> Iterator[str]:
    """Yield the cases of a plan where requests are scarce, then further negative and uncertain ones where they are not."""
    likeliest = dict(_sections(plan_of(name)))
    for title, blocks in likeliest.items():
        yield from ("", f"## {title}", *blocks)
    for title, blocks in _sections(Plan(catalogue(name), EVERY)):
        yield from ("", f"## {title}, where requests are plenty: {len(blocks)} #{digest(blocks)}")
        known = set(likeliest[title])
        yield from (block for block in blocks if block not in known and title in ("may", "rejects"))


def _sections(plan: Plan) -> Iterator[tuple[str, list[str]]]:
    """Yield the sections of a plan, each with a block of lines per case."""
    yield "seeds", [f"- {shown(each)}" for each in plan.seeds()]
    made: dict[str, Callable[[], Iterable[Case]]] = {
        "accepts": plan.accepts,
        "pairs": plan.pairs,
        "combinations": lambda: plan.combinations(6),
        "may": plan.may,
        "rejects": plan.rejects,
        "in context": plan.in_context,
        "deep in lists": plan.deep_in_lists,
    }
    found = {title: ["\n".join(_case(case)) for case in make()] for title, make in made.items()}
    yield from found.items()
    read = ["\n".join(_case(case)) for case in replace(plan, reads=frozenset({"protobuf"})).rejects()]
    yield "rejects where protobuf reads", [block for block in read if block not in set(found["rejects"])]


def bodies(name: str) -> Iterator[str]:
    """Yield other bodies that follow from a plan: probes of robustness, mutators, the corpus, and packs."""
    plan = plan_of(name)
    oracle, nothing = plan.oracle, frozenset[str]()
    found: dict[str, Iterable[Case]] = {
        "mutators": mutated(plan, 2),
        "packs of mutators": probe_packs(oracle, mutations(plan, 2)),
        "every member invalid": all_invalid(plan),
        "null": (*all_null(plan), *chain.from_iterable(nulls_by_type(plan))),
        "nearly equal": near_equal(oracle, nothing),
        "lengthy": lengthy(oracle, nothing),
        "nested": (*nested_most(oracle), *nested(oracle, few=True)),
        "omitted together": (case for each in omitted_together(plan) for case in each.cases),
        "bisected": (half.case for pack in plan.may_packs for half in bisected(oracle, pack)),
        "premises": (case for group in plan.premises() for _, same in group for case in same),
    }
    for title, made in found.items():
        yield from ("", f"## {title}")
        for case in made:
            yield from _case(case)
    yield from _others(plan)
    yield from _repaired(read("broken_bodies.yaml").get(name, ()), Builder(oracle))
    yield from _labelled(plan)
    for node, _ in chain.from_iterable(plan.premises()):
        yield from ("", f"## without {node.path}")
        less = plan.without(frozenset({node.path}))
        for case in (*less.accepts(), *less.may()):
            yield from _case(case)


def _repaired(broken: list[Any], builder: Builder) -> Iterator[str]:
    """Yield each invalid body, completed, with the names that it refers to, and without names that refer to nothing."""
    yield from ("", "## repaired")
    for body in broken:
        violated = builder.oracle.violated(body)
        yield f"- {shown(body)} violates {', '.join(violated)}"
        yield f"    completed: {shown(builder.complete(body))}"
        yield f"    related: {shown(builder.related(body))}, renamed: {shown(builder.related(body, may_rename=True))}"
        yield f"    less: {shown(builder.unreferring(body))}"
        for rule, (path, *_) in violated.items():
            yield f"    but for {rule} at {shown(path)}: {shown(builder.complete(body, path, frozenset({rule})))}"


def _labelled(plan: Plan) -> Iterator[str]:
    """Yield the errors in the labels of some cases, each taken for one of every side."""
    yield from ("", "## labels")
    found = [*islice(plan.accepts(), 1), *islice(plan.rejects(), 0, 200, 40)]
    for case in (replace(each, side=side) for each in found for side in Side):
        yield f"- {case.id}: {plan.verification.mislabelled(case)}"


def _others(plan: Plan) -> Iterator[str]:
    corpus = plan.corpus
    found: dict[str, Iterable[Any]] = {
        "malformed": (f"{label}: {shown(raw)}" for label, raw in malformed_bodies(plan.oracle, frozenset({"protobuf"}))),
        "encodings": (f"{label}: {shown(raw)}" for label, _, raw in spellings(plan.oracle, frozenset())),
        "contexts": map(shown, contexts(plan.oracle)),
        "rich bodies": first(map(shown, corpus.rich_bodies), 16),
        "places": (f"{path}: {shown(body)} at {shown(inner)}" for path, (body, inner) in corpus.places.items()),
        "known bodies": first(map(shown, corpus.known), 16),
        "uncertain": (f"{label}: {shown(len(same))}" for label, same in plan.implementation_defined.items()),
    }
    for title, lines in found.items():
        yield from ("", f"## {title}")
        yield from (f"- {line}" for line in lines)


def _case(case: Case) -> Iterator[str]:
    where = f" at {shown(case.offending_path)}" if case.offending_path is not None else ""
    phase = "" if case.phase == "planned" else f", {case.phase}"
    yield f"- {case.id}{where}{phase}: {shown(case.raw if case.body is NO_BODY else case.body)}"
    aims = [f"{each.rule} ({each.label}) at {'/'.join(map(str, each.path))}" for each in case.aims]
    yield from (f"    {each}" for each in first(aims, 10))


def probes() -> Iterator[str]:
    """Yield the probes of an endpoint with two query parameters, and queries in percent-encoding."""
    names = [
        {"name": "dryRun", "in": "query", "schema": {"type": "boolean"}},
        {"name": "of", "in": "query", "schema": {"type": "string"}},
    ]
    document = description({"type": "object"})
    document["paths"]["/api/calls"]["post"]["parameters"] = names
    for case in probe_cases(loaded(document)):
        where = f"{case.method or 'POST'} {case.path or 'as usual'}?{case.query_text or case.query}"
        yield f"- {case.id}, {case.phase}, {where}, {shown(case.headers)}: {shown(case.content)}"
    yield from (shown(percent_encoded(query)) for query in ((), (("a", "b c"),), (("dryRun", "true"), ("é", "/0Az9"))))
