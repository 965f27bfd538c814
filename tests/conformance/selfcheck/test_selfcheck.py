"""The selfcheck: a stratified sample of faults is caught and named, conforming servers are not accused, and the
figures are right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from conformance.cli.main import main
from conformance.profiles import PROFILES
from conformance.run import SEEDED, Phase, go_through, phases_of
from conformance.selfcheck.detection import Figures, by_family, missed_families, show, suffices
from conformance.selfcheck.matrix import Setup, Task, carry_out, conforming_tasks, sample, tasks_for
from conformance.selfcheck.trials import Trial
from emulator.fault import Fault
from emulator.messages import Exchange, Reply, Request, refusal
from emulator.variants import CONFORMING
from openapi.coercion.parsers import STRICT
from reports.exit_status import ExitStatus
from tests.conformance import servers
from tests.conformance.sessions import ORDERS, bench, orders_bench, session_with

_ANYWHERE = re.compile(r"robustness\..*")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ORDERS = Setup(None, str(ORDERS), (), "smoke")
_COMMAND = ("selfcheck", "--openapi", str(ORDERS), "--no-overlay")


def _families() -> dict[str, str]:
    return {name: fault.family for name, fault in bench().faults.items()}


def _trial(*failed: str, expects: tuple[str, ...] = ("body.a.*",), family: str = "type") -> Trial:
    return Trial(
        name="body.a.type:dropped",
        family=family,
        summary="a: type is not enforced",
        expects=expects,
        failed=failed,
        outcome="fails" if failed else "conforms",
        reason=None,
        requests=10,
        seconds=0.1,
        whole=True,
    )


def _caught_and_named(names: list[str]) -> None:
    # The expected rules alone: the matrix shows whether others fail beside them.
    trials = [bench().try_fault(name, whole=False) for name in names]
    assert [trial.name for trial in trials if not trial.named] == []
    assert suffices(trials, "smoke")


@pytest.mark.slow
def test_a_fault_of_each_family_is_caught_and_named() -> None:
    """Faults that a request of any rule may show take a whole run, and are left to the larger sample."""
    faults, families = bench().faults, _families()
    partly = {each: families[each] for each in faults if not all(map(_ANYWHERE.fullmatch, faults[each].expects))}
    assert set(partly.values()) == set(families.values())
    _caught_and_named(sample(partly, 1))


@pytest.mark.thorough
def test_a_stratified_sample_is_caught_and_named() -> None:
    _caught_and_named(sample(_families(), 200))


@pytest.mark.slow
def test_a_conforming_server_is_not_accused() -> None:
    trial = bench().try_conforming("far-off", 1)
    assert (trial.outcome, trial.failed) == ("conforms", ())


@pytest.mark.parametrize("variant", ["protojson", "far-off", "real-like"])
def test_a_conforming_server_of_a_small_api_is_not_accused(variant: str) -> None:
    trial = orders_bench().try_conforming(variant, 1)
    assert (trial.outcome, trial.failed) == ("conforms", ())


def test_a_server_that_only_creates_does_not_conform_to_a_description_of_reading() -> None:
    names = {task.name for task in conforming_tasks(1, orders_bench().catalogue.contract)}
    assert names == CONFORMING.keys() - {"post-only"}


def _sent(phases: Mapping[str, Phase], seed: int) -> list[tuple[str, str, str, bytes]]:
    """All requests of a run on some rules, one at a time; only the ids of its calls differ from run to run."""
    responses, seen = servers.conforming(), list[tuple[str, str, str, bytes]]()

    def response(received: servers.Received) -> servers.Reply | None:
        seen.append((received.method, _UUID.sub("ID", received.path), _UUID.sub("ID", received.query), received.body))
        return responses(received)

    some = ("auth.*", "body.m*", "protocol.*", "robustness.*")
    with session_with(response, profile=PROFILES["nightly"], concurrency=1, seed=seed, select=some) as session:
        assert go_through(session, phases).outcome == "conforms"
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("seed", [250])
def test_what_does_not_depend_on_the_seed_sends_the_same_with_every_seed(seed: int) -> None:
    phases = {name: phase for name, phase in phases_of(PROFILES["nightly"]).items() if name not in SEEDED}
    assert len(phases) > 3
    assert _sent(phases, 0) == _sent(phases, seed)


def test_a_further_seed_runs_only_what_depends_on_it() -> None:
    tasks = conforming_tasks(3, bench().catalogue.contract)
    assert [task.whole for task in tasks] == [seed == 0 for seed in range(3) for _ in CONFORMING]
    whole, part = (orders_bench().try_conforming("protojson", 2, whole=whole) for whole in (True, False))
    assert 0 < part.requests < whole.requests / 4
    assert part.outcome == "conforms"


def test_a_fault_is_found_by_the_rules_it_is_expected_to_violate_alone() -> None:
    trial = orders_bench().try_fault("body.size.maximum:dropped", whole=False)
    assert trial.failed == ("body.size.maximum",)
    assert trial.requests < orders_bench().try_fault("body.size.maximum:dropped").requests


def test_a_fault_that_breaks_the_emulator_is_a_server_error_and_the_trial_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def violated(_exchange: Exchange, request: Request) -> Request:
        if b'"temperature"' in request.body:
            raise TypeError("Recursion limit reached")
        return request

    expects = ("robustness.server-error", "body.temperature.maximum")
    fault = Fault(name="violated", family="rare", summary="raises", expects=expects, incoming=violated)
    monkeypatch.setitem(bench().faults, "violated", fault)
    trial = bench().try_fault("violated", whole=False)
    assert (trial.outcome, trial.reason, trial.failed) == ("fails", None, ("robustness.server-error",))
    assert trial.requests > 10


def test_a_sample_has_of_each_family_its_share() -> None:
    families = _families()
    for size in (1, 60, 300):
        names = sample(families, size)
        assert {families[name] for name in names} == set(families.values())
        assert len(names) <= size + len(set(families.values()))
    assert sample(families, len(families)) == list(families)


def test_smoke_runs_all_rules_and_nightly_now_and_then() -> None:
    names = [str(index) for index in range(20)]
    assert all(task.whole for task in tasks_for(names, "smoke"))
    assert [task.name for task in tasks_for(names, "nightly") if task.whole] == ["0", "10"]


def test_a_trial_reports_a_stated_name_beside_a_stray_one() -> None:
    assert _trial("body.a.type").named
    assert _trial("body.a.type", "auth.read").stray == ("auth.read",)
    assert not _trial("auth.read").named
    assert not _trial().caught
    assert json.loads(json.dumps(_trial("auth.read").to_json()))["stray"] == ["auth.read"]


def test_figures_count_by_family() -> None:
    trials = [_trial("body.a.type"), _trial("auth.read"), _trial(family="enum")]
    assert Figures.of(trials) == Figures(all=3, caught=2, named=1, alone=1, requests=30)
    assert list(by_family(trials)) == ["type", "enum"]
    assert not Figures.of(trials).suffice("smoke")
    assert Figures.of(trials[:1]).suffice("nightly")


@pytest.mark.parametrize("last", [_trial(family="enum"), _trial("auth.read", family="enum")])
def test_each_sampled_family_has_to_be_caught_and_named_however_much_else_is(last: Trial) -> None:
    """A suite in which a whole kind of rules never fails misses one fault of many: of its family it misses all."""
    trials = [*(_trial("body.a.type") for _ in range(99)), last]
    assert Figures.of(trials).suffice("smoke")
    assert missed_families(trials, "smoke") == ["enum"]
    assert not suffices(trials, "smoke")
    assert suffices([*trials[:-1], _trial("body.a.type", family="enum")], "smoke")


@pytest.mark.parametrize(("missed", "enough"), [(1, True), (5, True), (6, False)])
def test_of_a_family_of_many_the_share_of_the_profile_is_enough(missed: int, enough: bool) -> None:
    trials = [_trial("body.a.type") for _ in range(100 - missed)] + [_trial() for _ in range(missed)]
    assert suffices(trials, "smoke") is enough
    assert not suffices(trials, "nightly")


def test_what_survived_and_what_was_misnamed_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    show([_trial("body.a.type", "auth.read"), _trial("auth.read"), _trial()], Console(width=200), "smoke")
    reported = capsys.readouterr().out
    assert "BESIDE   body.a.type:dropped: auth.read; expected body.a.*" in reported
    assert "MISNAMED body.a.type:dropped: auth.read; expected body.a.*" in reported
    assert "SURVIVED body.a.type:dropped: a: type is not enforced" in reported
    assert "caught 2 / all 3\ncorrectly named 1 / caught 2\n" in reported
    assert reported.endswith("TOO FEW of the family type: caught 2 / all 3, correctly named 1\n")


def test_a_process_makes_a_bench_of_its_own() -> None:
    made = Setup(None, None, None, "nightly").bench()
    assert (made.profile, made.shared_plan) == (PROFILES["nightly"], None)
    assert made.catalogue.rules.keys() == bench().catalogue.rules.keys()


def test_trials_come_in_the_order_of_the_tasks() -> None:
    tasks = [Task("protojson", seed=0), Task("body.size.maximum:dropped", whole=False)]
    assert [each.name for each in carry_out(_ORDERS, tasks, 1)] == ["protojson seed 0", tasks[1].name]


def test_the_command_writes_the_matrix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "matrix.json"
    select = ["--select", "body.size.maximum:*-wider", "--jobs", "1"]
    assert main([*_COMMAND, *select, "--json", str(file)]) == ExitStatus.CONFORMS
    assert "caught 1 / all 1" in capsys.readouterr().out
    assert {trial["family"] for trial in json.loads(file.read_text())["trials"]} == {"maximum"}


def test_a_name_that_is_none_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_COMMAND, "--select", "no-such-*"]) == ExitStatus.INVALID
    assert "no fault or mutant has such a name" in capsys.readouterr().err


def test_the_command_fails_when_the_only_fault_of_a_family_survives(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trials = [*(_trial("body.a.type") for _ in range(99)), _trial(family="enum")]
    monkeypatch.setattr(
        "conformance.cli.commands.selfcheck.carry_out", lambda _setup, tasks, _jobs, _scheduler: iter(trials if tasks else ())
    )
    assert main([*_COMMAND, "--select", "body.size.maximum:*-wider"]) == ExitStatus.FAILS
    reported = capsys.readouterr().out
    assert "caught 99 / all 100" in reported
    assert "TOO FEW of the family enum: caught 0 / all 1" in reported


def test_without_faults_there_must_be_conforming_servers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selfcheck", "--no-faults"]) == ExitStatus.INVALID
    assert "--conforming" in capsys.readouterr().err


@pytest.mark.parametrize("status", [402, 503])
def test_what_can_be_looked_into_no_further_is_no_violation(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(exchange: Exchange, reply: Reply) -> Reply:
        return refusal(status, "not now") if exchange.number >= 100 else reply

    fault = Fault(name="exhausted", family="rare", summary="has no more to give", expects=("x",), reply=exhausted)
    monkeypatch.setitem(orders_bench().faults, "exhausted", fault)
    trial = orders_bench().try_fault("exhausted")
    assert (trial.failed, trial.outcome) == ((), "unjudged")


def test_a_matrix_that_could_not_be_kept_is_not_begun(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["selfcheck", "--json", str(tmp_path / "none" / "x.json")]) == ExitStatus.INVALID
    assert "--json" in capsys.readouterr().err


def test_a_server_that_coerces_is_accused_where_its_parser_is_said_to_coerce_nothing() -> None:
    assert _ORDERS.bench().try_conforming("protojson", 0, only={"bodies"}).failed == ()
    strict = replace(_ORDERS, reads=frozenset({STRICT}))
    assert any(rule.endswith(".type") for rule in strict.bench().try_conforming("protojson", 0, only={"bodies"}).failed)
