"""How much is measured: enough for figures, or just enough to see that everything works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Counts of things to measure with. `rounds` is how often each comparison is repeated; latencies are seconds.

    `bodies` are drawn of ours and `peer_bodies` of other generators, which are slower. `most` bounds the requests of a
    planned run, None for all of them; `drawn` and `drawn_invalid` are the drawn bodies of a run that waits. `peer_seconds`
    ends a run of Schemathesis. If `properties` is a number, the description has only so many of the first ones. `times` is how
    many copies of each the synthetic one has. `exchanges` is the length of the two records whose memory is compared.
    """

    rounds: int
    bodies: int
    peer_bodies: int
    latencies: tuple[float, ...]
    concurrencies: tuple[int, ...]
    workers: tuple[int, ...]
    most: int | None
    drawn: int
    drawn_invalid: int
    peer_phases: tuple[str, ...]
    peer_examples: int
    peer_seconds: float
    profiles: tuple[str, ...]
    requests: int
    peer_requests: int
    properties: int | None
    times: int
    vendor: bool
    exchanges: tuple[int, int]
    starts: int


FULL = Size(
    rounds=3,
    bodies=500,
    peer_bodies=150,
    latencies=(0.0, 0.05),
    concurrencies=(1, 4, 16),
    workers=(1, 8),
    most=None,
    drawn=300,
    drawn_invalid=200,
    peer_phases=("coverage", "fuzzing"),
    peer_examples=100,
    peer_seconds=20.0,
    profiles=("smoke", "nightly"),
    requests=2000,
    peer_requests=400,
    properties=None,
    times=10,
    vendor=True,
    exchanges=(10_000, 100_000),
    starts=5,
)
TINY = Size(
    rounds=1,
    bodies=8,
    peer_bodies=3,
    latencies=(0.002,),
    concurrencies=(2,),
    workers=(1,),
    most=30,
    drawn=6,
    drawn_invalid=4,
    peer_phases=("fuzzing",),
    peer_examples=2,
    peer_seconds=30.0,
    profiles=("smoke",),
    requests=16,
    peer_requests=4,
    properties=4,
    times=2,
    vendor=False,
    exchanges=(100, 300),
    starts=1,
)
