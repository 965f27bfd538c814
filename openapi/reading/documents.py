"""Read a JSON or YAML document from a file or a URL."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from openapi.errors import UnreadableDocument
from openapi.json_types import Json
from openapi.network import proxy_for, without_credentials
from openapi.reading.syntax import parse

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class Document:
    """A parsed document: `uri` is absolute (`file:` or `http:`), `name` is the user's name for it, without credentials."""

    uri: str
    name: str
    root: dict[str, Json]
    digest: str
    content: bytes = field(default=b"", repr=False, compare=False)


def uri_of(name: str) -> str:
    """Return the absolute URI of a path or URL. UnreadableDocument if it can be neither."""
    try:
        if urlsplit(name).scheme in ("http", "https", "file"):
            return name
        return Path(os.path.abspath(name)).as_uri()
    except (ValueError, OSError) as error:  # a lone bracket, a NUL character
        raise UnreadableDocument(name, "", f"it is neither a path nor a URL ({error})") from error


def join(base: str, reference: str) -> tuple[str, str]:
    """Return a reference seen from `base`: the absolute URI of its document, and its fragment. ValueError if it is no URI."""
    # `urljoin` takes no URN for a base, not even of a fragment.
    whole = urldefrag(base)[0] + reference if reference.startswith("#") else urljoin(base, reference)
    uri, fragment = urldefrag(whole)
    return uri, unquote(fragment)


def read(location: str, shown: str | None = None) -> Document:
    """Return the document at a path or URL, called `shown` in messages.

    UnreadableDocument if reading fails or it holds no JSON or YAML object.
    """
    uri, name = uri_of(location), shown or without_credentials(location)
    raw = _fetch(uri, name)
    root = parse(raw, name)
    if not isinstance(root, dict):
        what = "it is empty" if root is None else f"it holds a {type(root).__name__}, not an object"
        raise UnreadableDocument(name, "", what)
    return Document(uri, name, root, hashlib.sha256(raw).hexdigest(), raw)


def _fetch(uri: str, name: str) -> bytes:
    parts = urlsplit(uri)
    if uri.startswith(_META_SCHEMAS):
        return _meta_schema(uri, name)
    try:
        if parts.scheme == "file":
            return Path(unquote(parts.path)).read_bytes()
        return _response(uri, name)
    except OSError as error:
        raise UnreadableDocument(name, "", error.strerror or str(error)) from error
    except ValueError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> UnreadableDocument:
    return UnreadableDocument(name, "", without_credentials(str(error)) or type(error).__name__)


_META_SCHEMAS = "https://json-schema.org/draft/"  # everyone has them: to fetch them would be to depend on a host


def _meta_schema(uri: str, name: str) -> bytes:
    from jsonschema_specifications import REGISTRY  # few descriptions refer to one, and to read them all takes long

    try:
        return json.dumps(REGISTRY.contents(uri)).encode()
    except LookupError as error:
        raise UnreadableDocument(name, "", "JSON Schema has no such meta-schema") from error


def _response(uri: str, name: str) -> bytes:
    import httpx  # few descriptions are at a URL, and half of the time in which a command starts went into this

    try:
        proxy = proxy_for(uri)
        # httpx reads the proxy variables without an exception for this machine, and stumbles over some that curl reads.
        with httpx.Client(trust_env=False, verify=httpx.create_ssl_context(), proxy=proxy, timeout=TIMEOUT_SECONDS) as client:
            response = client.get(uri, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreadable(name, error) from error
    if not response.is_success:
        raise UnreadableDocument(name, "", f"the response is {response.status_code} {response.reason_phrase}".rstrip())
    return response.content
