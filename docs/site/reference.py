"""Reference pages, made from the code when the site is built: they are never committed, so they cannot be out of date."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from openapi.catalogue import Catalogue
from openapi.rules import Rule

_ANY = "any"


def command_line(top: argparse.ArgumentParser) -> str:
    """Return the page of all commands and their options."""
    [commands] = [action.choices for action in top._actions if isinstance(action.choices, dict)]
    parts = [
        "# Command line",
        "",
        "Each command is `python -m conformance COMMAND`, or `ultravox-conformance COMMAND` of the installed tool.",
    ]
    for name, command in commands.items():
        parts += ["", f"## {name}", "", str(command.description), "", "```text", _usage(command), "```", ""]
        parts += _table(("option", "meaning"), (_option(action) for action in command._actions if action.dest != "help"))
    parts += ["", "## Exit status", "", "```text", str(top.epilog), "```"]
    return "\n".join(parts) + "\n"


def _usage(command: argparse.ArgumentParser) -> str:
    positional = [str(each.metavar or each.dest) for each in command._actions if not each.option_strings]
    return " ".join([command.prog, "[options]", *positional])


def _option(action: argparse.Action) -> tuple[str, str]:
    shown = action.metavar or ("" if action.nargs == 0 else "|".join(map(str, action.choices or ())) or action.dest.upper())
    value = "" if action.nargs == 0 else str(shown)
    names = " ".join(filter(None, (", ".join(action.option_strings), value)))
    return f"`{names}`", (action.help or "").replace("%%", "%")


def schema_tables(schema: dict[str, Any]) -> str:
    """Return the page of a JSON Schema: one table of members for each object in it."""
    parts = [f"# {schema['title']}", "", schema.get("description", "")]
    for name, part in (("", schema), *schema.get("$defs", {}).items()):
        if name:
            parts += ["", f"## {name}", "", part.get("description", ""), ""]
        if members := part.get("properties"):
            required = part.get("required", ())
            rows = ((f"`{key}`", _kind(value), _meaning(key, value, required)) for key, value in members.items())
            parts += _table(("member", "value", "meaning"), rows)
        elif name:
            pattern = f" that matches `{part['pattern']}`" if "pattern" in part else ""
            parts += [f"The value is: {_kind(part)}{pattern}."]
    return "\n".join(parts) + "\n"


def _kind(schema: Any) -> str:
    """Return the values of a schema in a few words, null left out: a member that may be null may be absent."""
    if not isinstance(schema, dict):
        return _ANY
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    branches = [each for each in schema.get("anyOf") or schema.get("oneOf") or () if each != {"type": "null"}]
    if branches:
        return " or ".join(dict.fromkeys(map(_kind, branches)))
    kinds = schema.get("type", _ANY)
    kind = " or ".join(each for each in kinds if each != "null") if isinstance(kinds, list) else kinds
    return f"array of {_kind(schema['items'])}" if kind == "array" and "items" in schema else str(kind)


def _meaning(key: str, schema: Any, required: Iterable[str]) -> str:
    described = [schema, *schema.get("anyOf", [])] if isinstance(schema, dict) else []
    sentence = next((each["description"] for each in described if "description" in each), "")
    return f"{sentence} Required.".strip() if key in required else sentence


def rules_page(catalogue: Catalogue) -> str:
    """Return the page of all rules by the member that they are about: id, level, sentence and source."""
    rules = list(catalogue.rules.values())
    operation = f"{catalogue.contract.method} {catalogue.contract.path}"
    parts = ["# Rules", "", f"The {len(rules)} rules of `{operation}`, as `python -m conformance rules` lists them.", ""]
    parts += ["A *documented* rule stands in the documentation. An *implied* one follows from a type or format and fails a run"]
    parts += ["under `--strict`. An *undocumented* one is recorded and compared only."]
    for name, group in groupby(sorted(rules, key=_heading), key=_heading):
        parts += ["", f"## {name}", ""]
        parts += _table(("rule", "level", "requirement", "source"), map(_row, group))
    return "\n".join(parts) + "\n"


def _heading(rule: Rule) -> str:
    """Return `body.temperature` for `body.temperature.maximum`, and `auth` for `auth.missing-key`."""
    parts = rule.id.split(".")
    return ".".join(parts[:2] if len(parts) > 2 else parts[:1])


def _row(rule: Rule) -> tuple[str, ...]:
    sentence = f"{rule.requirement} “{rule.quote}”" if rule.quote else rule.requirement
    return f"`{rule.id}`", f"{rule.level} {rule.basis}", _plain(sentence), f"`{rule.source}`"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is: sentences have patterns, quotations and backticks in them."""
    return re.sub(r"[\\`*_\[\]<>&|]", lambda found: f"&#{ord(found[0])};", text)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _line(head)
    yield _line(("---",) * len(head))
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    """Return the text on one line. A pipe ends a cell, unless it stands in code, where a backslash would be shown."""
    parts = " ".join(text.split()).split("`")  # every second one is code
    return "`".join(each if index % 2 else each.replace("|", "\\|") for index, each in enumerate(parts))
