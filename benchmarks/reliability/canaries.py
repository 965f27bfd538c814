"""Canaries: secrets that are reported apart from everything else, and the search for what leaked of them.

A canary holds a marker every six characters, so that each window of eight characters holds a whole one. A file is read in
several views: as it is, without NUL for UTF-16, and with Base64 and escapes (URLs, JSON, HTML) undone; in each view every
marker is looked at with what surrounds it. `Zq4fTaZq9...` leaks if the text has `4fTaZq9b`, in whatever spelling.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from urllib.parse import unquote

from reports.html.stored import unpacked

WINDOW = 8  # characters; fewer say little about a secret
_MARKER, _PERIOD = "Zq", 6
_LETTERS = "abcdefghijkmnoprstuvwxy0123456789"  # without those of the marker
_AROUND = re.compile("(?i)zq")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{20,}={0,2}")
_ROUNDS = 2  # of undoing escapes: JSON in a string of JSON, a URL in HTML


def canary(name: str, length: int = 32) -> str:
    """Return the secret of this name, of letters and digits."""
    draw = Random(name)
    parts = [_MARKER + "".join(draw.choices(_LETTERS, k=_PERIOD - len(_MARKER))) for _ in range(length // _PERIOD + 1)]
    return "".join(parts)[:length]


# Of the documented shape: 8 alphanumerics, a dot, 32 alphanumerics. No window across the dot is without a marker.
KEY = canary("key", 8) + "." + canary("key tail", 34)[2:]
SECRETS: Mapping[str, str] = {
    "key": KEY,
    "request header": canary("request header"),
    "cookie": canary("cookie"),
    "location": canary("location"),
    "join URL": canary("join URL"),
    "description URL": canary("description URL"),
    "proxy URL": canary("proxy URL"),
    "known value": canary("known value"),
}


def windows(secret: str) -> frozenset[str]:
    """Return every window of a secret, in lower case."""
    low = secret.lower()
    return frozenset(low[first : first + WINDOW] for first in range(len(low) - WINDOW + 1))


def leaks(data: bytes, secrets: Mapping[str, str] = SECRETS, *, thorough: bool = True) -> frozenset[str]:
    """Return the names of the secrets of which the data show a window: in any view if `thorough`, else as they are."""
    searched = {name: windows(secret) for name, secret in secrets.items()}
    found: set[str] = set()
    for view in _views(data) if thorough else (data.decode("latin-1"),):
        shown = set(_around_markers(view))
        found |= {name for name, wanted in searched.items() if not wanted.isdisjoint(shown)}
    return frozenset(found)


def leaking(folder: Path, texts: Mapping[str, bytes], *, thorough: bool = True) -> tuple[str, ...]:
    """Return where secrets show, as `name in place`, among the files of a folder and other strings by their names."""
    files: Iterable[tuple[str, bytes]] = (
        (path.relative_to(folder).as_posix(), _whole(path)) for path in sorted(folder.rglob("*")) if path.is_file()
    )
    return tuple(
        f"{secret} in {name}" for name, data in (*files, *texts.items()) for secret in sorted(leaks(data, thorough=thorough))
    )


def _whole(path: Path) -> bytes:
    """Return the bytes of a file, and behind those of a page what it holds compressed."""
    data = path.read_bytes()
    return data if path.suffix != ".html" else data + json.dumps(unpacked(data), ensure_ascii=False).encode()


def _views(data: bytes) -> Iterator[str]:
    view = data.decode("latin-1")
    yield view
    for _ in range(_ROUNDS):
        undone = html.unescape(unquote(_ESCAPE.sub(_character, view))).replace("\0", "").replace("\ufffd", "")
        if undone == view:
            break
        view = undone
        yield view
    yield "\n".join(_decoded(run[first:]) for run in _BASE64.findall(data) for first in range(4))


def _decoded(run: bytes) -> str:
    """Return what Base64 makes of a run; text in front of it may have moved where it begins."""
    whole = run.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]  # a single character of a group says nothing
    return b64decode(whole + b"=" * (-len(whole) % 4)).replace(b"\0", b"").decode("latin-1")


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16))


def _around_markers(view: str) -> Iterator[str]:
    for marker in _AROUND.finditer(view):
        near = view[max(0, marker.start() - WINDOW) : marker.end() + WINDOW].lower()
        yield from (near[first : first + WINDOW] for first in range(len(near) - WINDOW + 1))
