"""The pytest plugin of the installed tool: an emulator as a fixture.

def test_a_rate_limit_is_waited_for(ultravox_emulator):
    ultravox_emulator.respond(429, retry_after=1)
    my_client(ultravox_emulator.url, ultravox_emulator.key).create_call()
    assert [each.status for each in ultravox_emulator.requests] == [429, 201]
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ultravox_conformance.emulator import Emulator, running_emulator

_OPTIONS = "ultravox_emulator_options"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting of the emulator's options."""
    parser.addini(_OPTIONS, "options of `emulate` for the fixture ultravox_emulator, such as --strict-keys", type="args")


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
