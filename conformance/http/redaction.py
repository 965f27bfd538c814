"""Redaction: the secrets of an exchange, and the values of secret members of its response, give way before anything is kept."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.http.secret_spellings import CUT, SHORT, WINDOW, Secret, redacted, spellings
from openapi.json_types import Json
from reports.redaction import is_secret
from strategies.case import Case, Key

_LONGEST = 65_536  # characters of a body that are kept
_SPARE = 4_096  # characters behind those: longer than any spelling of a secret
_LEAST_VALUE = 24  # characters of a secret member by which it is known where a text cuts it off


def credentials_below(path: Sequence[str], value: Json) -> Iterator[str]:
    """Yield the texts in a value at a path that stand below the name of a credential, such as `apiKey`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from credentials_below((*path, name), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from credentials_below(path, inner)
    elif any(is_secret(name) for name in path):
        # A number says little, and is looked for in all others, unless it is long.
        text = value if isinstance(value, str) else "" if isinstance(value, bool) or value is None else str(value)
        yield from [text] if isinstance(value, str) or len(text) >= SHORT else []


@dataclass(frozen=True)
class Redaction:
    """The filter of what must not show of an exchange: the `secrets`, and the values of secret `members` of a response.

    A member's value gives way to one of the same type that stands for it: the same value to the same one, whatever text it is
    in, so that responses stay readable and runs comparable. `salt` keeps anybody from finding a value out by trying.
    """

    secrets: tuple[Secret, ...] = ()
    members: tuple[str, ...] = ()
    salt: str = field(default="", repr=False)

    @classmethod
    def of_values(cls, values: Iterable[str], members: Iterable[str] = ()) -> Redaction:
        """Return what hides these values, the API key the first of them, and the values of these members of responses."""
        known = list(dict.fromkeys(filter(None, values)))
        return cls(tuple(each for value in known for each in spellings(value)), tuple(members), known[0] if known else "")

    def during(self, case: Case) -> Redaction:
        """Return what hides, beside all else, what a case makes of the key to try the door.

        A key without its last character is as good as the key to whoever reads the record.
        """
        made = [value for _, value in (*case.headers, *case.query) if len(value) >= WINDOW] if case.key is Key.OWN else []
        extra = tuple(form for value in dict.fromkeys(made) for form in spellings(value))
        return replace(self, secrets=(*self.secrets, *extra)) if extra else self

    def values_in(self, content: bytes) -> tuple[tuple[str, str], ...]:
        """Return the values of secret members in a response body, whole or cut off, each with what stands for it."""
        found = dict[str, str]()
        for name in self.members:
            if name.encode() not in content:
                continue
            pattern = rb'"' + re.escape(name.encode()) + rb'"\s*:\s*"((?:[^"\\]|\\.)*)'
            for value in re.findall(pattern, content):
                text = value.decode("utf-8", "backslashreplace")
                found.setdefault(text, self._placeholder(text))
                found.setdefault(text.replace("\\/", "/"), self._placeholder(text.replace("\\/", "/")))
        return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))

    def _placeholder(self, value: str) -> str:
        digest = hmac.digest(self.salt.encode(), value.encode(), "sha256").hex()[:12]
        scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*(?=://)", value)
        return f"{scheme[0]}://redacted.invalid/{digest}" if scheme else f"redacted-{digest}"

    def text(self, text: str, values: Iterable[tuple[str, str]] = ()) -> str:
        """Return a text without secrets. `values` are those of secret members of the response that it is about."""
        for value, placeholder in values:
            if len(value) < _LEAST_VALUE:
                text = text.replace(f'"{value}"', f'"{placeholder}"') if value else text
            elif value[:_LEAST_VALUE] in text:
                text = _replaced(text, value, placeholder)
        return redacted(text, self.secrets)


def sent_text(content: bytes | None, redaction: Redaction) -> str | None:
    """Return the bytes of a request as a text without secrets, and cut as in the record; None for no bytes."""
    return None if content is None else beginning(content.decode("utf-8", "surrogateescape"), redaction.text)


def beginning(text: str, redact: Callable[[str], str]) -> str:
    """Return the beginning of a text without secrets; what lies far behind it is not searched, which takes long."""
    if len(text) <= _LONGEST:
        return redact(text)
    return f"{redact(text[: _LONGEST + _SPARE])[:_LONGEST]}… ({len(text)} characters)"


NOTHING_SECRET = Redaction()


def _replaced(text: str, value: str, placeholder: str) -> str:
    """Return the text with a placeholder wherever a value begins, as far as the value goes on there."""
    parts, at = list[str](), text.find(value[:_LEAST_VALUE])
    while at >= 0:
        end = next((n for n in range(len(value), _LEAST_VALUE, -1) if text.startswith(value[:n], at)), _LEAST_VALUE)
        is_value = end == len(value) or text[at + end : at + end + 1] in ("", CUT)
        parts += [text[:at], placeholder if is_value else text[at : at + end]]
        text = text[at + end :]
        at = text.find(value[:_LEAST_VALUE])
    return "".join([*parts, text])
