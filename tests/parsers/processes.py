"""Asking a parser of another language: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence

from openapi.json_types import Json
from tests.parsers.reading import Read, Reading, Refused

SECONDS = 300  # for one batch of documents


def ask(command: Sequence[str], header: Mapping[str, Json], texts: Sequence[str]) -> list[Reading]:
    """Return a reading for each text, by a program that reads `header` and then the strings as JSON strings, one a line."""
    lines = [json.dumps(header), *map(json.dumps, texts)]
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=SECONDS, check=False)
    replies = done.stdout.rstrip("\n").split("\n")  # other line breaks stand inside strings
    if done.returncode or len(replies) != len(texts):
        raise RuntimeError(f"{command[0]} gave {len(replies)} replies for {len(texts)} documents: {done.stderr[-2000:]}")
    return [_reading(json.loads(reply)) for reply in replies]


def _reading(reply: Mapping[str, Json]) -> Reading:
    return Refused(str(reply["refused"])) if "refused" in reply else Read(json.loads(reply["read"]))
