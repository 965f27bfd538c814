"""Errors in what the user hands us: descriptions, overlays and references.

ContractError
├── UnreadableDocument    a file or URL cannot be read, or is no JSON or YAML object
├── BadDescription        it is no OpenAPI 3.0 or 3.1 document, or has not the operation
├── BadOverlay            it is no OpenAPI Overlay 1.0 document
└── BadReference          a `$ref` leads nowhere
"""

from __future__ import annotations


class ContractError(Exception):
    """Something is wrong with a document; the text names the document, the place in it, and what to do."""

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
