"""Leaks: what a call shows although only another call was given it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property

import orjson

from conformance.checks.echo import Echo
from conformance.checks.finding import Finding, shown, where
from openapi.catalogue import default_of, echoed
from openapi.json_types import Json
from openapi.schema.nodes import Node

_RULE = "state.own-values"
# Bytes of a value as JSON from which on nobody comes by it but from whoever sent it: a shorter one may be a default. It may
# follow from something else that was sent, as a time zone from a country.
_REPORTING = 12
_REMEMBERED = 1000  # values of each property, the latest


@dataclass
class Leaks:
    """Remembers what was sent, and looks for it in the responses to bodies that do not set it.

    Only strings, lists and maps are looked at that nothing says how to fill in. What a call without any of it shows is the
    server's own.
    """

    echo: Echo
    _sent: dict[str, dict[int, None]] = field(default_factory=dict)
    _usual: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def names(self) -> list[str]:
        """Return the properties that are looked at."""
        pairs = echoed(self.echo.body, self.echo.response)
        return [node.path for node, other in pairs if len(node.place) == 1 and _is_free(node) and default_of(other) is None]

    def check(self, sent: Json, got: Json, held: set[tuple[str, str]]) -> list[Finding]:
        """Return the findings for a body that inherits nothing, and its response."""
        found = []
        for name in self.names:
            known = self._sent.setdefault(name, {})
            if name in sent:
                known[hash(_text(sent[name]))] = None
                if len(known) > _REMEMBERED:
                    del known[next(iter(known))]
                continue
            value = got.get(name)
            text = _text(value) if value else b""
            if not sent:
                self._usual[name] = text
            elif len(text) >= _REPORTING and hash(text) in known and text != self._usual.get(name):
                place = where((name,))
                actual = f"{place} is {shown(value)}, which was not sent, but with an earlier call"
                found.append(Finding(_RULE, "state", f"{place} is nothing that only another call was given", actual, (name,)))
            elif known:
                held.add((_RULE, "state"))
        return found


def _is_free(node: Node) -> bool:
    return (
        default_of(node) is None
        and node.get("enum") is None
        and not node.is_object
        and node.types <= {"string", "array", "object"}
    )


def _text(value: Json) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # whole numbers beyond 64 bits, and lone surrogates
        return json.dumps(value, sort_keys=True).encode()
