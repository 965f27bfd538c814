"""A session: what the phases of one run share."""

from conformance.session.session import Session

__all__ = ["Session"]
