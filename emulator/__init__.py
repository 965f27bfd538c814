"""A server that stands in for the endpoint of a contract; `faults` plants deviations in it."""

from emulator.app import App, create_app
from emulator.variants import CONFORMING, Variant

__all__ = ["CONFORMING", "App", "Variant", "create_app"]
