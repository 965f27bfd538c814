"""Faults of what is a call's own, its id, its URL, its time: calls that share one."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import ResponseHook
from emulator.messages import Exchange

from .family import FAMILY


def _responding(name: str, summary: str, response: ResponseHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, response=response)


def _same_id(_exchange: Exchange, response: Body) -> Body:
    return {**response, "callId": "3c90c3cc-0d44-4b50-8888-8dd25736052a"}


def _id_of_body(exchange: Exchange, response: Body) -> Body:
    return {**response, "callId": str(uuid5(NAMESPACE_OID, orjson.dumps(exchange.merged).decode()))}


def _id_again(exchange: Exchange, response: Body) -> Body:
    last = exchange.memory.pop("last id", None)
    if last is None:
        exchange.memory["last id"] = response["callId"]
    return {**response, "callId": last or response["callId"]}


def _id_of_parent(exchange: Exchange, response: Body) -> Body:
    return {**response, "callId": exchange.parent.id} if exchange.parent else response


def _url_of_parent(exchange: Exchange, response: Body) -> Body:
    return {**response, "joinUrl": orjson.loads(exchange.parent.response)["joinUrl"]} if exchange.parent else response


def _url_of_last(exchange: Exchange, response: Body) -> Body:
    last, exchange.memory["last url"] = exchange.memory.get("last url", response["joinUrl"]), response["joinUrl"]
    return {**response, "joinUrl": last}


def _time_of_parent(exchange: Exchange, response: Body) -> Body:
    return {**response, "created": orjson.loads(exchange.parent.response)["created"]} if exchange.parent else response


def _time_of_first(exchange: Exchange, response: Body) -> Body:
    return {**response, "created": exchange.memory.setdefault("first created", response["created"])}


FAULTS: tuple[Fault, ...] = (
    _responding("id-constant", "every call has the same id", _same_id, "state.*"),
    _responding("id-of-body", "equal bodies make equal ids", _id_of_body, "state.unique-ids"),
    _responding("id-used-twice", "every id is used twice", _id_again, "state.*"),
    _responding("join-url-of-prior", "a call made from a prior one is joined at that one's URL", _url_of_parent, "state.*"),
    _responding("join-url-of-last", "a call is joined at the URL of the call before", _url_of_last, "state.*"),
    _responding("time-of-prior", "a call made from a prior one was created when that was", _time_of_parent, "state.own-times"),
    _responding("time-of-first", "every call was created when the first one was", _time_of_first, "state.own-times"),
    _responding("id-of-prior", "a call made from a prior one has that one's id", _id_of_parent, "state.*", "query.*"),
)
