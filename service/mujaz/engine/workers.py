"""The engine threads: each takes a batch, computes it, and hands the answers to the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mujaz.engine.queue import Completed, Job, JobQueue
from mujaz.errors import DeadlineExceeded, EngineFailed, MujazError, ShuttingDown

Answer: TypeAlias = tuple[Job, Completed | MujazError]


@dataclass(slots=True)
class _Beat:
    """What one thread did last, and when; written by that thread alone."""

    at: float
    computing: bool = False


class Workers:
    """Threads that run until the queue is closed; every job they take is answered exactly once.

    `answer` is called on `loop`. CTranslate2 releases the GIL while it computes.
    """

    def __init__(
        self,
        queue: JobQueue,
        *,
        count: int,
        loop: asyncio.AbstractEventLoop,
        answer: Callable[[Sequence[Answer]], None],
        clock: Callable[[], float],
    ) -> None:
        self._queue = queue
        self._loop = loop
        self._answer = answer
        self._clock = clock
        self._beats = [_Beat(clock()) for _ in range(count)]
        self._threads = [
            threading.Thread(
                target=self._work, args=(beat,), name=f"mujaz-engine-{number}", daemon=True
            )
            for number, beat in enumerate(self._beats)
        ]
        for thread in self._threads:
            thread.start()

    def alive(self, stall_seconds: float) -> bool:
        """Whether every thread runs, and none is longer than that at one batch, or at nothing while
        work waits. However much work there is, and none at all, a thread that takes it is alive."""
        if not all(thread.is_alive() for thread in self._threads):
            return False
        now = self._clock()
        silent = [beat for beat in self._beats if now - beat.at > stall_seconds]
        if any(beat.computing for beat in silent):
            return False
        return len(silent) < len(self._beats) or self._queue.oldest_wait(now) <= stall_seconds

    def join(self) -> None:
        """Wait for the batches in progress after the queue was closed. Blocks."""
        for thread in self._threads:
            thread.join()

    def _work(self, beat: _Beat) -> None:
        while (choice := self._queue.take()) is not None:
            beat.at, beat.computing = self._clock(), True
            answers: list[Answer] = [
                (job, DeadlineExceeded("The deadline passed while the text waited for the engine."))
                for job in choice.late
            ]
            if choice.batch:
                answers += self._compute(choice.batch)
            beat.at, beat.computing = self._clock(), False
            try:
                self._loop.call_soon_threadsafe(self._answer, answers)
            except RuntimeError:  # the loop is closed: nobody is left to answer
                return

    def _compute(self, batch: Sequence[Job]) -> list[Answer]:
        """Run one batch. Whatever it raises must answer its callers, not end the thread."""
        began = self._clock()
        try:
            model, options = batch[0].model, batch[0].options
            outputs = model.decode_batch([job.tokens for job in batch], options)
            seconds_per_token = (self._clock() - began) / sum(job.token_count for job in batch)
            answers: list[Answer] = []
            for job, decoded in zip(batch, outputs, strict=True):
                queue_seconds = began - job.enqueued_at
                inference_seconds = seconds_per_token * job.token_count
                answers.append((job, Completed(decoded, queue_seconds, inference_seconds)))
        except Exception as error:
            return self._isolate(batch, error)
        return answers

    def _isolate(self, batch: Sequence[Job], error: Exception) -> list[Answer]:
        """After a failure a lone sequence is the culprit; of several, each has to run alone.

        They go back to their place in the queue, so that other work does not wait for them.
        """
        failure = EngineFailed("The model could not process this text.")
        failure.__cause__ = error
        if len(batch) == 1:
            return [(batch[0], failure)]
        wanted = [job for job in batch if not job.future.cancelled()]
        answers: list[Answer] = [(job, failure) for job in set(batch).difference(wanted)]
        try:
            self._queue.give_back(wanted)
        except ShuttingDown as shutdown:
            answers += [(job, shutdown) for job in wanted]
        return answers
