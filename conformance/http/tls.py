"""The context for TLS: the authorities that a client trusts, and its own certificate."""

from __future__ import annotations

import ssl

import httpx

from conformance.http.target import Target


def verification(target: Target) -> ssl.SSLContext | bool:
    """Return the context for a target with https, and False for http, which needs none: each takes long to make."""
    return context_of(target) if target.url.startswith("https:") else False


def context_of(target: Target) -> ssl.SSLContext:
    """Return the context for a target, with its authorities beside the usual ones and its certificate."""
    context = httpx.create_ssl_context()
    if target.ca_file is not None:
        context.load_verify_locations(target.ca_file)
    if target.certificate is not None:
        context.load_cert_chain(*target.certificate)
    return context
