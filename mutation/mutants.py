"""Mutants of a module: copies of its source that differ in one operator, by Cosmic Ray."""

from __future__ import annotations

import ast
import difflib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

# A removed `lru_cache` changes nothing but the speed. For the members of an enum and None, `is` is what `==` is. The others
# need arguments, or change nothing at all.
_LEFT_OUT = (
    *("RemoveDecorator", "ReplaceComparisonOperator_Is_Eq", "ReplaceComparisonOperator_IsNot_NotEq"),
    *("NoOp", "VariableInserter", "VariableReplacer"),
)
# Arguments that guard against mistakes of programmers, or bound a cache.
_GUARDS = frozenset({"frozen", "slots", "strict", "maxsize", "kw_only"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change: the changed lines before and after, without their indentation."""

    module: str
    operator: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.operator}: {self.before!r} -> {self.after!r}"


class ReturnNothing(Operator):  # type: ignore[misc]  # Cosmic Ray has no type hints
    """Return None in place of a value: tests that compare two empty results do not notice. For False it is as good."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        """Yield the position of a return statement with a value."""
        if node.type == "return_stmt" and node.children[1].get_code().strip() not in ("None", "False"):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return the statement without its value."""
        del index
        keyword = node.children[0]
        return parso.python.tree.Keyword("return None", keyword.start_pos, keyword.prefix)

    @classmethod
    def examples(cls) -> tuple[()]:
        """Return no examples: they are for Cosmic Ray's own tests."""
        return ()


def _operators() -> dict[str, Any]:
    found = {name.partition("/")[2]: get_operator(name) for name in operator_names() if not name.endswith(_LEFT_OUT)}
    return {**found, "ReturnNothing": ReturnNothing}


def mutants_of(root: Path, module: str, chosen: random.Random | None = None, count: int = 0) -> list[Mutant]:
    """Return the mutants of a module whose code differs, or `count` of them, each at another place."""
    source = (root / module).read_text(encoding="utf-8")
    sites = list(_sites(source))
    if chosen is None:
        return [each for place in sites for name, index in place if (each := _made(module, source, name, index)) is not None]
    chosen.shuffle(sites)
    found: list[Mutant] = []
    for place in sites:
        if len(found) == count:
            break
        mutant = _made(module, source, *chosen.choice(place))
        found += [mutant] if mutant is not None else []
    return found


def _sites(source: str) -> Iterator[list[tuple[str, int]]]:
    """Yield, for each place that can change, the operators that change it, with the index of the occurrence."""
    nodes = list(ast_nodes(get_ast(source)))
    found: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    for name, operator in _operators().items():
        positions = (position for node in nodes for position in operator().mutation_positions(node))
        for index, position in enumerate(positions):
            found[position].append((name, index))
    yield from (found[position] for position in sorted(found))


def _made(module: str, source: str, name: str, index: int) -> Mutant | None:
    """Return a mutant; None where it differs in nothing that is executed."""
    try:
        mutated = mutate_code(source, _operators()[name](), index)
    except AttributeError:  # Cosmic Ray replaces no exception that is named by its module
        return None
    if mutated is None or _executed(mutated) == _executed(source):
        return None
    old, new = source.splitlines(), mutated.splitlines()
    _, first, last, start, end = next(
        each for each in difflib.SequenceMatcher(None, old, new).get_opcodes() if each[0] != "equal"
    )
    before, after = (" ".join(map(str.strip, lines)) for lines in (old[first:last], new[start:end]))
    return Mutant(module, name, first + 1, before, after, mutated)


class _Executed(ast.NodeTransformer):
    """Drop what no result depends on: annotations, which no module here evaluates, type aliases, and guards."""

    def visit_keyword(self, node: ast.keyword) -> ast.AST | None:
        return None if node.arg in _GUARDS else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None or (isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias"):
            return None
        return ast.Assign(targets=[node.target], value=self.visit(node.value))

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(arg=node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)


def _executed(source: str) -> str:
    try:
        return ast.dump(_Executed().visit(ast.parse(source)))
    except SyntaxError:
        return ""
