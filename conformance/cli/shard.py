"""The shard of a run: as the command line says it, or as the machine that runs parallel jobs does."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from conformance.profiles.sharding import Shard

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class _Variables:
    """The variables of a system that runs jobs in parallel; `first` is its first index, `total` empty where it has none."""

    index: str
    total: str
    first: int


_SYSTEMS = {
    "GitLab": _Variables("CI_NODE_INDEX", "CI_NODE_TOTAL", 1),
    "CircleCI": _Variables("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0),
    "Buildkite": _Variables("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0),
    "Kubernetes": _Variables("JOB_COMPLETION_INDEX", "", 0),
}


def shard(text: str) -> str:
    """Return the shard that a text names, as I/N. It is `I/N`, or `auto` or `auto/N` for what the environment says."""
    index, _, total = text.partition("/")
    try:
        return str(Shard.of(text if index != AUTO else _of_environment(total)))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _of_environment(total: str) -> str:
    """Return the shard of this job. ValueError where no variable says it, or they say another total."""
    for system, names in _SYSTEMS.items():
        index = os.environ.get(names.index)
        if not index:
            continue
        stated = os.environ.get(names.total, "") if names.total else ""
        if not (stated or total):
            raise ValueError(f"{system} says which job this is ({names.index}), but not of how many: give {AUTO}/N")
        if stated and total and stated != total:
            raise ValueError(f"{total} shards are asked for, but {names.total} is {stated}")
        if not index.isdecimal():
            raise ValueError(f"{names.index} is {index!r}, which is no whole number")
        return f"{int(index) - names.first + 1}/{stated or total}"
    raise ValueError(f"{AUTO} needs one of the variables {', '.join(each.index for each in _SYSTEMS.values())}; or give I/N")
