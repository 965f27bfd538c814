"""Texts come back changed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

from emulator.fault import Fault
from emulator.faults.dsl.making import ResponseHook
from emulator.faults.dsl.places import everywhere

from .family import FAMILY, echoing

_ADDRESSED = ("callId", "created", "joinUrl")


def _strings(name: str, summary: str, change: Callable[[str], str]) -> Fault:
    """Return every text of every field that was sent comes back changed."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=("body.*.echo",), response=_all_strings(change))


def _all_strings(change: Callable[[str], str]) -> ResponseHook:
    return lambda exchange, response: {
        field: everywhere(each, change) if field in exchange.merged and field not in _ADDRESSED else each
        for field, each in response.items()
    }


_ISO = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$")
_FORMULA = re.compile(r"^(?==)")
_QUOTED = re.compile(r'^"(.*)"$', re.DOTALL)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")
_TELEPHONE = re.compile(r"\+\d[\d ()-]{7,}\d")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*")


def _without_tags(text: str) -> str:
    before, opening, rest = text.partition("<")
    inside, closing, after = rest.partition(">")
    return before + _without_tags(after) if opening and closing and inside else text


FAULTS: tuple[Fault, ...] = (
    echoing("prompt-cut-at-255", "prompts are cut at 255 characters", "systemPrompt", lambda text: text[:255]),
    echoing("prompt-cut-at-1000", "prompts are cut at 1000 characters", "systemPrompt", lambda text: text[:1000]),
    echoing(
        "exceeded-message-cut-at-64-bytes",
        "the message at the time limit is cut at 64 bytes",
        "timeExceededMessage",
        lambda text: text.encode()[:64].decode(errors="ignore"),
    ),
    echoing("prompt-trimmed", "blanks around a prompt are lost", "systemPrompt", str.strip),
    echoing(
        "prompt-blanks-collapsed",
        "runs of white space in a prompt become one blank",
        "systemPrompt",
        lambda text: " ".join(text.split()),
    ),
    echoing(
        "prompt-blank-lines-lost",
        "blank lines of a prompt are lost",
        "systemPrompt",
        lambda text: re.sub(r"\n\n+", "\n", text),
    ),
    echoing("model-lower-case", "the model comes back in lower case", "model", str.lower),
    echoing(
        "language-without-region",
        "a language comes back without its region",
        "languageHint",
        lambda tag: tag.split("-")[0],
    ),
    echoing("language-upper-case", "a language comes back in upper case", "languageHint", str.upper),
    _strings(
        "texts-normalised",
        "texts come back in Unicode's form C",
        lambda text: unicodedata.normalize("NFC", text),
    ),
    _strings(
        "texts-compatibility-normalised",
        "texts come back in Unicode's form KC",
        lambda text: unicodedata.normalize("NFKC", text),
    ),
    _strings("texts-escaped", "texts come back escaped for HTML", lambda text: html.escape(text, quote=False)),
    _strings("quotes-escaped", "quotes in texts come back escaped", lambda text: text.replace('"', "&quot;")),
    _strings(
        "astral-characters-lost",
        "characters beyond the BMP are lost",
        lambda text: "".join(each for each in text if ord(each) <= 0xFFFF),
    ),
    _strings(
        "non-latin-replaced",
        "characters beyond Latin-1 become question marks",
        lambda text: text.encode("latin-1", "replace").decode("latin-1"),
    ),
    _strings("newlines-turned", "CR LF comes back as LF", lambda text: text.replace("\r\n", "\n")),
    _strings("cut-at-nul", "texts end at U+0000", lambda text: text.split("\0")[0]),
    _strings("tags-stripped", "what looks like a tag is lost", _without_tags),
    _strings(
        "zero-width-stripped",
        "zero-width characters are lost",
        lambda text: text.translate(dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))),
    ),
    _strings("percent-decoded", "what is written %41 comes back as A", unquote),
    _strings("dates-reformatted", "a text that is a date comes back with a blank", lambda text: _ISO.sub(r"\1 \2", text)),
    _strings("formulas-quoted", "a text that begins as a formula comes back quoted", lambda text: _FORMULA.sub("'", text)),
    _strings("addresses-redacted", "addresses of mail are redacted", lambda text: _ADDRESS.sub("[redacted]", text)),
    _strings("telephone-numbers-redacted", "telephone numbers are redacted", lambda text: _TELEPHONE.sub("[redacted]", text)),
    _strings("wide-blanks-narrowed", "an ideographic space becomes a blank", lambda text: text.replace("\u3000", " ")),
    _strings("emphasis-lost", "asterisks around words are lost", lambda text: _EMPHASIS.sub(r"\1", text)),
    _strings("quotes-around-lost", "quotes around a text are lost", lambda text: _QUOTED.sub(r"\1", text)),
    _strings("marks-lost", "a byte order mark before a text is lost", lambda text: text.lstrip("\ufeff")),
    _strings("final-sigma-changed", "a final sigma becomes an ordinary one", lambda text: text.replace("ς", "σ")),
    _strings("flags-lost", "flags are lost", lambda text: _FLAG.sub("", text)),
    _strings("backslashes-lost", "backslashes are lost", lambda text: text.replace("\\", "")),
)
