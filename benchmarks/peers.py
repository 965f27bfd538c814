"""Other tools over the same description: Schemathesis, hypothesis-jsonschema and Prism, each as it is at its quickest."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy

from benchmarks.descriptions import ROOT, catalogue, published, written
from benchmarks.serving import arrivals
from conformance.embedded import EMULATOR_KEY
from openapi import load_contract
from openapi.json_types import Json

_START_SECONDS = 20.0
# hypothesis-jsonschema knows no conditions and spends minutes on them; the rest says nothing of values.
_LEFT_OUT = frozenset("if then else title description examples default readOnly writeOnly deprecated".split())


def schemathesis_cases(*, valid: bool) -> SearchStrategy[Any]:
    """Schemathesis's own strategy for the operation, with the overlay in its description."""
    import schemathesis

    contract = catalogue().contract
    operation = schemathesis.openapi.from_dict(published(contract.document))[contract.path][contract.method]
    mode = schemathesis.GenerationMode.POSITIVE if valid else schemathesis.GenerationMode.NEGATIVE
    return operation.as_strategy(generation_mode=mode)


def jsonschema_bodies() -> SearchStrategy[Any]:
    """hypothesis-jsonschema's strategy for the request schema without the overlay, whose rules make it four times slower."""
    from hypothesis_jsonschema import from_schema

    contract = load_contract(overlays=[])
    components = contract.document["components"]["schemas"]
    body = contract.document["paths"][contract.path][contract.method.lower()]["requestBody"]["content"][contract.media_type]
    definitions = {name: _draft7(schema) for name, schema in components.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        strategy: SearchStrategy[Any] = from_schema({**_draft7(body["schema"]), "definitions": definitions})
    return strategy


def _draft7(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_draft7(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _member(key, value) for key, value in schema.items() if key not in _LEFT_OUT and not key.startswith("x-")}
    if isinstance(schema.get("$ref"), str):
        plain["$ref"] = schema["$ref"].replace("#/components/schemas/", "#/definitions/")
    return plain


def _member(key: str, value: Json) -> Json:
    if key in ("const", "enum", "required", "type"):
        return value
    return {name: _draft7(each) for name, each in value.items()} if key == "properties" else _draft7(value)


def schemathesis_rate(url: str, phase: str, *, workers: int, examples: int, seconds: float) -> float:
    """Return requests a second that `schemathesis run` makes in a phase, from the first to the last that the server sees."""
    contract = catalogue().contract
    arrivals(url)
    with tempfile.TemporaryDirectory() as name:
        document = written(Path(name), published(contract.document))
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", url]
        command += ["--header", f"X-API-Key: {EMULATOR_KEY}", "--include-path", contract.path, "--phases", phase]
        command += ["--workers", str(workers), "--max-examples", str(examples), "--continue-on-failure", "--no-shrink"]
        command += ["--suppress-health-check", "all", "--warnings", "off"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=name) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            process.terminate()
    arrived = arrivals(url)
    if len(arrived) < 2:
        raise RuntimeError(f"Schemathesis sent {len(arrived)} requests in its phase {phase}")
    return (len(arrived) - 1) / (arrived[-1] - arrived[0])


def prism_command() -> str | None:
    """Prism as `PRISM` names it, as it is installed, or as npm put it into the checkout; None if it is nowhere."""
    local = ROOT / "node_modules" / ".bin" / "prism"
    return os.environ.get("PRISM") or shutil.which("prism") or (str(local) if local.is_file() else None)


def prism_version() -> str:
    """Return the version of Prism, or that there is none."""
    command = prism_command()
    if command is None:
        return "not available"
    reported = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+\.\d+\S*", reported)
    return found.group() if found else reported.strip()


@contextmanager
def prism(command: str) -> Iterator[str]:
    """Prism mocking our description, with examples made once and nothing logged; its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        document = written(Path(name), published(catalogue().contract.document))
        full = [command, "mock", "--host", "127.0.0.1", "--port", str(port), "--verboseLevel", "silent", str(document)]
        with subprocess.Popen(full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _wait_for(port)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def body_of(case: Any) -> Json:
    """Return the body of a case of Schemathesis; None where it is no JSON."""
    try:
        return json.loads(json.dumps(case.body))
    except (TypeError, ValueError):
        return None
