"""Requests about one object that was created: to read it, to delete it."""

from __future__ import annotations

from urllib.parse import quote

from strategies.case import NO_BODY, Case, Key, Side

Query = tuple[tuple[str, str], ...]  # parameters or headers, in their order


def on_call(
    method: str,
    template: str,
    identity: str,
    rule: str,
    label: str,
    key: Key = Key.RIGHT,
    headers: Query = (),
) -> Case:
    """Return the case of an operation on one created call."""
    front, _, rest = template.partition("{")
    path = front + quote(identity, safe="") + rest.partition("}")[2]
    return Case(side=Side.STATE, label=label, rule=rule, method=method, path=path, key=key, headers=headers, body=NO_BODY)
