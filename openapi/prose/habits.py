"""The habits of descriptions: sentences that say what a keyword would, and the keyword that each says.

A habit is a pattern and a function that reads its match. A reading must fit the schema that the sentence is about: a bound
needs a number, a default must be valid, names must be those of properties. Where it does not fit, there is no reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from openapi.json_types import Json
from openapi.prose.names import named_in, slug
from openapi.prose.stated_values import value_in


class Confidence(StrEnum):
    """How sure a reading is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Subject:
    """The schema that a sentence is about, with references and `allOf` merged into `merged`.

    `name` is that of the property, empty for a schema of its own; `siblings` are the properties of the object that has it.
    `is_valid` says whether the schema admits a value.
    """

    name: str
    merged: Mapping[str, Json]
    siblings: Mapping[str, Json]
    is_valid: Callable[[Json], bool]

    @property
    def properties(self) -> Mapping[str, Json]:
        """Return the properties of an object."""
        found: Mapping[str, Json] = self.merged.get("properties", {})
        return found

    def is_a(self, *types: str) -> bool:
        """Return whether the schema states one of these types."""
        stated = self.merged.get("type")
        return stated in types or (isinstance(stated, list) and any(each in types for each in stated))


@dataclass(frozen=True, slots=True)
class Reading:
    """The keywords that a sentence says. With `of_parent` they belong to the object that has the property."""

    update: Mapping[str, Json]
    confidence: Confidence
    of_parent: bool = False


Reader = Callable[[re.Match[str], Subject], Reading | None]
_NUMBER = r"-?\d+(?:\.\d+)?"
_MUST = r"(?P<modal>must|should|may|can)"


def readings(sentence: str, subject: Subject) -> list[Reading]:
    """Return what a sentence says of its subject, by all habits that it has."""
    found = []
    for pattern, read in _HABITS:
        match = pattern.search(sentence)
        reading = read(match, subject) if match else None
        if reading is not None:
            found.append(reading)
    return found


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() and "." not in text else value


def _range(match: re.Match[str], subject: Subject) -> Reading | None:
    if not subject.is_a("number", "integer"):
        return None
    bounds = {"minimum": _number(match["low"]), "maximum": _number(match["high"])}
    is_sure = re.search(r"must|value|range", match[0], re.IGNORECASE) is not None
    return Reading(bounds, Confidence.CERTAIN if is_sure else Confidence.LIKELY)


def _least(match: re.Match[str], subject: Subject) -> Reading | None:
    keyword = "minimum" if match["end"].lower().startswith("mini") else "maximum"
    if not subject.is_a("number", "integer"):
        return None
    value = _number(match["value"])
    default = {"default": value} if "default" in match.string[match.end() :] and subject.is_valid(value) else {}
    return Reading({keyword: value, **default}, Confidence.CERTAIN)


def _bound(match: re.Match[str], subject: Subject) -> Reading | None:
    is_least = match["end"].lower() == "at least"
    value = _number(match["value"])
    if match["unit"]:
        keyword = "minLength" if is_least else "maxLength"
        return Reading({keyword: value}, Confidence.CERTAIN) if subject.is_a("string") else None
    keyword = "minimum" if is_least else "maximum"
    return Reading({keyword: value}, Confidence.CERTAIN) if subject.is_a("number", "integer") else None


def _most(match: re.Match[str], subject: Subject) -> Reading | None:
    """Return what is said in `(max 100)`."""
    return Reading({"maximum": _number(match["value"])}, Confidence.LIKELY) if subject.is_a("number", "integer") else None


def _compared(match: re.Match[str], subject: Subject) -> Reading | None:
    """Return what is said in `must be greater than 0 and less than or equal to 1`."""
    if not subject.is_a("number", "integer"):
        return None
    bounds = {}
    for end, keyword in (("low", "minimum"), ("high", "maximum")):
        if match[end]:
            exclusive = f"exclusive{keyword.title()}"
            bounds[keyword if match[f"{end}_equal"] else exclusive] = _number(match[end])
    return Reading(bounds, Confidence.CERTAIN)


def _pattern(match: re.Match[str], subject: Subject) -> Reading | None:
    try:
        re.compile(match["pattern"])
    except re.error:
        return None
    return Reading({"pattern": match["pattern"]}, Confidence.CERTAIN) if subject.is_a("string") else None


# What a condition follows, or is said of some cases only, is no default.
_CONDITION = re.compile(
    r"\b(?:unless|except|otherwise the|depend)|(?:\band|,) \S+ otherwise\b"
    r"|\b(?:if|when)\b(?! (?:it is |it's )?(?:not |unset|empty|omitted|absent|missing|unspecified))",
    re.IGNORECASE,
)
_TENTATIVE = re.compile(r"\bthe default \(|\bcurrently\b|\bif empty\b", re.IGNORECASE)


def _default(match: re.Match[str], subject: Subject) -> Reading | None:
    if _CONDITION.search(match.string):
        return None
    members = [each for each in subject.merged.get("enum", ()) if isinstance(each, str)]
    found = value_in(match["value"], members, subject.is_valid)
    if found is None:
        return None
    is_sure = found[1] and not _TENTATIVE.search(match.string)
    return Reading({"default": found[0]}, Confidence.CERTAIN if is_sure else Confidence.LIKELY)


def _switched(match: re.Match[str], subject: Subject) -> Reading | None:
    """Return what is said in `(Default: enabled)`."""
    return Reading({"default": match["state"].lower() == "enabled"}, Confidence.LIKELY) if subject.is_a("boolean") else None


def _only_one(match: re.Match[str], subject: Subject) -> Reading | None:
    """Return what is said in `Exactly one of a or b must be set` and `At most one field may be set`."""
    names = named_in(match["names"], subject.properties)
    is_exact = match["count"].lower() == "exactly one"
    if not names:
        if match["names"].strip() not in ("", "field", "member", "property", "option") and is_exact:
            return None
        one = {"minProperties": 1, "maxProperties": 1} if is_exact else {"maxProperties": 1}
        return Reading(one, Confidence.CERTAIN) if subject.properties else None
    if len(names) < 2 or not is_exact:
        return None
    others = [each for each in subject.properties if each not in names and _is_named_as_they(each, names, subject)]
    return Reading({"oneOf": [{"required": [name]} for name in names]}, Confidence.UNSURE if others else Confidence.CERTAIN)


def _is_named_as_they(name: str, names: list[str], subject: Subject) -> bool:
    """Return whether a property that the sentence does not name may be one more alternative that came later.

    Its schema is named as theirs are: `DataToolDetails` beside `HttpToolDetails` and `ClientToolDetails`.
    """
    own, *theirs = (_reference(subject.properties[each]) for each in (name, *names))
    front, back = _shared(theirs), _shared([each[::-1] for each in theirs])[::-1]
    return bool(back) and own.startswith(front) and own.endswith(back)


def _shared(names: list[str]) -> str:
    """Return the beginning that all names share."""
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*names, strict=False))
    return "".join(column[0] for column in columns)


def _reference(schema: Json) -> str:
    parts = [schema, *(schema.get("allOf", ()) if isinstance(schema, dict) else ())]
    return next((each["$ref"] for each in parts if isinstance(each, dict) and "$ref" in each), "")


def _not_both(match: re.Match[str], subject: Subject) -> Reading | None:
    found = named_in(match["other"], subject.siblings)
    if len(found) != 1 or not subject.name:
        return None
    rule = {
        "x-rule": f"{slug(found[0])}-or-{slug(subject.name)}",
        "x-requirement": f"A body MUST NOT set both {found[0]} and {subject.name}.",
        "not": {"required": [found[0], subject.name]},
    }
    return Reading({"allOf": [rule]}, Confidence.CERTAIN, of_parent=True)


def _not_together(match: re.Match[str], subject: Subject) -> Reading | None:
    """Return what is said in `May not be set together with other`, which is often said of both."""
    found = named_in(match["other"], subject.siblings)
    if len(found) != 1 or not subject.name or found[0] == subject.name:
        return None
    both = sorted((found[0], subject.name))
    rule = {
        "x-rule": f"{slug(both[0])}-or-{slug(both[1])}",
        "x-requirement": f"A body MUST NOT set both {both[0]} and {both[1]}.",
        "not": {"required": both},
    }
    return Reading({"allOf": [rule]}, Confidence.CERTAIN, of_parent=True)


def _not_if_true(match: re.Match[str], subject: Subject) -> Reading | None:
    """Return what is said in `May not be set if other is true`."""
    found = named_in(match["other"], subject.siblings)
    if len(found) != 1 or not subject.name:
        return None
    rule = {
        "x-rule": f"no-{slug(subject.name)}-with-{slug(found[0])}",
        "x-requirement": f"A body MUST NOT set {subject.name} where {found[0]} is {match['state'].lower()}.",
        "not": {
            "required": [found[0], subject.name],
            "properties": {found[0]: {"const": match["state"].lower() == "true"}},
        },
    }
    return Reading({"allOf": [rule]}, Confidence.CERTAIN, of_parent=True)


def _only_with(match: re.Match[str], subject: Subject) -> Reading | None:
    """Return what is said in `Only valid when other is set`."""
    found = named_in(match["other"], subject.siblings)
    if len(found) != 1 or not subject.name or found[0] == subject.name:
        return None
    return Reading({"dependentRequired": {subject.name: found}}, Confidence.LIKELY, of_parent=True)


def _keys(match: re.Match[str], subject: Subject) -> Reading | None:
    if not subject.is_a("object"):
        return None
    return Reading({"propertyNames": {"not": {"pattern": f"^{re.escape(match['start'])}"}}}, Confidence.CERTAIN)


def _values(match: re.Match[str], subject: Subject) -> Reading | None:
    kind = match["type"].rstrip("s")
    if not subject.is_a("object") or "additionalProperties" in subject.merged:
        return None
    return Reading({"additionalProperties": {"type": kind}}, Confidence.CERTAIN)


def _required(_match: re.Match[str], subject: Subject) -> Reading | None:
    return Reading({"required": [subject.name]}, Confidence.CERTAIN, of_parent=True) if subject.name else None


_COMPARISON = (
    rf"\bmust be (?:greater than (?P<low_equal>or equal to )?(?P<low>{_NUMBER})(?: and )?)?"
    rf"(?:less than (?P<high_equal>or equal to )?(?P<high>{_NUMBER}))?(?<=\d)(?!\.?\d)"
)
_SPOKEN: tuple[tuple[str, Reader], ...] = (
    (rf"\b(?:must be |value |range |, )?(?:is |be )?between (?P<low>{_NUMBER}) and (?P<high>{_NUMBER})\b", _range),
    (rf"\b(?P<end>mini\w*m|maxi\w*m)(?: value)? (?:is|of) (?P<value>{_NUMBER})\b", _least),
    (rf"\bmust be (?P<end>at least|at most) (?P<value>{_NUMBER})(?P<unit> characters?)?\b", _bound),
    (rf"\bbetween \[(?P<low>{_NUMBER}), ?(?P<high>{_NUMBER})\]", _range),
    (_COMPARISON, _compared),
    (rf"\(max(?:imum)?:? (?P<value>{_NUMBER})\)", _most),
    (r"\bmust match(?: (?:this|the) (?:pattern|regex):?)? [`\"']?(?P<pattern>\^\S*\$)", _pattern),
    (r"\bdefaults? (?:to|is) (?P<value>\S.*)", _default),
    (r"\bthe default \((?P<value>\w+)\)", _default),
    (r"^\(default: (?P<state>enabled|disabled)\)$", _switched),
    (rf"\b(?P<count>exactly one|at most one)(?: of)? ?(?P<names>.*?) {_MUST} be (?:set|given|provided|specified)\b", _only_one),
    (r"\beither this or (?P<other>[`\"']?\w+[`\"']?) (?:may|can|must|should) be \w+, but not both\b", _not_both),
    (r"\bmay not be set together with (?P<other>[`\"']?\w+[`\"']?)\.?$", _not_together),
    (r"\bmay not be set (?:if|when) (?P<other>[`\"']?\w+[`\"']?) is (?P<state>true|false)\b", _not_if_true),
    (r"^only valid (?:if|when) (?P<other>[`\"']?\w+[`\"']?) is set\b", _only_with),
    (r"\bkeys (?:may|must|can) ?not start with [\"“'`](?P<start>[^\"”'`]+)[\"”'`]", _keys),
    (r"\ball values must be (?P<type>strings|numbers|integers|booleans)\b", _values),
    (r"^required\.$", _required),
)
_HABITS = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in _SPOKEN)
