"""The suite as pytest tests: `pytest conformance/plugin --target URL`, one test a rule, with `-k`, `-x`, `-n` and `--junitxml`.

A rule belongs to a phase. A phase is carried out when the first of its rules is asked for. With pytest-xdist the rules of one
phase go to one worker, so that no request is sent twice.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.cli.command_error import CommandError
from conformance.cli.consent import consented
from conformance.cli.credentials import first_key
from conformance.cli.options import catalogue_from, faults_named, target_from
from conformance.plugin.scheduling import together
from conformance.plugin.suite import Suite, phase_of_test
from conformance.profiles import DEFAULT, HELP, PROFILES
from openapi.catalogue import Catalogue
from openapi.errors import UnusableProxy
from reports.exit_status import ExitStatus
from reports.record.entries import Verdict

_CATALOGUE = pytest.StashKey[Catalogue]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the suite; those of `python -m conformance run` that make sense here."""
    group = parser.getgroup("conformance", "Ultravox conformance")
    group.addoption("--target", metavar="URL", help="the server to test (default: the embedded emulator)")
    group.addoption("--live", action="store_true", help="consent to requests to a server that is not this machine")
    group.addoption("--key-file", metavar="FILE", type=Path, help="read the API key from this file instead of the environment")
    group.addoption("--contract", metavar="NAME|DIR", help="a contract (default: ultravox; none with --openapi alone)")
    group.addoption("--operation", metavar="'POST /path'", help="the operation that creates something")
    group.addoption("--parameter", metavar="NAME=VALUE", action="append", default=[], help="the value of a parameter")
    group.addoption("--openapi", metavar="FILE|URL", help="an OpenAPI 3.0, 3.1 or 3.2 description")
    group.addoption("--overlay", metavar="FILE|URL", action="append", help="apply this overlay to it")
    group.addoption("--no-overlay", action="store_true", help="apply no overlay to the description")
    group.addoption(
        "--profile", choices=tuple(PROFILES), default=DEFAULT, help=f"how much to spend (default: {DEFAULT}); {HELP}"
    )
    group.addoption("--conformance-seed", type=int, default=0, help="the seed of everything drawn")
    group.addoption("--strict-rules", action="store_true", help="rules that are only implied fail too")
    group.addoption("--concurrency", type=int, default=8, help="requests in flight")
    group.addoption("--rate", type=float, help="requests a second at most")
    group.addoption(
        "--parsing", choices=("protojson", "strict"), default="protojson", help="how the embedded emulator reads bodies"
    )
    group.addoption("--fault", action="append", default=[], help="plant a fault in the embedded emulator")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return a scheduler that sends the rules of a phase to one worker, if the user chose none."""
    return together(config, log, phase_of_test)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that are wrong before anything is collected."""
    catalogue = catalogue_of_config(config)
    with _usage_errors():
        if config.getoption("target"):
            url = target_from(config.getoption("target"), catalogue.contract.path)
            if not config.option.collectonly:
                first_key(config.option, catalogue.contract)
                consented(url, live=config.getoption("live"), what="test it")
        faults_named(config.getoption("fault"), catalogue)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each rule of the catalogue."""
    if "rule_id" not in metafunc.fixturenames:
        return
    catalogue = catalogue_of_config(metafunc.config)
    metafunc.parametrize("rule_id", [pytest.param(rule.id, id=rule.id) for rule in catalogue.rules.values()])


def catalogue_of_config(config: pytest.Config) -> Catalogue:
    """Return the catalogue that the options ask for, made once."""
    if _CATALOGUE not in config.stash:
        with _usage_errors():
            config.stash[_CATALOGUE] = catalogue_from(_options(config))
    return config.stash[_CATALOGUE]


@contextlib.contextmanager
def _usage_errors() -> Iterator[None]:
    try:
        yield
    except (CommandError, UnusableProxy) as error:
        raise pytest.UsageError(str(error)) from None


def _options(config: pytest.Config) -> argparse.Namespace:
    names = (
        "contract",
        "operation",
        "parameter",
        "openapi",
        "overlay",
        "no_overlay",
        "target",
        "key_file",
        "profile",
        "concurrency",
        "rate",
        "parsing",
        "fault",
    )
    return argparse.Namespace(**{name: config.getoption(name) for name in names})


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> Iterator[Suite]:
    """Yield the run behind all tests."""
    options = _options(request.config)
    selected = [
        str(item.callspec.params["rule_id"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(
            Suite.opened(
                options,
                catalogue_of_config(request.config),
                seed=request.config.getoption("conformance_seed"),
                strict=request.config.getoption("strict_rules"),
                select=selected,
            )
        )


@pytest.fixture
def verdict(suite: Suite, rule_id: str, request: pytest.FixtureRequest) -> Verdict:
    """Return the verdict on a rule. Where it could not be judged the test has an error, not a failure.

    Where nothing more can be judged, the session ends with status 3, or 1 if a rule has failed.
    """
    found = suite.verdict(rule_id)
    # A worker of pytest-xdist cannot end the session: there, each test that is left has an error.
    if suite.hopeless is not None and not hasattr(request.config, "workerinput"):
        status = ExitStatus.FAILS if request.session.testsfailed else ExitStatus.UNJUDGED
        pytest.exit(f"nothing more can be judged: {suite.hopeless}", status)
    return found
