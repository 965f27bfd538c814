"""Faults for some characters."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import (
    ResponseHook,
    crashes_if,
    refuses_if,
)
from emulator.faults.dsl.places import everywhere, strings
from emulator.messages import Exchange

from .family import deciding, responding


def _in_strings(change: Callable[[str], str]) -> ResponseHook:
    def response(exchange: Exchange, shown: Body) -> Body:
        return {name: everywhere(each, change) if name in exchange.merged else each for name, each in shown.items()}

    return response


def _character(name: str, summary: str, old: str, new: str) -> Fault:
    return responding(name, summary, _in_strings(lambda text: text.replace(old, new)), "body.*.echo")


FAULTS: tuple[Fault, ...] = (
    _character("sharp-s-as-ss", "ß comes back as ss", "ß", "ss"),
    _character("dotless-i-as-i", "ı comes back as i", "ı", "i"),
    _character("line-separator-lost", "U+2028 is lost", "\u2028", ""),
    _character("no-break-space-as-blank", "U+00A0 comes back as a blank", "\u00a0", " "),
    _character("delete-lost", "U+007F is lost", "\u007f", ""),
    _character("soft-hyphen-lost", "U+00AD is lost", "\u00ad", ""),
    _character("quotes-straightened", "typographic quotes come back straight", "\u201c", '"'),
    _character("euro-as-question-mark", "€ comes back as a question mark", "€", "?"),
    _character("plus-as-blank", "a plus sign comes back as a blank", "+", " "),
    deciding(
        "joined-emoji-crash",
        "an emoji of several joined characters makes the server fail",
        crashes_if(lambda sent: any("\u200d" in text for text in strings(sent))),
        "robustness.server-error",
    ),
    deciding(
        "growing-character-refused",
        "a prompt that grows when it is put into upper case is refused",
        refuses_if(lambda body: len((body.get("systemPrompt") or "").upper()) > len(body.get("systemPrompt") or "")),
        "status.created",
        "body.systemPrompt*",
    ),
)
