"""The names that the environment variable DEVIATIONS may hold."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.new_calls import DEFAULTS, OTHER_DEFAULTS
from tests.servers.sentences import RULES

OTHERS = ("parent-messages", "unknown-parent", "no-inheritance", "shared-inheritance", "any-key", "no-key", "keeps-deleted")
# Rules that the server ignores, defaults and echoes that it does not keep, and other things that no conforming server does.
DEVIATIONS = (
    *RULES,
    *(f"default-{name}" for name in OTHER_DEFAULTS),
    *(f"echo-{name}" for name in DEFAULTS),
    *OTHERS,
)
# Other ways of doing what the documentation leaves open.
VARIANTS = ("post-only", "no-stored-tools", "merged-members", "small-bodies", "late-reads")
VARIANTS_OF_EXPRESS = ("array-coercion",)

UNDERSTOOD: Mapping[str, tuple[str, ...]] = {
    "django": (*DEVIATIONS, *VARIANTS),
    "fastapi": (*DEVIATIONS, *VARIANTS),
    "express": (
        "unique-names",
        "required-overrides",
        "parent-messages",
        "any-key",
        "no-key",
        "no-inheritance",
        "keeps-deleted",
        *VARIANTS_OF_EXPRESS,
    ),
}
