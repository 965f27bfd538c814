"""Shapes behind a bearer token: pydantic chooses the model by the discriminator."""

import secrets
from typing import Annotated, Any, Literal

from fastapi import Body, Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from tests.servers.small.serving import application

TOKEN = "shapes-token-0123456789"
bearer = HTTPBearer(auto_error=False)


class Circle(BaseModel):
    """A circle."""

    kind: Literal["circle"]
    radius: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


class Point(BaseModel):
    """A corner of a polygon."""

    x: Annotated[float, Field(allow_inf_nan=False)]
    y: Annotated[float, Field(allow_inf_nan=False)]


class Polygon(BaseModel):
    """A polygon."""

    kind: Literal["polygon"]
    points: Annotated[list[Point], Field(min_length=3, max_length=8)]


class LoosePolygon(Polygon):
    """The deviation: two points are enough."""

    points: Annotated[list[Point], Field(min_length=2, max_length=8)]


def check(found: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
    """Refuse whoever has not the token."""
    if found is None or not secrets.compare_digest(found.credentials.encode(), TOKEN.encode()):
        raise HTTPException(401)


def app(*, deviates: bool) -> FastAPI:
    """Return the application."""
    made = application()
    polygon: Any = LoosePolygon if deviates else Polygon

    @made.post("/shapes", status_code=201, dependencies=[Depends(check)])
    def create(shape: Annotated[Circle | polygon, Body(discriminator="kind")]) -> Any:
        return {"shape": {"key": secrets.token_hex(8), "area": float(len(shape.kind))}}

    return made
