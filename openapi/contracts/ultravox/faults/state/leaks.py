"""Faults of what one request leaves behind for the next, though neither names the other."""

from __future__ import annotations

from urllib.parse import parse_qs

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import SERVER_ERROR, Hook, ResponseHook
from emulator.messages import Exchange, Reply

from .family import FAMILY


def _leaving(name: str, field: str, summary: str, accepted: Hook | None, response: ResponseHook) -> Fault:
    expects = ("robustness.repeatable", "state.*", f"body.{field}.*", f"response.{field}.*")
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepted, response=response)


def _after_refusal(field: str) -> Fault:
    """Return what a refused body has set is shown by the next call that leaves it out."""

    def accepted(exchange: Exchange, refusal: Reply | None) -> Reply | None:
        if refusal is not None and isinstance(exchange.sent, dict) and field in exchange.sent:
            exchange.memory[field] = exchange.sent[field]
        return refusal

    def response(exchange: Exchange, given: Body) -> Body:
        left = exchange.memory.pop(field, None)
        return given if left is None or field in exchange.merged else {**given, field: left}

    summary = f"the next call shows the {field} of a body that was refused"
    return _leaving(f"refused-{field}-left-behind", field, summary, accepted, response)


def _from_call_to_call(field: str, alongside: str = "") -> Fault:
    """Return a fault: every call changes a default, which shows in all calls, or in those that set something else."""

    def response(exchange: Exchange, given: Body) -> Body:
        if field in exchange.merged:
            exchange.memory[field] = given[field]
        elif exchange.memory.get(field) is not None and (not alongside or alongside in exchange.merged):
            return {**given, field: exchange.memory[field]}
        return given

    name, which = (f"-beside-{alongside}", f" and with {alongside}") if alongside else ("", "")
    summary = f"a call without {field}{which} shows that of the call before"
    return _leaving(f"{field}-left-behind{name}", field, summary, None, response)


def _written_to_parent(exchange: Exchange, refusal: Reply | None) -> Reply | None:
    """Return the parent call is changed before the body is judged."""
    named = parse_qs(exchange.request.query_string.decode()).get("priorCallId", [""])[0].lower()
    parent = exchange.store.get(named) if refusal is not None and isinstance(exchange.sent, dict) else None
    if parent is not None and "systemPrompt" in exchange.sent:
        response = {**orjson.loads(parent.response), "systemPrompt": exchange.sent["systemPrompt"]}
        exchange.store.put(parent._replace(response=orjson.dumps(response)))
    return refusal


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="refused-heir-changes-prior",
        family=FAMILY,
        summary="a body that is refused changes the parent call it names",
        expects=("state.parent-unchanged", "state.*"),
        accepted=_written_to_parent,
    ),
    Fault(
        name="heir-without-body-failing",
        family=FAMILY,
        summary="a parent call and no body are a server error",
        expects=("robustness.server-error",),
        accepted=lambda exchange, refusal: SERVER_ERROR if exchange.parent and not exchange.request.body else refusal,
    ),
    *map(_after_refusal, ("systemPrompt", "metadata", "languageHint")),
    *map(_from_call_to_call, ("metadata", "initialState")),
    _from_call_to_call("metadata", alongside="recordingEnabled"),
    _from_call_to_call("systemPrompt", alongside="initialMessages"),
    _from_call_to_call("experimentalSettings", alongside="vadSettings"),
)
