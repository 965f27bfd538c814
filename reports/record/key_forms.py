"""The form that a request gives a credential, as a formula that the record can hold: `key[:-1]`, or `"Bearer " + upper(key)`.

The record never holds a value made of the key: a key without its last character is as valuable as the key. With the formula
`replay` makes the same of a fresh key, and so do the commands to paste. A form is plain JSON:

    "text" · {"key": [first, last]} · {"as": change, "of": form} · [form, ...] for one behind the other

`last` is exclusive and None for the end, both as in a slice of Python; both are counted from the front, but for a last of -1.
Where a request needs several credentials, `variable` beside `key` names the environment variable of one that is not the first.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

Form: TypeAlias = str | list[Any] | dict[str, Any]

KEY: Form = {"key": [0, None]}
LONG = 4_000  # characters that a value is filled up to
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_OTHERS = "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM5678901234"
_TURN = str.maketrans(_LETTERS, _OTHERS)
_LOOKALIKE = ("O0Il1", "0OlIl")


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a text: by Python, as the end of a pipe of a shell, and as an expression of Python around `{}`."""

    apply: Callable[[str], str]
    pipe: str
    expression: str


_CHANGES: Mapping[str, _Change] = {
    # Another letter for each letter, and another digit for each digit: the same shape.
    "turned": _Change(
        lambda text: text.translate(_TURN),
        "tr 'a-zA-Z0-9' 'n-za-mN-ZA-M5-90-4'",
        f"{{}}.translate(str.maketrans({_LETTERS!r}, {_OTHERS!r}))",
    ),
    "lookalike": _Change(
        lambda text: text.translate(str.maketrans(*_LOOKALIKE)),
        f"tr '{_LOOKALIKE[0]}' '{_LOOKALIKE[1]}'",
        f"{{}}.translate(str.maketrans{_LOOKALIKE!r})",
    ),
    "upper": _Change(str.upper, "tr 'a-z' 'A-Z'", "{}.upper()"),
    "lower": _Change(str.lower, "tr 'A-Z' 'a-z'", "{}.lower()"),
    "swapcase": _Change(str.swapcase, "tr 'a-zA-Z' 'A-Za-z'", "{}.swapcase()"),
    "reversed": _Change(lambda text: text[::-1], "rev", "{}[::-1]"),
    "long": _Change(
        lambda text: (text * LONG)[:LONG],
        f"awk '{{for (i = 0; i < {LONG}; i++) printf \"%s\", $0}}' | cut -c1-{LONG}",
        f"({{}} * {LONG})[:{LONG}]",
    ),
    "percent": _Change(
        lambda text: "".join(f"%{ord(each):02X}" for each in text),
        "od -An -v -tx1 | tr -d '\\n' | tr 'a-f ' 'A-F%'",
        "''.join(f'%{{ord(each):02X}}' for each in {})",
    ),
    "base64": _Change(
        lambda text: base64.b64encode(text.encode()).decode(),
        "base64 | tr -d '\\n'",
        "base64.b64encode({}.encode()).decode()",
    ),
}


class KeyValue(str):
    """A value that is made of the key, to be sent. `form` is its formula, which is all that may be kept of it."""

    __slots__ = ("form",)
    form: Form

    def __new__(cls, form: Form, key: str, others: Mapping[str, str] = MappingProxyType({})) -> KeyValue:
        """Return the value that a formula makes of a key, and of other credentials by variable."""
        value = super().__new__(cls, value_of(form, key, others))
        value.form = form
        return value


@dataclass(frozen=True, slots=True)
class Keys:
    """The credentials of a request: `forms` maps each place (`header X-API-Key`, `query key`) to the form there.

    `variable` is the environment variable of the first one.
    """

    forms: Mapping[str, Form]
    variable: str


def part(first: int, last: int | None = None) -> Form:
    """Return the form of a part of the key."""
    return {"key": [first, last]}


def changed(change: str, form: Form = KEY) -> Form:
    """Return a form with a change applied to it."""
    return {"as": change, "of": form}


def of_variable(form: Form, variable: str) -> Form:
    """Return the form with the credential of another environment variable in place of the first one."""
    if isinstance(form, list):
        return [of_variable(each, variable) for each in form]
    if isinstance(form, str):
        return form
    return {**form, "variable": variable} if "key" in form else {**form, "of": of_variable(form["of"], variable)}


def variables(form: Form) -> Iterator[str]:
    """Yield the environment variables of the credentials in a form that are not the first one."""
    if isinstance(form, list):
        for each in form:
            yield from variables(each)
    elif isinstance(form, dict):
        yield from variables(form["of"]) if "of" in form else filter(None, [form.get("variable")])


def value_of(form: Form, key: str, others: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what a form makes of a key. `others` are further credentials by variable; KeyError where one is not there."""
    if isinstance(form, str):
        return form
    if isinstance(form, list):
        return "".join(value_of(each, key, others) for each in form)
    if "key" in form:
        first, last = form["key"]
        return (others[form["variable"]] if "variable" in form else key)[first:last]
    return _CHANGES[form["as"]].apply(value_of(form["of"], key, others))


def shown(form: Form) -> str:
    """Return the formula in words, in brackets."""
    return f"[{_shown(form)}]"


def _shown(form: Form) -> str:
    if isinstance(form, str):
        return f'"{form}"'
    if isinstance(form, list):
        return " + ".join(map(_shown, form))
    return _slice(form.get("variable", "key"), form) if "key" in form else f"{form['as']}({_shown(form['of'])})"


def _slice(name: str, form: Mapping[str, Any]) -> str:
    first, last = form["key"]
    return name if (first, last) == (0, None) else f"{name}[{first or ''}:{'' if last is None else last}]"


def in_shell(form: Form, variable: str) -> str:
    """Return a form for a word in double quotes of a POSIX shell, made of the key in a variable."""
    if form == KEY:
        return f"${variable}"  # nothing stands beside it that could be taken for a part of the name
    return _in_shell(form, variable)


def _in_shell(form: Form, variable: str) -> str:
    if isinstance(form, str):
        return "".join(f"\\{each}" if each in '\\"$`' else each for each in form)
    if isinstance(form, list):
        return "".join(_in_shell(each, variable) for each in form)
    if "key" in form:
        first, last = form["key"]
        return _slice_in_shell(first, last, form.get("variable", variable))
    return f'$(printf %s "{_in_shell(form["of"], variable)}" | {_CHANGES[form["as"]].pipe})'


def _slice_in_shell(first: int, last: int | None, variable: str) -> str:
    simple = {(0, None): f"${{{variable}}}", (0, -1): f"${{{variable}%?}}", (1, None): f"${{{variable}#?}}"}
    if (first, last) in simple:
        return simple[first, last]
    if first == last or last == 0:
        return ""
    end = "" if last is None else last
    return f'$(printf %s "${variable}" | cut -c{first + 1}-{end})'


def in_python(form: Form, variable: str) -> str:
    """Return a form as an expression of Python, made of the key in an environment variable."""
    if isinstance(form, str):
        return repr(form)
    if isinstance(form, list):
        return f"({' + '.join(in_python(each, variable) for each in form)})"
    if "key" in form:
        return _slice(f"os.environ[{form.get('variable', variable)!r}]", form)
    return _CHANGES[form["as"]].expression.format(in_python(form["of"], variable))
