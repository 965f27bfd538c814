"""Put names where `x-refers` demands them, so that each reference finds its target."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import count

from openapi.json_types import Json, Path, tokens
from openapi.schema.extensions import name_of
from openapi.schema.name_references import EACH, Source, reference_of, source_of
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import with_value
from strategies.values.minimal import simplest
from strategies.values.place_schema import alone
from strategies.values.valid import accepted


def referring(node: Node, value: Json) -> Iterator[Json]:
    """Yield the value with the targets of all its names, in each possible form."""
    references = [reference_of(each) for each in node.get("x-refers", ())]
    for way in range(_WAYS if references else 0):
        found = value
        for reference in references:
            unmet = reference.unmet(found)
            ways = list(put(node, found, reference.to[0], unmet)) if unmet else []
            found = ways[way % len(ways)] if ways else found
        yield found


_WAYS = 6  # of making an element, of which one may be legal where another is not


def unreferring(node: Node, value: Json) -> Json:
    """Return the value without the names that refer to nothing."""
    for reference in map(reference_of, node.get("x-refers", ())):
        unmet = frozenset(reference.unmet(value))
        for source in reference.names if unmet else ():
            value = _less(value, (*source.steps, *source.name), unmet, source)
    return value


_GONE = object()


def _less(value: Json, steps: tuple[str, ...], names: frozenset[str], source: Source) -> Json:
    if not steps:
        return _without_names(value, names, source)
    step, rest = steps[0], steps[1:]
    if step == EACH and isinstance(value, list):
        left = (_less(each, rest, names, source) for each in value)
        return [each for each in left if each is not _GONE]
    if not isinstance(value, dict) or step not in value:
        return value
    inner = _less(value[step], rest, names, source)
    return _GONE if inner is _GONE else {**value, step: inner}


def _without_names(value: Json, names: frozenset[str], source: Source) -> Json:
    if isinstance(value, str):
        for name in names if source.marks is not None else ():
            value = value.replace(name.join(source.marks or ()), "")
        return _GONE if source.marks is None and value in names else value
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name not in names}
    return [each for each in value if each not in names] if isinstance(value, list) else value


def renamed(elements: list[Json], pointers: list[str]) -> list[Json]:
    """Return the items of an array; of several with one name all but the first get another."""
    seen: set[str] = set()
    found = []
    for index, element in enumerate(elements):
        at = next((each for each in pointers if isinstance(name_of(element, [each]), str)), None)
        name = name_of(element, pointers)
        if at is not None and name in seen:
            element = with_value(element, tokens(at), f"{name[:_SHORT]}_{index}")
        seen.add(str(name))
        found.append(element)
    return found


def distinct(node: Node, value: Json) -> Json:
    """Return the value with other names where one of `x-distinct` occurs again."""
    seen: set[str] = set()
    for source in map(source_of, node.get("x-distinct", ())):
        for path, name in _names_at(value, (*source.steps, *source.name)):
            if name in seen:
                name = next(each for index in count(1) if (each := f"{name[:_SHORT]}_{index}") not in seen)
                value = with_value(value, path, name)
            seen.add(name)
    return value


def _names_at(value: Json, steps: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, str]]:
    if not steps:
        yield from [(path, value)] if isinstance(value, str) else []
    elif steps[0] == EACH and isinstance(value, list):
        for index, element in enumerate(value):
            yield from _names_at(element, steps[1:], (*path, index))
    elif isinstance(value, dict) and steps[0] in value:
        yield from _names_at(value[steps[0]], steps[1:], (*path, steps[0]))


_SHORT = 40  # characters that are kept of a name


def put(node: Node, value: Json, source: Source, names: list[str]) -> Iterator[Json]:
    """Yield the value with more names at a source: keys of an object, items of an array, or marked in a string."""
    steps = (*source.steps, *source.name)
    holder = _below(node, source.steps)
    is_element = holder is not None and holder.is_object and source.steps[-1:] == (EACH,)
    for template in _templates(holder) if holder is not None and is_element else [None]:
        if template is None or source.where is None or source.where(template):
            yield _with(node, value, steps, names, source, template)


def _below(node: Node | None, steps: tuple[str, ...]) -> Node | None:
    for step in steps:
        node = None if node is None else node.properties.get(step) or node.each
    return node


def _templates(node: Node) -> Iterator[Json]:
    """Yield an ordinary item, then the same with each member of each enum."""
    plain = simplest(node)
    yield plain
    for name, child in node.properties.items():
        if child.get("enum") is not None and name in node.required:
            yield from ({**plain, name: each.value} for each in accepted(child) if each.must)


def _with(node: Node | None, value: Json, steps: tuple[str, ...], names: list[str], source: Source, template: Json) -> Json:
    if not steps:
        return _reported(node, value, names, source)
    step, rest = steps[0], steps[1:]
    if step != EACH:
        members = value if isinstance(value, dict) else {}
        child = None if node is None else node.properties.get(step)
        return {**members, step: _with(child, members.get(step), rest, names, source, template)}
    elements: list[Json] = value if isinstance(value, list) else []
    each = None if node is None else node.each
    element = template if template is not None else simplest(each) if each is not None else {}
    if _is_name(_below(each, rest), source):
        return [*elements, *(_with(each, element, rest, [name], source, None) for name in names)]
    return [_with(each, elements[0] if elements else element, rest, names, source, None), *elements[1:]]


def _is_name(node: Node | None, source: Source) -> bool:
    """Return whether the source leads to one name that holds nothing else."""
    return source.marks is None and node is not None and node.types == {"string"}


def _reported(node: Node | None, value: Json, names: list[str], source: Source) -> Json:
    if source.marks is not None:
        text = value if isinstance(value, str) else str(simplest(node)) if node is not None else ""
        return text + "".join(name.join(source.marks) for name in names)
    if _is_name(node, source):
        return names[0]
    if node is not None and node.is_array:
        return [*(value if isinstance(value, list) else ()), *names]
    one = _plain(node.each) if node is not None and node.each is not None else "text"
    return {**(value if isinstance(value, dict) else {}), **dict.fromkeys(names, one)}


@lru_cache(maxsize=256)
def _plain(node: Node) -> Json:
    """Return an ordinary value, if one member completes it: each of many names would need as many rounds."""
    is_valid = Oracle(alone(node), "").is_valid
    single = ({name: simplest(child)} for name, child in node.properties.items() if not child.get("x-hazard"))
    return next((value for value in (simplest(node), *single) if is_valid(value)), simplest(node))
