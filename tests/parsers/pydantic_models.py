"""Pydantic in its lax mode, on models that datamodel-code-generator makes of the description, as FastAPI servers do it."""

from __future__ import annotations

import json
import sys
import types
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version as installed
from typing import Any

import pydantic
from datamodel_code_generator import generate
from datamodel_code_generator.enums import DataModelType, InputFileType
from datamodel_code_generator.format import Formatter, PythonVersion

from openapi.json_types import Json, Schema
from tests.parsers.reading import Parser, Read, Reading, Refused


def read(schema: Schema, texts: Sequence[str]) -> list[Reading]:
    """Return what pydantic makes of each text: FastAPI decodes JSON first and validates Python values then."""
    adapter = _adapter(json.dumps(_plain(schema)))
    return [_reading(adapter, text) for text in texts]


def _reading(adapter: pydantic.TypeAdapter[Any], text: str) -> Reading:
    try:
        document = json.loads(text)
        found = adapter.validate_python(document)
        return Read(json.loads(adapter.dump_json(found, by_alias=True, exclude_none=True, warnings=False)))
    except (ValueError, RecursionError) as error:
        return Refused(str(error))


@lru_cache(maxsize=8)
def _adapter(schema: str) -> pydantic.TypeAdapter[Any]:
    # Pydantic looks for the names in annotations in the module of the model.
    name = f"generated_models_{_adapter.cache_info().misses}"
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(_code(schema), name, "exec"), vars(module))  # made a moment ago of a schema of our own
    return pydantic.TypeAdapter(module.GeneratedBody)


def _code(schema: str) -> str:
    """Return the source text of the models of a schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the generator warns of formats that OpenAPI adds to JSON Schema
        code = generate(
            schema,
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            class_name="GeneratedBody",
            formatters=[Formatter.BUILTIN],
        )
    return str(code)


def _plain(schema: Json) -> Json:
    """Return the schema without `x-` keywords and without dots in the names of definitions, which would be modules."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {keyword: _CHANGED.get(keyword, _plain)(value) for keyword, value in schema.items() if not keyword.startswith("x-")}


_CHANGED: dict[str, Callable[[Json], Json]] = {
    "$ref": lambda reference: reference.replace(".", "_"),
    "$defs": lambda definitions: {name.replace(".", "_"): _plain(each) for name, each in definitions.items()},
}


PYDANTIC = Parser(
    "pydantic",
    lambda: pydantic.VERSION,
    lambda: None,
    read,
    enforced=frozenset({"pattern"}),
    settings=f"lax, models by datamodel-code-generator {installed('datamodel-code-generator')}",
)
