"""From files to the contract: read the description, apply the overlays, read the operation from the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from openapi.contract import Contract
from openapi.contract_data import ANONYMOUS, ContractData, CreatedObject, OperationName, ParameterValue
from openapi.errors import ContractError, InvalidDescription, InvalidOverlay, InvalidReference
from openapi.reading.bundling import Bundler
from openapi.reading.contract_folder import DEFAULT, load_data
from openapi.reading.contract_reader import contract_in
from openapi.reading.dialects import dialect_of
from openapi.reading.documents import Document, read
from openapi.reading.overlays import Overlaid, apply_overlays
from openapi.reading.reader import Reader


def load_contract(
    openapi: str | None = None,
    overlays: list[str] | None = None,
    *,
    contract: str | None = None,
    operation: OperationName | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
) -> Contract:
    """Return the contract of a create operation.

    `openapi` is a path or URL of an OpenAPI 3.0, 3.1 or 3.2 document, by default the contract's own; `overlays` replace those
    of the contract, none if empty. `contract` is a name or a folder. Without it a document of its own is an anonymous contract,
    and Ultravox's is the contract where there is no document either. `operation` replaces the contract's; of an anonymous one
    it is the only create operation. `parameters` are values for its parameters by name, beside those of the contract.
    ContractError with document and place where one of them is invalid.
    """
    if openapi is None and overlays is None and operation is None and not parameters and contract in (None, DEFAULT):
        return _default()
    return _loaded(openapi, overlays, contract, operation, parameters)


@cache
def _default() -> Contract:
    """Return the contract that comes with the project, whose files do not change while a process runs."""
    return _loaded(None, None, DEFAULT, None, None)


def _loaded(
    openapi: str | None,
    overlays: list[str] | None,
    contract: str | None,
    operation: OperationName | None,
    parameters: Mapping[str, ParameterValue] | None,
) -> Contract:
    inputs = inputs_of(openapi, overlays, contract=contract, operation=operation, parameters=parameters)
    # Actions for other versions than the contract's own say something only where another one was given.
    reported = openapi is not None or overlays is not None
    try:
        return replace(_contract_of(inputs, reported=reported), is_own=openapi is None)
    except (InvalidDescription, InvalidReference) as error:
        raise _blamed(inputs, error) from None


@dataclass(frozen=True)
class Inputs:
    """The documents that a contract is read from, and the data of its folder."""

    data: ContractData
    description: Document
    layers: list[Document]

    @cached_property
    def overlaid(self) -> tuple[Document, Overlaid]:
        """Return the description with the overlays applied, and what came of the actions."""
        found = apply_overlays(self.description, self.layers)
        return replace(self.description, root=found.root), found


def inputs_of(
    openapi: str | None = None,
    overlays: list[str] | None = None,
    *,
    contract: str | None = None,
    operation: OperationName | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
) -> Inputs:
    """Return the documents and data for the arguments of `load_contract`. ContractError where one cannot be read."""
    data = load_data(contract or DEFAULT) if contract or openapi is None else ANONYMOUS
    if operation is not None and operation != data.operation:  # the object that another operation creates is another one
        data = replace(data, operation=operation, created=CreatedObject(), seed=None)
    if parameters:
        data = replace(data, parameters={**data.parameters, **parameters})
    description = read(*(data.description if openapi is None and data.description else (openapi or "", None)))
    layers = [read(*each) for each in data.overlays] if overlays is None else [read(name) for name in overlays]
    dialect_of(description.root, description.name)
    return Inputs(data, description, layers)


def _contract_of(inputs: Inputs, *, reported: bool = False) -> Contract:
    document, found = inputs.overlaid
    idle = [*found.idle, *(found.absent if reported else ())]
    return contract_in(inputs.data, Reader(document, Bundler(document)), inputs.layers, idle)


def _blamed(inputs: Inputs, error: ContractError) -> ContractError:
    """Return the error, with the action that causes it if the description is valid without that action."""
    layers = inputs.layers
    if not layers or _is_invalid(replace(inputs, layers=[])):
        return error
    before = next(index for index in range(len(layers)) if _is_invalid(replace(inputs, layers=layers[: index + 1])))
    layer = layers[before]
    low, high = 0, len(layer.root["actions"])  # valid after so many actions, invalid after so many
    while high - low > 1:
        middle = (low + high) // 2
        cut = replace(layer, root={**layer.root, "actions": layer.root["actions"][:middle]})
        low, high = (low, middle) if _is_invalid(replace(inputs, layers=[*layers[:before], cut])) else (middle, high)
    return InvalidOverlay(layer.name, f"#/actions/{low}", f"what it makes is invalid: {error}")


def _is_invalid(inputs: Inputs) -> bool:
    try:
        _contract_of(inputs)
    except (InvalidDescription, InvalidReference):
        return True
    return False
