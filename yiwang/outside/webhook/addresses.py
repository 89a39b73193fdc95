"""Which addresses a post may go to: the public internet, unless the settings open the town's own network."""

import ipaddress
import socket
from urllib.parse import urlsplit


class Private(Exception):
    """The address lies in a network of our own, or is none."""


def checked(url: str, *, private: bool) -> tuple[str, str, int]:
    """Return scheme, host and port of an address that may be an endpoint.

    Raises:
        ValueError: not an http(s) address without user name. Private: plain http, or an address of our own network.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise ValueError("expected https://host/path")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not private and parts.scheme != "https":
        raise Private("plain http")
    literal = _literal(parts.hostname)
    if literal is not None and not private and not is_public(literal):
        raise Private("an address of our own network")
    return parts.scheme, parts.hostname, port


def resolved(host: str, port: int, *, private: bool) -> str:
    """Return one address of a host; every one of them must be public, so that no second one leads inside.

    Raises:
        OSError: the name does not resolve. Private: one of its addresses is not public.
    """
    found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    known = sorted(
        (ipaddress.ip_address(str(address)) for address in found), key=lambda a: a.version
    )
    if not private and not all(is_public(address) for address in known):
        raise Private(host)
    return str(known[0])


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether the internet knows it; an IPv4 address dressed as IPv6 counts as what it is."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
        if address in _TRANSLATED:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
