"""Rows: values of a field that between them carry every value that it must accept, as many as can live together in each.

A row of an object combines rows of its members, a row of a list or map holds several rows of its elements. What cannot stand
together (two media, two names alike) the oracle of that place tells, so it goes into different rows.
"""

from __future__ import annotations

from strategies.rows.maker import RowMaker
from strategies.rows.objects import is_free_text
from strategies.rows.row import Aim, Row

__all__ = ["Aim", "Row", "RowMaker", "is_free_text"]
