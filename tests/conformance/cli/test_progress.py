"""Progress: a line shows requests, total, time left, failures and budget; without a terminal every 30 seconds."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from conformance.cli.progress import INTERVAL, Figures, figures_of, shown
from conformance.http.exchange import Exchange
from conformance.profiles import PROFILES
from tests.conformance.clients import case

EXCHANGE = Exchange(case(), 1, 201, {}, b"", 0.0, 0.0)


def test_a_line_shows_all_that_is_known() -> None:
    now = [0.0]
    figures = Figures(100, 150, lambda: 2, lambda: now[0], "bodies")
    figures.requests, now[0] = 25, 10.0
    line = (
        "bodies: 25 of about 100 requests in 10.0 s, about 30.0 s left, 2 rules with failures, 125 requests of the budget left"
    )
    assert figures.line() == line
    figures.requests = 120
    assert figures.line().startswith("bodies: 120 requests in 10.0 s, 2 rules")


@pytest.mark.parametrize(
    ("selects", "budget", "total"),
    [(False, None, PROFILES["smoke"].requests), (True, None, None), (True, 9, 9), (False, 50, 50)],
)
def test_the_total_is_that_of_the_profile_or_the_budget(*, selects: bool, budget: int | None, total: int | None) -> None:
    assert figures_of(PROFILES["smoke"], selects=selects, budget=budget).total == total


def test_without_a_terminal_there_is_a_line_every_half_minute() -> None:
    now = [0.0]
    stream = io.StringIO()
    with shown(Figures(None, clock=lambda: now[0]), Console(file=stream, width=200)) as (step, phase):
        phase("bodies")
        for _ in range(200):
            now[0] += 1.0
            step(EXCHANGE)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "Testing …"
    assert len(lines) == 1 + int(200 / INTERVAL)
    assert lines[1].startswith("bodies: 30 requests in 30.0 s")


def test_quiet_is_quiet() -> None:
    stream = io.StringIO()
    with shown(Figures(None), Console(file=stream, quiet=True)) as (step, phase):
        phase("bodies")
        step(EXCHANGE)
    assert not stream.getvalue()
