"""Errors in the documents of the user: descriptions, overlays and references.

ContractError
├── UnreadableDocument  a file or URL cannot be read, or is not a JSON or YAML object
├── InvalidContract     the folder of a contract, or a file in it, cannot be used
├── InvalidDescription  it is not an OpenAPI document of a known version, or lacks the operation
├── InvalidOverlay      it is not an OpenAPI Overlay document
└── InvalidReference    a `$ref` leads nowhere

UnusableProxy           a proxy that the environment or an option names is none
"""

from __future__ import annotations


class ContractError(Exception):
    """A problem of a document; the message names the document, the place in it, and the remedy."""

    def __init__(self, document: str, place: str, problem: str) -> None:
        super().__init__(document, place, problem)
        self.document, self.place, self.problem = document, place, problem

    def __str__(self) -> str:
        return ": ".join(part for part in (self.document, self.place, self.problem) if part)


class UnreadableDocument(ContractError):
    """The document cannot be fetched or parsed."""


class InvalidDescription(ContractError):
    """The document is no usable OpenAPI description."""


class InvalidOverlay(ContractError):
    """The document is no usable OpenAPI Overlay."""


class InvalidReference(ContractError):
    """A reference of the document cannot be resolved."""


class InvalidContract(ContractError):
    """The folder of a contract, or a file in it, cannot be used."""


class UnusableProxy(ValueError):
    """A proxy is no URL of one. The message names where it stands, never the value, which may hold a password."""
