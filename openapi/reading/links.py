"""The links of a response: which operations they lead to, and what each of these gets as the variable of its path.

    links: {Read: {operationId: readThing, parameters: {thing_id: $response.body#/id}}}
    ->  GET /things/{thing_id}, where thing_id is the member `/id` of the response

OpenAPI 3.1, 4.8.20. A link that cannot be followed gets a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from openapi.errors import ContractError
from openapi.json_types import Json, pointer, tokens
from openapi.reading.documents import Document
from openapi.reading.parameter_values import Filled, variables
from openapi.reading.reader import Reader

_METHODS = ("get", "delete")  # of the operations on an object that a run uses
_BODY, _PATH = "$response.body#", "$request.path."
_LOCATION = "$response.header.location"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an operation on the created object: `path` is its template with the values of all variables but one.

    `identifier` is the JSON Pointer of that one's value in the response, None where the `Location` header has it. `template` is
    the path as the document spells it, `origin` the place of the link.
    """

    origin: str
    method: str
    template: str
    path: str
    identifier: str | None


class _CannotFollow(Exception):
    """A link cannot be followed; the argument says why."""


def links_of(reader: Reader, response: tuple[str, ...], carried: Filled) -> Iterator[Link]:
    """Yield the links from a response to what reads or deletes the object; `carried` fills in what every request carries."""
    described, document, place = reader.at(*response)
    links = described.get("links")
    for name, stated in links.items() if isinstance(links, Mapping) else ():
        origin = f"{document.name}#{place}{pointer('links', name)}"
        try:
            link, home, where = reader.bundler.deref(stated, document, place)
            method, template = _operation(reader, link, home, where)
            found = _identifying(template, link.get("parameters"), carried) if method in _METHODS else None
        except (_CannotFollow, ContractError) as problem:
            reader.notes.append(f"{origin}: this link is not followed: {problem}")
            continue
        if found is not None:
            yield Link(origin, method, template, *found)


def _operation(reader: Reader, link: Json, document: Document, place: str) -> tuple[str, str]:
    """Return method and path template of the operation that a link names. _CannotFollow where it names none of this API."""
    if not isinstance(link, dict):
        raise _CannotFollow("it is no object")
    if "server" in link:
        raise _CannotFollow("it leads to another server")
    if isinstance(link.get("operationId"), str):
        return _with_id(reader, link["operationId"])
    if not isinstance(link.get("operationRef"), str):
        raise _CannotFollow("it has neither operationId nor operationRef")
    _, target, where = reader.bundler.follow(link["operationRef"], document, place)
    steps = tokens(where)
    if target.uri != reader.document.uri or len(steps) != 3 or steps[0] != "paths":
        raise _CannotFollow(f"{link['operationRef']!r} is no operation below the paths of {reader.document.name}")
    return steps[2], steps[1]


def _with_id(reader: Reader, identity: str) -> tuple[str, str]:
    for path in reader.document.root["paths"]:
        for method, operation in reader.item(path).items():
            if isinstance(operation, dict) and operation.get("operationId") == identity:
                return method, path
    raise _CannotFollow(f"no operation has the operationId {identity!r}")


def _identifying(template: str, parameters: Json, carried: Filled) -> tuple[str, str | None] | None:
    """Return the path with all variables but one filled in, and the pointer of that one's value in the response.

    None where the path leads to no object of its own. _CannotFollow where a variable has no value.
    """
    stated = parameters if isinstance(parameters, Mapping) else {}
    path, found = template, dict[str, str | None]()
    for name in variables(template):
        given = str(stated.get(f"path.{name}", stated.get(name, f"{_PATH}{name}")))
        expression = given[1:-1] if given.startswith("{$") else given
        if expression.startswith(_BODY):
            found[name] = expression.removeprefix(_BODY)
        elif expression.lower() == _LOCATION:
            found[name] = None
        else:
            path = path.replace(f"{{{name}}}", _value(name, expression, carried))
    if len(found) > 1:
        raise _CannotFollow(f"the response gives more than one variable of {template}")
    # Below an object lies another one.
    ends = [(path, where) for name, where in found.items() if re.search(rf"{{{re.escape(name)}}}[^/]*/?$", template)]
    return ends[0] if ends else None


def _value(name: str, expression: str, carried: Filled) -> str:
    """Return the value of a variable that no response gives. _CannotFollow where it is not known."""
    if not expression.startswith("$"):
        return quote(expression, safe="")
    own = expression.removeprefix(_PATH)
    if own == expression or own not in carried.variables:
        raise _CannotFollow(f"{expression} gives no value for {name}" if own != name else f"nothing gives a value for {name}")
    return carried.variables[own]
