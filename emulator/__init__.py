"""A stand-in server for the endpoint, driven by its contract, and planted faults."""

from emulator.app import App, create_app
from emulator.variants import CONFORMING, Variant

__all__ = ["CONFORMING", "App", "Variant", "create_app"]
