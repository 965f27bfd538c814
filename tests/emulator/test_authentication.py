"""Who is admitted, and how the others are refused."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from emulator.app import create_app
from emulator.messages import Request
from emulator.variants import Variant
from openapi import load_contract
from openapi.security import SecurityScheme
from tests.emulator.client import KEY, PATH, Client, contract

CASES = Path(__file__).parents[1] / "conformance" / "cases"


@pytest.mark.parametrize("shown", ["", "invalid", KEY[:-1], KEY + "x", KEY.swapcase(), f" {KEY}", f"{KEY},{KEY}"])
@pytest.mark.parametrize(("method", "path"), [("POST", PATH), ("GET", f"{PATH}/1"), ("DELETE", f"{PATH}/1")])
def test_an_invalid_key_is_refused(method: str, path: str, shown: str) -> None:
    reply = Client().send(method, path, body={}, headers={"x-api-key": shown})
    assert reply.status == 403
    assert orjson.loads(reply.body) == {"detail": "Invalid API key"}


@pytest.mark.parametrize(("method", "path"), [("POST", PATH), ("GET", f"{PATH}/1"), ("DELETE", f"{PATH}/1")])
def test_no_key_is_refused(method: str, path: str) -> None:
    assert Client().send(method, path, body={}, headers={"x-api-key": None}).status == 401


@pytest.mark.parametrize("headers", [{"authorization": f"Bearer {KEY}"}, {"cookie": f"X-API-Key={KEY}"}, {"api-key": KEY}])
def test_a_key_elsewhere_is_none(headers: dict[str, str | None]) -> None:
    client = Client()
    assert client.send(body={}, query=f"X-API-Key={KEY}", headers={"x-api-key": None, **headers}).status == 401


def test_refusals_vary() -> None:
    client = Client(Variant(no_key_status=403, invalid_key_status=401))
    assert client.send(body={}, headers={"x-api-key": None}).status == 403
    assert client.send(body={}, headers={"x-api-key": "invalid"}).status == 401


def test_who_is_refused_deletes_nothing() -> None:
    client = Client()
    path = f"{PATH}/{client.created()['callId']}"
    assert client.send("DELETE", path, headers={"x-api-key": "invalid"}).status == 403
    assert client.send("GET", path).status == 200


def test_other_places_where_a_description_may_want_the_key() -> None:
    schemes = (SecurityScheme("q", "key", "query", ""), SecurityScheme("c", "key", "cookie", ""))
    client = Client(described=replace(contract(), security=tuple((each,) for each in schemes)))
    bare: dict[str, str | None] = {"x-api-key": None}
    assert client.send(body={}, query=f"key={KEY}", headers=bare).status == 201
    assert client.send(body={}, headers={**bare, "cookie": f"a=b; key={KEY}"}).status == 201
    assert client.send(body={}, headers={**bare, "cookie": "key=wrong"}).status == 403
    assert client.send(body={}, headers={**bare, "cookie": "a b; ="}).status == 401
    assert client.send(body={}).status == 401


def test_without_a_documented_key_all_are_admitted() -> None:
    assert Client(described=replace(contract(), security=())).send(body={}, headers={"x-api-key": None}).status == 201


BEARER = SecurityScheme("b", "Authorization", "header", "", "Bearer")
BASIC = SecurityScheme("p", "Authorization", "header", "", "Basic")
CLIENT = SecurityScheme("c", "X-Client", "header", "")


@pytest.mark.parametrize(
    ("scheme", "value", "status"),
    [
        (BEARER, f"Bearer {KEY}", 201),
        (BEARER, f"bearer {KEY}", 201),
        (BEARER, KEY, 401),
        (BEARER, f"Basic {KEY}", 401),
        (BEARER, "Bearer other", 403),
        (BASIC, "Basic " + b64encode(KEY.encode()).decode(), 201),
        (BASIC, "Basic " + b64encode(f"{KEY}:".encode()).decode(), 403),
        (BASIC, "Basic ?", 403),
        (BASIC, f"Bearer {KEY}", 401),
    ],
)
def test_credentials_of_http(scheme: SecurityScheme, value: str, status: int) -> None:
    client = Client(described=replace(contract(), security=((scheme,),)))
    assert client.send(body={}, headers={"x-api-key": None, "authorization": value}).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": f"Bearer {KEY}", "x-client": KEY}, 201),
        ({"authorization": f"Bearer {KEY}"}, 401),
        ({"x-client": KEY}, 401),
        ({"authorization": "Bearer other", "x-client": KEY}, 403),
    ],
)
def test_schemes_of_one_requirement_are_needed_together(headers: dict[str, str | None], status: int) -> None:
    client = Client(described=replace(contract(), security=((BEARER, CLIENT),)))
    assert client.send(body={}, headers={"x-api-key": None, **headers}).status == status


def test_optional_credentials_admit_all() -> None:
    client = Client(described=replace(contract(), security=((), (CLIENT,))))
    assert client.send(body={}, headers={"x-api-key": None}).status == 201


def test_keys_by_variable_admit_only_where_their_scheme_has_them() -> None:
    loaded = load_contract(str(CASES / "own-members-of-branches.yaml"))
    keys = {"API_KEY": "one", "API_KEY_CSRF": "two", "API_KEY_TOKEN": "three"}
    endpoint = create_app(loaded, keys=keys).endpoint

    def status(**headers: str) -> int:
        encoded = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
        return endpoint.handle(Request("GET", "/things/1", b"", encoded, b"")).status

    assert status(cookie="SESSION=one", x_csrf_token="two") == 404
    assert status(authorization="Bearer three") == 404
    assert {status(cookie="SESSION=two", x_csrf_token="one"), status(authorization="Bearer two")} == {403}
