"""A server on FastAPI whose pydantic models datamodel-code-generator writes from the description.

`python -m tests.servers.fastapi_pydantic PORT` listens on the loopback interface; the key is in ULTRAVOX_API_KEY.
"""

import importlib.util
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import uvicorn
from datamodel_code_generator import Formatter, InputFileType, generate
from datamodel_code_generator.enums import DataModelType
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

from openapi import load_contract
from tests.servers import calls

CALLS = calls.Calls()
KEY = APIKeyHeader(name="X-API-Key", auto_error=False)
# Components are named as protobuf messages are, which no Python class can be.
PACKAGES = ("ultravox.v1.", "google.protobuf.")
# The generator takes no bounds from this format, and warns of one that it does not know.
FORMATS = {
    '"format": "int32"': f'"format": "int32", "minimum": {-(2**31)}, "maximum": {2**31 - 1}',
    '"format": "enum", ': "",
}


def request_model() -> type[BaseModel]:
    """Return the model of the request body, generated from the description alone: the overlay is for sentences."""
    text = json.dumps(load_contract(overlays=[]).document)
    for old, new in {**dict.fromkeys(PACKAGES, ""), **FORMATS}.items():
        text = text.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "models.py"
        generate(
            text,
            input_file_type=InputFileType.OpenAPI,
            output=path,
            output_model_type=DataModelType.PydanticV2BaseModel,
            formatters=[Formatter.BUILTIN],
        )
        spec = importlib.util.spec_from_file_location("generated_models", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Pydantic looks for the names in annotations there.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    model: type[BaseModel] = module.StartCallRequest
    return model


def check_key(key: Annotated[str | None, Security(KEY)] = None) -> None:
    """Refuse a request without the key of the account."""
    if not calls.admits(key):
        raise HTTPException(401, "wrong or missing API key", {"WWW-Authenticate": "APIKey"})


async def check_spelling(request: Request) -> None:
    """Refuse a body that FastAPI reads but cannot write again: NaN, an unpaired surrogate, a number beyond all floats."""
    body = await request.body()
    try:
        JSONResponse(json.loads(body or "{}"))
    except (ValueError, RecursionError) as error:
        raise calls.Refused(400, "the body cannot be decoded") from error


app = FastAPI(dependencies=[Security(check_key)])

if TYPE_CHECKING:
    StartCallRequest = BaseModel
else:
    StartCallRequest = request_model()


class Parameters(BaseModel):
    """The query of a request that creates a call; whether there is a greeting shows in the call alone."""

    enable_greeting_prompt: bool = Field(True, alias="enableGreetingPrompt")
    parent_id: UUID | None = Field(None, alias="priorCallId")


@app.exception_handler(calls.Refused)
async def refused(_: Request, error: calls.Refused) -> JSONResponse:
    """Return the response to a request that the documentation forbids."""
    return JSONResponse({"detail": error.detail}, error.status)


@app.post("/api/calls", status_code=201, dependencies=[Depends(check_spelling)])
async def create(query: Annotated[Parameters, Query()], body: StartCallRequest | None = None) -> Any:
    """Create a call."""
    parent = {} if query.parent_id is None else {"priorCallId": str(query.parent_id)}
    try:
        # Pydantic reads null for every optional member, and means that it is not set.
        settings = {} if body is None else body.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    except ValueError as error:
        raise calls.Refused(400, "the body is nested too deeply") from error
    return JSONResponse(CALLS.create(settings, parent), 201)


@app.get("/api/calls/{identifier}")
async def read(identifier: str) -> Any:
    """Read a call."""
    return CALLS.read(identifier)


@app.delete("/api/calls/{identifier}", status_code=204)
async def delete(identifier: str) -> None:
    """Delete a call."""
    CALLS.delete(identifier)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
