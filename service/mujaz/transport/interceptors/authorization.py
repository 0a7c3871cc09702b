"""Lets a call through that carries a token with the scope of its method."""

from __future__ import annotations

from typing import Final

from google.protobuf.message import Message

from mujaz.errors import ScopeMissing, TokenInvalid, TokenMissing
from mujaz.transport.interceptors.wrap import Call, Proceed
from mujaz.transport.scopes import allows, scope_of
from mujaz.transport.token_store import TokenStore

AUTHORIZATION_KEY: Final = "authorization"
SCHEME: Final = "bearer"


class Authorization:
    """Names the caller by its token and meters its text; lets everything through without tokens.

    Raises TokenMissing, TokenInvalid or ScopeMissing before any work is done.
    """

    def __init__(self, tokens: TokenStore | None) -> None:
        self._tokens = tokens

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        if self._tokens is None:
            return await proceed()
        entry = self._tokens.identify(_token_of(call))
        call.caller = entry.name
        needed = scope_of(call.method)
        if not allows(entry.scopes, needed):
            raise ScopeMissing(
                f"The token does not have the scope {needed}, which this method needs; ask the "
                "operator of the server for it.",
                scope=needed,
            )
        call.meter = self._tokens.meter(entry)
        return await proceed()


def _token_of(call: Call) -> str:
    """The bearer token that came with a call; raises TokenMissing or TokenInvalid."""
    sent = [
        value for key, value in call.context.invocation_metadata() or () if key == AUTHORIZATION_KEY
    ]
    if not sent:
        raise TokenMissing(
            "This server asks for a token; send it as metadata 'authorization: Bearer TOKEN'."
        )
    scheme, _, token = str(sent[0]).strip().partition(" ")
    if len(sent) > 1 or scheme.lower() != SCHEME or not token.strip():
        raise TokenInvalid(
            "The credential is not one bearer token; send 'authorization: Bearer TOKEN' once."
        )
    return token.strip()
