"""`detection.md`: the figures of matrices, family by family, and of the other tool on a sample of the same faults."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from benchmarks.detection.peer import PeerTrial

T = TypeVar("T")
Pack = Mapping[str, Any]  # a trial as `selfcheck --json` writes it


@dataclass(frozen=True, slots=True)
class Matrix:
    """The content that `selfcheck --json` wrote for a profile: the trials of faults, and of conforming servers."""

    profile: str
    trials: Sequence[Pack]
    conforming: Sequence[Pack]


@dataclass
class Peers:
    """The reports of Schemathesis: on conforming servers, on many faulty ones together, on some of them alone."""

    alarms: set[str] = field(default_factory=set)
    together: list[PeerTrial] = field(default_factory=list)
    alone: list[PeerTrial] = field(default_factory=list)

    def catches(self, trial: PeerTrial) -> bool:
        """Return whether it reports something that it does not report on conforming servers as well."""
        return not self.alarms.issuperset(trial.failures)


def page(matrices: Sequence[Matrix], peers: Peers) -> str:
    """Return the whole page."""
    parts = ["# What is detected", _HEAD, *(part for matrix in matrices for part in _of_matrix(matrix))]
    if peers.together:
        parts += _of_peer(peers, matrices)
    return "\n\n".join(parts) + "\n"


_HEAD = (
    "Written by `python -m benchmarks.detection`. Every fault is planted in the emulator and the suite is run against it in "
    "process. *Caught*: a rule failed. *Named*: a rule failed that the fault is expected to break. *Alone*: and no other."
)


def _of_matrix(matrix: Matrix) -> Iterator[str]:
    yield f"## Profile {matrix.profile}"
    if matrix.trials:
        titles = ("family", "faults", "caught", "named", "alone", "requests a run")
        rows = [_figures(family, each) for family, each in _by_family(matrix.trials).items()]
        yield _table(titles, [*rows, _figures("**all**", matrix.trials)])
    survived = [each for each in matrix.trials if not each["caught"]]
    if survived:
        yield "Survived: " + "; ".join(f"`{each['name']}` ({each['summary']})" for each in survived) + "."
    misnamed = [each for each in matrix.trials if each["caught"] and not each["named"]]
    if misnamed:
        yield "Named otherwise: " + "; ".join(f"`{each['name']}` as `{each['failed'][0]}`" for each in misnamed) + "."
    if matrix.conforming:
        accused = sum(bool(each["failed"]) or each["outcome"] != "conforms" for each in matrix.conforming)
        whole = [each for each in matrix.conforming if each["whole"]] or matrix.conforming
        requests = sum(each["requests"] for each in whole) // len(whole)
        reported = f"False alarms: {accused} in {len(matrix.conforming)} runs against conforming servers that differ"
        part = len(matrix.conforming) - len(whole)
        rest = f"; {part} of the runs have a further seed, and are made of the phases that depend on it" if part else ""
        yield f"{reported}, {requests} requests a whole run{rest}."


def _figures(title: str, trials: Sequence[Pack]) -> tuple[str, ...]:
    caught, named = (sum(bool(each[key]) for each in trials) for key in ("caught", "named"))
    alone = sum(bool(each["named"]) and not each["stray"] for each in trials)
    requests = sum(each["requests"] for each in trials) // max(len(trials), 1)
    return (title, *map(str, (len(trials), caught, named, alone, requests)))


def _of_peer(peers: Peers, matrices: Sequence[Matrix]) -> Iterator[str]:
    yield "## Side by side with Schemathesis"
    yield (
        f"`schemathesis run` {importlib.metadata.version('schemathesis')}, all checks, `--mode all`, all phases and the three "
        "operations, against the same emulator over HTTP. It is given its due: the request is described in words that it can "
        "generate from (what is merely implied left out). Hooks repair what no description holds, such as that a "
        "parent call has to exist. What it reports on the conforming emulator "
        f"({', '.join(sorted(peers.alarms)) or 'nothing'}) is switched off."
    )
    yield (
        "What it generates does not depend on the fault, and takes a minute. So it is run against some hundreds of faults at "
        "once: each request goes to the emulator with each of them. All its checks are made on each response that differs "
        f"from the conforming one.{_agreement(peers)}"
    )
    ours = {each["name"]: each for matrix in matrices[:1] for each in matrix.trials}
    families = _grouped(peers.together, lambda each: each.family)
    rows = [_pair(family, each, peers, ours) for family, each in families.items()]
    titles = ("family", "faults", "Schemathesis", f"ours ({matrices[0].profile})" if matrices else "ours")
    yield _table(titles, [*rows, _pair("**all**", peers.together, peers, ours)])
    yield f"Schemathesis sent {sum(each.requests for each in peers.together) // len(peers.together)} requests a run."


def _agreement(peers: Peers) -> str:
    """Return how many of the faults that it was run against alone have the same verdict."""
    together = {each.name: peers.catches(each) for each in peers.together}
    both = [each for each in peers.alone if each.name in together]
    same = sum(together[each.name] == peers.catches(each) for each in both)
    return f" Of {len(both)} faults that it was run against alone as well, {same} have the same verdict." if both else ""


def _pair(title: str, trials: Sequence[PeerTrial], peers: Peers, ours: Mapping[str, Pack]) -> tuple[str, ...]:
    theirs = sum(map(peers.catches, trials))
    known = [ours[each.name] for each in trials if each.name in ours]
    own = str(sum(bool(each["caught"]) for each in known)) if len(known) == len(trials) else "not in the matrix"
    return title, str(len(trials)), str(theirs), own


def _by_family(trials: Sequence[Pack]) -> dict[str, list[Pack]]:
    return _grouped(trials, lambda each: str(each["family"]))


def _grouped(members: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for each in members:
        found.setdefault(key(each), []).append(each)
    return dict(sorted(found.items()))


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---", *(["---:"] * (len(titles) - 1))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
