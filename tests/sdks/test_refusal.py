"""Harnesses refuse every host but loopback before a name is looked up, and are short."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sdks.clients import CLIENTS, HERE

SHARED = HERE / "shared"
REFUSED = "refused by the harness"
# No look-up of this name can succeed, so an attempt that is not refused fails in another way.
FOREIGN = "service.invalid"
MOST_LINES = 80


def ran(command: list[str], text: str = "") -> str:
    ended = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120, check=False, cwd=HERE.parent)
    return ended.stdout + ended.stderr


def in_python(code: str) -> str:
    return ran([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(SHARED)!r}); import loopback\n{code}"])


@pytest.mark.parametrize(
    "code",
    [
        f"import socket; socket.getaddrinfo('{FOREIGN}', 80)",
        f"import socket; socket.gethostbyname('{FOREIGN}')",
        f"import socket; socket.create_connection(('{FOREIGN}', 80))",
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
        "import socket; socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))",
        f"import urllib.request; urllib.request.urlopen('http://{FOREIGN}/')",
        f"import httpx; httpx.get('https://{FOREIGN}/', trust_env=False)",
        f"import asyncio; asyncio.run(asyncio.open_connection('{FOREIGN}', 80))",
        "import uvloop",
    ],
)
def test_python_refuses_foreign_hosts(code: str) -> None:
    assert REFUSED in in_python(code)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_python_reaches_loopback(host: str) -> None:
    code = f"""
import socket
with socket.create_server(('127.0.0.1', 0)) as server:
    socket.create_connection(('{host}', server.getsockname()[1]), 5).close()
print('reached')"""
    assert in_python(code) == "reached\n"


needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")


def in_node(code: str) -> str:
    module = f"import {json.dumps((SHARED / 'loopback.mjs').as_uri())};\n{code}"
    return ran(["node", "--input-type=module", "-e", module])


@needs_node
@pytest.mark.parametrize(
    "code",
    [
        f"await fetch('https://{FOREIGN}/')",
        f"await fetch(new Request('http://{FOREIGN}/'))",
        f"const {{ get }} = await import('node:http'); get('http://{FOREIGN}/')",
        f"const dns = await import('node:dns'); dns.default.lookup('{FOREIGN}', () => {{}})",
        f"const dns = await import('node:dns/promises'); await dns.default.resolve4('{FOREIGN}')",
        "const net = await import('node:net'); net.connect(80, '192.0.2.1')",
        "const net = await import('node:net'); net.connect({ port: 80, host: '192.0.2.1' })",
    ],
)
def test_node_refuses_foreign_hosts(code: str) -> None:
    assert REFUSED in in_node(code)


@needs_node
def test_node_reaches_loopback() -> None:
    code = """
const { createServer } = await import('node:http');
const server = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1');
await new Promise((resolve) => server.on('listening', resolve));
for (const host of ['127.0.0.1', 'localhost']) console.log(await (await fetch(`http://${host}:${server.address().port}/`)).text());
server.close();"""
    assert in_node(code).split() == ["reached", "reached"]


@pytest.mark.slow
@pytest.mark.parametrize("name", CLIENTS)
def test_each_harness_refuses_foreign_hosts(name: str) -> None:
    client = CLIENTS[name]
    if not (client.environment / "prepared").is_file():
        pytest.skip("its environment is not prepared: `tox -e sdks` does that")
    messages = [
        {"type": "start", "protocol": 1, "url": f"http://{FOREIGN}", "path": "/api/calls", "key": "key"},
        {"type": "create", "id": "c1", "query": {}, "body": {}, "linger": 0},
        {"type": "bye"},
    ]
    output = ran(client.command, "".join(json.dumps(each) + "\n" for each in messages))
    replies = [json.loads(line) for line in output.splitlines() if line.startswith('{"type"')]
    assert [each["type"] for each in replies] == ["hello", "result", "bye"]
    assert replies[1]["outcome"] == "raised"
    assert REFUSED in replies[1]["detail"]


@pytest.mark.parametrize("path", sorted(HERE.glob("*/harness.*")), ids=lambda path: Path(path).parent.name)
def test_each_harness_is_short_and_guards_itself_first(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) < MOST_LINES
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    guard = next(index for index, line in enumerate(imports) if "loopback" in line)
    assert all(
        "pathlib" in line or "importlib" in line or line.split()[1] in sys.stdlib_module_names for line in imports[:guard]
    )
