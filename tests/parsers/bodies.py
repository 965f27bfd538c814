"""Bodies to ask parsers about: planned ones, drawn ones, and valid ones in which one value is replaced by any other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.json_types import Json, Path
from openapi.schema.paths import at, paths_in, with_value
from strategies.case import Case, Side
from strategies.fuzzing.body_strategies import Bodies
from strategies.plan.plan import Plan
from strategies.values.sampling import draw
from tests.parsers.corpus import candidates, edits
from tests.plans import our_plan

_CHARACTERS = ("0", "3", "٣", "_", " ", "\n", "\u00a0", "+", "-", ".", "e", "s", "S", "x", "ä", "\0")


def plan_of(*, few: bool = False) -> Plan:
    """Return the plan of our own description."""
    return our_plan(few=few)


@cache
def planned(*, few: bool = False) -> list[Case]:
    """Return every planned case of the body."""
    plan = plan_of(few=few)
    more = () if few else (*plan.in_context(), *plan.deep_in_lists())
    return [*plan.accepts(), *plan.pairs(), *plan.combinations(40), *plan.rejects(), *more]


@lru_cache(maxsize=2)  # every parser is asked about the same ones
def drawn(count: int, seed: int) -> list[Case]:
    """Return about `count` bodies that Hypothesis draws, half of them invalid, as the fuzzing phase sends them."""
    plan, found = plan_of(), list[Case]()
    bodies = Bodies(plan)

    def keep_valid(batch: list[Json]) -> None:
        found.extend(Case(side=Side.ACCEPTS, label="drawn", body=body) for body in batch)

    draw(bodies.valid_batches(), max(count // 8, 1), seed, keep_valid)
    draw(bodies.invalid_batches(), max(count // 32, 1), seed, lambda batch: found.extend(map(plan.rejected, batch)))
    return found


@dataclass(frozen=True, slots=True)
class Mutation:
    """A valid body in which one value is replaced by another."""

    body: Json
    path: Path


@lru_cache(maxsize=2)
def mutations(count: int, seed: int) -> list[Mutation]:
    """Return about `count` mutations of planned valid bodies."""
    found: list[Mutation] = []
    valid = [case.body for case in planned(few=True) if case.side is Side.ACCEPTS and case.body]
    draw(st.integers(0, len(valid) - 1).flatmap(lambda index: _mutated(valid[index])), count, seed, found.append)
    return found


def _mutated(body: Json) -> SearchStrategy[Mutation]:
    places = _places(json.dumps(body))
    return st.integers(0, len(places) - 1).flatmap(
        lambda index: _replacements(at(body, places[index])).map(
            lambda value: Mutation(with_value(body, places[index], value), places[index])
        )
    )


@lru_cache(maxsize=1024)
def _places(text: str) -> list[Path]:
    """Return the places of a body, here as text, that are described."""
    root = plan_of().oracle.root
    return [path for path in paths_in(json.loads(text)) if path and root.at(path) is not None]


def _replacements(value: Json) -> SearchStrategy[Json]:
    """Values for a place: of any type, and near the one that is there."""
    text = value if isinstance(value, str) else json.dumps(value)
    near = _near(text) if not isinstance(value, dict | list) and len(text) < 40 else ()
    return _KNOWN | _DIGITS | _NESTED | (st.integers(0, len(near) - 1).map(near.__getitem__) if near else st.none())


@lru_cache(maxsize=1024)
def _near(text: str) -> tuple[str, ...]:
    return tuple(edits(text, _CHARACTERS))


@cache
def _anything() -> tuple[Json, ...]:
    return tuple(value for kind in ("double", "enum", "duration") for value in candidates(kind) if _is_short(value))


def _is_short(value: Json) -> bool:
    text = json.dumps(value)
    return len(text) < 100 and not any(word in text for word in ("NaN", "Infinity")) and value != 10**400


_KNOWN = st.deferred(lambda: st.integers(0, len(_anything()) - 1).map(_anything().__getitem__))
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
_NESTED = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
_DIGITS = st.builds(str.__add__, st.text(alphabet="0123456789٣೩５_+-. \t\nesSE", max_size=12), st.sampled_from(["", "s"]))
