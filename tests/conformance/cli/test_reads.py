"""Which parser a run takes the server to read bodies by."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Literal

import pytest

from conformance.cli.carrying_out import reads_of
from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from openapi.contract_data import BodyFormat

Confidence = Literal["certain", "likely", "possible"]


def _catalogue(confidence: Confidence | None) -> Catalogue:
    contract = load_contract()
    reads = None if confidence is None else BodyFormat("protobuf", confidence, "for this test")
    return catalogue_of(replace(contract, data=replace(contract.data, reads=reads)))


@pytest.mark.parametrize(
    ("confidence", "options", "expected"),
    [
        (None, [], set()),
        ("likely", [], set()),
        ("certain", [], {"protobuf"}),
        ("certain", ["ajv"], {"ajv"}),
        (None, ["pydantic", "ajv"], {"pydantic", "ajv"}),
    ],
)
def test_the_user_comes_first_and_then_what_is_certain(
    confidence: Confidence | None, options: list[str], expected: set[str]
) -> None:
    assert reads_of(argparse.Namespace(reads=options), _catalogue(confidence)) == expected
