"""Timing on a noisy machine: what is compared is measured in turns, and medians are taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import TypeVar

Name = TypeVar("Name")


def in_rounds(measures: Mapping[Name, Callable[[], float]], rounds: int) -> dict[Name, list[float]]:
    """Return what each measure found, all of them taken once a round: A B A B."""
    found: dict[Name, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure())
    return found


def interleaved(measures: Mapping[Name, Callable[[], float]], rounds: int) -> dict[Name, float]:
    """Return the median of each measure, all of them taken once a round."""
    return {name: median(values) for name, values in in_rounds(measures, rounds).items()}


def seconds_of(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return how long an action takes, by the clock on the wall or another."""
    begun = clock()
    action()
    return clock() - begun
