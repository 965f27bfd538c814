"""Finding what a run has left by its tag, where the description has an operation that lists objects.

    GET /things?labels.run=4f3a9c01
    {"results": [{"id": "a", "labels": {"run": "4f3a9c01"}}, ...], "next": "https://.../things?cursor=b"}

A server may ignore the filter and list what others own. So an object counts only if it shows the tag itself.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from conformance.http.run_tag import RunTag
from openapi.contract import Contract
from openapi.identifiers import Identifier
from openapi.json_types import Json, tokens

MOST_PAGES = 200
Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Finder:
    """How the objects with a tag are listed: `items` and `next` are pointers into a response.

    `identifier` is the path of the id in an item.
    """

    path: str
    filter: str
    items: str
    next: str | None
    identifier: list[str]
    tag: RunTag

    @classmethod
    def of(cls, contract: Contract, tag: RunTag | None, identifier: Identifier) -> Finder | None:
        """Return how the objects with a tag are listed; None where nothing lists them."""
        stated, described = contract.data.created.listing, contract.listing
        if tag is None or stated is None or described is None:
            return None
        return cls(
            path=described.path,
            filter=stated.filter,
            items=stated.items,
            next=stated.next,
            identifier=list(identifier.path),
            tag=tag,
        )

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Finder:
        """Return the finder of a JSON object. TypeError or KeyError where it is none."""
        return cls(**{**data, "tag": RunTag(**data["tag"])})

    def pages(self) -> Generator[Query, Json, list[str]]:
        """Yield the query of each page, take its response, and return the ids of the objects with the tag."""
        found, query = list[str](), self._first()
        for _ in range(MOST_PAGES):
            response = yield query
            found += self._ids_in(response)
            following = _at(response, self.next) if self.next is not None else None
            if not isinstance(following, str):
                break
            # Only the query is taken: a URL of the server's choice does not decide who gets the key.
            query = tuple(parse_qsl(urlsplit(following).query))
        return list(dict.fromkeys(found))

    def _first(self) -> Query:
        return ((self.filter, self.tag.value),)

    def _ids_in(self, response: Json) -> list[str]:
        items = _at(response, self.items)
        tagged = [each for each in items if self.tag.is_on(each)] if isinstance(items, list) else []
        own = Identifier(tuple(self.identifier), None, is_stated=True)
        return [identity for each in tagged if (identity := own.of(each)) is not None]


def _at(value: Json, place: str) -> Json:
    for token in tokens(place):
        value = value.get(token) if isinstance(value, dict) else None
    return value
