"""The parsers that are asked, by the names that the table of lenient values has for them."""

from __future__ import annotations

from tests.parsers.ajv_coercion import AJV, AJV_ARRAY
from tests.parsers.go_protobuf import GO_PROTOBUF
from tests.parsers.pydantic_models import PYDANTIC
from tests.parsers.python_protobuf import PYTHON_PROTOBUF
from tests.parsers.reading import Parser

PARSERS: dict[str, Parser] = {
    "protobuf": PYTHON_PROTOBUF,
    "protobuf-go": GO_PROTOBUF,
    "pydantic": PYDANTIC,
    "ajv": AJV,
    "ajv-array": AJV_ARRAY,
}
