"""Verdicts on requests, by the rules of the catalogue.

The emulator itself decides without catalogue and oracle. Verdicts only name the rules afterwards. So a refusal, or a request
that a fault lets through, leads to the sentence of the documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl

from emulator.authentication import Admission, Doorkeeper
from emulator.messages import Request
from emulator.parsing import Malformed, json_of
from emulator.path_template import PathTemplate
from emulator.query import value_of
from emulator.store import Store
from emulator.validation import validator
from emulator.variants import LARGEST_BODY
from openapi.catalogue import Catalogue
from openapi.json_types import Json, Path
from openapi.rules import Basis
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a request violates, and the path of the offending member; an empty path is the whole body.

    `sentence` is the documentation's own, None if the rule rests on something else than a sentence. `rule` is None where no
    rule covers the case, such as a member that the description does not have.
    """

    rule: str | None
    basis: str
    requirement: str
    sentence: str | None = None
    path: str = ""

    def as_json(self) -> dict[str, Json]:
        """Return the violation as a JSON object."""
        return asdict(self)


class Verdicts:
    """Names the rules that requests to one contract's operations violate."""

    def __init__(self, catalogue: Catalogue, doorkeeper: Doorkeeper) -> None:
        self._catalogue, self._doorkeeper = catalogue, doorkeeper
        contract = catalogue.contract
        self._media_type = contract.media_type.partition(";")[0].strip().lower()
        self._creates_at = PathTemplate(contract.path).matches
        self._body = Oracle(contract.request, "body", catalogue.body)
        self._parameters = {each.name: (each, Oracle(each.schema, f"query.{each.name}")) for each in contract.parameters}
        self._request_rules = {
            f"query.{rule['id']}": validator(rule["schema"]) for rule in contract.extensions.get("x-request-rules", ())
        }
        self._parent = (contract.extensions.get("x-parent-call") or {}).get("parameter")

    def violations(self, request: Request, store: Store) -> tuple[Violation, ...]:
        """Return the violations of a request, those of documented rules first; `store` holds the created objects."""
        contract = self._catalogue.contract
        key = _KEY_RULES.get(self._doorkeeper.admission(request))
        if key is not None:
            return tuple(self._of_rule(key))
        if request.method != contract.method or not self._creates_at(request.path):
            return ()
        found = [*self._in_query(request, store), *self._in_body(request)]
        return tuple(sorted(found, key=lambda each: _ORDER[each.basis]))

    def _in_query(self, request: Request, store: Store) -> Iterator[Violation]:
        query = _query(request)
        for name, (parameter, oracle) in self._parameters.items():
            if name in query:
                for rule in oracle.violated(value_of(parameter, query[name])):
                    yield from self._of_rule(rule, f"?{name}")
        if self._parent in query and store.get(query[self._parent].lower()) is None:
            yield from self._of_rule("query.parent-unknown", f"?{self._parent}")

    def _in_body(self, request: Request) -> Iterator[Violation]:
        media_type = request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
        if media_type and media_type != self._media_type:
            yield from self._of_rule("protocol.media-type")
            return
        if len(request.body) > LARGEST_BODY:  # only a beginning of it was read
            return
        try:
            body = json_of(request.body) if request.body else {}
        except Malformed:
            yield from self._of_rule("protocol.malformed-json")
            return
        for rule, paths in self._body.violated(body).items():
            for path in paths:
                yield from self._of_rule(rule, _shown(path))
        for rule, checker in self._request_rules.items():
            if not checker.is_valid({"query": _query(request), "body": body}):
                yield from self._of_rule(rule)
        for path in _unknown(self._catalogue.body, body, ()):
            yield Violation(None, Basis.UNDOCUMENTED, f"The description has no member {_shown(path)}.", path=_shown(path))

    def _of_rule(self, rule: str, path: str = "") -> Iterator[Violation]:
        known = self._catalogue.rules.get(rule)
        if known is not None:
            yield Violation(rule, known.basis, known.requirement, known.quote, path)


_KEY_RULES: Mapping[Admission, str] = {Admission.MISSING: "auth.missing-key", Admission.INVALID: "auth.wrong-key"}
_ORDER: Mapping[str, int] = {Basis.DOCUMENTED: 0, Basis.IMPLIED: 1, Basis.UNDOCUMENTED: 2}


def _query(request: Request) -> dict[str, Any]:
    return dict(parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True))


def _shown(path: Path) -> str:
    return ".".join(map(str, path))


def _unknown(node: Node, value: Json, path: Path) -> Iterator[Path]:
    """Yield the paths of members that no schema describes, in objects whose members are all described."""
    if isinstance(value, dict):
        for name, member in value.items():
            child = node.properties.get(name) or node.each
            if child is not None:
                yield from _unknown(child, member, (*path, name))
            elif node.is_object:
                yield (*path, name)
    elif isinstance(value, list) and node.each is not None:
        for index, item in enumerate(value):
            yield from _unknown(node.each, item, (*path, index))
