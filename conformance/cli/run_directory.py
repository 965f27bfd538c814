"""The directory that a run writes to: whether it can be, whose it is at a time, and what an earlier run left there."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from conformance.cli.command_error import CommandError
from reports.artifacts import FILES, ISSUE, OTHER

_LEAST_FREE = 32 * 2**20  # bytes, for the record and the reports of a small run


def writable(out: Path, option: str = "--out") -> Path:
    """Return the directory, made if need be. CommandError if nothing can be written there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
        free = shutil.disk_usage(out).free
    except OSError as error:
        raise CommandError(f"{option} {out}: {error.strerror or error}") from error
    if free < _LEAST_FREE:
        raise CommandError(f"{option} {out}: only {free / 2**20:.0f} MB are free there; a run needs {_LEAST_FREE >> 20} MB")
    return out


@contextlib.contextmanager
def reserved(out: Path) -> Iterator[Path]:
    """Yield a writable directory that no other run writes to meanwhile: the path of the record in it.

    CommandError if another one does, or where a directory stands in the place of a file to be written.
    """
    writable(out)
    for each in (out / name for name in ("run.jsonl", *FILES)):
        if each.is_dir():  # better now than when all is sent
            raise CommandError(f"{each}: it is a directory")
    with _locked(out):
        yield out / "run.jsonl"


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Return whether a lock on the directory is held; it ends with the process. Windows has none on directories."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(out, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # file systems without locks
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError(f"--out {out}: another run writes there; give each a directory of its own") from None
        yield
    finally:
        os.close(handle)


def forget(out: Path) -> None:
    """Remove the reports of an earlier run, which are not those of the record that is about to be written."""
    for name in (*FILES, ISSUE, OTHER):
        (out / name).unlink(missing_ok=True)
