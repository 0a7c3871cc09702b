"""Gives every call a request id: the caller's own where it sent one."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

from google.protobuf.message import Message

from mujaz.transport.interceptors.wrap import Call, Proceed

REQUEST_ID_KEY: Final = "x-request-id"
# What may safely go into a log line and a header of any system behind this one.
_SAFE: Final = re.compile(r"[A-Za-z0-9._:/+=-]{1,64}")


class RequestId:
    """Takes `x-request-id` from the caller or makes one, and returns it in the metadata."""

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        call.request_id = _sent_by(call) or uuid4().hex
        call.metadata = ((REQUEST_ID_KEY, call.request_id),)
        return await proceed()


def _sent_by(call: Call) -> str | None:
    for key, value in call.context.invocation_metadata() or ():
        if key == REQUEST_ID_KEY and isinstance(value, str) and _SAFE.fullmatch(value):
            return value
    return None
