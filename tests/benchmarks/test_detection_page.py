"""The page of what is detected shows what the matrices hold, and no more."""

from __future__ import annotations

from typing import Any

from benchmarks.detection.page import Matrix, Peers, page
from benchmarks.detection.peer import PeerTrial


def _trial(name: str, *, failed: tuple[str, ...] = ("body.a.type",), named: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "family": "type",
        "summary": "a is not checked",
        "failed": failed,
        "caught": bool(failed),
        "named": bool(failed) and named,
        "stray": [],
        "outcome": "fails" if failed else "conforms",
        "requests": 10,
        "whole": True,
        **more,
    }


def test_what_survived_and_what_was_misnamed_is_reported() -> None:
    trials = [_trial("a:dropped"), _trial("b:dropped", failed=()), _trial("c:dropped", named=False)]
    reported = page([Matrix("smoke", trials, [])], Peers())
    assert "| **all** | 3 | 2 | 1 | 1 | 10 |" in reported
    assert "Survived: `b:dropped` (a is not checked)." in reported
    assert "Named otherwise: `c:dropped` as `body.a.type`." in reported


def test_false_alarms_and_runs_of_a_further_seed_are_counted() -> None:
    conforming = [_trial("strict seed 0", failed=()), _trial("strict seed 1", failed=(), requests=4, whole=False)]
    assert "False alarms: 0 in 2 runs" in page([Matrix("deep", [], conforming)], Peers())
    assert "10 requests a whole run; 1 of the runs have a further seed" in page([Matrix("deep", [], conforming)], Peers())
    accused = [*conforming, _trial("far-off seed 0")]
    assert "False alarms: 1 in 3 runs" in page([Matrix("deep", [], accused)], Peers())


def test_what_the_peer_also_says_of_a_conforming_server_is_no_catch() -> None:
    together = [PeerTrial("a:dropped", "type", ("alarm",), 7), PeerTrial("b:dropped", "type", ("alarm", "other"), 9)]
    alone = [PeerTrial("a:dropped", "type", ("other",), 7), PeerTrial("b:dropped", "type", ("other",), 9)]
    trials = [_trial("a:dropped"), _trial("b:dropped")]
    reported = page([Matrix("smoke", trials, [])], Peers({"alarm"}, together, alone))
    assert "| **all** | 2 | 1 | 2 |" in reported
    assert "Schemathesis sent 8 requests a run." in reported
    assert "Of 2 faults that it was run against alone as well, 1 have the same verdict." in reported
