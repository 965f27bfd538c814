"""Shrink a body that shows a failure to the smallest one that still does, valid (or invalid) as before.

Delta debugging over the body's own structure: half of the members are left out, then a quarter, then single ones. The same is
done inside the members that stay. At last strings and numbers become small:

    {"a": 1, "b": [..200 items..], "c": "x"}  ->  {"b": [..200 items..]}  ->  {"b": [null]}

The oracle checks every candidate before it is sent, so a shrunk body never loses what its label says. A guess that often holds,
the offending value alone, is tried first; it saves most of the requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from conformance.checks.finding import Finding
from openapi.json_types import Json, Path
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, paths_in, with_value, without
from strategies.bodies.builder import Builder
from strategies.case import Case
from strategies.values.leniency import is_certain

Shows = Callable[[Json], bool]


@dataclass
class Reducer:
    """A shrinker of bodies under a budget of requests; `spent` counts them. A certain body stays certain.

    An invalid one goes on to break rules that it broke, and no other; if `rule` is one of them, that one.
    """

    oracle: Oracle
    budget: int = 60
    rule: str = ""
    spent: int = 0
    certain: bool = field(init=False)
    violated: frozenset[str] = field(init=False)

    def shrink(self, body: Json, shows: Shows, *, first: Iterable[Json] = ()) -> Json:
        """Return the smallest body found that `shows` the failure; guesses in `first` are tried before anything else."""
        self.certain = is_certain(self.oracle.root, body)
        self.violated = frozenset(self.oracle.violated(body))
        for guess in first:
            if guess != body and self._try(guess, shows):
                body = guess
                break
        body = self._thin(body, (), shows)
        # An invalid value stays as it is, or what makes it invalid might be lost.
        return body if self.violated else self._simplify(body, shows)

    def _fits(self, candidate: Json) -> bool:
        if not self.violated:
            return self.oracle.is_valid(candidate)
        violated = self.oracle.violated(candidate).keys()
        return bool(violated) and violated <= self.violated and (self.rule in violated or self.rule not in self.violated)

    def _try(self, candidate: Json, shows: Shows) -> bool:
        if self.spent >= self.budget or candidate is None or not self._fits(candidate):
            return False
        if self.certain and not is_certain(self.oracle.root, candidate):
            return False  # that may be refused, whatever the body was refused for
        self.spent += 1
        return shows(candidate)

    def _completed(self, body: Json) -> Json | None:
        if self._fits(body):
            return body
        if self.violated:
            return None
        # What referred to a thing that is left out goes with it, or the two would keep each other there.
        builder = Builder(self.oracle)
        less = builder.unreferring(body)
        return builder.complete(body) if less is None else less

    def _thin(self, body: Json, path: Path, shows: Shows) -> Json:
        """Return the body with fewer members or items at `path`, halves left out first, then those inside what stays."""
        holder = at(body, path)
        if isinstance(holder, (dict, list)):
            body = self._drop(body, path, shows)
            holder = at(body, path)
            steps = list(holder) if isinstance(holder, dict) else list(range(len(holder))) if isinstance(holder, list) else []
            for step in steps[:40]:
                if isinstance(at(body, (*path, step)), (dict, list)):
                    body = self._thin(body, (*path, step), shows)
        return body

    def _drop(self, body: Json, path: Path, shows: Shows) -> Json:
        size = 0
        while True:
            holder = at(body, path)
            steps: list[str | int] = (
                list(holder) if isinstance(holder, dict) else list(range(len(holder))) if isinstance(holder, list) else []
            )
            if not steps or (isinstance(holder, list) and len(steps) == 1):
                return body
            size = size or max(len(steps) // 2, 1)
            for start in range(0, len(steps), size):
                candidate = body
                for step in reversed(steps[start : start + size]):
                    candidate = without(candidate, (*path, step))
                completed = self._completed(candidate)
                if completed is not None and _smaller(completed, body) and self._try(completed, shows):
                    body = completed
                    size = 0
                    break
            else:
                if size == 1 or self.spent >= self.budget:
                    return body
                size //= 2

    def _simplify(self, body: Json, shows: Shows) -> Json:
        """Return the body with shorter strings and smaller numbers."""
        for path in list(paths_in(body)):
            value = at(body, path)
            if isinstance(value, str) and len(value) > 1:
                body = self._shorten(body, path, value, shows)
        return body

    def _shorten(self, body: Json, path: Path, text: str, shows: Shows) -> Json:
        for candidate in _simple_strings(text):
            changed = with_value(body, path, candidate)
            if self._try(changed, shows):
                return changed
        size = len(text) // 2
        while size >= 1 and self.spent < self.budget:
            for start in range(0, len(text), size):
                shorter = text[:start] + text[start + size :]
                changed = with_value(body, path, shorter)
                if shorter and self._try(changed, shows):
                    body, text = changed, shorter
                    break
            else:
                size //= 2
        return body


def _simple_strings(text: str) -> Iterator[str]:
    if len(text) > 3:
        yield "x"
    for part in dict.fromkeys(re.findall(r"[^\x00-\x7f]+", text)):
        if part != text:
            yield part
    if text != text.strip():
        yield " x"
        yield "x "
    if len(text) > 64:
        for size in (64, 256, 1025, 4097):
            if size < len(text):
                yield "x" * size


def _smaller(one: Json, other: Json) -> bool:
    return len(repr(one)) < len(repr(other))


def guesses(oracle: Oracle, case: Case, finding: Finding) -> Iterator[Json]:
    """Yield bodies that may well show the same failure: none at all, and just the value in question."""
    yield {}
    value = at(case.body, finding.path)
    node = oracle.root.at(finding.path)
    if finding.path and node is not None and value is not None:
        built = Builder(oracle).around(node, value)
        if built:
            yield built[0]
