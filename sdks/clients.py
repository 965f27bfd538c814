"""The clients: how the environment of each is prepared, and the command of its harness."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openapi import load_contract

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE / ".environments"
DESCRIPTION = HERE.parent / load_contract().description.name

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Client:
    """One client. `prepare` gives the commands that fill its environment; `sources` are what they depend on."""

    name: str
    sources: tuple[Path, ...]
    prepare: Callable[[Path], list[Command]]
    harness: Callable[[Path], list[str]]

    @property
    def environment(self) -> Path:
        """The folder of its own packages and generated code."""
        return ENVIRONMENTS / self.name

    @property
    def command(self) -> list[str]:
        """The command of the harness, from the root of the project."""
        return self.harness(self.environment.relative_to(HERE.parent))


def _python(name: str, *generate: Callable[[Path], Command]) -> Client:
    """Return a client with a virtual environment; `generate` gives commands that generate its code there."""
    requirements = HERE / name / "requirements.txt"

    def prepare(environment: Path) -> list[Command]:
        pip: list[str | Path] = [environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        return [
            [sys.executable, "-m", "venv", environment],
            [*pip, "-r", requirements],
            *(each(environment) for each in generate),
        ]

    def harness(environment: Path) -> list[str]:
        return [str(environment / "bin" / "python"), f"sdks/{name}/harness.py"]

    return Client(name, (requirements, *([DESCRIPTION] if generate else [])), prepare, harness)


def _openapi_python_client(environment: Path) -> Command:
    program, out = environment / "bin" / "openapi-python-client", environment / "generated"
    options: list[str | Path] = ["--meta", "none", "--overwrite", "--config", HERE / "openapi-python-client" / "config.yaml"]
    return [program, "generate", "--path", DESCRIPTION, "--output-path", out, *options]


def _openapi_generator(environment: Path) -> Command:
    program, out = environment / "bin" / "openapi-generator-cli", environment / "generated"
    return [program, "generate", "-i", DESCRIPTION, "-g", "python", "-o", out]


def _hey_api() -> Client:
    package = HERE / "hey-api" / "package.json"

    def prepare(environment: Path) -> list[Command]:
        tools, code = environment / "node_modules" / ".bin", environment / "generated"
        plugins = ["-p", "@hey-api/client-fetch", "@hey-api/sdk", "zod"]
        entries = [code / "index.ts", code / "zod.gen.ts", code / "client" / "index.ts"]
        options: list[str | Path] = [
            "--module",
            "commonjs",
            "--target",
            "es2022",
            "--skipLibCheck",
            "--outDir",
            environment / "built",
        ]
        return [
            ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", environment],
            [tools / "openapi-ts", "-i", DESCRIPTION, "-o", code, *plugins],
            [tools / "tsc", *options, *entries],
        ]

    return Client("hey-api", (package, DESCRIPTION), prepare, lambda _environment: ["node", "sdks/hey-api/harness.mjs"])


CLIENTS = {
    client.name: client
    for client in (
        _python("livekit"),
        _python("pipecat"),
        _python("openapi-python-client", _openapi_python_client),
        _python("openapi-generator", _openapi_generator),
        _hey_api(),
    )
}
