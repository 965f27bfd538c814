"""The promises of an endpoint: its contract, and the catalogue of rules derived from it."""

from openapi.contract import Contract
from openapi.errors import ContractError
from openapi.reading.loader import load_contract

__all__ = ["Contract", "ContractError", "load_contract"]
