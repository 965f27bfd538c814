"""The descriptions of past nights beside their history: each document, and its rules, once under the digest of its bytes.

history/20261129T020000-….json       a night, which names both
history/descriptions/<digest>.yaml   the document, without credentials
history/descriptions/<digest>.rules.json
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from reports.difference.difference import Description
from reports.record.atomic_file import write_whole
from reports.record.entries import FieldEntry, RuleEntry, from_json, to_json
from reports.record.recorded_run import Run

FOLDER = "descriptions"
_RULES = ".rules.json"


def keep_document(history: Path, content: bytes) -> str:
    """Keep a document that holds no credentials; return the digest that names it. OSError where it cannot be written."""
    suffix = ".json" if content.lstrip()[:1] == b"{" else ".yaml"
    return _kept(history, content, suffix)


def document_at(history: Path, digest: str) -> Path | None:
    """Return the file of a kept document; None where there is none."""
    found = (history / FOLDER / f"{digest}{suffix}" for suffix in (".yaml", ".json")) if digest else ()
    return next((each for each in found if each.is_file()), None)


def keep_rules(history: Path, run: Run) -> str:
    """Keep the rules, fields and facts of a run; return the digest that names them. OSError where they cannot be written."""
    data = {
        "facts": run.header.facts,
        "rules": [to_json(each) for each in run.rules.values()],
        "fields": [to_json(each) for each in run.fields],
    }
    return _kept(history, json.dumps(data, indent=1).encode() + b"\n", _RULES)


def rules_at(history: Path, digest: str) -> Description:
    """Return kept rules. OSError where they cannot be read, ValueError, KeyError or TypeError where they are damaged."""
    data = json.loads((history / FOLDER / f"{digest}{_RULES}").read_bytes())
    entries = [from_json(each) for each in (*data["rules"], *data["fields"])]
    rules = [each for each in entries if isinstance(each, RuleEntry)]
    fields = [each for each in entries if isinstance(each, FieldEntry)]
    return Description.of("", rules, fields, data["facts"])


def _kept(history: Path, content: bytes, suffix: str) -> str:
    digest = hashlib.sha256(content).hexdigest()
    path = history / FOLDER / f"{digest}{suffix}"
    if not path.is_file():
        write_whole(path, content)
    return digest
