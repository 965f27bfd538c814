"""`python -m sdks [NAME...]`: prepares each real client, tests it through its harness, and writes docs/clients.md."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from conformance.sdk.page import page
from conformance.sdk.results import read_results
from reports.exit_status import ExitStatus
from sdks.clients import CLIENTS, HERE, Client, Command

ROOT = HERE.parent
PAGE = ROOT / "docs" / "clients.md"
_MADE_BY = "tox -e sdks"
_PREPARED = "prepared"  # the file that says from what an environment was made


def main(arguments: Sequence[str] | None = None) -> int:
    """Test the clients; 0 if all were judged, however they did, 1 if `--check` finds the page changed, 3 if one was not."""
    parser = argparse.ArgumentParser(prog="python -m sdks", description="Test real clients through their harnesses.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(CLIENTS)}")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "sdks", help="where the reports go (default: out/sdks)")
    parser.add_argument("--check", action="store_true", help="compare docs/clients.md with the results and do not write it")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in CLIENTS]
    if unknown:
        parser.error(f"there is no client {', '.join(unknown)}; they are {', '.join(CLIENTS)}")
    clients = [CLIENTS[name] for name in options.names or CLIENTS]
    unjudged = [client.name for client in clients if not _judged(client, options.out / client.name)]
    if unjudged:
        print(f"not judged: {', '.join(unjudged)}", file=sys.stderr)
        return ExitStatus.UNJUDGED
    return ExitStatus.CONFORMS if options.names else _written(clients, options.out, check=options.check)


def _judged(client: Client, out: Path) -> bool:
    """Prepare and test one client; False if that was not possible."""
    print(f"== {client.name}", flush=True)
    try:
        _prepare(client)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"{client.name}: cannot be prepared: {error}", file=sys.stderr)
        return False
    command = [sys.executable, "-m", "conformance", "sdk", "--quiet", "--out", str(out), "--", *client.command]
    return subprocess.run(command, cwd=ROOT, check=False).returncode in (ExitStatus.CONFORMS, ExitStatus.FAILS)


def _prepare(client: Client) -> None:
    """Fill the environment of a client, unless it was filled from the same sources before."""
    commands: list[Command] = client.prepare(client.environment)
    # Any interpreter of this version makes the same environment, be it tox's or another.
    words = [str(word) for command in commands for word in command if word != sys.executable]
    digest = hashlib.sha256(repr([*sys.version_info[:2], *words]).encode())
    for source in client.sources:
        digest.update(source.read_bytes())
    prepared = client.environment / _PREPARED
    if prepared.is_file() and prepared.read_text(encoding="utf-8") == digest.hexdigest():
        return
    shutil.rmtree(client.environment, ignore_errors=True)
    client.environment.mkdir(parents=True)
    for source in client.sources:
        if source.name == "package.json":
            shutil.copy(source, client.environment)
    for command in commands:
        subprocess.run(list(map(str, command)), cwd=client.environment, check=True, stdout=subprocess.DEVNULL)
    prepared.write_text(digest.hexdigest(), encoding="utf-8")


def _written(clients: Sequence[Client], out: Path, *, check: bool) -> int:
    """Write the page on all clients, or compare it."""
    results = [read_results(out / client.name / "results.json") for client in clients]
    commands = {each.client: client.command for each, client in zip(results, clients, strict=True)}
    text = page(results, commands, _MADE_BY)
    if not check:
        PAGE.write_text(text, encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")
        return ExitStatus.CONFORMS
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return ExitStatus.CONFORMS
    print(f"{PAGE.relative_to(ROOT)} is not what the clients do now; `{_MADE_BY}` writes it anew", file=sys.stderr)
    return ExitStatus.FAILS


if __name__ == "__main__":
    sys.exit(main())
