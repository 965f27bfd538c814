"""Nothing is sent as valid that a validator which is not ours refuses: no `{}` where a body needs members."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from conformance.cli.main import main
from openapi import load_contract
from reports.record.reader import exchanges_of

CASES = Path(__file__).parent / "cases"
NAMES = ("required-members", "condition", "one-of-body", "branches-beside-properties", "keys-together", "required-query")
VALID = frozenset({"accepts", "state", "query"})  # the sides on which the body itself is no violation


@pytest.mark.parametrize("name", NAMES)
def test_each_phase_sends_valid_bodies(name: str, tmp_path: Path) -> None:
    file = str(CASES / f"{name}.yaml")
    assert main(["run", "--openapi", file, "--no-overlay", "--out", str(tmp_path), "--quiet"]) == 0
    contract = load_contract(file, [])
    is_valid = jsonschema.Draft202012Validator(dict(contract.request)).is_valid
    sent = [each for each in exchanges_of(tmp_path / "run.jsonl") if each.side in VALID and each.request.method == "POST"]
    bodies = [json.loads(each.request.body) for each in sent if each.request.body]
    assert len(bodies) > 10
    assert [each for each in bodies if not is_valid(each)] == []
