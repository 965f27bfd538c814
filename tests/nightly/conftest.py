"""A server that fails on some nights, and the commands of the recipes on the path."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.conformance.servers import KEY, Received, Reply, Response, conforming, serving
from tests.conformance.sessions import ORDERS
from tests.openapi.synthetic import loaded, replaced

ROOT = Path(__file__).parents[2]
RULE = "body.size.minimum"
ARGUMENTS = f"--openapi {ORDERS} --no-overlay --select {RULE}"  # a small API, with which a night takes half the time
_MINIMUM = ("components", "schemas", "Order", "properties", "size", "minimum")


def served(minimum: int) -> Response:
    """Return the emulator of the small API, which accepts a size from `minimum` on."""
    return conforming(contract=loaded(replaced(yaml.safe_load(ORDERS.read_text()), _MINIMUM, minimum)))


@dataclass
class Server:
    """The emulator on one port, which conforms or does not, as the night is."""

    url: str
    response: Response

    def conform(self) -> None:
        self.response = served(1)

    def fail(self) -> None:
        self.response = served(-10)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that conforms, until a test says otherwise."""
    made = Server("", served(1))

    def response(received: Received) -> Reply | None:
        return made.response(received)

    with serving(response) as url:
        made.url = url
        yield made


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a step: the installed command stands for this project, and nothing else of this machine."""
    folder = tmp_path_factory.mktemp("path")
    installed(folder / "ultravox-conformance", f'PYTHONPATH={ROOT} exec {sys.executable} -m conformance "$@"')
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(folder)),
        "ULTRAVOX_API_KEY": KEY,
        "PROFILE": "smoke",
    }


def installed(path: Path, script: str) -> None:
    """Write a command that is a line of shell."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
