"""The credentials of requests as forms: where each goes, and how it is written there.

key in the header X-Key          ->  {"header X-Key": KEY}
bearer token                     ->  {"header Authorization": ["Bearer ", KEY]}
two cookies of one requirement   ->  {"header Cookie": [["one=", KEY], "; ", ["two=", KEY of another variable]]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from conformance.http.target import Target
from openapi.contract import Contract
from openapi.security import Pairs, SecurityScheme
from reports.record.key_forms import KEY, Form, KeyValue, changed, of_variable
from strategies.case import Case, Key


def placed(scheme: SecurityScheme, form: Form = KEY) -> tuple[str, Form]:
    """Return the place of a credential, such as `header X-Key`, and the form of what stands there."""
    written = changed("base64", form) if scheme.is_basic else form
    if scheme.prefix:
        # A header cannot end in a blank.
        written = [f"{scheme.prefix} ", written] if form else scheme.prefix
    if scheme.location == "cookie":
        return "header Cookie", [f"{scheme.name}=", written]
    return f"{scheme.location} {scheme.name}", written


def forms_of(contract: Contract, schemes: Iterable[SecurityScheme]) -> dict[str, Form]:
    """Return the forms of the credentials of some schemes by place."""
    found: dict[str, Form] = {}
    for scheme in schemes:
        found = joined(found, dict([placed(scheme, _own(contract, scheme))]))
    return found


def joined(one: Mapping[str, Form], two: Mapping[str, Form]) -> dict[str, Form]:
    """Return the forms of both by place; cookies share one header."""
    return {**one, **{place: [one[place], "; ", form] if place in one else form for place, form in two.items()}}


def sent_with(contract: Contract, case: Case) -> dict[str, Form]:
    """Return the forms of the credentials that a case leaves to the client, by place."""
    if case.key is Key.NONE:
        return {}
    about = case.scheme or next((each.scheme for each in contract.keys), "")
    return forms_of(contract, [each for each in contract.keys if case.key is Key.RIGHT or each.scheme != about])


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials of a target: makes the values that a case tries of them."""

    contract: Contract
    key: str = field(repr=False)
    others: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, contract: Contract, target: Target) -> Credentials:
        """Return the credentials of a target."""
        return cls(contract, target.key, target.more_keys)

    def secret(self, scheme: SecurityScheme) -> str | None:
        """Return the credential for a scheme, None where the target has none."""
        is_first = scheme in self.contract.keys[:1]
        return self.key if is_first else self.others.get(self.contract.variable_of(scheme))

    def value(self, scheme: SecurityScheme, form: Form) -> KeyValue:
        """Return what a form makes of the credential for a scheme."""
        own = form if scheme in self.contract.keys[:1] else of_variable(form, self.contract.variable_of(scheme))
        return KeyValue(own, self.key, self.others)

    def in_place(self, scheme: SecurityScheme, form: Form) -> tuple[Pairs, Pairs]:
        """Return the headers and the query with what a form makes of the credential, where the scheme has it."""
        place, written = placed(scheme, form)
        return self.pairs_of(scheme, {place: written})

    def pairs_of(self, scheme: SecurityScheme, forms: Mapping[str, Form]) -> tuple[Pairs, Pairs]:
        """Return the headers and the query with what forms, by place, make of the credential for one scheme."""
        return _pairs({place: self.value(scheme, form) for place, form in forms.items()})

    def pairs(self, forms: Mapping[str, Form]) -> tuple[Pairs, Pairs]:
        """Return the headers and the query with what forms, by place, make of all credentials."""
        return _pairs({place: KeyValue(form, self.key, self.others) for place, form in forms.items()})


def _pairs(values: Mapping[str, str]) -> tuple[Pairs, Pairs]:
    found: dict[str, list[tuple[str, str]]] = {"header": [], "query": []}
    for where, value in values.items():
        place, _, name = where.partition(" ")
        found[place].append((name, value))
    return tuple(found["header"]), tuple(found["query"])


def _own(contract: Contract, scheme: SecurityScheme) -> Form:
    """Return the form of a whole credential: that of the first scheme, or of its own variable."""
    return KEY if scheme in contract.keys[:1] else of_variable(KEY, contract.variable_of(scheme))
