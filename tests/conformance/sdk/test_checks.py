"""Checks of a client's own documentation, and the words of findings."""

from __future__ import annotations

from conformance.sdk.checks import documented
from conformance.sdk.findings import KINDS, Level
from conformance.sdk.protocol import Hello
from conformance.sdk.recording import Arrived
from openapi.catalogue import Catalogue


def arrived(body: bytes, *query: tuple[str, str]) -> Arrived:
    return Arrived("POST", "/api/calls", query, body, 0.0, 201, b"{}")


def test_a_default_in_the_documentation_is_held_against_what_is_sent(small_catalogue: Catalogue) -> None:
    hello = Hello("c", "1", defaults={"verbose": True, "enabled": False})
    [(_, deviation)] = documented(small_catalogue, hello, arrived(b"{}", ("verbose", "false")))
    assert (deviation.kind, deviation.member) == ("documented default", "verbose")
    assert not list(documented(small_catalogue, hello, arrived(b"{}", ("verbose", "true"))))
    assert not list(documented(small_catalogue, hello, arrived(b"{}")))


def test_a_default_that_the_body_contradicts_is_found(small_catalogue: Catalogue) -> None:
    hello = Hello("c", "1", defaults={"enabled": True})
    [(_, deviation)] = documented(small_catalogue, hello, arrived(b'{"enabled": false}'))
    assert deviation.actual == "sends false"


def test_an_example_in_the_documentation_must_be_valid(small_catalogue: Catalogue) -> None:
    hello = Hello("c", "1", examples={"wait": ("30m", "30s"), "unknown": (1,)})
    [(call, deviation)] = documented(small_catalogue, hello, None)
    assert call.body == {"wait": "30m"}
    assert deviation.expected == "body.wait.pattern holds"


def test_each_kind_is_a_sentence_about_a_client() -> None:
    for level, sentence in KINDS.values():
        assert sentence.startswith("A client")
        assert f" {level}" in sentence
        assert level in (Level.MUST, Level.SHOULD)
