"""How many examples a test draws whose own number differs from that of the profile."""

from __future__ import annotations

from hypothesis import Phase, settings


def examples(count: int, *, phases: tuple[Phase, ...] = tuple(Phase)) -> settings:
    """Return settings with so many examples; with more where a profile such as `search` asks for more than ours."""
    usual = settings.get_profile("tests").max_examples
    asked = settings.default.max_examples if settings.default else usual
    return settings(max_examples=count if asked <= usual else max(count, asked), phases=phases)
