"""Consent: against anything but this machine the first run says what it will do, and does it only with `--live`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from conformance.cli.command_error import CommandError
from conformance.profiles import Profile
from openapi.catalogue import Catalogue
from openapi.network import is_loopback


@dataclass(frozen=True, kw_only=True)
class Intent:
    """The plan of a run. `most_*` are the budgets, None without a bound; `rate` is in requests a second."""

    url: str
    catalogue: Catalogue
    profile: Profile
    select: Sequence[str]
    rate: float | None
    concurrency: int
    most_requests: int | None
    most_created: int | None
    most_live: int | None
    most_seconds: float | None
    keeps: bool

    def lines(self) -> list[str]:
        """Return the plan in lines for people."""
        contract = self.catalogue.contract
        noun = contract.data.created.noun
        rules = len(self.catalogue.select(self.select)) if self.select else len(self.catalogue.rules)
        requests = f"{self.profile.cost}, fewer with --select" if self.select else self.profile.cost
        deleted = (
            "kept" if self.keeps else "deleted as soon as it has served" if contract.delete else "left, nothing deletes it"
        )
        hazards = [f"{node.path} ({node.get('x-hazard')})" for node in self.catalogue.body.walk() if node.get("x-hazard")]
        return [
            f"target     {self.url}",
            f"operation  {contract.method} {contract.path}: {contract.title}",
            f"rules      {rules} in the profile {self.profile.name}",
            f"requests   {_bounded(requests, self.most_requests)}; {self.concurrency} in flight, {self._pace()}",
            f"creates    {_bounded(f'a {noun} with about one request in five', self.most_created)}; each is {deleted}",
            f"at once    {_bounded(f'as many {noun}s as the requests in flight take, some phases more', self.most_live)}",
            f"takes      {self._time()}",
            f"may cost   whatever the account pays for creating a {noun}; what dials or pays is never sent"
            + (f": {'; '.join(hazards[:_MOST])}" if hazards else ""),
        ]

    def _time(self) -> str:
        usual = "some minutes at most as fast as the server responds" if self.rate is None else "requests by the rate"
        return usual if self.most_seconds is None else f"{self.most_seconds:g} s at most, and the deletions"

    def _pace(self) -> str:
        return "as fast as responses come" if self.rate is None else f"{self.rate:g} a second at most"


_MOST = 6  # hazards that are named


def _bounded(usual: str, most: int | None) -> str:
    return usual if most is None else f"{usual}, {most:,} at most"


def announce(intent: Intent, *, live: bool, dry: bool) -> bool:
    """Print the plan where it is asked for or must be known; return whether the run may go on. CommandError without consent."""
    needs = not is_loopback(intent.url)
    if dry or (needs and not live):
        print("This run is about to send requests:", *(f"  {line}" for line in intent.lines()), sep="\n", file=_stream(dry=dry))
    if dry:
        return False
    consented(intent.url, live=live, what="run")
    return True


def consented(url: str, *, live: bool, what: str) -> None:
    """Return if requests may be sent to a URL. CommandError where it is not this machine and nobody agreed."""
    if not live and not is_loopback(url):
        raise CommandError(f"{url} is not this machine: give --live to {what}, or set `live = true` for this target")


def _stream(*, dry: bool) -> TextIO:
    return sys.stdout if dry else sys.stderr
