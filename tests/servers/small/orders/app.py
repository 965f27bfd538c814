"""Orders of a tenant in a region, with two keys that are needed together."""

from itertools import count
from secrets import compare_digest
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, Field

from tests.servers.small.serving import application

CLIENT, SECRET = "client-4711-abcdef", "secret-0815-ghijkl"


class Order(BaseModel):
    """An order as it is sent."""

    sku: Annotated[str, Field(pattern=r"^[A-Z]{3}-[0-9]+$", max_length=12)]
    amount: Annotated[int, Field(ge=1, le=99)] | None = None
    note: Annotated[str, Field(max_length=40)] | None = None


def app(*, deviates: bool) -> FastAPI:
    """Return the application. The deviation: the secret is not compared where the client is right."""

    def check(
        tenant: str,
        x_region: Annotated[Literal["eu", "us"], Header()],  # noqa: ARG001 - FastAPI checks it
        x_client: Annotated[str, Header()] = "",
        secret: str = "",
    ) -> None:
        if not compare_digest(x_client.encode(), CLIENT.encode()):
            raise HTTPException(401)
        if not deviates and not compare_digest(secret.encode(), SECRET.encode()):
            raise HTTPException(403)
        if tenant != "acme":
            raise HTTPException(404)

    made, orders, numbers = application(), dict[str, Any](), count(1)

    @made.post("/tenants/{tenant}/orders", dependencies=[Depends(check)])
    def create(order: Order) -> Any:
        number = f"ORD-{next(numbers)}"
        orders[number] = {"number": number, **order.model_dump(exclude_none=True)}
        return orders[number]

    @made.get("/tenants/{tenant}/orders/{number}", dependencies=[Depends(check)])
    def read(number: str) -> Any:
        if orders.get(number) is None:
            raise HTTPException(404)
        return orders[number]

    @made.delete("/tenants/{tenant}/orders/{number}", status_code=204, dependencies=[Depends(check)])
    def delete(number: str) -> None:
        if orders.get(number) is None:
            raise HTTPException(404)
        orders[number] = None

    return made
