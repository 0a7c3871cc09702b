"""Names who calls: by client certificate where there is one, else by the address of the peer.

A bearer token names its caller better than either; `authorization.py` overwrites the name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import unquote

from google.protobuf.message import Message

from mujaz.transport.interceptors.wrap import Call, Proceed

UNIX: Final = "unix"
UNKNOWN: Final = "unknown"
NAME_CHARACTER_LIMIT: Final = 64

# The properties of a client certificate gRPC reports, the one for people first.
_NAME_PROPERTIES: Final = ("x509_common_name", "x509_subject_alternative_name")
# A name from outside goes into log lines and keys of shares.
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._:/@*+=-]")


class CallerName:
    """Fills `Call.caller`, which is never empty afterwards."""

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        context = call.context
        call.caller = name_of_certificate(context.auth_context()) or host_of_peer(context.peer())
        return await proceed()


def name_of_certificate(properties: Mapping[str, Iterable[bytes]]) -> str:
    """The common name of a client certificate, else its first alternative name, else "".

    `properties` are those of gRPC's `auth_context`. Characters that could break a log line are
    replaced by `_`.
    """
    for key in _NAME_PROPERTIES:
        for value in properties.get(key) or ():
            name = value.decode("utf-8", errors="replace").strip()
            if name:
                return _UNSAFE.sub("_", name[:NAME_CHARACTER_LIMIT])
    return ""


def host_of_peer(peer: str) -> str:
    """The host of a gRPC peer without its port; `unix` for any unix socket.

    One host has one name, also where an IPv6 socket took an IPv4 connection.
    """
    scheme, _, address = peer.partition(":")
    if scheme.startswith(UNIX):
        return UNIX
    host = unquote(address).rpartition(":")[0].strip("[]")
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)
