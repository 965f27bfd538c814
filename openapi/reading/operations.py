"""The operations that a description offers, and which of them can be tested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openapi.contract import Contract
from openapi.contract_data import CreatedObject, OperationName
from openapi.errors import ContractError
from openapi.reading.bundling import Bundler
from openapi.reading.contract_reader import contract_in
from openapi.reading.loader import Inputs
from openapi.reading.reader import Reader

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


@dataclass(frozen=True, slots=True)
class Offered:
    """An operation of a description: its contract, or the reason why it cannot be tested as one that creates something."""

    name: OperationName
    contract: Contract | None
    problem: str = ""


def offered(inputs: Inputs) -> Iterator[Offered]:
    """Yield the operations of the description under its overlays, in its order. ContractError if it cannot be read."""
    document, _ = inputs.overlaid
    reader = Reader(document, Bundler(document))
    for path in document.root.get("paths") or ():
        item = reader.item(path)
        yield from (_offered(inputs, OperationName(each.upper(), path)) for each in _METHODS if each in item)


def _offered(inputs: Inputs, name: OperationName) -> Offered:
    if name.method != "POST":
        return Offered(name, None, "only a POST creates something")
    document, _ = inputs.overlaid
    data = inputs.data
    if name != data.operation:
        data = replace(data, operation=name, created=CreatedObject(), parameters={}, seed=None)
    try:
        return Offered(name, contract_in(data, Reader(document, Bundler(document)), inputs.layers, []))
    except ContractError as error:
        return Offered(name, None, error.problem)
