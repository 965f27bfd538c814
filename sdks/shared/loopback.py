"""Refusal of every host but loopback, before a name is looked up: `import loopback` once, before the client.

An audit hook cannot be removed and sees each look-up and connection of the interpreter, whichever library makes it.
Libraries that look names up by themselves in C raise no event, so they are not imported at all.
"""

import errno
import ipaddress
import sys

_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyname_ex"}
_CONNECTIONS = {"socket.connect", "socket.sendto"}
_UNSEEN = {"pycares", "uvloop", "curl_cffi", "pycurl"}


class Refused(OSError):
    """The harness refuses a host."""


def is_loopback(host: object) -> bool:
    """Return whether a host is this machine, by its name or address alone."""
    text = host.decode() if isinstance(host, bytes) else host
    if text is None or text == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(text).split("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOKUPS:
        host = arguments[0]
    elif event in _CONNECTIONS and isinstance(arguments[1], tuple):  # the address of a Unix socket is a string
        host = arguments[1][0]
    elif event == "import" and str(arguments[0]).partition(".")[0] in _UNSEEN:
        raise ImportError(f"{arguments[0]} refused by the harness: it looks names up unseen")
    else:
        return
    if not is_loopback(host):
        raise Refused(errno.EACCES, f"{host} refused by the harness: it is not this machine")


sys.addaudithook(_refuse)
