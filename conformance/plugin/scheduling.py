"""Keep tests together under pytest-xdist 3.8, whose groups pytest passes over from 9.2 on (its issue 1386)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def together(config: pytest.Config, log: Any, scope: Callable[[str], str]) -> Any:
    """Return a scheduler that sends tests of one scope to one worker; None where the user chose another.

    `scope` gives the scope of a node id.
    """
    from xdist.scheduler import LoadScopeScheduling

    if config.getvalue("dist") != "load":
        return None
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = scope
    return scheduler
