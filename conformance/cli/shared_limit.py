"""The rate limit that several runs share, before anything is sent."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util

from conformance.cli.command_error import CommandError


def check_rate_limit(options: argparse.Namespace) -> None:
    """Return if the Redis of the options responds, or there is none. CommandError where it cannot serve."""
    if options.rate_limit is None:
        return
    if options.rate is None:
        raise CommandError("--rate-limit shares the rate among runs: give --rate as well, the same to each of them")
    if importlib.util.find_spec("redis") is None:
        raise CommandError("--rate-limit needs the package redis: install ultravox-conformance[redis]")
    from conformance.http.shared_rate import RateLost, check

    if options.dry_run:
        return
    try:
        asyncio.run(check(options.rate_limit))
    except RateLost as lost:
        raise CommandError(f"--rate-limit {lost}") from None
