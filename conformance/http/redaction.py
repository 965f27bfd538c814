"""Secrets, in every spelling in which a server may show what it was sent; none of them is kept.

A secret is looked for in a canonical form of the text, in which escapes are undone. So one search finds what JSON, HTML, URLs
and UTF-16 make of it. Every character of the canonical form knows the part of the text that it stands for:

    text        …\\u0041%42\\0C\\/…
    canonical      a     b  c /          -> the redacted part runs from the first character's start to the last one's end

Every run of a secret's characters that is long enough to matter is redacted; a short secret is redacted whole. One of fewer
than eight characters is redacted as a whole word alone, or ordinary words would be cut: `test` out of `latest`.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from openapi.json_types import Json
from reports.redaction import REDACTED, is_secret
from strategies.case import Case, Key

WINDOW = 12  # characters of a secret that matter; text that is no secret shares fewer with it
SHORT = 8  # characters; a secret with fewer is looked for as a whole word
_LEAST_ENCODED = 8  # characters; of a secret within other text, fewer than these say little in Base64
_CUT = "…"  # marks where a text was cut
_LEAST = 4  # characters of a secret beside a cut
_NEAR = 96  # characters beside a cut: those of a secret that are too few for a run, in the longest spelling
_ROUNDS = 3  # of undoing escapes: JSON in a string of JSON in HTML
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(
    r"\\+u00([0-9a-f]{2})|\\+x([0-9a-f]{2})|%(?:25)*([0-9a-f]{2})|&#x0*([0-9a-f]{2});|&#0*([0-9]{2,3});"
    r"|&(amp|lt|gt|quot|apos);|\\+|\x00"
)
_HALF_AN_ESCAPE = re.compile(r"(?:%(?:25)*[0-9a-f]?|\\+(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|&(?:#x?[0-9a-f]*|[a-z]{0,4}))\Z")
_REST_OF_AN_ESCAPE = re.compile(r"(?:u?[0-9a-f]{1,4}|[0-9]{1,3};|x[0-9a-f]{1,2})(?=[%\\&])")
_SPECIAL = re.compile(r"[\\%&\x00+]")


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A secret, ready to be looked for. `plain` is its canonical form, `encoded` what encodings make of it, longest first.

    `windows` maps each run of characters that matters to where it begins. Each of them holds one of the `probes`,
    which are fewer: text without a probe has no window either.
    """

    plain: str
    windows: dict[str, int]
    probes: tuple[str, ...]
    encoded: tuple[str, ...]

    @property
    def width(self) -> int:
        """Return the length of the windows."""
        return min(WINDOW, len(self.plain))


@lru_cache(maxsize=256)
def spellings(secret: str) -> tuple[Secret, ...]:
    """Return what to look for, so that nothing shows of a secret; nothing for an empty one."""
    if not secret:
        return ()
    plain = "".join(_canonical(secret)[0])
    width = min(WINDOW, len(plain))
    windows = {plain[first : first + width]: first for first in range(len(plain) - width + 1)} if width else {}
    half = max(1, width // 2)
    probes = tuple(plain[first : first + half] for first in range(0, len(plain) - half + 1, half))
    raws = (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be"))
    encoded = {form for raw in raws for form in (*_in_base64(raw), raw.hex()) if len(form) >= _LEAST_ENCODED}
    return (Secret(plain, windows, probes, tuple(sorted({each.lower() for each in encoded}, key=len, reverse=True))),)


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield the secret by itself, and what is sure to show of it inside other text, wherever it begins; of both alphabets."""
    yield b64encode(raw).decode().rstrip("=")
    yield urlsafe_b64encode(raw).decode().rstrip("=")
    for before in range(3):
        # Of the first and the last character a part is of other bytes.
        first, last = -(-before * 4 // 3), (before + len(raw)) * 4 // 3
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + raw + bytes(2)).decode()[first:last]


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
_LONGEST = 65_536  # characters of a body that are kept
_SPARE = 4_096  # characters behind those: longer than any spelling of a secret
_LEAST_VALUE = 24  # characters of a secret member by which it is known where a text cuts it off


def _replaced(text: str, value: str, placeholder: str) -> str:
    """Return the text with a placeholder wherever a value begins, as far as the value goes on there."""
    parts, at = list[str](), text.find(value[:_LEAST_VALUE])
    while at >= 0:
        end = next((n for n in range(len(value), _LEAST_VALUE, -1) if text.startswith(value[:n], at)), _LEAST_VALUE)
        is_value = end == len(value) or text[at + end : at + end + 1] in ("", _CUT)
        parts += [text[:at], placeholder if is_value else text[at : at + end]]
        text = text[at + end :]
        at = text.find(value[:_LEAST_VALUE])
    return "".join([*parts, text])


def redacted(text: str, secrets: Iterable[Secret]) -> str:
    """Return the text without any of the secrets, in whatever spelling."""
    lowered = _lower(text)
    plain = _undone(lowered)  # once for all secrets: of a long text with many escapes it takes milliseconds
    cuts = _cuts_of(lowered)
    spans = sorted(span for secret in secrets for span in _spans(text, lowered, plain, cuts, secret))
    if not spans:
        return text
    parts, done = list[str](), 0
    for first, last in _joined(spans):
        parts += [text[done:first], REDACTED]
        done = last
    return "".join([*parts, text[done:]])


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _spans(text: str, lowered: str, plain: str, cuts: _Cuts, secret: Secret) -> Iterator[tuple[int, int]]:
    yield from _remnants(cuts, secret)
    for form in secret.encoded:
        at = lowered.find(form)
        while at >= 0:
            yield at, at + len(form)
            at = lowered.find(form, at + len(form))
    if any(probe in plain for probe in secret.probes):
        characters, places = _canonical(text)
        plain = "".join(characters)
        for first, last in _runs(plain, secret, _without_control_letters(text, plain, places)):
            yield places[first][0], places[last - 1][1]


def _without_control_letters(text: str, plain: str, places: list[tuple[int, int]]) -> str:
    """Return the canonical form, with a space for the letter of `\\n` and the like: it is no part of a word."""
    begins = (first for first, _ in places)
    return "".join(
        " " if each in "bfnrt" and text[max(0, at - 1) : at] == "\\" else each for each, at in zip(plain, begins, strict=True)
    )


def _runs(plain: str, secret: Secret, words: str) -> Iterator[tuple[int, int]]:
    """Yield the longest runs of characters that a canonical text shares with a secret; of a short one in `words` alone."""
    at, width = 0, secret.width
    while at <= len(plain) - width:
        begin = secret.windows.get(plain[at : at + width])
        if begin is None:
            at += 1
            continue
        end = width
        while at + end < len(plain) and begin + end < len(secret.plain) and plain[at + end] == secret.plain[begin + end]:
            end += 1
        if len(secret.plain) >= SHORT or _is_word(words, at, at + end):
            yield at, at + end
        at += end


def _is_word(plain: str, first: int, last: int) -> bool:
    """Return whether a part of a text has neither a letter nor a digit next to it."""
    return not plain[max(0, first - 1) : first].isalnum() and not plain[last : last + 1].isalnum()


@dataclass(frozen=True, slots=True)
class _Beside:
    """A part of a text beside a cut at `mark`: where it begins, and its canonical form."""

    mark: int
    begin: int
    text: str
    plain: str

    def place(self, number: int) -> tuple[int, int]:
        """Return where a character of the canonical form stands in the whole text."""
        first, last = _canonical(self.text)[1][number]
        return self.begin + first, self.begin + last


_Cuts = tuple[list[_Beside], list[_Beside]]  # before each cut and the end, and behind each cut


def _cuts_of(lowered: str) -> _Cuts:
    """Return what stands beside the cuts of a text: made once for all secrets, since each text has an end."""
    marks = [at for at, each in enumerate(lowered) if each == _CUT] if _CUT in lowered else []
    before, behind = list[_Beside](), list[_Beside]()
    for mark in (*marks, len(lowered)):
        begin = max(0, mark - _NEAR)
        before.append(_beside(mark, _HALF_AN_ESCAPE.sub("", lowered[begin:mark]), begin))
    for mark in marks:
        rest = lowered[mark + 1 : mark + 1 + _NEAR]
        first = _REST_OF_AN_ESCAPE.match(rest)
        skipped = first.end() if first else 0
        behind.append(_beside(mark, rest[skipped:], mark + 1 + skipped))
    return before, behind


def _beside(mark: int, text: str, begin: int) -> _Beside:
    return _Beside(mark, begin, text, _undone(text))


def _remnants(cuts: _Cuts, secret: Secret) -> Iterator[tuple[int, int]]:
    """Yield pieces of a secret, shorter than a run, that a cut left beside its mark or at the end."""
    if len(secret.plain) < SHORT:
        return
    before, behind = cuts
    for each in before:
        length = next((n for n in _lengths(secret) if each.plain.endswith(secret.plain[:n])), 0)
        if length:
            yield each.place(-length)[0], each.mark
    for each in behind:
        length = next((n for n in _lengths(secret) if each.plain.startswith(secret.plain[-n:])), 0)
        if length:
            yield each.mark + 1, each.place(length - 1)[1]


def _lengths(secret: Secret) -> range:
    return range(secret.width, _LEAST - 1, -1)


def _canonical(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the characters of a text, in lower case and with escapes undone, and where each stands in the text."""
    characters, places = list(_lower(text)), [(at, at + 1) for at in range(len(text))]
    if _SPECIAL.search(text) is None:
        return characters, places
    for _ in range(_ROUNDS):
        plain = "".join(characters)
        undone, where, done = list[str](), list[tuple[int, int]](), 0
        for found in _ESCAPE.finditer(plain):
            undone += characters[done : found.start()]
            where += places[done : found.start()]
            meant = _meant(found[0])
            if meant:
                undone.append(meant)
                where.append((places[found.start()][0], places[found.end() - 1][1]))
            done = found.end()
        if not done:
            break
        characters, places = undone + characters[done:], where + places[done:]
    return [" " if each == "+" else each for each in characters], places


def _undone(lowered: str) -> str:
    """Return the canonical form of a text, without the places."""
    for _ in range(_ROUNDS):
        if _SPECIAL.search(lowered) is None:
            break
        lowered = _ESCAPE.sub(lambda found: _meant(found[0]), lowered)
    return lowered.replace("+", " ")


@lru_cache(maxsize=4_096)
def _meant(escape: str) -> str:
    """Return the character that an escape stands for; none for a backslash before what it escapes, and for half of UTF-16."""
    found = _ESCAPE.fullmatch(escape)
    groups = found.groups() if found else ()
    for digits, radix in zip(groups, (16, 16, 16, 16, 10), strict=False):
        if digits:
            return _lower(chr(int(digits, radix))) if int(digits, radix) else ""
    return _NAMED.get(groups[-1] or "", "")


def _lower(text: str) -> str:
    """Return the text in lower case, character for character: the dotted capital I alone becomes two otherwise."""
    return text.replace("\u0130", "i").lower()
