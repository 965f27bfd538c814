"""The Python API: a thin front of the packages of the suite. `ultravox_conformance` has all its names.

Strategies by rule:

    >>> from hypothesis import given
    >>> from ultravox_conformance import RuleStrategies, catalogue_of, load_contract
    >>> strategies = RuleStrategies(catalogue_of(load_contract()))
    >>> @given(strategies.violating("body.temperature.maximum"))
    ... def test_my_validator_refuses(body): assert body["temperature"] > 1
    >>> test_my_validator_refuses()

Checks of somebody's exchanges:

    >>> from ultravox_conformance import Checks, Observed, catalogue_of, load_contract
    >>> checks = Checks(catalogue_of(load_contract()))
    >>> [finding] = checks.check(Observed(body={"temperature": 1.5}, status=201))
    >>> finding.rule, finding.side, finding.actual
    ('body.temperature.maximum', 'rejects', '201: the body was accepted')
    >>> checks.check(Observed(body={"temperature": 1.5}, status=400))
    []
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conformance.checks.finding import Finding
from conformance.checks.observed import Checks
from conformance.checks.own.loading import load_checks
from conformance.cli.command_error import CommandError
from openapi import Contract, ContractError, load_contract
from openapi.catalogue import Catalogue, catalogue_of
from openapi.own_checks import Observed, OwnCheck, OwnCheckError, Problem, check
from openapi.rules import Basis, Level, Rule
from reports.artifacts import Written
from reports.record.reader import RecordError
from strategies.fuzzing.rule_strategies import NoSuchBodies, RuleStrategies

__all__ = [
    "Basis",
    "Catalogue",
    "Checks",
    "CommandError",
    "Contract",
    "ContractError",
    "Finding",
    "Level",
    "NoSuchBodies",
    "Observed",
    "OwnCheck",
    "OwnCheckError",
    "Problem",
    "RecordError",
    "Rule",
    "RuleStrategies",
    "Written",
    "catalogue_of",
    "check",
    "load_checks",
    "load_contract",
    "report",
    "run",
]


def run(target: str | None = None, *, out: str | Path = "out", **options: Any) -> Written:
    """Carry out a run and write its reports; return them, with the run, its outcome and its exit status.

    Without a target the embedded emulator is tested. `options` are those of the command `run` with underscores, such as
    `select=["body.temperature.*"]`, `max_requests=500` or `live=True`; a settings file counts as for the command. Signals
    end a run in order where it has the main thread. CommandError if an option or a file is invalid, or consent is missing.

    >>> from ultravox_conformance import run
    >>> written = run(select=["body.temperature.minimum"], fault=["temperature-negative"])
    >>> written.exit, written.summary["outcome"]
    (1, 'fails')
    >>> written.run.verdicts["body.temperature.minimum"].failures[0].actual
    '201: the body was accepted'
    """
    from conformance.cli.commands.run import written_by
    from conformance.cli.programmatic import options_of

    return written_by(options_of("run", {"target": target, "out": str(out), "quiet": True, **options}))


def report(
    record: str | Path, out: str | Path, *, known: str | Path | None = None, history: str | Path | None = None
) -> Written:
    """Write the reports of a record; return them.

    `known` is a file of expected failures, `history` a folder that keeps the summary of each run. RecordError or
    CommandError where a file is invalid.

    >>> from ultravox_conformance import report
    >>> again = report("out/run.jsonl", "again")  # of the run above
    >>> again.exit, again.files["report.html"].is_file()
    (1, True)
    """
    from conformance.cli.outcome import drawn, expected_from

    expected = None if known is None else expected_from(Path(known))
    Path(out).mkdir(parents=True, exist_ok=True)
    return drawn(Path(record), Path(out), expected, None if history is None else Path(history))
