"""Responses to requests that are not about the content of a body."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.variants import CONFORMING, LARGEST_BODY, STRICT, Variant
from tests.emulator.client import PATH, Client, contract
from tests.examples import examples

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
_PROTOJSON, _STRICT = Client(), Client(STRICT)


@pytest.mark.parametrize("path", ["/", "/api", "/api/call", f"{PATH}/", f"{PATH}/{ID}/", f"{PATH}/{ID}/x", "/x" + PATH])
def test_unknown_paths(path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert Client().send(method, path, body={}).status == 404


@pytest.mark.parametrize("identifier", [ID, "x", "%00", "null", "é", "." * 5000])
def test_unknown_calls(identifier: str) -> None:
    client = Client()
    assert client.read(identifier).status == client.delete(identifier).status == 404


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "post", "BREW"])
def test_methods_of_the_collection(method: str) -> None:
    reply = Client().send(method, PATH, body={})
    assert (reply.status, dict(reply.headers)[b"allow"]) == (405, b"GET, POST")


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "PUT", "PATCH"])
def test_methods_of_a_call(method: str) -> None:
    reply = Client().send(method, f"{PATH}/{ID}", body={})
    assert (reply.status, dict(reply.headers)[b"allow"]) == (405, b"DELETE, GET")


@pytest.mark.parametrize("stated", ["application/json", "Application/JSON; charset=utf-8", "application/json ;a=b", None])
def test_json_is_taken(stated: str | None) -> None:
    assert Client().send(body={}, headers={"content-type": stated}).status == 201


@pytest.mark.parametrize(
    "stated",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "json",
        "",
        "application/*",
        "é",
    ],
)
def test_other_media_types_are_not(stated: str) -> None:
    assert Client().send(body={}, headers={"content-type": stated}).status == 415


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"\xef\xbb\xbf{}", b"[]", b"null", b"1", b'"\\ud800"', b"[" * 5000])
def test_malformed_bodies(raw: bytes) -> None:
    for client in (_PROTOJSON, _STRICT):
        reply = client.create(raw)
        assert reply.status == 400
        assert orjson.loads(reply.body).keys() == {"detail"}


def test_no_body_counts_as_an_empty_one_unless_it_is_required() -> None:
    assert Client().create(b"").status == 201
    assert Client(described=replace(contract(), request_required=True)).create(b"").status == 400


def test_large_bodies() -> None:
    client = Client()
    assert client.create({"systemPrompt": "x" * (LARGEST_BODY - 100)}).status == 201
    assert client.create({"systemPrompt": "x" * LARGEST_BODY}).status == 413


def test_created_read_and_deleted() -> None:
    client = Client()
    created = client.create({"voice": "Mark", "metadata": {"a": "b"}})
    identifier = orjson.loads(created.body)["callId"]
    assert client.read(identifier).status == 200
    assert client.read(identifier).body == client.read(identifier.upper()).body == created.body
    deleted = client.delete(identifier)
    assert (deleted.status, deleted.body) == (204, b"")
    assert client.read(identifier).status == client.delete(identifier).status == 404


def test_a_description_without_reading_and_deleting() -> None:
    client = Client(described=replace(contract(), read=None, delete=None))
    assert client.read(client.created()["callId"]).status == 404


def test_calls_are_apart() -> None:
    client = Client()
    first = client.create({"metadata": {"a": "1"}})
    second = client.create({"metadata": {"a": "2"}})
    ids = [orjson.loads(each.body)["callId"] for each in (first, second)]
    assert ids[0] != ids[1]
    client.delete(ids[1])
    assert client.read(ids[0]).body == first.body


def test_the_status_of_an_invalid_body_varies() -> None:
    client = Client(Variant(invalid_body_status=422))
    assert client.create({"temperature": 2}).status == client.create(b"{").status == 422


def test_huge_numbers() -> None:
    client = Client()
    assert client.create(b'{"initialState":{"n":1%s}}' % (b"0" * 400)).status == 400
    assert client.created(b'{"initialState":{"n":123456789012345678901234567890}}')["initialState"] == {
        "n": 1.2345678901234568e29
    }
    assert client.create(b'{"temperature":1%s}' % (b"0" * 300)).status == 400
    assert client.create(b'{"externalVoice":{"playHt":{"emotion":1e300}}}').status == 400


def test_deep_nesting() -> None:
    for levels, status in ((50, 201), (99, 201), (101, 400), (1000, 400), (100_000, 400)):
        raw = b'{"initialState":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"
        assert Client().create(raw).status == status, levels


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_NAMED = st.dictionaries(
    st.sampled_from(sorted(contract().request["$defs"]["ultravox.v1.StartCallRequest"]["properties"])), _JSON
)


@examples(80)
@given(st.binary())
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    for client in (_PROTOJSON, _STRICT):
        assert client.create(raw).status < 500


@examples(60)
@given(_JSON | _NAMED, st.sampled_from(sorted(CONFORMING)), st.text())
def test_no_value_makes_it_fail(body: object, variant: str, query: str) -> None:
    client = _CLIENTS[variant]
    raw = orjson.dumps(body, default=str) if not _too_big(body) else b"{}"
    assert client.create(raw, query.encode("utf-8", "replace").decode()).status < 500


_CLIENTS = {name: Client(variant) for name, variant in CONFORMING.items()}


def _too_big(value: object) -> bool:
    """Return whether orjson cannot serialize it: an integer beyond 64 bits, or a surrogate."""
    try:
        orjson.dumps(value)
    except TypeError:
        return True
    return False


def test_the_same_request_again_makes_another_call() -> None:
    client = Client()
    body = {"voice": "Mark", "metadata": {"a": "b"}}
    first, second, third = (client.created(body) for _ in range(3))
    assert len({each["callId"] for each in (first, second, third)}) == 3
    assert first["callId"] in first["joinUrl"]
    assert second["callId"] in second["joinUrl"]
    own = {"callId", "created", "joinUrl"}
    assert {k: v for k, v in first.items() if k not in own} == {k: v for k, v in third.items() if k not in own}


def test_a_request_is_not_remembered_for_more_than_it_is() -> None:
    client = Client()
    parent = client.created({"voice": "Mark"})["callId"]
    for _ in range(2):
        assert client.created({}, f"priorCallId={parent}")["voice"] == "Mark"
        assert client.created({})["voice"] is None
        assert client.send(body={}, headers={"content-type": "text/plain"}).status == 415
        assert client.create({}, "enableGreetingPrompt=maybe").status == 400
        assert client.send(body={}, headers={"x-api-key": "invalid"}).status == 403
    client.delete(parent)
    assert client.create({}, f"priorCallId={parent}").status == 400


def test_the_description_is_served_where_the_contract_says() -> None:
    client = Client()
    served = client.send("GET", "/api/schema/", headers={"x-api-key": None})
    assert (served.status, served.headers) == (200, ((b"content-type", b"application/json"),))
    assert orjson.loads(served.body) == contract().document
    assert client.send("POST", "/api/schema/").status == 405
    anonymous = replace(contract(), data=replace(contract().data, served_at=None))
    assert Client(described=anonymous).send("GET", "/api/schema/").status == 404


@pytest.mark.parametrize("described", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_media_types_are_compared_without_parameters_and_case(described: str) -> None:
    client = Client(described=replace(contract(), media_type=described))
    for sent, status in (("application/json", 201), ("application/json;charset=UTF-8", 201), ("text/plain", 415)):
        assert client.send(body={}, headers={"content-type": sent}).status == status
