"""Consent: against anything but this machine the first run says what it will do, and does it only with `--live`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from conformance.cli.command_error import CommandError
from conformance.cli.derived import credentials_of, object_of
from conformance.profiles import Profile
from conformance.profiles.narrowing import MOST_RULES
from conformance.profiles.sharding import Shard
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.hazards import built_in, names_in
from openapi.network import is_loopback
from reports.quantities import duration, plural


@dataclass(frozen=True, kw_only=True)
class Intent:
    """The plan of a run. `most_*` are the budgets, None without a bound; `rate` is in requests a second.

    `seconds_each` is how long a request of the last run on this target took, None where there was none. `beside` is the name of
    the second description, None without one. `key` says where the first credential is; empty for the contract's variable.
    """

    url: str
    catalogue: Catalogue
    profile: Profile
    select: Sequence[str]
    shard: Shard | None = None
    rate: float | None
    concurrency: int
    most_requests: int | None
    most_created: int | None
    most_live: int | None
    most_seconds: float | None
    keeps: bool
    seconds_each: float | None = None
    beside: str | None = None
    key: str = ""

    def lines(self) -> list[str]:
        """Return the plan in lines for people."""
        contract = self.catalogue.contract
        noun = contract.data.created.noun
        rules = len(self.catalogue.select(self.select)) if self.select else len(self.catalogue.rules)
        deleted = (
            "kept" if self.keeps else "deleted as soon as it has served" if contract.delete else "left, nothing deletes it"
        )
        live = "" if self.most_live is None else f", {self.most_live:,} at once at most"
        created = _least(self._scaled(self.profile.created, *_OF_CREATED), self.most_created, self.most_requests)
        own = {why: name for name, why in names_in(contract.request).items()}
        hazards = sorted(f"{why} ({own[why]})" if why in own else why for why in {*own, *built_in().values()})
        return [
            f"target     {contract.method} {contract.path} at {self.url}: {contract.title}",
            f"object     {object_of(self.catalogue)}",
            f"keys       {credentials_of(contract, self.key)}",
            f"requests   {self._about(self._requests())} for {plural(rules, 'rule')} of {self._part()}, {self._pace()}",
            *([f"beside     {self.beside} needs more requests, as far as it differs"] if self.beside else []),
            f"takes      {self._time()}",
            f"creates    {self._about(created)} {noun}s{live}; each is {deleted}{'' if self.is_local else _COST}",
            f"held back  whatever {', '.join(hazards)}",
        ]

    @property
    def is_local(self) -> bool:
        """Return whether the target is this machine."""
        return self.url == EMBEDDED or is_loopback(self.url)

    def _about(self, number: int) -> str:
        return f"{'at most' if self.select else 'about'} {number:,}"

    def _requests(self) -> int:
        return _least(self._scaled(self.profile.requests, *_OF_REQUESTS), self.most_requests)

    def _scaled(self, whole: int, least: int, each: int) -> int:
        """Return a number of a whole run scaled to a narrow selection: `least` for any run, and `each` at most for a rule."""
        chosen = len(self.catalogue.select(self.select)) if self.select else MOST_RULES + 1
        found = min(whole, least + each * chosen) if chosen <= MOST_RULES and self.profile.few else whole
        return found if self.shard is None or self.select else self.shard.part_of(found)

    def _part(self) -> str:
        return self.profile.name if self.shard is None else f"{self.profile.name}, of which this is shard {self.shard}"

    def _time(self) -> str:
        paces = [each for each in (self.seconds_each, None if self.rate is None else 1 / self.rate) if each is not None]
        if not paces and self.most_seconds is None:
            return "as long as the server takes to respond"
        usual = [self._requests() * max(paces)] if paces else []
        bound = [] if self.most_seconds is None else [self.most_seconds]
        return f"about {duration(min([*usual, *bound]))}, and the deletions"

    def _pace(self) -> str:
        pace = "as fast as responses come" if self.rate is None else f"{self.rate:g} a second at most"
        return f"{self.concurrency} in flight, {pace}"


EMBEDDED = "the embedded emulator"  # stands for its URL before it runs
_COST = "; it may cost what the account pays for one"
# Of any run with a run tag, and of each rule of a narrow one: what the tests of narrow runs allow.
_OF_REQUESTS, _OF_CREATED = (11, 12), (9, 3)


def _least(usual: int, *bounds: int | None) -> int:
    return min([usual, *(each for each in bounds if each is not None)])


def measured(summary: Path, url: str) -> float | None:
    """Return the seconds that each request of the last run on a target took, by its summary; None without one."""
    try:
        data = json.loads(summary.read_text(encoding="utf-8"))
        took = float(data["seconds"]) / int(data["requests"])
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None
    return took if data.get("target") == url else None


def announce(intent: Intent, *, live: bool, dry: bool) -> bool:
    """Print the plan where it is asked for or must be known; return whether the run may go on. CommandError without consent."""
    needs = not intent.is_local
    if dry or (needs and not live):
        print("This run is about to send requests:", *(f"  {line}" for line in intent.lines()), sep="\n", file=_stream(dry=dry))
    if dry:
        return False
    consented(intent.url, live=live, what="run")
    if not intent.is_local:
        refuse_to_litter(intent.catalogue.contract, intent.url, keeps=intent.keeps)
    return True


def refuse_to_litter(contract: Contract, url: str, *, keeps: bool) -> None:
    """Return if what a run creates at a URL can be deleted, or may stay. CommandError where it would stay unasked."""
    if contract.delete is None and not keeps:
        noun = contract.data.created.noun
        raise CommandError(
            f"{url}: nothing deletes a {noun}, so each that a run creates would stay; --keep-calls agrees to that"
        )


def consented(url: str, *, live: bool, what: str) -> None:
    """Return if requests may be sent to a URL. CommandError where it is not this machine and nobody agreed."""
    if not live and not is_loopback(url):
        raise CommandError(f"{url} is not this machine: give --live to {what}, or set `live = true` for this target")


def _stream(*, dry: bool) -> TextIO:
    return sys.stdout if dry else sys.stderr
