"""Blocks of compressed data in a page: a script of the page unpacks them when they are first looked at."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

from markupsafe import Markup

_BLOCK = re.compile(r'<script type="application/gzip" id="(\w+)">([A-Za-z0-9+/=]*)</script>')


def packed(value: Any) -> Markup:
    """Return a value as JSON, compressed by gzip and written in base64, for a script element of data.

    The alphabet of base64 has nothing that ends such an element, whatever a server wrote into a response.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Without a time in it, the same record makes the same page. A lone surrogate cannot be written in UTF-8.
    content = gzip.compress(text.encode("utf-8", errors="replace"), mtime=0)
    return Markup(base64.b64encode(content).decode())  # noqa: S704 - the alphabet of base64


def unpacked(page: bytes) -> dict[str, Any]:
    """Return the values of all blocks of a page by their names; empty for bytes that are no such page."""
    blocks = _BLOCK.findall(page.decode("utf-8", errors="replace"))
    return {name: json.loads(gzip.decompress(base64.b64decode(content))) for name, content in blocks}
