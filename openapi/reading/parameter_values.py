"""Fill in the parameters of an operation that every request needs: those of the path, and required header parameters."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from openapi.contract_data import ParameterValue
from openapi.errors import InvalidContract
from openapi.json_types import Json

# Header parameters of these names are ignored (OpenAPI 3.1, 4.8.12.2).
_RESERVED = frozenset({"accept", "content-type", "authorization"})


@dataclass(frozen=True, slots=True)
class Filled:
    """The parts of every request: the path without variables, and pairs of header and query parameters.

    `variables` are the values of the variables by name, as they stand in the path.
    """

    path: str
    headers: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    variables: Mapping[str, str]


def filled(
    template: str, parameters: Mapping[tuple[str, str], Mapping[str, Json]], stated: Mapping[str, ParameterValue], document: str
) -> Filled:
    """Return path, headers (cookies in one of them) and query with the stated values, or with those of the description.

    `parameters` are the described ones by place and name. InvalidContract if a path parameter or another required one has no
    value. It is raised as well if a stated parameter is not described, or its environment variable is not set.
    """
    unknown = sorted(stated.keys() - {name for _, name in parameters} - set(variables(template)))
    if unknown:
        known = ", ".join(sorted(name for _, name in parameters)) or "none"
        raise InvalidContract(document, "#/paths", f"{template} has no parameter {unknown[0]!r}; its parameters: {known}")
    own = {
        name: quote(_value(name, "path", parameters.get(("path", name), {}), stated, document), safe="")
        for name in variables(template)
    }
    path = template
    for name, value in own.items():
        path = path.replace(f"{{{name}}}", value)
    values = [
        (place, name, _value(name, place, parameter, stated, document))
        for (place, name), parameter in parameters.items()
        if _is_sent(place, name, parameter, stated)
    ]
    headers = [(name, value) for place, name, value in values if place == "header"]
    cookies = "; ".join(f"{name}={value}" for place, name, value in values if place == "cookie")
    query = [(name, value) for place, name, value in values if place == "query"]
    return Filled(path, (*headers, *([("Cookie", cookies)] if cookies else [])), tuple(query), own)


def _is_sent(place: str, name: str, parameter: Mapping[str, Json], stated: Collection[str]) -> bool:
    """Return whether a parameter goes with every request; the path has its own."""
    if place == "header" and name.lower() in _RESERVED:
        return False
    return place in ("query", "header", "cookie") and (parameter.get("required") is True or name in stated)


def variables(template: str) -> list[str]:
    """Return the names of the variables of a path template."""
    return re.findall(r"\{([^{}]+)\}", template)


def _value(
    name: str,
    place: str,
    parameter: Mapping[str, Json],
    stated: Mapping[str, ParameterValue],
    document: str,
) -> str:
    """Return the stated value of a parameter, or one that its description gives."""
    if name in stated:
        given = stated[name]
        value = os.environ.get(given.variable) if given.variable else given.value
        if value is None:
            raise InvalidContract(document, "#/paths", f"the {place} parameter {name!r} is read from {given.variable}: set it")
        return value
    schema = parameter.get("schema")
    schema = schema if isinstance(schema, Mapping) else {}
    examples = [parameter.get("example"), schema.get("const"), schema.get("default"), *(schema.get("enum") or ())[:1]]
    found = next((each for each in examples if each is not None), None)
    if found is None:
        problem = f"the {place} parameter {name!r} needs a value: --parameter {name}=VALUE"
        raise InvalidContract(document, "#/paths", problem)
    return _text(found)


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
