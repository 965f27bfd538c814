"""The target: where requests go, by which way, with which credentials, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where requests go: `url` without a trailing slash. Times in seconds, `rate` per second. Nothing secret is shown.

    `rate_limit` is the URL of a Redis through which several runs keep the rate together; None for this run alone.

    `key` is the first credential, and `fresh_key` asks for it again where the server no longer takes it. `more_keys` are
    further ones by the environment variable that the contract names for them. `headers` go with every
    request. `secrets` are values beside the key that nothing may show. `proxy` is the URL of the proxy on the way. `ca_file`
    holds certificates that are trusted beside the usual ones. `certificate` is that of the client, with the file of its key.
    `correlation` is the header that numbers the requests; empty for none.
    """

    url: str
    key: str = field(repr=False)
    more_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    concurrency: int = 8
    rate: float | None = None
    rate_limit: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    retries: int = 3
    proxy: str | None = field(default=None, repr=False)
    fresh_key: Callable[[], str] | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    ca_file: Path | None = None
    certificate: tuple[Path, Path | None] | None = None
    correlation: str = ""
