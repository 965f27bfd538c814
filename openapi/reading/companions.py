"""The operations on a created object, which read, delete or list it: as stated, by links, or by path templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openapi.contract import PathOperation
from openapi.contract_data import CreatedObject, Listing, OperationName
from openapi.errors import ContractError
from openapi.json_types import Schema, tokens
from openapi.media_types import json_choice
from openapi.reading.links import Link, links_of
from openapi.reading.parameter_values import Filled
from openapi.reading.reader import Reader
from openapi.schema.nodes import tree


@dataclass(frozen=True, slots=True)
class Companions:
    """The operations on one created object; `identifier` is the JSON Pointer of its id in a response, if a link states it."""

    read: PathOperation | None
    delete: PathOperation | None
    listing: PathOperation | None
    identifier: str | None


def companions(reader: Reader, response: tuple[str, ...], carried: Filled, stated: CreatedObject, shown: Schema) -> Companions:
    """Return the operations on the objects of a create operation.

    `response` is the place of its response of success, `shown` the schema of that; `carried` is a part of each of its requests.
    The operations that `stated` names count before the links of the response, and these before path templates.
    """
    by_method = {each.method: each for each in reversed(_usable(reader, links_of(reader, response, carried), shown))}
    seeker = _Seeker(reader, response[1], carried)
    read = seeker.found("get", 200, stated.read, by_method.get("get"))
    delete = seeker.found("delete", 204, stated.delete, by_method.get("delete"))
    followed = [by_method.get(method) for method, own in (("get", stated.read), ("delete", stated.delete)) if own is None]
    identifier = next((each.identifier for each in followed if each is not None and each.identifier is not None), None)
    return Companions(read, delete, seeker.listing(stated.listing), identifier)


def _usable(reader: Reader, links: Iterable[Link], shown: Schema) -> list[Link]:
    """Return the links whose identifier the response describes, all with the same one; others get a note."""
    found: list[Link] = []
    root = tree(shown)
    for link in links:
        known = {each.identifier for each in found} - {None}
        if link.identifier is not None and root.properties and root.at(tokens(link.identifier)) is None:
            reader.notes.append(f"{link.origin}: this link is not followed: the response describes no {link.identifier}")
        elif link.identifier is not None and known and link.identifier not in known:
            reader.notes.append(f"{link.origin}: this link is not followed: another one identifies by {known.pop()}")
        else:
            found.append(link)
    return found


@dataclass(frozen=True)
class _Seeker:
    """Finds operations on the objects of a create operation with the path template `create`."""

    reader: Reader
    create: str
    carried: Filled

    def found(self, method: str, status: int, stated: OperationName | None, link: Link | None) -> PathOperation | None:
        """Return the operation with a method, None if none is described; `status` is its success where none is documented."""
        if stated is None and link is not None:
            return self._operation(link.template, link.path, method, status)
        pattern = re.compile(re.escape(self.create.rstrip("/")) + r"/\{[^/{}]+\}/?")
        for template in self.reader.document.root["paths"]:
            fits = template.rstrip("/") == stated.path.rstrip("/") if stated else pattern.fullmatch(template)
            if fits and method in self.reader.item(template):
                return self._operation(template, self._filled(template), method, status)
        return None

    def _filled(self, path: str) -> str:
        """Return a path template with the variables of the create operation filled in where it begins with its path."""
        return self.carried.path + path.removeprefix(self.create) if path.startswith(self.create) else path

    def _operation(self, template: str, path: str, method: str, status: int) -> PathOperation:
        operation, _, _ = self.reader.part("operation", "paths", template, method)
        documented = [int(each) for each in operation.get("responses", {}) if re.fullmatch(r"2\d\d", each)]
        described = {name.lower() for place, name in self.reader.parameters("paths", template, method) if place == "header"}
        needed = tuple(pair for pair in self.carried.headers if pair[0].lower() in described)
        success = min(documented, default=status)
        return PathOperation(path, success, needed, self._required("paths", template, method, "responses", str(success)))

    def _required(self, *response: str) -> frozenset[str]:
        """Return the required members of the JSON object that a response shows; none where it describes no such object."""
        try:
            content, _, _ = self.reader.at(*response, "content")
            media_type = next((each for each in content if json_choice(str(each)) is not None), "")
            schema, document, place = self.reader.bundler.deref(*self.reader.at(*response, "content", media_type, "schema"))
            parts = [self.reader.bundler.deref(each, document, place)[0] for each in schema.get("allOf", ())]
            return frozenset(str(name) for part in (schema, *parts) for name in part.get("required", ()))
        except (ContractError, AttributeError, TypeError):  # what nobody sends is read no further than it goes
            return frozenset()

    def listing(self, stated: Listing | None) -> PathOperation | None:
        """Return the operation that lists created objects; a contract may know of one that its description leaves out."""
        if stated is None:
            return None
        described = self.found(stated.operation.method.lower(), 200, stated.operation, None)
        return described or PathOperation(self._filled(stated.operation.path), 200)
