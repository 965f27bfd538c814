"""The facts of a contract that a run relies on, in words: those that nobody states are derived, and may be wrong."""

from __future__ import annotations

from rich.console import Console

from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.identifiers import identifier_of
from openapi.json_types import pointer


def object_of(catalogue: Catalogue) -> str:
    """Return the place of the id of a created object, and the operations on it."""
    contract = catalogue.contract
    identifier = identifier_of(contract, catalogue.body, catalogue.response)
    stated = "as a link states" if contract.is_linked else "as the contract states"
    known = stated if identifier.is_stated else "as names and paths suggest"
    if identifier.node is None and not identifier.is_stated:
        known = "if there is one, since nothing suggests another place"
    operations = [
        f"{verb} by {method} {operation.path}" if operation is not None else f"nothing {without} it"
        for verb, method, operation, without in (
            ("read", "GET", contract.read, "reads"),
            ("deleted", "DELETE", contract.delete, "deletes"),
        )
    ]
    return f"its id is {pointer(*identifier.path)}, {known}; {', '.join(operations)}"


def credentials_of(contract: Contract, first: str = "") -> str:
    """Return the credentials that every request carries, with the environment variables that hold them.

    `first` says where the first one is, if that is another place.
    """
    sources = [contract.variable_of(each) for each in contract.keys]
    sources[:1] = [first or each for each in sources[:1]]
    places = [
        f"{each.prefix or each.name} in the {each.location} from {source}"
        for each, source in zip(contract.keys, sources, strict=True)
    ]
    return " and ".join(places) or "none"


_NOTES = 5  # on the console


def print_notes(catalogue: Catalogue, console: Console) -> None:
    """Print what was derived of a contract that states nothing, and what has no rule."""
    if not catalogue.contract.data.name:
        derived = f"{object_of(catalogue)}. Credentials: {credentials_of(catalogue.contract)}."
        console.print(f"Note: of what is created, {derived}", highlight=False, markup=False)
    for note in catalogue.notes[:_NOTES]:
        console.print(f"Note: {note}", highlight=False, markup=False)
    if len(catalogue.notes) > _NOTES:
        console.print(f"{len(catalogue.notes) - _NOTES} more notes are in the report.", highlight=False)
