"""Things with integer ids."""

import datetime
from itertools import count
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

from tests.servers.small.serving import application


class Thing(BaseModel):
    """A thing as it is sent."""

    name: Annotated[str, Field(min_length=1, max_length=20)]
    size: Annotated[int, Field(ge=0, le=500)] = 1
    pin: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None


class LooseThing(Thing):
    """The deviation: a size has no upper bound."""

    size: Annotated[int, Field(ge=0)] = 1


def app(*, deviates: bool) -> FastAPI:
    """Return the application."""
    made, things, identities = application(), dict[int, Any](), count(1)
    model: Any = LooseThing if deviates else Thing

    @made.post("/things", status_code=201)
    def create(thing: model) -> Any:
        identity = next(identities)
        now = datetime.datetime.now(datetime.UTC).isoformat()
        things[identity] = {"id": identity, "created": now, "name": thing.name, "size": thing.size}
        return things[identity]

    @made.get("/things/{identity}")
    def read(identity: int) -> Any:
        if identity not in things:
            raise HTTPException(404)
        return things[identity]

    @made.delete("/things/{identity}", status_code=204)
    def delete(identity: int) -> None:
        if things.pop(identity, None) is None:
            raise HTTPException(404)

    return made
