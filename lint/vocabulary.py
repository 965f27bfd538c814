"""Refuse the words that the glossary replaces: `python -m lint.vocabulary [PATH ...]`.

It reads identifiers, docstrings and comments in Python files, and the messages in those outside `tests`. It also reads Markdown
pages that people wrote. It prints one line for each hit. The exit status is 1 if there is one. `lint/words.yaml` is the table.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

_TABLE = Path(__file__).with_name("words.yaml")
_OPENINGS = ("What", "Whether")  # a noun hidden in a relative clause: docs/glossary.md says what to write instead
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_BLOCK = re.compile(r"^```.*?^```|^ {4}[^\n]*", re.DOTALL | re.MULTILINE)  # of code
_WRITTEN = "ritten by `python -m"  # a page that a command writes has its texts in Python
_GLOSSARY = Path("docs/glossary.md")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CODE = re.compile(r"`[^`]*`|“[^”]*”|\"[^\"]*\"")  # names and quotations are not our own words


@dataclass(frozen=True, slots=True)
class Hit:
    """A word that the glossary replaces, with the line (from 1) that it stands in."""

    line: int
    word: str
    instead: str
    place: str

    def __str__(self) -> str:
        return f"{self.line}: {self.word!r} in {self.place}: use {self.instead!r}"


@cache
def replaced_words() -> Mapping[str, str]:
    """Return the table: each refused word, or words, with what to use instead."""
    table: dict[str, str] = yaml.load(_TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return table


def hits(source: str, *, messages: bool = True) -> list[Hit]:
    """Return the hits in Python source, in the order of their lines. SyntaxError where it cannot be parsed."""
    tree = ast.parse(source)
    found = [*_in_tokens(source), *_in_docstrings(tree), *(_in_messages(tree) if messages else ())]
    return sorted(found, key=lambda hit: (hit.line, hit.word))


def page_hits(page: str) -> list[Hit]:
    """Return the hits in a Markdown page, without its blocks of code; none in one that a command writes."""
    prose = _BLOCK.sub(lambda code: "\n" * code[0].count("\n"), page)
    return [] if _WRITTEN in page else [*_in_text(prose, 1, "a page")]


def _in_tokens(source: str) -> Iterator[Hit]:
    lines = iter(source.splitlines(keepends=True))
    for token in tokenize.generate_tokens(lambda: next(lines, "")):
        if token.type == tokenize.NAME:
            yield from _in_words(_words(token.string), token.start[0], f"the identifier {token.string}")
        elif token.type == tokenize.COMMENT:
            yield from _in_text(token.string, token.start[0], "a comment")


def _in_docstrings(tree: ast.AST) -> Iterator[Hit]:
    for node in ast.walk(tree):
        if not isinstance(node, _DOCUMENTED):
            continue
        text = ast.get_docstring(node)
        if text is None:
            continue
        line = node.body[0].lineno
        opening = text.split(maxsplit=1)[0]
        if opening in _OPENINGS:
            yield Hit(line, opening, "a noun or an imperative", "the opening of a docstring")
        yield from _in_text(text, line, "a docstring")


def _in_messages(tree: ast.AST) -> Iterator[Hit]:
    """Yield the hits in strings of several words: help, reports, errors. A single word may be a name of other people's."""
    docstrings = {node.body[0] for node in ast.walk(tree) if isinstance(node, _DOCUMENTED) and ast.get_docstring(node)}
    inner = {each for node in docstrings for each in ast.walk(node)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value and each not in inner:
            yield from _in_text(each.value, each.lineno, "a message")


def _in_text(text: str, line: int, place: str) -> Iterator[Hit]:
    for offset, each in enumerate(text.splitlines()):
        yield from _in_words(_words(_CODE.sub(" ", each)), line + offset, place)


def _words(text: str) -> list[str]:
    """Return the words of an identifier or a line in lower case: `tellsAll_two` has `tells`, `all` and `two`."""
    return [word.lower() for word in _WORD.findall(text)]


def _in_words(words: list[str], line: int, place: str) -> Iterator[Hit]:
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    for word in (*words, *pairs):
        if word in replaced_words():
            yield Hit(line, word, replaced_words()[word], place)


def _found(path: Path) -> list[Hit]:
    text = path.read_text(encoding="utf-8")
    return page_hits(text) if path.suffix == ".md" else hits(text, messages=path.parts[0] != "tests")


def _files() -> list[Path]:
    command = ["git", "ls-files", "*.py", "*.md"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return [path for path in map(Path, listed.stdout.split()) if path.exists() and path != _GLOSSARY]


def main(paths: list[str]) -> int:
    """Print the hits of the files under `paths`, or of all; return 1 if there is one."""
    files = [path for path in _files() if not paths or any(path.is_relative_to(each) for each in paths)]
    found = [f"{path}:{hit}" for path in files for hit in _found(path)]
    print("\n".join([*found, f"{len(found)} words of {len(files)} files are replaced by the glossary"] if found else ["ok"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
