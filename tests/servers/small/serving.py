"""Serve a small application on a free port, and repair what FastAPI itself gets wrong (docs/findings.md)."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse


def application() -> FastAPI:
    """Return an application whose refusals do not repeat what was sent, which FastAPI cannot always write as JSON."""
    made = FastAPI(openapi_url=None)

    @made.exception_handler(RequestValidationError)
    async def refused(_: Request, error: RequestValidationError) -> JSONResponse:
        places = [".".join(map(str, each["loc"])) for each in error.errors()]
        return JSONResponse({"detail": [place.encode("ascii", "replace").decode() for place in places]}, 422)

    @made.exception_handler(UnicodeEncodeError)
    async def unwritable(_: Request, _error: UnicodeEncodeError) -> JSONResponse:
        return JSONResponse({"detail": "an unpaired surrogate"}, 422)

    return made


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an application; yield its URL."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
