"""A text that arrives in pieces, read no faster than its sentences are wanted."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any

from mujaz.domain.language import is_arabic_sentence
from mujaz.domain.segment import IncrementalSegmenter, SegmentedSentence
from mujaz.errors import ContentEmpty, DeadlineExceeded, StreamIdle


class ChunkedText:
    """Sentences of a stream of chunks: `ready` holds those complete so far, oldest first.

    At most one chunk is read ahead. Leaving the context cancels a read in progress. A read raises
    DeadlineExceeded, and StreamIdle where nothing comes within `idle_seconds`.
    """

    def __init__(self, chunks: AsyncIterator[str], *, idle_seconds: float | None = None) -> None:
        self.ready: deque[SegmentedSentence] = deque()
        self.character_count = 0
        self._chunks = chunks
        self._idle_seconds = idle_seconds
        self._segmenter = IncrementalSegmenter()
        self._ended = False
        self._reading: asyncio.Task[str | None] | None = None

    def __enter__(self) -> ChunkedText:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()

    async def arrival(self, deadline: float | None) -> None:
        """Wait until the first chunk is there, or the end, and leave it unread."""
        await self._arrived(self._start_reading(), deadline)

    async def head(self, deadline: float | None) -> None:
        """Read until there is a sentence to start on.

        Raises ContentEmpty where the whole text is white space.
        """
        while not self.ready:
            if not await self.read(deadline):
                raise ContentEmpty(
                    "The text is empty or white space only; send some text.", field="chunk"
                )

    async def sample(self, character_count: int, deadline: float | None) -> str:
        """Text to tell the language from, the same wherever the text is cut.

        It is the first Arabic sentence, so that a first line in Latin script does not decide; where
        none comes within about so many characters, all sentences up to there. They stay ready.
        """
        texts: list[str] = []
        while sum(map(len, texts)) < character_count:
            if len(texts) == len(self.ready):
                if not await self.read(deadline):
                    break
                continue
            text = self.ready[len(texts)].text
            if is_arabic_sentence(text):
                return text
            texts.append(text)
        return " ".join(texts)

    async def read(self, deadline: float | None) -> bool:
        """Take in the next chunk; False once the text has ended."""
        if self._ended:
            return False
        reading = self._start_reading()
        await self._arrived(reading, deadline)
        self._take(reading)
        return True

    async def read_before(self, event: asyncio.Future[Any], deadline: float | None) -> bool:
        """Take in the next chunk if it arrives before `event`; False when the event came first.

        Nothing is read while sentences are ready, so a reader that lags is not read ahead of.
        """
        if self.ready or self._ended:
            return False
        reading = self._start_reading()
        try:
            async with asyncio.timeout_at(deadline):
                pair: set[asyncio.Future[Any]] = {reading, event}
                await asyncio.wait(pair, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError as error:
            raise _too_late() from error
        if event.done():
            return False
        self._take(reading)
        return True

    def _start_reading(self) -> asyncio.Task[str | None]:
        if self._reading is None:
            self._reading = asyncio.create_task(_next(self._chunks))
        return self._reading

    async def _arrived(self, reading: asyncio.Task[str | None], deadline: float | None) -> None:
        """Wait for a chunk while nothing else is in work."""
        try:
            async with asyncio.timeout_at(deadline):
                await asyncio.wait({reading}, timeout=self._idle_seconds)
        except TimeoutError as error:
            raise _too_late() from error
        if not reading.done():
            raise StreamIdle(
                "The stream brought no text for too long; send the rest, or end it, sooner."
            )

    def _take(self, reading: asyncio.Task[str | None]) -> None:
        self._reading = None
        chunk = reading.result()
        if chunk is None:
            self._ended = True
            self.ready.extend(self._segmenter.finish())
        else:
            self.character_count += len(chunk)
            self.ready.extend(self._segmenter.feed(chunk))


async def _next(chunks: AsyncIterator[str]) -> str | None:
    return await anext(chunks, None)


def _too_late() -> DeadlineExceeded:
    return DeadlineExceeded("The deadline passed before the whole text had arrived.")
