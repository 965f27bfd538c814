"""The way to a URL: whether it leads to this machine, and which proxy of the environment serves it.

Proxy variables are read as curl and Python read them (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, in lower case too).
They never apply to this machine: a proxy elsewhere could not find it.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from openapi.errors import UnusableProxy

_CREDENTIALS = re.compile(r"(?<=://)[^/\s@\"'?#]*@")
_QUERY = re.compile(r"(://[^\s\"'?#]*\?)[^\s\"'#]*")
_SCHEMES = ("http", "https", "socks5", "socks5h")


def without_credentials(text: str) -> str:
    """Return a text whose URLs have neither user nor password, nor the values of a query, which may sign it."""
    return _QUERY.sub(r"\1[redacted]", _CREDENTIALS.sub("", text))


def credentials_in(url: str) -> tuple[str, ...]:
    """Return the password, or the only token, that a URL carries before its host; nothing where there is none."""
    try:
        parts = urlsplit(url)
        return tuple(each for each in (parts.password or parts.username,) if each)
    except ValueError:
        return ()


def addresses_of(host: str) -> frozenset[str]:
    """Return the addresses that a host name resolves to; none where it does not resolve."""
    try:
        return frozenset(str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return frozenset()


def is_loopback(url: str) -> bool:
    """Return whether a URL leads to this machine and nowhere else, by the addresses that its host resolves to."""
    host = urlsplit(url).hostname or ""
    found = addresses_of(host)
    return bool(found) and all(ipaddress.ip_address(each).is_loopback for each in found)


def proxy_for(url: str, environment: Mapping[str, str] | None = None) -> str | None:
    """Return the URL of the proxy through which a URL is reached, None for the direct way. UnusableProxy if it is none."""
    variables = os.environ if environment is None else environment
    parts = urlsplit(url)
    host = parts.hostname or ""
    name, proxy = _variable(parts.scheme, variables)
    if not proxy or _is_excluded(host, parts.port, _first(("no_proxy", "NO_PROXY"), variables)[1]) or is_loopback(url):
        return None
    return usable_proxy(proxy, name)


def usable_proxy(proxy: str, name: str) -> str:
    """Return the URL of a proxy. UnusableProxy with the `name` of where it stands if it is none, without the value."""
    whole = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(whole)
        is_usable = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise UnusableProxy(f"{name} is no URL of a proxy; give one such as http://proxy.example:3128, or unset it")
    return whole


def _variable(scheme: str, variables: Mapping[str, str]) -> tuple[str, str]:
    names: tuple[str, ...] = (f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY")
    if "REQUEST_METHOD" in variables:  # CGI sets HTTP_PROXY from a header of whoever asks
        names = tuple(each for each in names if each != "HTTP_PROXY")
    return _first(names, variables)


def _first(names: tuple[str, ...], variables: Mapping[str, str]) -> tuple[str, str]:
    return next(((name, value) for name in names if (value := variables.get(name, "").strip())), ("", ""))


def _is_excluded(host: str, port: int | None, excluded: str) -> bool:
    return any(_covers(entry.strip().lower(), host.lower(), port) for entry in excluded.split(",") if entry.strip())


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Return whether an entry of NO_PROXY is about a host:
    a name and those below it, an address, a network, each with a port.
    """
    if entry == "*":
        return True
    bracketed = re.fullmatch(r"\[(.*)\](?::(\d+))?", entry)
    if bracketed:
        entry, wanted = bracketed[1], bracketed[2]
    elif entry.count(":") == 1:
        entry, _, wanted = entry.partition(":")
    else:
        wanted = None
    if wanted is not None and wanted != str(port):
        return False
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        name = entry.removeprefix("*").strip(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))
