"""Spellings of queries."""

from __future__ import annotations

from collections.abc import Iterable


def percent_encoded(query: Iterable[tuple[str, str]]) -> str:
    """A query in which every other character of names and values is percent-encoded: RFC 3986, 6.2.2.2, it is the same one."""
    return "&".join(f"{_encoded(name)}={_encoded(text)}" for name, text in query)


def _encoded(text: str) -> str:
    spelled = enumerate(bytes([byte]) for byte in text.encode())
    return "".join(byte.decode() if index % 2 and byte.isalnum() else f"%{byte.hex().upper()}" for index, byte in spelled)
