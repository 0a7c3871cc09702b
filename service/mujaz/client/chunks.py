"""The sending side of TranslateTextChunks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from mujaz.v1.translation_service_pb2 import TranslateTextChunksRequest, TranslationConfig

CHUNK_CHARACTER_LIMIT = 64_000


async def send_chunks(
    call: Any, chunks: AsyncIterator[str], config: TranslationConfig | None
) -> None:
    """Writes the configuration and then the chunks, in pieces the contract allows."""
    await call.write(TranslateTextChunksRequest(config=config or TranslationConfig()))
    async for chunk in chunks:
        for start in range(0, len(chunk), CHUNK_CHARACTER_LIMIT):
            piece = chunk[start : start + CHUNK_CHARACTER_LIMIT]
            await call.write(TranslateTextChunksRequest(chunk=piece))
    await call.done_writing()
