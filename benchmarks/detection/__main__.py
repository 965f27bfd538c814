"""`python -m benchmarks.detection PROFILE=MATRIX.json ...`: writes detection.md of what `selfcheck --json` found.

With `--peer N`, Schemathesis is run against a stratified sample of N of the same faults first.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from benchmarks.descriptions import catalogue
from benchmarks.detection.page import Matrix, page
from benchmarks.detection.peer import PeerTrial, false_alarms, peer_trial
from conformance.selfcheck.matrix import sample
from conformance.selfcheck.trials import bench

_PAGE = Path(__file__).parents[1] / "detection.md"
_SEEDS = (1, 2, 3)


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks.detection", description="Writes benchmarks/detection.md.")
    top.add_argument("matrices", metavar="PROFILE=FILE", nargs="*", help="a matrix of `selfcheck --json`, the first compared")
    top.add_argument("--peer", metavar="N", type=int, default=0, help="run Schemathesis against a sample of N faults")
    top.add_argument("--peers", metavar="FILE", type=Path, help="keep its trials here, and take those that are there already")
    top.add_argument("--jobs", metavar="N", type=int, default=2, help="runs of Schemathesis at once (default: 2)")
    top.add_argument("--out", metavar="FILE", type=Path, default=_PAGE, help="write here (default: detection.md)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what is asked for and writes the page."""
    options = parser().parse_args(arguments)
    matrices = [_read(*each.split("=", 1)) for each in options.matrices]
    alarms, peers = _kept(options.peers)
    if options.peer:
        alarms = alarms or false_alarms(_SEEDS)
        families = {name: fault.family for name, fault in bench(catalogue(), "smoke").faults.items()}
        names = [name for name in sample(families, options.peer) if name not in {each.name for each in peers}]
        with ThreadPoolExecutor(options.jobs) as pool:
            for trial in pool.map(lambda name: peer_trial(name, families[name]), names):
                peers.append(trial)
                print(f"{trial.name}: {', '.join(trial.failures) or 'nothing'}", flush=True)
                if options.peers:
                    _keep(options.peers, alarms, peers)
    options.out.write_text(page(matrices, peers, alarms), encoding="utf-8")
    return 0


def _read(profile: str, file: str) -> Matrix:
    found = json.loads(Path(file).read_text(encoding="utf-8"))
    return Matrix(profile, found["trials"], found["sound"])


def _kept(file: Path | None) -> tuple[frozenset[str], list[PeerTrial]]:
    if file is None or not file.is_file():
        return frozenset(), []
    found = json.loads(file.read_text(encoding="utf-8"))
    return frozenset(found["alarms"]), [PeerTrial(**{**each, "failures": tuple(each["failures"])}) for each in found["trials"]]


def _keep(file: Path, alarms: frozenset[str], peers: Sequence[PeerTrial]) -> None:
    file.write_text(json.dumps({"alarms": sorted(alarms), "trials": [asdict(each) for each in peers]}), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
