"""Variants: servers that conform and still respond differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LARGEST_BODY = 4 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One conforming server; the default does what the real server most likely does.

    `parsing` names the parser of bodies. `unset_nested` says whether unsent nested members are left out, shown as null, or
    shown with their documented default (`filled`). `drop_zero_nested` leaves out nested zeros, empty strings and false, as
    protobuf does for fields without presence. `ints_as_floats` writes the numbers of free-form objects as floats.
    `extra_response_fields` adds members that no description has, nested ones too. A body of more bytes than `largest_body` is
    refused with 413. `parent_conflict` says what happens to an inherited property that a member of the body excludes: it gives
    way, or the request is refused. A server that `enforces` all stated rules refuses bodies that violate implied and
    undocumented ones too. `parent_objects` says whether the objects of a body replace those of its parent call or are merged
    with them. A server that does not serve objects (`serves_objects`) creates calls and nothing else. One that does not fill in
    defaults (`fills_defaults`) leaves optional members that were not sent out of its responses. `body_before_key` refuses a
    body that is not JSON before it looks for the key.
    """

    parsing: Literal["protojson", "strict"] = "protojson"
    unknown_keys: Literal["refused", "ignored"] = "refused"
    invalid_body_status: Literal[400, 422] = 400
    no_key_status: Literal[401, 403] = 401
    invalid_key_status: Literal[401, 403] = 403
    unknown_parent_status: Literal[400, 404] = 400
    durations: Literal["canonical", "as_sent", "trimmed", "nanos"] = "canonical"
    unset_nested: Literal["omitted", "null", "filled"] = "omitted"
    drop_zero_nested: bool = False
    unspecified_omitted: bool = True
    ints_as_floats: bool = False
    float32: bool = False
    resolve_names: bool = False
    system_metadata: bool = False
    extra_response_fields: bool = False
    ascii_json: bool = False
    reversed_keys: bool = False
    server_headers: bool = False
    largest_body: int = LARGEST_BODY
    parent_conflict: Literal["gives-way", "refused"] = "gives-way"
    enforces: Literal["documented", "stated"] = "documented"
    parent_objects: Literal["replaced", "merged"] = "replaced"
    serves_objects: bool = True
    fills_defaults: bool = True
    body_before_key: bool = False


STRICT = Variant(parsing="strict", unknown_keys="ignored", unspecified_omitted=False, durations="as_sent")

# Each preset differs from the default, or from STRICT, in what its name says; the last ones combine.
CONFORMING: dict[str, Variant] = {
    "protojson": Variant(),
    "strict": STRICT,
    "unprocessable": Variant(invalid_body_status=422),
    "forbidden": Variant(no_key_status=403),
    "unauthorized": Variant(invalid_key_status=401),
    "prior-not-found": Variant(unknown_parent_status=404),
    "durations-as-sent": Variant(durations="as_sent"),
    "durations-trimmed": Variant(durations="trimmed"),
    "durations-nanos": Variant(durations="nanos"),
    "nested-null": Variant(unset_nested="null"),
    "nested-filled": Variant(unset_nested="filled"),
    "zeros-dropped": Variant(drop_zero_nested=True),
    "unspecified-kept": Variant(unspecified_omitted=False),
    "unknown-ignored": Variant(unknown_keys="ignored"),
    "ints-as-floats": Variant(ints_as_floats=True),
    "float32": Variant(float32=True),
    "names-resolved": Variant(resolve_names=True),
    "system-metadata": Variant(system_metadata=True),
    "small-bodies": Variant(largest_body=65_536),
    "prior-conflict-refused": Variant(parent_conflict="refused"),
    "all-enforced": Variant(enforces="stated", parent_conflict="refused"),
    "objects-merged": Variant(parent_objects="merged"),
    "post-only": Variant(serves_objects=False),
    "defaults-left-out": Variant(fills_defaults=False),
    "body-before-key": Variant(body_before_key=True),
    "smaller-bodies": Variant(largest_body=16_384),
    "extra-fields": Variant(extra_response_fields=True),
    "ascii": Variant(ascii_json=True),
    "reversed": Variant(reversed_keys=True, server_headers=True),
    "strict-nested-null": Variant(parsing="strict", unknown_keys="ignored", unset_nested="null", invalid_body_status=422),
    "real-like": Variant(resolve_names=True, system_metadata=True, ints_as_floats=True, float32=True, drop_zero_nested=True),
    "far-off": Variant(
        parsing="strict",
        unknown_keys="ignored",
        invalid_body_status=422,
        no_key_status=403,
        invalid_key_status=401,
        unknown_parent_status=404,
        durations="nanos",
        unset_nested="filled",
        resolve_names=True,
        system_metadata=True,
        extra_response_fields=True,
        ascii_json=True,
        reversed_keys=True,
        server_headers=True,
    ),
}
