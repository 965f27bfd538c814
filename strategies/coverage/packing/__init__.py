"""Packs: values of a field that between them carry every value that it must accept.

A positive case costs a request and a created object, so values share bodies. A pack of an object combines packs
of its members; a pack of an array or map holds several packs of its items. Example: with `size` in
{0, 1} and `colour` in {"a", "b", "c"}, three bodies carry all five values: {0, "a"}, {1, "b"}, {0, "c"}.
Values that exclude each other (two of a choice, two equal names) go into different packs: the oracle of that place
decides.
"""

from __future__ import annotations

from strategies.coverage.packing.by_kind import packer
from strategies.coverage.packing.pack import Pack
from strategies.coverage.packing.packer import Packer

__all__ = ["Pack", "Packer", "packer"]
