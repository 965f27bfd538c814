"""`python -m benchmarks.detection PROFILE=MATRIX.json ...`: writes detection.md of what `selfcheck --json` found.

With `--peer`, Schemathesis is run against the same faults first, many of them at once; with `--alone N`, against each fault of
a stratified sample by itself as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.descriptions import catalogue
from benchmarks.detection.page import Matrix, Peers, page
from benchmarks.detection.peer import PeerTrial, false_alarms, mirrored_trials, peer_trial
from conformance.selfcheck.matrix import sample
from conformance.selfcheck.trials import bench

_PAGE = Path(__file__).parents[1] / "detection.md"
_SEEDS = (1, 2, 3)
_AT_ONCE = 300  # faults of one run of Schemathesis; each keeps some megabytes of calls


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks.detection", description="Writes benchmarks/detection.md.")
    top.add_argument("matrices", metavar="PROFILE=FILE", nargs="*", help="a matrix of `selfcheck --json`, the first compared")
    top.add_argument("--peer", action="store_true", help="run Schemathesis against all faults, many of them at once")
    top.add_argument("--alone", metavar="N", type=int, default=0, help="run it against each of a sample of N faults, too")
    top.add_argument("--peers", metavar="FILE", type=Path, help="keep its trials here, and take those that are there already")
    top.add_argument("--jobs", metavar="N", type=int, default=2, help="runs of Schemathesis at once (default: 2)")
    top.add_argument("--out", metavar="FILE", type=Path, default=_PAGE, help="write here (default: detection.md)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for and write the page."""
    options = parser().parse_args(arguments)
    matrices = [_read(*each.split("=", 1)) for each in options.matrices]
    peers = _kept(options.peers)
    if options.peer or options.alone:
        _measure(peers, options)
    options.out.write_text(page(matrices, peers), encoding="utf-8")
    return 0


def _measure(peers: Peers, options: argparse.Namespace) -> None:
    """Run Schemathesis against what it was not run against yet."""
    families = {name: fault.family for name, fault in bench(catalogue(), "smoke").faults.items()}
    together, alone = ({each.name for each in trials} for trials in (peers.together, peers.alone))
    if not together and not alone:
        peers.alarms |= false_alarms(_SEEDS)
    wanted = [name for name in families if name not in together] if options.peer else []
    singly = [name for name in sample(families, options.alone) if name not in alone] if options.alone else []
    parts = [wanted[first : first + _AT_ONCE] for first in range(0, len(wanted), _AT_ONCE)]
    with ThreadPoolExecutor(options.jobs) as pool:
        for trials in pool.map(lambda part: mirrored_trials({name: families[name] for name in part}), parts):
            peers.together += trials
            _keep(options.peers, peers)
        for trial in pool.map(lambda name: peer_trial(name, families[name]), singly):
            peers.alone.append(trial)
            _keep(options.peers, peers)


def _read(profile: str, file: str) -> Matrix:
    found = json.loads(Path(file).read_text(encoding="utf-8"))
    return Matrix(profile, found["trials"], found["conforming"])


def _kept(file: Path | None) -> Peers:
    if file is None or not file.is_file():
        return Peers()
    found = json.loads(file.read_text(encoding="utf-8"))
    return Peers(set(found["alarms"]), _trials(found["together"]), _trials(found["alone"]))


def _trials(found: list[dict[str, Any]]) -> list[PeerTrial]:
    return [PeerTrial(**{**each, "failures": tuple(each["failures"])}) for each in found]


def _keep(file: Path | None, peers: Peers) -> None:
    print(f"{len(peers.together)} together, {len(peers.alone)} alone", flush=True)
    if file is not None:
        found = {"alarms": sorted(peers.alarms), "together": peers.together, "alone": peers.alone}
        file.write_text(json.dumps(found, default=asdict), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
