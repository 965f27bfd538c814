"""Example databases by URL: a folder, Redis, or the artifact of a GitHub workflow, with Hypothesis' own classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.cli.command_error import CommandError
from openapi.network import without_credentials

if TYPE_CHECKING:  # takes longer to import than the first request may wait
    from hypothesis.database import ExampleDatabase

_READ_ONLY = "read-only:"
_ARTIFACT = "hypothesis-example-db"


def database_of(urls: Sequence[str]) -> ExampleDatabase:
    """Return the example database at a path or URL, or of several: all are read, and all that are not read-only are written.

    `redis://host:6379/0`, `github://owner/repository/artifact` (read-only), or a folder; `read-only:` may stand in front of
    each. CommandError where one is none, or cannot be reached.
    """
    from hypothesis.database import MultiplexedDatabase

    found = [_one(each) for each in urls]
    return found[0] if len(found) == 1 else MultiplexedDatabase(*found)


def _one(url: str) -> ExampleDatabase:
    from hypothesis.database import ReadOnlyDatabase

    if url.startswith(_READ_ONLY):
        return ReadOnlyDatabase(_one(url.removeprefix(_READ_ONLY)))
    scheme, sign, _ = url.partition("://")
    if not sign:
        return _folder(url)
    if scheme not in _KINDS:
        raise CommandError(f"--examples {without_credentials(url)}: give a folder, or a URL of {', '.join(_KINDS)}")
    return _KINDS[scheme](url)


def _folder(path: str) -> ExampleDatabase:
    from hypothesis.database import DirectoryBasedExampleDatabase

    return DirectoryBasedExampleDatabase(path)


def _redis(url: str) -> ExampleDatabase:
    shown = without_credentials(url)
    try:
        import redis
        from hypothesis.extra.redis import RedisExampleDatabase
    except ImportError as error:
        raise CommandError(f"--examples {shown}: it needs the package redis, `pip install redis`") from error
    try:
        client = redis.Redis.from_url(url)
        client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise CommandError(f"--examples {shown}: {without_credentials(str(error))}") from None
    return RedisExampleDatabase(client)


def _github(url: str) -> ExampleDatabase:
    from hypothesis.database import GitHubArtifactDatabase, ReadOnlyDatabase

    parts = urlsplit(url)
    repository, _, artifact = parts.path.strip("/").partition("/")
    if not parts.netloc or not repository:
        raise CommandError(f"--examples {without_credentials(url)}: give github://OWNER/REPOSITORY or …/ARTIFACT")
    return ReadOnlyDatabase(GitHubArtifactDatabase(parts.netloc, repository, artifact or _ARTIFACT))


_KINDS: Mapping[str, Callable[[str], ExampleDatabase]] = {
    "redis": _redis,
    "rediss": _redis,
    "unix": _redis,
    "github": _github,
}
