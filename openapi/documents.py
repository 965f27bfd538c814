"""Reading a JSON or YAML document from a file or a URL."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpx
import yaml

from openapi.errors import UnreadableDocument
from openapi.json_types import Json

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class Document:
    """A parsed document: `uri` is absolute (`file:` or `http:`), `name` is how the user called it."""

    uri: str
    name: str
    root: dict[str, Json]
    digest: str


def uri_of(name: str) -> str:
    """The absolute URI of a path or URL."""
    if urlsplit(name).scheme in ("http", "https", "file"):
        return name
    return Path(name).resolve().as_uri()


def join(base: str, reference: str) -> tuple[str, str]:
    """A reference seen from `base`: the absolute URI of its document, and its fragment."""
    uri, fragment = urldefrag(urljoin(base, reference))
    return uri, unquote(fragment)


def read(location: str, shown: str | None = None) -> Document:
    """Reads a path or URL, to be called `shown`. UnreadableDocument if that fails or it holds no JSON or YAML object."""
    uri, name = uri_of(location), shown or location
    raw = _fetch(uri, name)
    root = _parse(raw, name)
    if not isinstance(root, dict):
        what = "it is empty" if root is None else f"it holds a {type(root).__name__}, not an object"
        raise UnreadableDocument(name, "", what)
    return Document(uri, name, root, hashlib.sha256(raw).hexdigest())


def _fetch(uri: str, name: str) -> bytes:
    parts = urlsplit(uri)
    try:
        if parts.scheme == "file":
            return Path(unquote(parts.path)).read_bytes()
        response = httpx.get(uri, timeout=TIMEOUT_SECONDS, follow_redirects=True)
        return response.raise_for_status().content
    except OSError as error:
        raise UnreadableDocument(name, "", error.strerror or str(error)) from error
    except httpx.HTTPError as error:
        raise UnreadableDocument(name, "", str(error) or type(error).__name__) from error


class _Loader(yaml.CSafeLoader):
    """YAML as JSON sees it: a date is text, and `on` or `yes` are no booleans."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", __import__("re").compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def _parse(raw: bytes, name: str) -> Json:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(name, f"byte {error.start}", "it is no UTF-8 text, so neither JSON nor YAML") from error
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            pass  # YAML's flow style looks like this too
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - derived from the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is neither JSON nor YAML"
        raise UnreadableDocument(name, place, f"it is neither JSON nor YAML ({problem})") from error
