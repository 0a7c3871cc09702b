"""How a client shows its token, and where it may."""

from __future__ import annotations

import re
from typing import Final

import grpc

from mujaz.listen_address import is_loopback

Metadata = tuple[tuple[str, str], ...]

# What may stand in a header without being changed on the way (RFC 6750, section 2.1).
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_ADDRESS: Final = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]/]+))(?::\d+)?")


def with_token(
    token: str,
    credentials: grpc.ChannelCredentials | None,
    *,
    target: str,
    insecure_any: bool = False,
) -> tuple[grpc.ChannelCredentials | None, Metadata | None]:
    """The credentials of the channel, and the metadata of each call, that carry `token`.

    Over TLS it is part of the credentials, which gRPC never sends in the clear; else it goes into
    the metadata. Raises ValueError, which never repeats the token, where it cannot be one, and
    where it would go to another machine in the clear without `insecure_any`.
    """
    if not _TOKEN.fullmatch(token):
        raise ValueError("the token is empty, or has characters that no token has")
    if credentials is not None:
        call_credentials = grpc.access_token_call_credentials(token)
        return grpc.composite_channel_credentials(credentials, call_credentials), None
    if not insecure_any and not is_on_this_machine(target):
        raise ValueError(f"a token is not sent to {target} without TLS")
    return None, (("authorization", f"Bearer {token}"),)


def is_on_this_machine(target: str) -> bool:
    """Whether only this machine answers at a gRPC target; other names may lead anywhere."""
    if target.startswith(("unix:", "unix-abstract:")):
        return True
    addresses = re.sub(r"^(dns:(///?)?|ipv4:|ipv6:)", "", target).split(",")
    found = [_ADDRESS.fullmatch(address) for address in addresses]
    return all(match is not None and is_loopback(match[1] or match[2]) for match in found)
