"""Addresses to listen on: HOST:PORT, [IPV6]:PORT, or unix:/path of a socket."""

from __future__ import annotations

import ipaddress
import re


def host_of(listen: str) -> str | None:
    """The host of an address: empty for a unix socket, None for what is no address."""
    if listen.startswith("unix:") and len(listen) > len("unix:"):
        return ""
    match = re.fullmatch(r"(?:\[([^\[\]]+)\]|([^:\[\]]+)):(\d{1,5})", listen)
    if match is None or int(match[3]) > 65_535:
        return None
    return match[1] or match[2]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host; names other than localhost may resolve to
    anything."""
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
