"""What waits for the engine: a thread-safe queue of sequences, counted in tokens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import ceil

from mujaz.engine.batch import BatchChoice, Priority, QueueEntry, choose_batch
from mujaz.engine.protocols import Decoded, DecodingOptions, SequenceModel
from mujaz.errors import ShuttingDown


@dataclass(frozen=True, slots=True)
class Completed:
    """One answer: the output, how long the sequence waited, and its share of the model's time."""

    decoded: Decoded
    queue_seconds: float
    inference_seconds: float


@dataclass(slots=True, eq=False, kw_only=True)
class Job(QueueEntry):
    """A queue entry with what it takes to compute and to answer it.

    `urgent` marks the first sentence of a text, which a reader waits for: such jobs share a batch
    with each other only, so that it is short. `alone` marks one whose batch failed.
    """

    model: SequenceModel
    tokens: Sequence[str]
    options: DecodingOptions
    future: asyncio.Future[Completed]
    enqueued_at: float
    urgent: bool = False
    alone: bool = False

    @property
    def kind(self) -> Hashable:
        """Jobs of one kind may share a batch."""
        if self.alone:
            return self
        return self.model.revision, self.options, self.priority, self.urgent


class JobQueue:
    """Jobs by kind; `take` chooses by virtual time. Every method may be called from any thread.

    Unlike CTranslate2's queue it never blocks the one who puts, and gives back what it holds.
    """

    def __init__(
        self, *, worker_count: int, batch_token_budget: int, clock: Callable[[], float]
    ) -> None:
        self._worker_count = worker_count
        self._batch_token_budget = batch_token_budget
        self._clock = clock
        self._changed = threading.Condition()
        self._kinds: dict[Hashable, dict[Job, None]] = {}
        self._tokens = dict.fromkeys(Priority, 0)
        self._virtual_time = 0.0
        self._closed = False

    def __len__(self) -> int:
        with self._changed:
            return sum(map(len, self._kinds.values()))

    @property
    def token_count(self) -> int:
        """Tokens that wait."""
        return sum(self._tokens.values())

    def tokens_ahead(self, priority: Priority) -> int:
        """Tokens of this priority and of those before it."""
        return sum(count for p, count in self._tokens.items() if p <= priority)

    def put(self, jobs: Sequence[Job], *, finish_tag: float) -> float:
        """Tag and add the jobs of one request; returns its new finish tag.

        `finish_tag` is what the last call for that request returned, 0 before the first. Jobs put
        together are seen together: no batch is chosen between them. Raises ShuttingDown once
        closed.
        """
        with self._changed:
            self._require_open()
            for job in jobs:
                job.start_tag = max(self._virtual_time, finish_tag)
                finish_tag = job.finish_tag
            self._add(jobs)
        return finish_tag

    def give_back(self, jobs: Sequence[Job]) -> None:
        """Add taken jobs again, in their old place, each to be computed alone.

        Raises ShuttingDown once closed.
        """
        with self._changed:
            self._require_open()
            for job in jobs:
                job.alone = True
            self._add(jobs)

    def take(self) -> BatchChoice[Job] | None:
        """Wait for work and take the next batch and its late out; None once closed."""
        with self._changed:
            while not self._kinds and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            choice = choose_batch(
                self._kinds.values(), token_budget=self._token_budget, now=self._clock()
            )
            self._discard(choice.batch)
            self._discard(choice.late)
            if choice.batch:
                # The clock is the finish of what is served: with its start instead, a steady flow
                # of new requests of one sentence would stop it, and all second sentences with it.
                self._virtual_time = max(self._virtual_time, choice.batch[0].finish_tag)
            return choice

    def remove(self, jobs: Sequence[Job]) -> int:
        """Take out those of `jobs` that still wait; returns how many."""
        with self._changed:
            waiting = [job for job in jobs if job in self._kinds.get(job.kind, ())]
            self._discard(waiting)
        return len(waiting)

    def close(self) -> list[Job]:
        """Wake every waiting thread for good; returns what still waited."""
        with self._changed:
            waiting = [job for kind in self._kinds.values() for job in kind]
            self._discard(waiting)
            self._closed = True
            self._changed.notify_all()
        return waiting

    @property
    def _token_budget(self) -> int:
        """Of little work each worker takes a share, so that none is idle while another has it all;
        but no less than a quarter of a batch, as small batches cost more a token."""
        share = max(ceil(self.token_count / self._worker_count), self._batch_token_budget // 4)
        return min(self._batch_token_budget, share)

    def _require_open(self) -> None:
        if self._closed:
            raise ShuttingDown("The server has shut down; send the request to another replica.")

    def _add(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._kinds.setdefault(job.kind, {})[job] = None
            self._tokens[job.priority] += job.token_count
        self._changed.notify(len(jobs))

    def _discard(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            kind = self._kinds[job.kind]
            del kind[job]
            if not kind:
                del self._kinds[job.kind]
            self._tokens[job.priority] -= job.token_count
