"""Our overlay as it is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeAlias

import yaml

ROOT = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("PUBLISHED", ROOT.parent / "shared" / "reference"))
Object: TypeAlias = dict[str, Any]

OVERLAY: Object = yaml.load(
    (ROOT / "openapi" / "contracts" / "ultravox" / "overlay.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
ACTIONS: list[Object] = OVERLAY["actions"]


def stated(extension: str) -> list[Object]:
    return [each for action in ACTIONS for each in action["update"].get(extension, ())]


def exchange_rule(identity: str) -> Object:
    return next(rule for rule in stated("x-exchange-rules") if rule["id"] == identity)
