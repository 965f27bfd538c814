"""The harness protocol for Python: reads lines, calls the client, writes lines. See docs/harness-protocol.md."""

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]


def unsupported(members: list[str], reason: str) -> Message:
    """Return the result for a call that the client's API cannot express."""
    return {"outcome": "unsupported", "members": members, "reason": reason}


def raised(error: BaseException, status: int | None = None, *more: str) -> Message:
    """Return the result for an error; `more` is what its attributes say besides its message."""
    detail = " ".join(filter(None, [str(error), *more]))
    return {"outcome": "raised", "error": type(error).__name__, "detail": detail, "status": status}


def serve(hello: Message, connect: Callable[[Message], Callable[[Message], Message]]) -> None:
    """Speak the protocol until its end; `connect` takes the start message and returns what creates a call."""
    # Clients may print: standard output is kept for messages.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    create = None
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "start":
            create = connect(message)
            reply = {"type": "hello", "protocol": 1, **hello}
        elif message["type"] == "create" and create is not None:
            reply = {"type": "result", "id": message["id"], **_created(create, message)}
        else:
            reply = {"type": "bye"}
        print(json.dumps(reply), file=out, flush=True)
        if reply["type"] == "bye":
            return


def _created(create: Callable[[Message], Message], message: Message) -> Message:
    try:
        return create(message)
    except Exception as error:  # whatever a client raises is a result
        traceback.print_exc(limit=-3)
        return raised(error)
