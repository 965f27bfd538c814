"""Schema resources: the parts of documents that have an address of their own (`$id`), and the anchors in them.

JSON Schema Core 2020-12, section 8.2: `$id` changes the base of every reference below it, and anchors are names within the
nearest such resource. Example: in `{"$defs": {"a": {"$id": "http://x/a", "$defs": {"b": {"$anchor": "b"}}}}}` the reference
`http://x/a#b` leads to `/$defs/a/$defs/b`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

from openapi.json_types import Json, pointer
from openapi.reading.description_schema import MAPS
from openapi.reading.documents import Document

Target = tuple[Document, str]
_DATA = frozenset({"const", "enum", "default", "example", "examples"})


@dataclass
class Resources:
    """The resources of the documents that were added; `dynamic` has the dynamic anchors of each resource."""

    roots: dict[str, Target] = field(default_factory=dict)
    anchors: dict[tuple[str, str], Target] = field(default_factory=dict)
    dynamic: dict[str, dict[str, Target]] = field(default_factory=dict)
    _bases: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Add every resource of a document."""
        own = document.root.get("$self")  # OpenAPI 3.2
        base = urljoin(document.uri, own) if isinstance(own, str) else document.uri
        self._bases[document.uri] = {"": base}
        self.roots.setdefault(document.uri, (document, ""))
        self.roots.setdefault(base, (document, ""))
        self._add(document.root, document, "", base, is_map=False)

    def base(self, document: Document, place: str) -> str:
        """Return the base URI of the references at a place."""
        bases = self._bases.get(document.uri, {"": document.uri})
        while place not in bases:
            place = place.rpartition("/")[0]
        return bases[place]

    def _add(self, value: Json, document: Document, place: str, base: str, *, is_map: bool) -> None:
        if isinstance(value, list):
            for index, each in enumerate(value):
                self._add(each, document, f"{place}/{index}", base, is_map=False)
        if not isinstance(value, dict):
            return
        if not is_map:
            base = self._named(value, document, place, base)
        for key, each in value.items():
            if is_map or key not in _DATA:
                self._add(each, document, place + pointer(key), base, is_map=not is_map and key in MAPS)

    def _named(self, schema: dict[str, Json], document: Document, place: str, base: str) -> str:
        """Add the names of one schema. Return the base of what is inside."""
        if isinstance(schema.get("$id"), str):
            base = urldefrag(urljoin(base, schema["$id"]))[0]
            self._bases[document.uri][place] = base
            self.roots.setdefault(base, (document, place))
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(name := schema.get(keyword), str):
                self.anchors.setdefault((base, name), (document, place))
        if isinstance(name := schema.get("$dynamicAnchor"), str):
            self.dynamic.setdefault(base, {}).setdefault(name, (document, place))
        return base
