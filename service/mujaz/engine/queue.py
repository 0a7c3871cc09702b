"""What waits for the engine: a thread-safe queue of sequences, counted in tokens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import TypeAlias
from weakref import WeakValueDictionary

from mujaz.engine.batch import BatchChoice, Priority, QueueEntry, choose_batch
from mujaz.engine.flow import Flow
from mujaz.engine.protocols import Decoded, DecodingOptions, SequenceModel
from mujaz.engine.speed import RECENT_SECONDS
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

    `flow` is its request among those of `caller`, a name or empty. `urgent` marks the first
    sentence of a text, which a reader waits for: such jobs share a batch with each other only, so
    that it is short. `alone` marks one whose batch failed.
    """

    flow: Flow[Job]
    caller: str
    priority: Priority
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


JobFlow: TypeAlias = Flow[Job]


class JobQueue:
    """Jobs by kind, and in fair order by priority, caller and request. Safe from any thread.

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
        self._token_count = 0
        self._interactive_at = -inf
        self._tokens_of: dict[str, int] = {}
        self._root = JobFlow()
        self._priorities = {p: JobFlow(self._root, cost=p.cost) for p in Priority}
        # A caller is forgotten with the last of its requests, which hold on to it.
        self._callers: WeakValueDictionary[tuple[Priority, str], JobFlow] = WeakValueDictionary()
        self._closed = False

    def __len__(self) -> int:
        with self._changed:
            return sum(map(len, self._kinds.values()))

    @property
    def token_count(self) -> int:
        """Tokens that wait."""
        return self._token_count

    def tokens_of(self, caller: str) -> int:
        """Tokens of one caller that wait."""
        return self._tokens_of.get(caller, 0)

    def oldest_wait(self, now: float) -> float:
        """For how many seconds the oldest job has waited; 0 where none waits."""
        with self._changed:
            times = [job.enqueued_at for kind in self._kinds.values() for job in kind]
        return now - min(times, default=now)

    def flow_for(self, priority: Priority, caller: str) -> JobFlow:
        """A flow for a new request of `caller`."""
        with self._changed:
            parent = self._callers.get((priority, caller))
            if parent is None:
                parent = self._callers[priority, caller] = JobFlow(self._priorities[priority])
            return JobFlow(parent)

    def put(self, jobs: Sequence[Job]) -> None:
        """Add jobs; no batch is chosen between those put together.

        Raises ShuttingDown once closed.
        """
        with self._changed:
            self._require_open()
            for job in jobs:
                job.flow.add(job)
                if job.priority is Priority.INTERACTIVE:
                    self._interactive_at = job.enqueued_at
            self._add(jobs)

    def give_back(self, jobs: Sequence[Job]) -> None:
        """Add taken jobs again, in their old place, each to be computed alone.

        Raises ShuttingDown once closed.
        """
        with self._changed:
            self._require_open()
            for job in reversed(jobs):
                job.alone = True
                job.flow.put_back(job, job.token_count)
            self._add(jobs)

    def take(self) -> BatchChoice[Job] | None:
        """Wait for work and take the next batch and its late out; None once closed."""
        with self._changed:
            while not self._kinds and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            anchor = self._root.first()
            assert anchor is not None  # every job waits in its kind and in its flow
            choice = choose_batch(
                anchor,
                self._kinds[anchor.kind],
                token_budget=self._budget_for(anchor),
                now=self._clock(),
            )
            self._discard(choice.batch)
            self._discard(choice.late)
            for job in choice.batch:
                if job is anchor:
                    job.flow.serve(job.token_count)
                else:
                    job.flow.charge(job.token_count)
            return choice

    def remove(self, jobs: Sequence[Job]) -> list[Job]:
        """Take out and return those of `jobs` that still wait."""
        with self._changed:
            waiting = [job for job in jobs if job in self._kinds.get(job.kind, ())]
            self._discard(waiting)
        return waiting

    def close(self) -> list[Job]:
        """Wake every waiting thread for good; returns what still waited."""
        with self._changed:
            waiting = [job for kind in self._kinds.values() for job in kind]
            self._discard(waiting)
            self._closed = True
            self._changed.notify_all()
        return waiting

    def _budget_for(self, anchor: Job) -> int:
        """A bulk batch is shorter where interactive work may come, which waits for its end."""
        if anchor.priority is Priority.BULK and (
            self._clock() - self._interactive_at <= RECENT_SECONDS
        ):
            return self._token_budget // 4
        return self._token_budget

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
            self._token_count += job.token_count
            self._tokens_of[job.caller] = self._tokens_of.get(job.caller, 0) + job.token_count
        self._changed.notify(len(jobs))

    def _discard(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            kind = self._kinds[job.kind]
            del kind[job]
            if not kind:
                del self._kinds[job.kind]
            job.flow.remove(job)
            self._token_count -= job.token_count
            self._tokens_of[job.caller] -= job.token_count
            if self._tokens_of[job.caller] == 0:
                del self._tokens_of[job.caller]
