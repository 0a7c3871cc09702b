"""Reads streams whose first request carries the configuration and only the later ones the work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

from mujaz.errors import FieldInvalid, StreamIdle
from mujaz.v1.brief_service_pb2 import ProcessArticlesRequest
from mujaz.v1.translation_service_pb2 import TranslateTextChunksRequest

Request = TypeVar("Request", ProcessArticlesRequest, TranslateTextChunksRequest)


async def read_config(requests: AsyncIterator[Request], *, idle_seconds: float) -> Request:
    """The first request, which carries `config`.

    Raises FieldInvalid if it does not, StreamIdle if none comes within `idle_seconds`.
    """
    try:
        async with asyncio.timeout(idle_seconds) as timeout:
            request = await anext(requests, None)
    except TimeoutError as error:
        if not timeout.expired():
            raise
        raise StreamIdle(
            "The stream brought no request for too long; open it when there is work."
        ) from error
    if request is not None and request.WhichOneof("payload") == "config":
        return request
    raise FieldInvalid("The first request of the stream must carry config.", field="config")


async def read_work(requests: AsyncIterator[Request]) -> AsyncIterator[Request]:
    """The requests after the first. Raises FieldInvalid for one with `config` or with nothing."""
    async for request in requests:
        match request.WhichOneof("payload"):
            case "config":
                raise FieldInvalid("config belongs into the first request only.", field="config")
            case None:
                raise FieldInvalid("A request of the stream carries nothing.", field="payload")
        yield request
