"""A stand-in for GitHub's command `gh`: the issues of a repository in a JSON file, `GH_STATE`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def main(arguments: list[str]) -> None:
    """Carry out one of the commands that the recipe uses; any other is an error."""
    assert os.environ["GH_TOKEN"]
    assert os.environ["GH_REPO"]
    state = Path(os.environ["GH_STATE"])
    issues: list[dict[str, Any]] = json.loads(state.read_text()) if state.exists() else []
    (noun, verb), rest = arguments[:2], arguments[2:]
    match noun, verb:
        case "issue", "list":
            assert _value(rest, "--jq") == ".[0].number // empty"
            print(*[each["number"] for each in issues if each["open"]][:1])
        case "issue", "create":
            issues.append({"number": len(issues) + 1, "open": True, "label": _value(rest, "--label"), **_content(rest)})
        case "issue", "edit":
            issues[int(rest[0]) - 1] |= _content(rest)
        case "issue", "close":
            issues[int(rest[0]) - 1] |= {"open": False, "comment": _value(rest, "--comment")}
        case "label", "create":
            assert "--force" in rest  # it may be there already
        case _:
            raise AssertionError(arguments)
    state.write_text(json.dumps(issues))


def _content(rest: list[str]) -> dict[str, str]:
    return {"title": _value(rest, "--title"), "body": Path(_value(rest, "--body-file")).read_text()}


def _value(rest: list[str], option: str) -> str:
    return rest[rest.index(option) + 1]


if __name__ == "__main__":
    main(sys.argv[1:])
