"""Listing created objects: those that show what a filter asks for, a page at a time."""

from __future__ import annotations

from itertools import islice
from urllib.parse import parse_qsl, urlencode

import orjson

from emulator.store import Call, Store
from openapi.contract import Contract
from openapi.json_types import Json, tokens

PAGE = 100  # objects, unless a request asks for fewer


class Listing:
    """The pages of created objects; `path` is where they are, None where nothing lists objects."""

    def __init__(self, contract: Contract) -> None:
        stated, place = contract.data.created.listing, contract.data.created.tag
        self.path = contract.listing.path if contract.listing and stated and place else None
        self.status = contract.listing.status if contract.listing else 200
        self._map = "" if place is None else place.member
        self._items, self._next = ("", None) if stated is None else (stated.items, stated.next)
        self._size = "" if stated is None else stated.size or ""

    def page(self, store: Store, query_string: bytes) -> bytes:
        """Return the page that a query asks for, the latest objects first.

        The cursor is the number of objects before the page: an object that is deleted meanwhile moves those behind it.
        """
        query = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
        wanted = {name.partition(".")[2]: value for name, value in query.items() if name.startswith(f"{self._map}.")}
        first, size = _number(query.get("cursor"), 0), max(1, _number(query.get(self._size), PAGE))
        found = (shown for call in store.latest_first() if (shown := _shown(call)) is not None and self._fits(shown, wanted))
        page = list(islice(found, first, first + size + 1))
        following = urlencode([*((name, each) for name, each in query.items() if name != "cursor"), ("cursor", first + size)])
        response: dict[str, Json] = {}
        _put(response, self._items, page[:size])
        if self._next is not None:
            _put(response, self._next, f"http://emulator.invalid{self.path}?{following}" if len(page) > size else None)
        return orjson.dumps(response)

    def _fits(self, shown: dict[str, Json], wanted: dict[str, str]) -> bool:
        labels = shown.get(self._map)
        return not wanted or (isinstance(labels, dict) and wanted.items() <= labels.items())


def _shown(call: Call) -> dict[str, Json] | None:
    shown = orjson.loads(call.response)
    return shown if isinstance(shown, dict) else None


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def _put(response: dict[str, Json], place: str, value: Json) -> None:
    *parents, last = tokens(place)
    for each in parents:
        response = response.setdefault(each, {})
    response[last] = value
