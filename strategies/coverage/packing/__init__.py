"""Rows: values of a field that between them carry every value that it must accept, as many as can live together in each.

A row of an object combines rows of its members, a row of a list or map holds several rows of its elements. What cannot stand
together (two media, two names alike) the oracle of that place tells, so it goes into different rows.
"""

from __future__ import annotations

from strategies.coverage.packing.pack import Pack
from strategies.coverage.packing.packer import Packer

__all__ = ["Pack", "Packer"]
