"""The bench that the tests of this process share, in place of one that commands make for themselves."""

from __future__ import annotations

import pytest

from conformance.selfcheck import matrix
from tests.conformance.sessions import bench


@pytest.fixture
def shared_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let trials in this process use the shared bench, since a plan costs more than a run."""
    monkeypatch.setattr(matrix, "_benches", {})
    monkeypatch.setattr(matrix.Setup, "bench", lambda _setup: bench())
