"""Several runs keep one rate through a real Redis, and none of them shows its password."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from conformance.embedded import emulator_key, emulator_keys
from conformance.http.shared_rate import RateLost, SharedRate, check, key_of, shown
from conformance.http.target import Target
from conformance.results.exchange_log import unrecorded
from conformance.run import go_through
from conformance.selfcheck.in_process import TrialClient
from conformance.session import Session
from emulator.app import create_app
from tests.conformance.conftest import Command
from tests.conformance.sessions import ORDERS, bench
from tests.redis_server import PASSWORD, needs_redis, redis_server

TARGET = "https://staging.example.com"
NOWHERE = f"redis://:{PASSWORD}@127.0.0.1:1/0"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as (found, _):
        yield found


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that turns wait, which no test does."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr("conformance.http.shared_rate.asyncio", SimpleNamespace(sleep=sleep))
    return found


async def _closed(*rates: SharedRate) -> None:
    for each in rates:
        await each.aclose()


@needs_redis
def test_runs_get_one_turn_after_the_other(url: str, waits: list[float]) -> None:
    async def turns() -> None:
        rates = [SharedRate(url, f"{TARGET}/turns", 0.01) for _ in range(3)]
        for each in rates:
            await each.turn()
        await rates[0].turn()
        first_of_another_target = SharedRate(url, f"{TARGET}/other", 0.01)
        await first_of_another_target.turn()
        await _closed(*rates, first_of_another_target)

    asyncio.run(turns())
    assert waits == pytest.approx([100, 200, 300], abs=20)


@needs_redis
def test_turns_at_the_same_time_are_as_far_apart_as_others(url: str, waits: list[float]) -> None:
    async def turns() -> None:
        rates = [SharedRate(url, f"{TARGET}/together", 0.01) for _ in range(5)]
        await asyncio.gather(*(each.turn() for each in rates))
        await _closed(*rates)

    asyncio.run(turns())
    assert sorted(waits) == pytest.approx([100, 200, 300, 400], abs=20)


@needs_redis
def test_a_pause_of_one_run_is_one_of_all(url: str, waits: list[float]) -> None:
    async def turns() -> None:
        one, other = SharedRate(url, f"{TARGET}/pause", 1000), SharedRate(url, f"{TARGET}/pause", 1000)
        await one.hold(500)
        await other.turn()
        await _closed(one, other)

    asyncio.run(turns())
    assert waits == pytest.approx([500], abs=20)


@needs_redis
def test_a_run_without_redis_goes_on_alone_after_it_has_said_so(tmp_path: Path) -> None:
    async def turns() -> None:
        with redis_server(tmp_path) as (url, server):
            rate = SharedRate(url, TARGET, 1000)
            await rate.turn()
            server.kill()
            server.wait()
            with pytest.raises(RateLost, match="is lost") as lost:
                await rate.turn()
            assert PASSWORD not in str(lost.value)
            await rate.turn()
            await rate.hold(0.001)
            await rate.aclose()

    asyncio.run(turns())


@needs_redis
def test_a_run_keeps_the_rate_through_redis_and_records_no_password(
    url: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    few = ("--openapi", ORDERS, "--no-overlay", "--select", "status.*", "--quiet", "--out", out)
    monkeypatch.setattr("sys.argv", ["conformance", "run", "--rate-limit", url])  # which the record shows
    ran = command("run", *few, "--rate", "100000", "--rate-limit", url)
    assert ran.exit == 0
    assert asyncio.run(_exists(url, key_of(ran.record[0]["target"])))
    assert f"--rate-limit {shown(url)}" in ran.record[0]["command"]
    assert PASSWORD not in ran.stdout + ran.stderr
    assert not [each for each in out.rglob("*") if each.is_file() and PASSWORD.encode() in each.read_bytes()]


async def _exists(url: str, name: str) -> bool:
    from redis.asyncio import Redis

    async with Redis.from_url(url) as client:
        return bool(await client.exists(name))


def test_a_redis_that_does_not_respond_is_reported_without_its_password(command: Command, tmp_path: Path) -> None:
    with pytest.raises(RateLost):
        asyncio.run(check(NOWHERE))
    few = ("run", "--out", tmp_path / "out", "--select", "status.*", "--quiet")
    for more, problem in (
        (("--rate", "5", "--rate-limit", NOWHERE), "--rate-limit redis://127.0.0.1:1/0: ConnectionError"),
        (("--rate-limit", NOWHERE), "give --rate as well"),
        (("--rate", "5", "--rate-limit", f"redis://:{PASSWORD}"), "it is no URL of a Redis"),
        (("--rate", "5", "--rate-limit", f"https://:{PASSWORD}@x"), "it is no URL of a Redis"),
    ):
        ran = command(*few, *more)
        assert (ran.exit, ran.stderr.count("\n"), ran.stdout) == (2, 1, "")
        assert problem in ran.stderr
        assert PASSWORD not in ran.stderr


def test_a_run_that_loses_its_rate_limit_is_not_judged() -> None:
    contract = bench().catalogue.contract
    keys = emulator_keys(contract)
    target = Target(url="http://emulator.invalid", key=emulator_key(contract), more_keys=keys, rate=1000, rate_limit=NOWHERE)
    client = TrialClient(target, contract, create_app(contract, keys=frozenset(keys.values())))
    session = Session(
        catalogue=bench().catalogue,
        client=client,
        profile=bench().profile,
        seed=0,
        write=unrecorded,
        shared_plan=bench().shared_plan,
    )
    ending = go_through(session, {})
    assert (ending.outcome, ending.exit) == ("unjudged", 3)
    assert ending.reason == "the rate limit at redis://127.0.0.1:1/0 is lost: ConnectionError"
