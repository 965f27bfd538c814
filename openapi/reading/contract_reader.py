"""Read a contract from a description: find the operation and what belongs to it, bundle its schemas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openapi.contract import Contract, Parameter, Source
from openapi.contract_data import ContractData
from openapi.errors import InvalidDescription, InvalidReference
from openapi.hazards import marked
from openapi.json_types import Json, Schema, pointer
from openapi.media_types import JSON, essence, json_choice
from openapi.reading.applicable import Described, applicable, without_missing
from openapi.reading.bundling import check_cycles
from openapi.reading.companions import companions
from openapi.reading.description_schema import check, check_rules, check_schema
from openapi.reading.direction import REQUEST, RESPONSE, one_way
from openapi.reading.documents import Document
from openapi.reading.parameter_values import filled
from openapi.reading.reader import Reader
from openapi.security import Alternatives, SecurityScheme, scheme_of

_LISTED = 10  # operations that a message lists


def contract_in(data: ContractData, reader: Reader, layers: list[Document], idle: list[str]) -> Contract:
    """Return the contract in the documents of a reader. InvalidDescription where it cannot be read."""
    method, path = _find(data, reader)
    here = ("paths", path, method)
    reader.part("path-item", "paths", path)
    operation, document, place = reader.part("operation", *here)
    _check_stated_rules(operation, document, place)
    request, media_type = _request_schema(reader, here, operation)
    success = _success(reader, here)
    parameters = _parameters(reader, here)
    carried = filled(path, reader.parameters(*here, are_sent=True), data.parameters, reader.document.name)
    check_cycles(reader.bundler.defs, reader.bundler.origins)
    info = reader.document.root.get("info", {})
    body, without = without_missing(marked(one_way(reader.bundler.closed(request), REQUEST)))
    _check_satisfiable(body, document, place)
    shown = one_way(reader.bundler.closed(success.schema), RESPONSE)
    others = companions(reader, (*here, "responses", success.statuses[0]), carried, data.created, shown)
    stated = {key: value for key, value in operation.items() if key.startswith("x-")}
    extensions, left_out = applicable(stated, Described(body, shown, {each.name for each in parameters}))
    return Contract(
        title=data.title or str(info.get("title", "")),
        version=str(info.get("version", "")),
        method=method.upper(),
        path=carried.path,
        status=success.status,
        media_type=media_type,
        server=_server(reader.document),
        request=body,
        request_required=reader.at(*here, "requestBody")[0].get("required", False),
        response=shown,
        parameters=parameters,
        security=_security(reader, operation),
        read=others.read,
        delete=others.delete,
        listing=others.listing,
        extensions=extensions,
        origins={"": f"{document.name}#{place}", **reader.bundler.origins},
        description=Source(reader.document.name, reader.document.digest, reader.document.content),
        overlays=tuple(Source(layer.name, layer.digest) for layer in layers),
        notes=tuple(dict.fromkeys((*idle, *without, *left_out, *reader.bundler.notes, *reader.notes))),
        document=reader.document.root,
        data=data,
        template=path,
        headers=carried.headers,
        query=carried.query,
        statuses=success.statuses,
        response_media_type=success.media_type,
        linked=others.identifier,
        described=success.described,
    )


def _check_stated_rules(operation: Mapping[str, Json], document: Document, place: str) -> None:
    for extension in ("x-request-rules", "x-exchange-rules"):
        check_rules(operation.get(extension, ()), document.name, f"{place}/{extension}")


def _check_satisfiable(body: Schema, document: Document, place: str) -> None:
    if body.get("not") == {}:
        raise InvalidDescription(document.name, f"#{place}/requestBody", "its schema is false, so that no body is valid")


def _find(data: ContractData, reader: Reader) -> tuple[str, str]:
    """Return method and path of the operation as the document spells them."""
    reader.part("description")
    paths = reader.document.root.get("paths")
    if paths is None:
        raise InvalidDescription(reader.document.name, "#/paths", "there are no paths")
    if data.operation is None:
        return _only_create_operation(reader)
    method, path = data.operation.method.lower(), data.operation.path.rstrip("/")
    same = [each for each in paths if each.rstrip("/") == path and method in reader.item(each)]
    if not same:
        known = ", ".join(sorted(paths)[:5]) or "none"
        raise InvalidDescription(reader.document.name, "#/paths", f"there is no {data.operation}; its paths: {known}")
    return method, same[0]


def _only_create_operation(reader: Reader) -> tuple[str, str]:
    """Return the only POST that takes a JSON body, which a document without a contract is about."""
    posts = [path for path in reader.document.root["paths"] if "post" in reader.item(path)]
    if len(posts) == 1:  # the only candidate, and where it cannot be tested the reader says why
        return "post", posts[0]
    found = [path for path in posts if _takes_json(reader, path)]
    if len(found) != 1:
        listed = "; ".join(f"POST {path}" for path in found[:_LISTED]) + ("; ..." if len(found) > _LISTED else "")
        problem = f"{len(found)} operations create something: {listed}" if found else "no POST takes a JSON body"
        raise InvalidDescription(reader.document.name, "#/paths", f"{problem}; choose one with --operation 'POST /path'")
    return "post", found[0]


def _takes_json(reader: Reader, path: str) -> bool:
    try:
        _json_media_type(reader, ("paths", path, "post", "requestBody", "content"))
    except (InvalidDescription, InvalidReference):
        return False
    return True


def _request_schema(reader: Reader, here: tuple[str, ...], operation: Json) -> tuple[dict[str, Json], str]:
    if "requestBody" not in operation:
        raise InvalidDescription(reader.document.name, "#" + pointer(*here), "the operation takes no request body")
    reader.part("request-body", *here, "requestBody")
    media_type = _json_media_type(reader, (*here, "requestBody", "content"))
    content = (*here, "requestBody", "content")
    return reader.schema(*content, media_type, "schema"), json_choice(media_type) or JSON


@dataclass(frozen=True, slots=True)
class _Success:
    """The response of success: its status, all documented ones, its schema and media type; None without content.

    `described` are the statuses of all responses, of errors too.
    """

    status: int
    statuses: tuple[str, ...]
    schema: dict[str, Json]
    media_type: str | None
    described: frozenset[str]


_CREATED = 201  # where the description leaves the status open


def _success(reader: Reader, here: tuple[str, ...]) -> _Success:
    """Return the response of success: of an exact status, else of the range, else of all others."""
    responses, document, place = reader.at(*here, "responses")
    exact = sorted(status for status in responses if re.fullmatch(r"2\d\d", status))
    found = exact + [status for status in responses if status.upper() == "2XX"]
    # Where it is the only one with content, `default` describes success too, and not only errors.
    found = found or [status for status in responses if status == "default" and responses[status].get("content")]
    if not found:
        known = ", ".join(sorted(responses)) or "none"
        raise InvalidDescription(document.name, f"#{place}", f"no response from 200 to 299 is described, only: {known}")
    response, home, where = reader.part("response", *here, "responses", found[0])
    status = int(found[0]) if found[0] in exact else _CREATED
    for name in response.get("headers") or ():
        reader.notes.append(f"{home.name}#{where}/headers: the response header {name!r} is not tested")
    if not response.get("content"):
        reader.notes.append(f"{home.name}#{where}: no content is described, so its body has no rules")
        return _Success(status, tuple(found), {}, None, frozenset(responses))
    content = (*here, "responses", found[0], "content")
    media_type = _json_media_type(reader, content)
    schema = _content_schema(reader, content, media_type)
    return _Success(status, tuple(found), schema, essence(media_type), frozenset(responses))


def _content_schema(reader: Reader, content: tuple[str, ...], media_type: str) -> dict[str, Json]:
    """Return the schema of a media type; where none is described, anything is valid."""
    stated, document, place = reader.at(*content, media_type)
    if "schema" in stated:
        return reader.schema(*content, media_type, "schema")
    reader.notes.append(f"{document.name}#{place}: no schema is described, so the body has no rules")
    return {}


def _json_media_type(reader: Reader, steps: tuple[str, ...]) -> str:
    """Return the media type of JSON as it is described: the plainest one, a range last."""
    content, document, place = reader.at(*steps)
    found = [str(each) for each in content if json_choice(str(each)) is not None]
    if not found:
        raise InvalidDescription(document.name, f"#{place}", "no JSON media type is described here")
    return min(found, key=lambda each: ("*" in each, essence(each) != JSON))


def _parameters(reader: Reader, here: tuple[str, ...]) -> tuple[Parameter, ...]:
    """Return the query parameters of the operation, those of its path item first; of others a note is made."""
    found: dict[str, Parameter] = {}
    for owner in (here[:-1], here):
        item, document, place = reader.at(*owner)
        for index, each in enumerate(item.get("parameters", [])):
            parameter, home, where = reader.bundler.deref(each, document, f"{place}/parameters/{index}")
            check("parameter", parameter, home.name, where)
            if parameter["in"] == "query":
                found[parameter["name"]] = _parameter(reader, parameter, home, where)
                if "content" in parameter:
                    reader.notes.append(f"{home.name}#{where}: the content of {parameter['name']!r} has no rules")
            elif parameter["in"] != "path":
                kind = f"the {parameter['in']} parameter {parameter['name']!r}"
                reader.notes.append(f"{home.name}#{where}: {kind} is not tested")
    return tuple(found.values())


def _parameter(reader: Reader, data: dict[str, Json], document: Document, place: str) -> Parameter:
    schema = reader.bundler.bundle(data.get("schema", {}), document, f"{place}/schema")
    extensions = {key: value for key, value in data.items() if key.startswith("x-")}
    check_schema(extensions, document.name, place)
    return Parameter(
        name=data["name"],
        schema=reader.bundler.closed({**schema, **extensions}),
        required=data.get("required", False),
        description=data.get("description", ""),
        pointer=f"{document.name}#{place}",
    )


def _security(reader: Reader, operation: Json) -> Alternatives:
    """Return the alternatives of credentials that can be sent, an empty one for none; of others a note is made."""
    found = []
    for demand in operation.get("security", reader.document.root.get("security", [])):
        schemes = [_scheme(reader, name) for name in demand]
        sent = tuple(each for each in schemes if each is not None)
        if len({each.parameter for each in sent}) < len(sent):
            reader.notes.append(f"credentials of {' and '.join(demand)} have one place, so no request can carry both")
        elif None not in schemes:
            found.append(sent)
    if () in found and len(found) > 1:
        reader.notes.append("credentials are optional, so that no rule demands them")
    return tuple(found)


def _scheme(reader: Reader, name: str) -> SecurityScheme | None:
    stated, document, place = reader.part("security-scheme", "components", "securitySchemes", name)
    scheme = scheme_of(name, stated, f"{document.name}#{place}")
    if scheme is None:
        kind = " ".join(str(stated[each]) for each in ("type", "scheme") if each in stated)
        note = f"{document.name}#{place}: security by {kind!r} is not tested"
        reader.notes.extend([note] if note not in reader.notes else [])
    return scheme


def _server(document: Document) -> str:
    servers = document.root.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else {}
    return str(first.get("url", "")) if isinstance(first, dict) else ""
