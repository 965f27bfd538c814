"""The embedded emulator: a server to test where no other is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from openapi.catalogue import Catalogue
from openapi.contract import Contract

if TYPE_CHECKING:  # a run against a server starts no emulator, and does not wait for one to be imported
    from emulator.fault import Fault

# A key of the documented shape that opens nothing but the embedded emulator.
EMULATOR_KEY = "Emulator.0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def emulator_keys(contract: Contract) -> dict[str, str]:
    """Return a credential for each security scheme, by the environment variable that the contract names for it."""
    schemes = dict.fromkeys([*contract.keys, *(each for alternative in contract.security for each in alternative)])
    keys = {}
    for index, scheme in enumerate(schemes):
        key = f"Emulator{index}.{EMULATOR_KEY}" if index else EMULATOR_KEY
        keys[contract.variable_of(scheme)] = f"emulator:{key}" if scheme.is_basic else key
    return keys


def emulator_key(contract: Contract) -> str:
    """Return the first credential of every request to the emulator."""
    return emulator_keys(contract).get(contract.key_variable, EMULATOR_KEY)


@contextmanager
def embedded(catalogue: Catalogue, *, parsing: str, faults: Sequence[Fault] = ()) -> Iterator[str]:
    """Serve the emulator on a free port of this machine; yield its URL."""
    from emulator.app import create_app
    from emulator.serving import running
    from emulator.variants import Variant

    variant = Variant(parsing="strict", unknown_keys="ignored") if parsing == "strict" else Variant()
    app = create_app(
        catalogue.contract,
        keys=emulator_keys(catalogue.contract) or frozenset({EMULATOR_KEY}),
        variant=variant,
        faults=list(faults),
    )
    with running(app) as url:
        yield url
