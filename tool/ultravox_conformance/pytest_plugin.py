"""The pytest plugin of the installed tool: rules as tests with `--conformance`, and an emulator as a fixture.

def test_a_rate_limit_is_waited_for(ultravox_emulator):
    ultravox_emulator.respond(429, retry_after=1)
    my_client(ultravox_emulator.url, ultravox_emulator.key).create_call()
    assert [each.status for each in ultravox_emulator.requests] == [429, 201]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from ultravox_conformance.emulator import Emulator, running_emulator

if TYPE_CHECKING:
    from strategies.fuzzing.rule_strategies import RuleStrategies

_OPTIONS = "ultravox_emulator_options"


def _checked(name: str) -> Callable[[str], Any]:
    """Return the type of arguments of this name; the suite is imported only where an option is given."""

    def read(text: str) -> Any:
        from conformance.cli import argument_types

        return getattr(argument_types, name)(text)

    return read


# Options of `run`: name, type, help. Each is `--conformance-NAME` and the setting `conformance_NAME`; a list may be repeated.
_RUN_OPTIONS: tuple[tuple[str, Callable[[str], Any] | None, str], ...] = (
    ("target", str, "the server to test (default: the embedded emulator)"),
    ("profile", str, "how much to spend: smoke, nightly or deep (default: smoke)"),
    ("select", None, "only the rules with such ids (a glob; may be repeated)"),
    ("checks", None, "apply the checks in this file of yours too, Python or YAML (may be repeated)"),
    ("contract", str, "a contract: a name or a folder"),
    ("openapi", str, "an OpenAPI description"),
    ("overlay", None, "an overlay of it (may be repeated)"),
    ("operation", str, "the operation that creates something, such as 'POST /things'"),
    ("parameter", None, "NAME=VALUE of a parameter (may be repeated)"),
    ("fault", None, "plant a fault in the embedded emulator (may be repeated)"),
    ("key-file", Path, "read the API key from this file instead of the environment"),
    ("known", Path, "expected failures (TOML or YAML)"),
    ("header", None, "NAME=VALUE of a header of every request; $VARIABLE reads the environment (may be repeated)"),
    ("examples", None, "an example database, whose failing bodies come first (may be repeated)"),
    ("reads", None, "what reads the server's bodies, such as protobuf (may be repeated)"),
    ("parsing", _checked("parsing_name"), "how the embedded emulator reads bodies: protojson or strict"),
    ("seed", _checked("whole"), "the seed of everything drawn (default: 0)"),
    ("concurrency", _checked("in_flight"), "requests in flight (default: 8)"),
    ("rate", _checked("amount"), "requests a second at most"),
    ("rate-limit", _checked("redis_url"), "keep the rate together with other runs and workers by this Redis"),
    ("timeout", _checked("amount"), "seconds to wait for a response (default: 30)"),
    ("wait", _checked("amount"), "wait so many seconds for the server to respond at first"),
    ("max-requests", _checked("positive"), "a budget of requests"),
    ("max-created", _checked("positive"), "a budget of created calls"),
    ("max-live-calls", _checked("positive"), "the number of created calls that may exist at once"),
    ("max-time", _checked("amount"), "a budget of seconds"),
    ("correlation-header", str, "the header that numbers requests (default: none)"),
)
_FLAGS = {
    "live": "consent to requests to a server that is not this machine",
    "strict": "rules that are only implied fail too",
    "no-overlay": "apply no overlay to the description",
    "keep-calls": "do not delete the calls that are created on a remote target",
}
_FILES = ("checks",)  # lists of files; in the settings they are relative to the file that names them
_DEFAULTS: dict[str, Any] = {"profile": "smoke", "seed": 0, "concurrency": 8, "timeout": 30.0, "correlation_header": ""}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings of rules, and the setting of the emulator's options."""
    parser.addini(_OPTIONS, "options of `emulate` for the fixture ultravox_emulator, such as --strict-keys", type="args")
    group = parser.getgroup("conformance", "conformance of an operation that creates something")
    group.addoption("--conformance", action="store_true", help="test the rules; implied by --conformance-target")
    for name, kind, text in _RUN_OPTIONS:
        how: dict[str, Any] = {"action": "append"} if kind is None else {"type": kind}
        group.addoption(f"--conformance-{name}", metavar=name.upper(), help=text, **how)
        if kind is None:
            listed: Literal["paths", "args"] = "paths" if name in _FILES else "args"
            parser.addini(_setting(name), text, type=listed)
        else:
            parser.addini(_setting(name), text, type="string")
    for name, text in _FLAGS.items():
        group.addoption(f"--conformance-{name}", action="store_true", help=text)
        parser.addini(_setting(name), text, type="bool")


def pytest_configure(config: pytest.Config) -> None:
    """Register markers and the plugin of rules, if they are asked for: nothing of the suite is imported otherwise."""
    if not config.getoption("conformance") and config.getoption("conformance_target") is None:
        return
    from conformance.plugin.rule_items import Rules, markers

    for line in markers():
        config.addinivalue_line("markers", line)
    rules = Rules.of(_run_options(config), sends=not config.option.collectonly)
    config.pluginmanager.register(rules, "ultravox-conformance-rules")


def _run_options(config: pytest.Config) -> argparse.Namespace:
    """Return the options of the run: of the command line, else of the settings, else the defaults."""
    found: dict[str, Any] = dict(_DEFAULTS)
    for name, kind, _text in _RUN_OPTIONS:
        given, stored = config.getoption(_setting(name)), config.getini(_setting(name))
        value = given if given is not None else _read(name, kind, stored, config.rootpath)
        key = name.replace("-", "_")
        found[key] = value if value is not None else found.get(key, [] if kind is None and name != "overlay" else None)
    for name in _FLAGS:
        found[name.replace("-", "_")] = bool(config.getoption(_setting(name)) or config.getini(_setting(name)))
    return argparse.Namespace(**found)


def _read(name: str, kind: Callable[[str], Any] | None, stored: Any, folder: Path) -> Any:
    """Return a setting as its option would be; None where it is not set. UsageError if it is no such value.

    Paths are relative to `folder`, that of the settings.
    """
    if not stored:
        return None
    try:
        return stored if kind is None else folder / stored if kind is Path else kind(stored)
    except argparse.ArgumentTypeError as error:
        raise pytest.UsageError(f"{_setting(name)}: {error}") from None


def _setting(name: str) -> str:
    return f"conformance_{name.replace('-', '_')}"


@pytest.fixture(scope="session")
def ultravox_emulator_server(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """Yield the emulator of this session; with pytest-xdist each worker has its own."""
    with running_emulator(request.config.getini(_OPTIONS)) as emulator:
        yield emulator


@pytest.fixture
def ultravox_emulator(ultravox_emulator_server: Emulator) -> Emulator:
    """Return the emulator, with nothing left of the test before: `url`, `key`, `requests`, `respond(...)`, `reset()`."""
    ultravox_emulator_server.reset()
    return ultravox_emulator_server


@pytest.fixture(scope="session")
def ultravox_strategies(request: pytest.FixtureRequest) -> RuleStrategies:
    """Return Hypothesis strategies by rule, of the contract that the options and settings name: `data.draw(...)` takes them."""
    from conformance.cli.options import catalogue_from
    from strategies.fuzzing.rule_strategies import RuleStrategies

    return RuleStrategies(catalogue_from(_run_options(request.config)))
