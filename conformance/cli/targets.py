"""The target of a command: its URL, credentials, headers and way, from options, settings and the environment."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from conformance.cli.command_error import CommandError
from conformance.cli.configuration import settings_in
from conformance.cli.credentials import checked_key, first_key, key_from, more_keys, usable_key
from conformance.cli.options import faults_named, target_from
from conformance.embedded import embedded, emulator_key, emulator_keys
from conformance.http.redaction import credentials_below
from conformance.http.target import Target
from conformance.http.tls import verification
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.network import credentials_in, proxy_for, usable_proxy

if TYPE_CHECKING:
    from conformance.settings.models import RunSettings, Secret

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_COMMAND_SECONDS = 60.0
_NOT_UP = frozenset({502, 503, 504})


@dataclass
class _Secrets:
    """Values that were read from where secrets are, so that nothing shows them. `folder` is what paths are relative to."""

    folder: Path
    values: list[str] = field(default_factory=list)

    def read(self, source: str | Secret, place: str) -> str:
        """Return a value, or what a secret is. CommandError where it cannot be read."""
        if isinstance(source, str):
            return source
        value = self._of(source, place).strip()
        if not value:
            raise CommandError(f"{place}: it is empty")
        self.values.append(value)
        return value

    def _of(self, source: Secret, place: str) -> str:
        if source.variable is not None:
            return self.variable(source.variable, place)
        if source.file is not None:
            try:
                return (self.folder / source.file).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{place}: {source.file}: {getattr(error, 'strerror', None) or 'it is no text'}") from error
        try:
            ended = subprocess.run(  # noqa: S603 - the user's own command
                source.command or [], cwd=self.folder, capture_output=True, text=True, check=False, timeout=_COMMAND_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CommandError(f"{place}: the command cannot be run: {type(error).__name__}") from error
        if ended.returncode:
            raise CommandError(f"{place}: the command ended with status {ended.returncode}")
        return ended.stdout

    def variable(self, name: str, place: str) -> str:
        """Return the value of an environment variable. CommandError where it is not set."""
        value = os.environ.get(name, "")
        if not value:
            raise CommandError(f"{place}: the environment variable {name} is not set")
        return value

    def expanded(self, text: str, place: str) -> str:
        """Return a text with the values of the variables that it names."""

        def value_of(found: re.Match[str]) -> str:
            value = self.variable(found[1] or found[2], place)
            self.values.append(value)
            return value

        return _VARIABLE.sub(value_of, text)


@contextmanager
def embedded_targets(options: argparse.Namespace, catalogues: Sequence[Catalogue]) -> Iterator[list[Target]]:
    """Yield the embedded emulator as each description reaches it. It serves the first one, with the faults of the options."""
    faults = faults_named(options.fault, catalogues[0])
    with embedded(catalogues[0], parsing=options.parsing or "protojson", faults=faults) as url:
        yield [
            Target(
                url=url,
                key=emulator_key(each.contract),
                more_keys=emulator_keys(each.contract),
                concurrency=options.concurrency,
                rate=options.rate,
                rate_limit=options.rate_limit,
                timeout=options.timeout,
                correlation=options.correlation_header,
            )
            for each in catalogues
        ]


def target_of(options: argparse.Namespace, contract: Contract) -> Target:
    """Return the target that options and settings name. CommandError where one of them is invalid."""
    secrets = _secrets_of(options)
    url = target_from(options.target, contract.path)
    key, fresh = _key(options, contract, secrets)
    target = _as_reached(options, Target(url=url, key=key, more_keys=more_keys(contract), fresh_key=fresh), secrets)
    settings = settings_in(options)
    return replace(
        target,
        concurrency=getattr(options, "concurrency", 1),
        rate=getattr(options, "rate", None),
        rate_limit=getattr(options, "rate_limit", None),
        timeout=getattr(options, "timeout", 30.0),
        correlation=getattr(options, "correlation_header", ""),
        secrets=(*secrets.values, *_in_urls(options, target), *_known_credentials(settings.run if settings else None)),
    )


def target_again(options: argparse.Namespace, url: str, variable: str, keys: Mapping[str, str]) -> Target:
    """Return the target of an earlier run at a URL, as options and settings reach it. CommandError where one is invalid.

    The first credential is what options and settings say, else the value of the variable; none without a variable.
    """
    secrets, source, key = _secrets_of(options), _key_in_settings(options), ""
    if variable:
        key = key_from(options.key_file, variable) if source is None else usable_key(secrets.read(source, "key"))
    return _as_reached(options, Target(url=url, key=key, more_keys=keys), secrets)


def _secrets_of(options: argparse.Namespace) -> _Secrets:
    settings = settings_in(options)
    return _Secrets(Path() if settings is None else settings.folder)


def _as_reached(options: argparse.Namespace, target: Target, secrets: _Secrets) -> Target:
    """Return a target with the headers, the proxy and the certificates that options and settings name."""
    settings = settings_in(options)
    target = replace(target, headers=tuple(_headers(options, secrets)), proxy=_proxy(target.url, options, secrets))
    return target if settings is None else _with_certificates(target, settings.run, secrets.folder)


def _in_urls(options: argparse.Namespace, target: Target) -> Iterator[str]:
    """Yield the credentials in the URLs of a proxy and of a rate limit."""
    for url in (target.proxy, getattr(options, "rate_limit", None)):
        yield from credentials_in(url or "")


def _known_credentials(run: RunSettings | None) -> Iterator[str]:
    """Yield the known values of the settings that stand below names of credentials."""
    for place, values in ((run.known_values if run else None) or {}).items():
        for value in values:
            yield from credentials_below(place.split("."), value)


def _key(options: argparse.Namespace, contract: Contract, secrets: _Secrets) -> tuple[str, Callable[[], str] | None]:
    source = _key_in_settings(options)
    if options.key_file is not None:
        return first_key(options, contract), lambda: first_key(options, contract)
    if source is None:
        return first_key(options, contract), None

    def ask() -> str:
        return checked_key(usable_key(secrets.read(source, "key")), contract)

    return ask(), ask


def _key_in_settings(options: argparse.Namespace) -> Secret | None:
    """Return where the settings have the first credential, unless an option names a file that has it."""
    settings = settings_in(options)
    return None if settings is None or options.key_file is not None else settings.run.key


def key_source(options: argparse.Namespace) -> str:
    """Return where options or settings say that the first credential is; empty where they say nothing of it."""
    source = _key_in_settings(options)
    if options.key_file is not None:
        return str(options.key_file)
    if source is None:
        return ""
    return source.variable or str(source.file or f"the output of `{(source.command or [''])[0]}`")


def _headers(options: argparse.Namespace, secrets: _Secrets) -> list[tuple[str, str]]:
    settings = settings_in(options)
    stated = {} if settings is None else settings.run.headers or {}
    headers = {name: secrets.read(value, f"headers.{name}") for name, value in stated.items()}
    for text in options.header:
        name, is_one, value = text.partition("=")
        if not is_one:
            raise CommandError("--header: give NAME=VALUE, such as X-Token=$TOKEN")
        headers[name] = secrets.expanded(value, f"--header {name}")
    for name, value in headers.items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or not value.isascii() or not value.isprintable():
            raise CommandError(f"the header {name[:40]!r} or its value holds characters that no HTTP header can carry")
    return list(headers.items())


def _proxy(url: str, options: argparse.Namespace, secrets: _Secrets) -> str | None:
    settings = settings_in(options)
    stated = None if settings is None else settings.run.proxy
    return proxy_for(url) if stated is None else usable_proxy(secrets.read(stated, "proxy"), "proxy")


def _with_certificates(target: Target, run: RunSettings, folder: Path) -> Target:
    certificate = run.client_certificate
    pair = None
    if certificate is not None:
        pair = (folder / certificate.certificate, None if certificate.key is None else folder / certificate.key)
    for path in (run.ca_file, *(pair or ())):
        if path is not None and not path.is_file():
            raise CommandError(f"{path}: there is no such file")
    return replace(target, ca_file=run.ca_file, certificate=pair)


def wait_for(target: Target, seconds: float) -> None:
    """Return once a server responds. CommandError where it does not within so many seconds."""
    end = time.monotonic() + seconds
    problem = "it does not respond"
    timeout = min(seconds, target.timeout)
    with httpx.Client(trust_env=False, proxy=target.proxy, verify=verification(target), timeout=timeout) as client:
        while True:
            try:
                status = client.get(target.url).status_code
                if status not in _NOT_UP:
                    return
                problem = f"status {status}"
            except httpx.HTTPError as error:
                problem = type(error).__name__
            if time.monotonic() >= end:
                raise CommandError(f"{target.url} is not there after {seconds:g} s ({problem})")
            time.sleep(min(0.25, max(0.0, end - time.monotonic())))
