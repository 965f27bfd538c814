"""Carry out what `run` has read from its options: a session for each description, and one record of them."""

from __future__ import annotations

import argparse
import contextlib
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rich.console import Console

from conformance.cli.command_error import CommandError
from conformance.cli.derived import print_notes
from conformance.cli.example_databases import database_of
from conformance.cli.kept_document import kept
from conformance.cli.process import finish_undisturbed
from conformance.cli.profile import profile_of
from conformance.cli.progress import figures_of, shown
from conformance.cli.resuming import again_of
from conformance.cli.run_directory import forget
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.finding_left import Finder
from conformance.http.journal import NAME, FileJournal, Head
from conformance.http.live_objects import Journal, NoJournal
from conformance.http.run_tag import RunTag
from conformance.http.target import Target
from conformance.profiles.sharding import Shard
from conformance.results.examples import Examples
from conformance.results.exchange_log import Write
from conformance.results.resumed import BEFORE, ResumedClient, earlier_in, left_of
from conformance.run import carry_out_beside, phases_of
from conformance.session import Session
from conformance.session.beside import set_beside
from conformance.session.heading import header
from openapi.catalogue import Catalogue
from openapi.identifiers import identifier_of
from openapi.network import is_loopback, without_credentials
from reports.program import program
from reports.record.entries import Header, beside
from reports.record.writer import RecordWriter
from strategies.plan.cache import cached_plan, default_folder, store
from strategies.plan.plan import Plan


@dataclass(frozen=True)
class Described:
    """A description that a run judges its server by: its catalogue, the location it was read from, and the target.

    The target is the same server for each description, with the credentials that this one asks for.
    """

    catalogue: Catalogue
    location: str | None
    target: Target


def carry_out_for(
    options: argparse.Namespace, described: Sequence[Described], record: Path, console: Console, earlier: Sequence[Header]
) -> None:
    """Carry out a run under one description, or under two that share it, and write its record.

    `earlier` are the headers of the run that it goes on with, one by each description; none where it begins.
    """
    profile = profile_of(options)
    plans = [_plan(options, each.catalogue) for each in described]
    for each in described:
        print_notes(each.catalogue, console)
    writer = RecordWriter(record)
    with contextlib.ExitStack() as stack:
        figures = figures_of(profile, selects=bool(options.select), budget=options.max_requests, shard=shard_of(options))
        step, phase = stack.enter_context(shown(figures, console))
        first = described[0]
        clients = _clients(options, described, earlier)
        journal = _journal(options, first.catalogue, clients[0], stack)
        sessions = []
        for each, client, plan in zip(described, clients, plans, strict=True):
            write = writer.write if each is first else lambda entry: writer.write(beside(entry))
            sessions.append(_session(options, each, client, plan, write=write, journal=journal, progress=step, phase=phase))
        if len(sessions) > 1:
            set_beside(sessions)
        figures.failing = sessions[0].failing
        if earlier:
            sessions[0].objects.take_over(left_of(options.out))
        parts = [(session, _head(options, each, session)) for each, session in zip(described, sessions, strict=True)]
        with writer:  # until now, what an earlier run left in the directory is whole
            forget(options.out)
            endings = carry_out_beside(parts, phases_of(profile, replays=bool(options.examples)))
    if all(each.outcome != "interrupted" for each in endings):
        (options.out / BEFORE).unlink(missing_ok=True)
        for session in sessions:  # the plan of a run that was interrupted may still be in the making
            store(session.plan, default_folder())


def _session(
    options: argparse.Namespace,
    described: Described,
    client: Client,
    plan: Plan,
    *,
    write: Write,
    journal: Journal,
    progress: Callable[[Exchange], None],
    phase: Callable[[str], None],
) -> Session:
    """Return the session of one description, as the options want it."""
    profile = profile_of(options)
    catalogue = described.catalogue
    return Session(
        catalogue=catalogue,
        client=client,
        profile=profile,
        shared_plan=plan,
        seed=options.seed,
        write=write,
        strict=options.strict,
        select=options.select,
        shard=shard_of(options),
        max_requests=options.max_requests,
        max_live=options.max_live_calls,
        max_created=options.max_created,
        max_seconds=options.max_time,
        max_failures=options.max_failures,
        journal=journal,
        progress=progress,
        phase=phase,
        interrupted=finish_undisturbed,
        clean_up=_cleans_up(options, described.target),
        examples=_examples(options, catalogue),
    )


def _plan(options: argparse.Namespace, catalogue: Catalogue) -> Plan:
    """Return the plan of a run. CommandError where it has no valid body to begin with, so that nothing would be sent."""
    plan = cached_plan(catalogue, profile_of(options).cases, default_folder(), reads_of(options, catalogue))
    if next(plan.seeds(), _NO_BODY) is _NO_BODY:
        name = catalogue.contract.description.name
        raise CommandError(f"{name}: no valid body could be constructed; state one as `seed` in contract.yaml")
    return plan


_NO_BODY = object()


def _examples(options: argparse.Namespace, catalogue: Catalogue) -> Examples | None:
    """Return the failing bodies of earlier runs; None where no database of them is named."""
    return Examples(database_of(options.examples), catalogue.contract) if options.examples else None


def _head(options: argparse.Namespace, described: Described, session: Session) -> Header:
    command = f"{program()} " + shlex.join(_shown(getattr(options, "arguments", sys.argv[1:])))
    contract, redaction, share = described.catalogue.contract, session.client.redaction, session.choice.share
    document = (
        None if options.history is None else kept(options.history, contract.description.content, described.location, redaction)
    )
    return header(
        described.catalogue,
        session,
        embedded=options.target is None,
        command=command,
        options=again_of(options) | ({"division": share.division} if share is not None else {}),
        kept=document,
    )


def _clients(options: argparse.Namespace, described: Sequence[Described], earlier: Sequence[Header]) -> list[Client]:
    """Return the client of each session; those of a resumed run take responses from the earlier one."""
    made = (
        _resumed(options, described, earlier)
        if earlier
        else [Client(each.target, each.catalogue.contract) for each in described]
    )
    for each, client in zip(described, made, strict=True):
        if _cleans_up(options, each.target) and not is_loopback(each.target.url):
            client.tag = RunTag.of(each.catalogue, client.run)
    return made


def shard_of(options: argparse.Namespace) -> Shard | None:
    """Return the shard that the options name; None without one."""
    return None if options.shard is None else Shard.of(options.shard)


def reads_of(options: argparse.Namespace, catalogue: Catalogue) -> frozenset[str]:
    """Return the parsers that the server may read bodies by, as the user says or the contract is certain; empty for any."""
    known = catalogue.contract.data.reads
    certain = [known.format] if known is not None and known.confidence == "certain" else []
    return frozenset(options.reads or certain)


def _journal(options: argparse.Namespace, catalogue: Catalogue, client: Client, stack: contextlib.ExitStack) -> Journal:
    """Return the journal of what a run creates, where it is to be deleted."""
    if not _cleans_up(options, client.target):
        return NoJournal()
    finder = Finder.of(catalogue.contract, client.tag, identifier_of(catalogue.contract, catalogue.body, catalogue.response))
    return stack.enter_context(FileJournal(options.out / NAME, Head.of(catalogue.contract, client.target.url, finder)))


def _shown(arguments: Sequence[str]) -> list[str]:
    """Return the arguments without credentials: those of URLs, and the values of headers that stand there in full."""
    shown = [without_credentials(each) for each in arguments]
    for at, (option, value) in enumerate(pairwise(["", *shown])):
        _name, sign, text = value.removeprefix("--header=").partition("=")
        if sign and (option == "--header" or value.startswith("--header=")) and not text.startswith("$"):
            shown[at] = f"{value[: len(value) - len(text)]}[redacted]"
    return shown


def _resumed(options: argparse.Namespace, described: Sequence[Described], earlier: Sequence[Header]) -> list[Client]:
    """Return the clients of a resumed run. CommandError where a description is another one by now."""
    for each, before in zip(described, earlier, strict=True):
        if before.description.get("digest") != each.catalogue.contract.description.digest:
            name = before.description.get("name", "")
            raise CommandError(f"--resume {options.out}: the description {name} has changed since; start another run")
    left, exchanges = left_of(options.out), earlier_in(options.out)
    clients: list[Client] = [ResumedClient(each.target, each.catalogue.contract, exchanges, left) for each in described]
    for client in clients:  # the same tag, so that what the killed run has lost is found as well
        client.run = earlier[0].run or client.run
    return clients


def _cleans_up(options: argparse.Namespace, target: Target) -> bool:
    """Return whether created calls are deleted: on a server of others, and where few may exist at once."""
    if options.max_live_calls is not None:
        return True
    return options.target is not None and not options.keep_calls and not is_loopback(target.url)
