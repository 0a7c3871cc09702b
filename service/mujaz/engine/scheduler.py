"""Runs the engine: admission, a few threads, and exactly one answer for each sequence.

The event loop submits and never blocks; engine threads choose a batch, compute it while
CTranslate2 releases the GIL, and hand the answers back to the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Final

import structlog

from mujaz.engine.batch import Priority
from mujaz.engine.protocols import DecodingOptions, SequenceModel
from mujaz.engine.queue import Completed, Job, JobQueue
from mujaz.engine.workers import Answer, Workers
from mujaz.errors import (
    DeadlineExceeded,
    EngineFailed,
    QueueFull,
    ShuttingDown,
    WaitExceedsDeadline,
)

MINIMUM_RETRY_SECONDS: Final = 0.1
# Weight of the newest batch in the moving average of the engine's speed.
SPEED_SMOOTHING: Final = 0.2


@dataclass(frozen=True, slots=True)
class SchedulerLimits:
    """Bounds of the queue, a batch and one request's window, in source tokens, and of requests.

    A new request is refused at `queue_token_limit`. Requests already admitted fill only half of
    it, so that a few long texts cannot keep all others out.
    """

    queue_token_limit: int = 65_536
    batch_token_budget: int = 384
    window_token_limit: int = 8_192
    request_limit: int = 1_024


@dataclass(frozen=True, slots=True)
class SchedulerState:
    """A snapshot for health, metrics and tests; the last three count since the start."""

    queued_tokens: int
    queued_sequences: int
    running_sequences: int
    open_tickets: int
    batch_count: int
    failed_count: int
    late_count: int


@dataclass(slots=True, eq=False)
class Ticket:
    """One request's place at the engine; closing it takes out of the queue what still waits."""

    scheduler: Scheduler
    priority: Priority
    deadline: float | None
    finish_tag: float = 0.0
    jobs: set[Job] = field(default_factory=set)
    closed: bool = False

    def __enter__(self) -> Ticket:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        model: SequenceModel,
        sequences: Sequence[Sequence[str]],
        options: DecodingOptions,
        *,
        urgent: bool = False,
    ) -> list[asyncio.Future[Completed]]:
        """Queue sequences of at least one token each; futures come in the same order.

        A future fails with DeadlineExceeded, EngineFailed or ShuttingDown.
        """
        return self.scheduler.submit(self, model, sequences, options, urgent=urgent)

    def close(self) -> None:
        """Cancel what still waits; harmless when repeated."""
        self.scheduler.close(self)

    def forget(self, job: Job, future: asyncio.Future[Completed]) -> None:
        """Let go of a job that is settled; one whose caller gave it up need not run any more."""
        self.jobs.discard(job)
        if future.cancelled():
            self.scheduler.give_up(job)
        else:
            future.exception()  # a caller that failed on another job never reads this one


class Scheduler:
    """Owns the queue and the engine threads. All public methods belong to one event loop."""

    def __init__(
        self,
        *,
        worker_count: int,
        limits: SchedulerLimits | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._worker_count = worker_count
        self._limits = limits or SchedulerLimits()
        self._clock = clock
        self._log = structlog.get_logger("mujaz.engine")
        self._queue = JobQueue(
            worker_count=worker_count,
            batch_token_budget=self._limits.batch_token_budget,
            clock=clock,
        )
        self._tickets: set[Ticket] = set()
        self._workers: Workers | None = None
        self._answered = asyncio.Event()
        self._accepting = False
        self._seconds_per_token: float | None = None
        self._unanswered = 0
        self._batch_count = self._failed_count = self._late_count = 0

    def start(self) -> None:
        """Start the engine threads; answers go to the running event loop."""
        self._workers = Workers(
            self._queue,
            count=self._worker_count,
            loop=asyncio.get_running_loop(),
            answer=self._answer,
            clock=self._clock,
        )
        self._accepting = True

    def open(
        self, *, token_count: int, priority: Priority, deadline: float | None = None
    ) -> Ticket:
        """Admit a request of about so many source tokens, 0 where that is unknown.

        Raises QueueFull, WaitExceedsDeadline or ShuttingDown, before any work.
        """
        if not self._accepting:
            raise ShuttingDown("The server is shutting down; send the request to another replica.")
        waiting = self._queue.tokens_ahead(priority)
        retry_after_seconds = max(MINIMUM_RETRY_SECONDS, self._seconds_for(waiting))
        full = self._queue.token_count >= self._limits.queue_token_limit
        if full or len(self._tickets) >= self._limits.request_limit:
            raise QueueFull(
                "The queue is full; try again after the given delay.",
                retry_after_seconds=retry_after_seconds,
            )
        # Of what waits, fair queueing serves at most an equal share of each other request before.
        ahead = min(waiting, token_count * len(self._tickets))
        wait_seconds = self._seconds_for(ahead + token_count)
        if deadline is not None and self._clock() + wait_seconds > deadline:
            raise WaitExceedsDeadline(
                "The work ahead takes longer than the deadline allows; set a later deadline or "
                "try again after the given delay.",
                retry_after_seconds=retry_after_seconds,
            )
        ticket = Ticket(self, priority, deadline)
        self._tickets.add(ticket)
        return ticket

    @property
    def window_tokens(self) -> int:
        """How many tokens a request may have waiting, running or unread beside its next sentence.

        An equal share of half the queue, and none while that half is full.
        """
        elastic = self._limits.queue_token_limit // 2
        if self._queue.token_count >= elastic:
            return 0
        return min(self._limits.window_token_limit, elastic // max(1, len(self._tickets)))

    @property
    def state(self) -> SchedulerState:
        """What the engine is doing now."""
        return SchedulerState(
            queued_tokens=self._queue.token_count,
            queued_sequences=len(self._queue),
            running_sequences=self._unanswered - len(self._queue),
            open_tickets=len(self._tickets),
            batch_count=self._batch_count,
            failed_count=self._failed_count,
            late_count=self._late_count,
        )

    async def drain(self, timeout_seconds: float) -> bool:
        """Take no new requests and wait until all work is answered; False when time ran out."""
        self._accepting = False
        try:
            async with asyncio.timeout(timeout_seconds):
                while self._tickets or self._unanswered:
                    self._answered.clear()
                    await self._answered.wait()
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """End the threads after their current batches; what still waits fails with ShuttingDown."""
        self._accepting = False
        error = ShuttingDown("The server shut down before this work ran; send it elsewhere.")
        self._answer([(job, error) for job in self._queue.close()])
        if self._workers is not None:
            await asyncio.to_thread(self._workers.join)

    def submit(
        self,
        ticket: Ticket,
        model: SequenceModel,
        sequences: Sequence[Sequence[str]],
        options: DecodingOptions,
        *,
        urgent: bool,
    ) -> list[asyncio.Future[Completed]]:
        """What `Ticket.submit` does."""
        if ticket.closed:
            raise ShuttingDown("The request is closed; send it again.")
        loop = asyncio.get_running_loop()
        now = self._clock()
        jobs = [
            Job(
                token_count=len(tokens),
                priority=ticket.priority,
                deadline=ticket.deadline,
                model=model,
                tokens=tokens,
                options=options,
                future=loop.create_future(),
                enqueued_at=now,
                urgent=urgent,
            )
            for tokens in sequences
        ]
        ticket.finish_tag = self._queue.put(jobs, finish_tag=ticket.finish_tag)
        ticket.jobs.update(jobs)
        self._unanswered += len(jobs)
        for job in jobs:
            job.future.add_done_callback(partial(ticket.forget, job))
        return [job.future for job in jobs]

    def close(self, ticket: Ticket) -> None:
        """What `Ticket.close` does."""
        if ticket.closed:
            return
        ticket.closed = True
        self._tickets.discard(ticket)
        removed = self._queue.remove(list(ticket.jobs))
        self._unanswered -= removed
        for job in list(ticket.jobs):
            job.future.cancel()
        self._answered.set()

    def give_up(self, job: Job) -> None:
        """Take a job out of the queue, if it still waits."""
        self._unanswered -= self._queue.remove([job])
        self._answered.set()

    def _seconds_for(self, token_count: int) -> float:
        """How long the engine takes for so many tokens; 0 until the first batch was measured."""
        return token_count * (self._seconds_per_token or 0.0) / self._worker_count

    def _answer(self, answers: Sequence[Answer]) -> None:
        """Settle futures on the event loop; those cancelled meanwhile need no answer."""
        self._unanswered -= len(answers)
        token_count, seconds = 0, 0.0
        failed: list[tuple[Job, EngineFailed]] = []
        for job, outcome in answers:
            if isinstance(outcome, Completed):
                token_count += job.token_count
                seconds += outcome.inference_seconds
                if not job.future.done():
                    job.future.set_result(outcome)
                continue
            self._late_count += isinstance(outcome, DeadlineExceeded)
            if not job.future.done():
                job.future.set_exception(outcome)
                if isinstance(outcome, EngineFailed):
                    failed.append((job, outcome))
        if token_count:
            self._batch_count += 1
            self._measure(token_count, seconds)
        self._answered.set()
        self._failed_count += len(failed)
        for job, failure in failed:  # last, as a log that cannot be written raises
            self._log.error(
                "sequence_failed",
                model=job.model.revision,
                error=type(failure.__cause__).__name__,
                token_count=job.token_count,
            )

    def _measure(self, token_count: int, seconds: float) -> None:
        """Follow the engine's speed; a nearly empty batch says little about a full queue."""
        if token_count < self._limits.batch_token_budget / 4:
            return
        newest = seconds / token_count
        known = newest if self._seconds_per_token is None else self._seconds_per_token
        self._seconds_per_token = known + SPEED_SMOOTHING * (newest - known)
