"""Runs the engine: a bounded queue of sequences, a few threads, one answer for each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from mujaz.engine.batch import Priority
from mujaz.engine.protocols import Decoded, DecodingOptions, SequenceModel


@dataclass(frozen=True, slots=True)
class Completed:
    """One answer: the output, how long the sequence waited, and its share of the model's time."""

    decoded: Decoded
    queue_seconds: float
    inference_seconds: float


class Ticket:
    """One request's place at the engine; closing it takes out of the queue what still waits."""

    def submit(
        self,
        model: SequenceModel,
        sequences: Sequence[Sequence[str]],
        options: DecodingOptions,
        *,
        urgent: bool = False,
    ) -> list[asyncio.Future[Completed]]:
        """Queues sequences; the futures fail with DeadlineExceeded, EngineFailed, ShuttingDown."""
        raise NotImplementedError

    def close(self) -> None:
        """Cancels what still waits; harmless when repeated."""
        raise NotImplementedError


class Scheduler:
    """Owns the queue and the engine threads."""

    def open(
        self, *, token_count: int, priority: Priority, deadline: float | None = None
    ) -> Ticket:
        """Admits a request of so many source tokens, or raises QueueFull, WaitExceedsDeadline,
        ShuttingDown at once."""
        raise NotImplementedError
