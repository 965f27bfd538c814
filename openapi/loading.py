"""From files to the contract: read the description, lay the overlays on it, find the operation, bundle its schemas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from openapi.bundling import Bundler, check_cycles
from openapi.contract import ApiKey, Contract, Parameter, PathOperation, Source
from openapi.dialects import dialect_of
from openapi.documents import Document, read
from openapi.errors import BadDescription
from openapi.json_types import Json, pointer
from openapi.overlays import lay

HERE = Path(__file__).parent
DESCRIPTION = str(HERE / "ultravox.yaml")
OVERLAY = str(HERE / "ultravox.overlay.yaml")
OPERATION = ("post", "/api/calls")


@dataclass
class _Reader:
    """Reads the parts of one description that the contract is made of."""

    document: Document
    bundler: Bundler

    def at(self, *steps: str) -> tuple[Json, Document, str]:
        """The value at a path of member names from the root, references followed on the way."""
        value: Json = self.document.root
        document, place = self.document, ""
        for step in steps:
            value, document, place = self.bundler.deref(value, document, place)
            if not isinstance(value, dict) or step not in value:
                raise BadDescription(document.name, f"#{place}", f"there is no {step!r} here")
            value, place = value[step], place + pointer(step)
        return self.bundler.deref(value, document, place)

    def schema(self, *steps: str) -> Json:
        value: Json = self.document.root
        *front, last = steps
        parent, document, place = self.at(*front)
        if not isinstance(parent, dict) or last not in parent:
            raise BadDescription(document.name, f"#{place}", f"there is no {last!r} here")
        value = parent[last]
        return self.bundler.bundle(value, document, place + pointer(last))


def load_contract(openapi: str | None = None, overlays: list[str] | None = None) -> Contract:
    """The contract of the create operation.

    `openapi` is a path or URL of an OpenAPI 3.0 or 3.1 document, ours by default; `overlays` are laid on it in order, ours
    by default, none if empty. ContractError with document and place where something is wrong with one of them.
    """
    description = read(openapi) if openapi else read(DESCRIPTION, "openapi/ultravox.yaml")
    layers = [read(OVERLAY, "openapi/ultravox.overlay.yaml")] if overlays is None else [read(name) for name in overlays]
    dialect_of(description.root, description.name)
    overlaid = lay(description, layers)
    document = Document(description.uri, description.name, overlaid.root, description.digest)
    bundler = Bundler(document)
    # Our own overlay has actions for other versions of the description too; that these match nothing is no news.
    return _contract(_Reader(document, bundler), layers, overlaid.idle if overlays is not None else [])


def _contract(reader: _Reader, layers: list[Document], idle: list[str]) -> Contract:
    method, path = _find(reader.document)
    here = ("paths", path, method)
    operation, _, _ = reader.at(*here)
    request, media_type = _request_schema(reader, here, operation)
    status, answer = _answer_schema(reader, here, operation)
    parameters = _parameters(reader, here)
    check_cycles(reader.bundler.defs, reader.bundler.origins)
    info = reader.document.root.get("info", {})
    return Contract(
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        method=method.upper(),
        path=path,
        status=status,
        media_type=media_type,
        server=_server(reader.document),
        request=_closed(request, reader.bundler),
        request_required=reader.at(*here, "requestBody")[0].get("required", False),
        answer=_closed(answer, reader.bundler),
        parameters=parameters,
        keys=_keys(reader, operation),
        read=_companion(reader, path, "get", 200),
        delete=_companion(reader, path, "delete", 204),
        extensions={key: value for key, value in operation.items() if key.startswith("x-")},
        origins={"": f"{reader.document.name}#" + pointer(*here), **reader.bundler.origins},
        description=Source(reader.document.name, reader.document.digest),
        overlays=tuple(Source(layer.name, layer.digest) for layer in layers),
        notes=tuple(idle),
        document=reader.document.root,
    )


def _find(document: Document) -> tuple[str, str]:
    method, path = OPERATION
    paths = document.root.get("paths")
    if not isinstance(paths, dict):
        raise BadDescription(document.name, "#/paths", "there are no paths")
    same = [each for each in paths if each.rstrip("/") == path and isinstance(paths[each], dict) and method in paths[each]]
    if not same:
        known = ", ".join(sorted(paths)[:5]) or "none"
        raise BadDescription(document.name, "#/paths", f"there is no {method.upper()} {path}; its paths: {known}")
    return method, same[0]


def _request_schema(reader: _Reader, here: tuple[str, ...], operation: Json) -> tuple[Json, str]:
    if not isinstance(operation, dict) or "requestBody" not in operation:
        raise BadDescription(reader.document.name, "#" + pointer(*here), "the operation takes no request body")
    content, _, _ = reader.at(*here, "requestBody", "content")
    media_type = _json_media_type(content, reader.document, (*here, "requestBody", "content"))
    return reader.schema(*here, "requestBody", "content", media_type, "schema"), media_type


def _answer_schema(reader: _Reader, here: tuple[str, ...], operation: Json) -> tuple[int, Json]:
    responses, document, _ = reader.at(*here, "responses")
    good = sorted(status for status in map(str, responses) if re.fullmatch(r"2\d\d", status))
    if not good:
        raise BadDescription(document.name, "#" + pointer(*here, "responses"), "no 2xx answer is described")
    content, _, _ = reader.at(*here, "responses", good[0], "content")
    media_type = _json_media_type(content, document, (*here, "responses", good[0], "content"))
    return int(good[0]), reader.schema(*here, "responses", good[0], "content", media_type, "schema")


def _json_media_type(content: Json, document: Document, place: tuple[str, ...]) -> str:
    for media_type in content:
        if re.fullmatch(r"application/(?:[\w.-]+\+)?json(?:;.*)?", media_type):
            return str(media_type)
    raise BadDescription(document.name, "#" + pointer(*place), "no JSON media type is described here")


def _parameters(reader: _Reader, here: tuple[str, ...]) -> tuple[Parameter, ...]:
    """The query parameters of the operation, those of its path item first."""
    found: dict[str, Parameter] = {}
    for owner in (here[:-1], here):
        item, document, place = reader.at(*owner)
        for index, each in enumerate(item.get("parameters", [])):
            where = f"{place}/parameters/{index}"
            parameter, home, at = reader.bundler.deref(each, document, where)
            if parameter.get("in") != "query":
                continue
            schema = reader.bundler.bundle(parameter.get("schema", {}), home, f"{at}/schema")
            extras = {key: value for key, value in parameter.items() if key.startswith("x-")}
            found[parameter["name"]] = Parameter(
                name=parameter["name"],
                schema=_closed({**schema, **extras}, reader.bundler),
                required=parameter.get("required", False),
                description=parameter.get("description", ""),
                pointer=f"{home.name}#{at}",
            )
    return tuple(found.values())


def _keys(reader: _Reader, operation: Json) -> tuple[ApiKey, ...]:
    """The documented apiKey schemes, any one of which admits a request."""
    demands = operation.get("security", reader.document.root.get("security", []))
    names = {name for demand in demands for name in demand}
    found = []
    for name in sorted(names):
        scheme, document, place = reader.at("components", "securitySchemes", name)
        if scheme.get("type") == "apiKey":
            found.append(ApiKey(name, scheme["name"], scheme["in"], f"{document.name}#{place}"))
    return tuple(found)


def _companion(reader: _Reader, path: str, method: str, status: int) -> PathOperation | None:
    """The operation on one created object: `method` on `path` plus one variable, if it is described."""
    pattern = re.compile(re.escape(path.rstrip("/")) + r"/\{[^/{}]+\}/?")
    for template, item in reader.document.root["paths"].items():
        if pattern.fullmatch(template) and isinstance(item, dict) and method in item:
            documented = [int(each) for each in map(str, item[method].get("responses", {})) if each.startswith("2")]
            return PathOperation(template, min(documented, default=status))
    return None


def _server(document: Document) -> str:
    servers = document.root.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else {}
    return str(first.get("url", "")) if isinstance(first, dict) else ""


def _closed(schema: Json, bundler: Bundler) -> dict[str, Json]:
    """The schema with every definition that it needs, directly or not."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    needed: dict[str, Json] = {}
    waiting = [schema]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in needed:
                needed[name] = bundler.defs[name]
                waiting.append(needed[name])
    return {**schema, "$defs": needed} if needed else schema


def _references(value: Json) -> set[str]:
    if isinstance(value, list):
        return {name for each in value for name in _references(each)}
    if not isinstance(value, dict):
        return set()
    found = {name for key, each in value.items() if key != "$ref" for name in _references(each)}
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/$defs/"):
        found.add(reference.removeprefix("#/$defs/").replace("~1", "/").replace("~0", "~"))
    return found


