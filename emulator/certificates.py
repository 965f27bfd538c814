"""A certificate for loopback, made anew for each server: some clients speak nothing but HTTPS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificate:
    """Files in PEM form: the server's chain and private key, and the authority that a client must trust."""

    chain: Path
    key: Path
    authority: Path


def new_certificate(directory: Path, *names: str) -> Certificate:
    """Write a new certificate for loopback and further host names or addresses into a directory, and return its files."""
    directory.mkdir(parents=True, exist_ok=True)
    files = Certificate(directory / "server.pem", directory / "server.key", directory / "ca.pem")
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1", "::1", *names)
    files.key.touch(mode=0o600)
    issued.private_key_pem.write_to_path(files.key)
    for index, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(files.chain, append=index > 0)
    authority.cert_pem.write_to_path(files.authority)
    return files
