"""Options of a run that do not go together, whichever way they are given."""

from __future__ import annotations

import argparse

from conformance.cli.command_error import CommandError
from conformance.cli.shared_limit import check_rate_limit

_LEAST_LIVE = 2  # the first call stays to the end, and others come and go


def refuse_contradictions(options: argparse.Namespace) -> None:
    """CommandError where one option makes no sense beside another one."""
    if options.shard is not None and options.other_openapi is not None:
        raise CommandError("--shard: a run by two descriptions cannot be divided into shards")
    if options.key_file is not None and options.target is None:
        raise CommandError(
            "--key-file is for --target: without one the embedded emulator is tested, which has a key of its own"
        )
    check_rate_limit(options)
    if options.max_live_calls is not None and (options.max_live_calls < _LEAST_LIVE or options.keep_calls):
        raise CommandError(
            f"--max-live-calls: give at least {_LEAST_LIVE}, and no --keep-calls: calls are deleted to make room"
        )
    if options.target is not None and options.fault:
        raise CommandError("--fault plants faults in the embedded emulator; it does not go with --target")
    if options.target is not None and options.parsing:
        raise CommandError("--parsing is how the embedded emulator reads bodies; it does not go with --target")
