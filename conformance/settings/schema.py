"""The JSON Schema of a file of settings, for editors: `python -m conformance.settings.schema` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.settings.models import FileSettings

PUBLISHED = Path(__file__).parent / "conformance.schema.json"


def schema() -> dict[str, Any]:
    """Return the schema of `conformance.toml`."""
    made = FileSettings.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "Settings of the conformance suite"}


if __name__ == "__main__":
    PUBLISHED.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
