"""A description being read: values at paths of member names, with references followed."""

from __future__ import annotations

from dataclasses import dataclass, field

from openapi.errors import InvalidDescription
from openapi.json_types import Json, pointer
from openapi.reading.bundling import Bundler
from openapi.reading.description_schema import check
from openapi.reading.documents import Document


@dataclass
class Reader:
    """A description being read into the parts of a contract; `notes` are lines for the user."""

    document: Document
    bundler: Bundler
    notes: list[str] = field(default_factory=list)

    def at(self, *steps: str) -> tuple[Json, Document, str]:
        """Return the value at a path of member names from the root, with its document and pointer; references are followed.

        InvalidDescription where there is none.
        """
        value: Json = self.document.root
        document, place = self.document, ""
        for step in steps:
            value, document, place = self.bundler.deref(value, document, place)
            if not isinstance(value, dict) or step not in value:
                raise InvalidDescription(document.name, f"#{place}", f"there is no {step!r} here")
            value, place = value[step], place + pointer(step)
        return self.bundler.deref(value, document, place)

    def item(self, path: str) -> dict[str, Json]:
        """Return the path item of a path; empty where it is not an object."""
        item, _, _ = self.at("paths", path)
        return item if isinstance(item, dict) else {}

    def part(self, shape: str, *steps: str) -> tuple[Json, Document, str]:
        """Return the value at a path, which must have a form."""
        value, document, place = self.at(*steps)
        check(shape, value, document.name, place)
        return value, document, place

    def schema(self, *steps: str) -> dict[str, Json]:
        """Return the schema at a path, bundled."""
        *front, last = steps
        parent, document, place = self.at(*front)
        if not isinstance(parent, dict) or last not in parent:
            raise InvalidDescription(document.name, f"#{place}", f"there is no {last!r} here")
        return self.bundler.bundle(parent[last], document, place + pointer(last))

    def parameters(self, *here: str, are_sent: bool = False) -> dict[tuple[str, str], dict[str, Json]]:
        """Return the parameters of the operation at a path, and of its path item, by place and name.

        Where they `are_sent`, those that every request needs have whole schemas in normal form.
        """
        found = {}
        for owner in (here[:-1], here):
            item, document, place = self.at(*owner)
            for index, each in enumerate(item.get("parameters", [])):
                parameter, home, where = self.bundler.deref(each, document, f"{place}/parameters/{index}")
                if are_sent and (parameter.get("required") is True or parameter["in"] == "path") and "schema" in parameter:
                    schema = self.bundler.bundle(parameter["schema"], home, f"{where}/schema")
                    parameter = {**parameter, "schema": self.bundler.closed(schema)}
                found[parameter["in"], parameter["name"]] = parameter
        return found
