"""Settings profiles for tests with our strategies: `pytest --hypothesis-profile conformance-nightly`.

Hypothesis finds them by an entry point when it is imported.
"""

from __future__ import annotations

from typing import Any

# Examples of each test; the few of smoke are the same every time, so a red pull request is the fault of its change.
_PROFILES: dict[str, dict[str, Any]] = {
    "conformance-smoke": {"max_examples": 20, "derandomize": True, "database": None},
    "conformance-nightly": {"max_examples": 500, "derandomize": False, "print_blob": True},
    "conformance-deep": {"max_examples": 5000, "derandomize": False, "print_blob": True},
}


def register() -> None:
    """Register the profiles. A first body may take seconds to plan, so none of them has a deadline."""
    from hypothesis import HealthCheck, settings

    for name, chosen in _PROFILES.items():
        settings.register_profile(name, deadline=None, suppress_health_check=[HealthCheck.too_slow], **chosen)
