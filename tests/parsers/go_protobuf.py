"""Go's protojson, on the same messages as Python's."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from openapi.json_types import Schema
from tests.parsers.processes import ask
from tests.parsers.protobuf_messages import message_type
from tests.parsers.python_protobuf import integers
from tests.parsers.reading import Parser, Read, Reading

_FOLDER = Path(__file__).parent / "go"
_SOURCES = Path("/usr/share/gocode")  # of Debian's golang-google-protobuf-dev
# The tests have a cache of their own, in which Go would compile its library anew.
_CACHE = os.environ.get("GOCACHE") or str(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "go-build")
_VERSION = _SOURCES / "src/google.golang.org/protobuf/internal/version/version.go"


def version() -> str:
    """Return the version of Go's protobuf module."""
    found = re.findall(r"^\s*(?:Major|Minor|Patch)\s*=\s*(\d+)$", _VERSION.read_text(encoding="utf-8"), re.MULTILINE)
    return ".".join(found)


def missing() -> str | None:
    """Return what has to be installed before protojson can be asked."""
    if shutil.which("go") is not None and _VERSION.exists():
        return None
    return "Debian's packages golang-go and golang-google-protobuf-dev are not installed"


def read(schema: Schema, texts: Sequence[str]) -> list[Reading]:
    """Return what protojson makes of each text."""
    descriptor = message_type(schema).message.DESCRIPTOR
    header = {"files": base64.b64encode(_files(descriptor.file)).decode(), "message": descriptor.full_name}
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "protojson"
        program.write_bytes(_program())
        program.chmod(0o700)
        readings = ask([str(program)], header, texts)
    return [Read(integers(each.value, descriptor)) if isinstance(each, Read) else each for each in readings]


@lru_cache(maxsize=1)
def _program() -> bytes:
    """Return the compiled program, which takes seconds to build and a moment to write."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "protojson"
        settings = {"GO111MODULE": "off", "GOPATH": str(_SOURCES), "GOCACHE": _CACHE}
        command = ["go", "build", "-o", str(program), "."]
        subprocess.run(command, cwd=_FOLDER, env={**os.environ, **settings}, check=True, timeout=300)
        return program.read_bytes()


def _files(file: Any) -> bytes:
    """Return a file and all that it depends on, dependencies first."""
    found = FileDescriptorSet()
    for each in (*file.dependencies, file):
        each.CopyToProto(found.file.add())
    return found.SerializeToString()


GO_PROTOBUF = Parser("Go protojson", version, missing, read, settings="dynamicpb")
