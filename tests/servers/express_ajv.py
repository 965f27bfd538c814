"""A server on Express that checks bodies with Ajv, which coerces types; `express/server.js` holds its code.

`python -m tests.servers.express_ajv PORT` listens on the loopback interface; the key is in ULTRAVOX_API_KEY. It needs
Node.js, and `npm ci` in the folder `express`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from openapi import load_contract

FOLDER = Path(__file__).parent / "express"


def main(port: str) -> None:
    """Become the Node.js process of the server."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(load_contract().request, file)
    os.execlp("node", "node", str(FOLDER / "server.js"), port, file.name)


if __name__ == "__main__":
    main(sys.argv[1])
