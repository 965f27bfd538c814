"""Three small contracts: green against the emulator and against a server on another framework, red where that deviates."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

import pytest

from conformance.cli.main import main
from tests.servers.small.orders.app import CLIENT, SECRET
from tests.servers.small.serving import serving
from tests.servers.small.shapes.app import TOKEN

SMALL = Path(__file__).parent / "small"
# The rule that the deviation of each server violates.
DEVIATIONS = {"things": "body.size.maximum", "shapes": "body.oneOf:polygon.points.minItems", "orders": "auth.*"}
# The largest of them takes longer than the two others together.
NAMES = ["things", "shapes", pytest.param("orders", marks=pytest.mark.slow)]
EACH = [pytest.param(*each, marks=[pytest.mark.slow] * (each[0] == "orders"), id=each[0]) for each in DEVIATIONS.items()]
KEYS = {"SHAPES_TOKEN": TOKEN, "ORDERS_CLIENT": CLIENT, "ORDERS_SECRET": SECRET}


def run(name: str, out: Path, *options: str) -> tuple[int, list[str], int]:
    """The exit status of a smoke run, the failed rules, and how many passed."""
    status = main(["run", "--contract", str(SMALL / name), "--out", str(out), *options])
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return status, summary["failed"], summary["passed"]


@pytest.mark.parametrize("name", NAMES)
def test_the_emulator_conforms_to_each_contract(name: str, tmp_path: Path) -> None:
    status, failed, passed = run(name, tmp_path)
    assert (status, failed) == (0, [])
    assert passed > 20


@pytest.mark.parametrize("name", NAMES)
def test_a_server_on_another_framework_conforms(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, key in KEYS.items():
        monkeypatch.setenv(variable, key)
    app = import_module(f"tests.servers.small.{name}.app").app
    with serving(app(deviates=False)) as url:
        status, failed, passed = run(name, tmp_path, "--target", url)
    assert (status, failed) == (0, [])
    assert passed > 20
    record = (tmp_path / "run.jsonl").read_text(encoding="utf-8")
    assert not [key for key in KEYS.values() if key in record]


@pytest.mark.parametrize(("name", "rule"), EACH)
def test_its_deviation_is_found(name: str, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, key in KEYS.items():
        monkeypatch.setenv(variable, key)
    app = import_module(f"tests.servers.small.{name}.app").app
    with serving(app(deviates=True)) as url:
        status, failed, _ = run(name, tmp_path, "--target", url)
    assert status == 1
    assert failed
    assert all(fnmatchcase(each, rule) for each in failed)
