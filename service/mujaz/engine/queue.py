"""What waits for the engine: a thread-safe queue of sequences, counted in tokens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mujaz.engine.batch import BatchChoice, Priority, QueueEntry, choose_batch
from mujaz.engine.protocols import Decoded, DecodingOptions, SequenceModel

# How much virtual time a token costs: bulk work gets about one token in nine while both wait.
VIRTUAL_COST: Final = {Priority.INTERACTIVE: 1.0, Priority.BULK: 8.0}


@dataclass(frozen=True, slots=True)
class Completed:
    """One answer: the output, how long the sequence waited, and its share of the model's time."""

    decoded: Decoded
    queue_seconds: float
    inference_seconds: float


@dataclass(slots=True, eq=False, kw_only=True)
class Job(QueueEntry):
    """A queue entry with what it takes to compute and to answer it."""

    model: SequenceModel
    tokens: Sequence[str]
    options: DecodingOptions
    priority: Priority
    future: asyncio.Future[Completed]
    enqueued_at: float


class JobQueue:
    """Jobs in no order; `take` chooses by virtual start time. Every method may be called anywhere.

    Unlike CTranslate2's queue it never blocks the one who puts, and gives back what it holds.
    """

    def __init__(self, *, batch_token_budget: int, clock: Callable[[], float]) -> None:
        self._batch_token_budget = batch_token_budget
        self._clock = clock
        self._changed = threading.Condition()
        self._jobs: dict[Job, None] = {}
        self._tokens = dict.fromkeys(Priority, 0)
        self._virtual_time = 0.0
        self._closed = False

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def token_count(self) -> int:
        """Tokens that wait."""
        return sum(self._tokens.values())

    def tokens_ahead(self, priority: Priority) -> int:
        """Tokens that go before a new request of this priority, roughly."""
        return sum(count for p, count in self._tokens.items() if p <= priority)

    def put(self, jobs: Sequence[Job], *, finish_tag: float) -> float:
        """Tag and add the jobs of one request; returns its new finish tag.

        `finish_tag` is what the last call for that request returned, 0 before the first. Jobs put
        together are seen together: no batch is chosen between them.
        """
        with self._changed:
            for job in jobs:
                job.start_tag = max(self._virtual_time, finish_tag)
                finish_tag = job.start_tag + job.token_count * VIRTUAL_COST[job.priority]
                self._jobs[job] = None
                self._tokens[job.priority] += job.token_count
            self._changed.notify(len(jobs))
        return finish_tag

    def take(self) -> BatchChoice[Job] | None:
        """Wait for work and take the next batch and the late out; None once closed."""
        with self._changed:
            while not self._jobs and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            choice = choose_batch(
                self._jobs, token_budget=self._batch_token_budget, now=self._clock()
            )
            self._discard(choice.batch)
            self._discard(choice.late)
            if choice.batch:  # never empty together with an empty `late`
                anchor_tag = min(job.start_tag for job in choice.batch)
                self._virtual_time = max(self._virtual_time, anchor_tag)
            return choice

    def remove(self, jobs: Sequence[Job]) -> int:
        """Take out those of `jobs` that still wait; returns how many."""
        with self._changed:
            waiting = [job for job in jobs if job in self._jobs]
            self._discard(waiting)
        return len(waiting)

    def close(self) -> list[Job]:
        """Wake every waiting thread for good; returns what still waited."""
        with self._changed:
            waiting = list(self._jobs)
            self._discard(waiting)
            self._closed = True
            self._changed.notify_all()
        return waiting

    def _discard(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            del self._jobs[job]
            self._tokens[job.priority] -= job.token_count
