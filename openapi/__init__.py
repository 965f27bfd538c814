"""What the endpoint promises: the description, its overlay, and the catalogue of rules derived from them."""

from openapi.contract import Contract
from openapi.errors import ContractError
from openapi.reading.loader import load_contract

__all__ = ["Contract", "ContractError", "load_contract"]
