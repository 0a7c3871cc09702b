"""Who is let in: bounds of the whole, a share for each caller, and waits that deadlines allow.

The share is a dynamic threshold (Choudhury and Hahne 1998): a caller may hold so many times what
is still free. Nobody has a fixed part, so one caller alone may use most of the room; yet some is
left for the next, whose arrival lowers the threshold of the others. No order of arrival and no
number of connections lets one caller keep others out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from mujaz.engine.batch import Priority
from mujaz.engine.speed import Speed
from mujaz.errors import CallerShareExceeded, QueueFull, WaitExceedsDeadline

MINIMUM_RETRY_SECONDS: Final = 0.1
# Of n callers that ask for more than they get, each holds x / (1 + n·x) of the whole. Bulk work
# stops at half of it, so that interactive work of the same caller finds room.
SHARE_OF_FREE: Final = {Priority.INTERACTIVE: 4.0, Priority.BULK: 1.0}

# Estimates are off, and a machine does other things too: what is ahead is taken to be so much more.
CAUTION: Final = 3.0


def may_take(held: float, total: float, limit: float, *, priority: Priority) -> bool:
    """Whether who holds `held` may take more, where all hold `total` of `limit`."""
    return held < SHARE_OF_FREE[priority] * (limit - total)


@dataclass(frozen=True, slots=True)
class SchedulerLimits:
    """Bounds of the queue, a batch and one request's window, in source tokens, and of requests.

    A new request is refused at `queue_token_limit`. Requests already admitted fill only half of
    it, so that a few long texts cannot keep all others out. `text_token_limit` bounds the texts of
    all requests admitted and not yet ended, by their estimated tokens: what they take in memory.
    """

    queue_token_limit: int = 65_536
    batch_token_budget: int = 384
    window_token_limit: int = 8_192
    request_limit: int = 1_024
    text_token_limit: int = 4_194_304


@dataclass(slots=True, eq=False)
class Work:
    """A request of about so many source tokens, 0 where that is unknown, and how far it is."""

    caller: str
    priority: Priority
    token_count: int
    submitted_tokens: int = 0
    answered_tokens: int = 0
    remaining_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """The tokens that wait at the engine, of all and of the caller, and those being computed."""

    queued_tokens: int
    queued_tokens_of_caller: int
    running_tokens: int


class Admission:
    """Knows the requests let in, and decides about the next. Belongs to one event loop."""

    def __init__(self, limits: SchedulerLimits, speed: Speed) -> None:
        self._limits = limits
        self._speed = speed
        self._works: dict[Priority, dict[str, set[Work]]] = {p: {} for p in Priority}
        self._remaining: dict[Priority, Counter[str]] = {p: Counter() for p in Priority}
        self._requests: Counter[str] = Counter()
        self._text_tokens: Counter[str] = Counter()

    @property
    def request_count(self) -> int:
        """Requests let in and not yet ended."""
        return self._requests.total()

    def enter(self, work: Work, load: Load, *, remaining_seconds: float | None, now: float) -> None:
        """Let a request in; its deadline leaves it `remaining_seconds`, None without one.

        Raises QueueFull, CallerShareExceeded or WaitExceedsDeadline.
        """
        self._require_room(work, load)
        wait_seconds = self._wait_seconds(work, load, now)
        if remaining_seconds is not None and wait_seconds > remaining_seconds:
            raise WaitExceedsDeadline(
                "The work ahead takes longer than the deadline allows; set a later deadline or "
                "try again after the given delay.",
                retry_after_seconds=max(MINIMUM_RETRY_SECONDS, wait_seconds - remaining_seconds),
            )
        self._works[work.priority].setdefault(work.caller, set()).add(work)
        self._update(work, work.token_count)
        self._requests[work.caller] += 1
        self._text_tokens[work.caller] += work.token_count

    def progress(self, work: Work, *, submitted: int = 0, answered: int = 0) -> None:
        """A request has submitted, or got answers for, so many tokens more."""
        work.submitted_tokens += submitted
        work.answered_tokens += answered
        unsubmitted = work.token_count - work.submitted_tokens
        self._update(work, max(0, unsubmitted) + work.submitted_tokens - work.answered_tokens)

    def leave(self, work: Work) -> None:
        """A request that was let in has ended."""
        self._update(work, 0)
        of_priority = self._works[work.priority]
        of_priority[work.caller].discard(work)
        if not of_priority[work.caller]:
            del of_priority[work.caller], self._remaining[work.priority][work.caller]
        self._requests[work.caller] -= 1
        self._text_tokens[work.caller] -= work.token_count
        if not self._requests[work.caller]:
            del self._requests[work.caller], self._text_tokens[work.caller]
        if work.token_count and work.submitted_tokens == work.answered_tokens:
            self._speed.add_request(work.token_count, work.answered_tokens)

    def window_tokens(self, caller: str, load: Load) -> int:
        """How many tokens a request of `caller` may have waiting, running or unread beside its next
        sentence.

        Half the queue is shared equally, among callers and then among the requests of each; there
        is none for a caller who has its part waiting.
        """
        share = self._limits.queue_token_limit // 2 // max(1, len(self._requests))
        full = load.queued_tokens >= self._limits.queue_token_limit
        if full or load.queued_tokens_of_caller >= share:
            return 0
        return min(self._limits.window_token_limit, share // max(1, self._requests[caller]))

    def _require_room(self, work: Work, load: Load) -> None:
        limits = self._limits
        of_caller = (self._requests[work.caller], self._text_tokens[work.caller])
        held = (
            (load.queued_tokens_of_caller, load.queued_tokens, limits.queue_token_limit),
            (of_caller[0], self._requests.total(), limits.request_limit),
            (of_caller[1], self._text_tokens.total(), limits.text_token_limit),
        )
        waiting = self._speed.seconds_for(load.queued_tokens)
        retry_after_seconds = max(MINIMUM_RETRY_SECONDS, waiting)
        if any(total >= limit for _, total, limit in held):
            raise QueueFull(
                "The queue is full; try again after the given delay.",
                retry_after_seconds=retry_after_seconds,
            )
        if not all(may_take(*each, priority=work.priority) for each in held):
            raise CallerShareExceeded(
                "This caller has its share of the queue already; have fewer calls open at a time, "
                "and try again after the given delay.",
                retry_after_seconds=retry_after_seconds,
            )

    def _wait_seconds(self, work: Work, load: Load, now: float) -> float:
        """How long until the request is done, served in fair order with what is there.

        Who has work there already leaves room for a caller who comes later and takes as much again;
        else all that was promised would then be late.
        """
        own, others = self._tokens_ahead(work)
        tokens = work.token_count + CAUTION * (2 * own + others)
        interactive = self._remaining[Priority.INTERACTIVE].total()
        if work.priority is Priority.BULK and (own or others or interactive):
            least = (work.token_count + own + others) / self._speed.bulk_part(now)
            tokens = max(tokens + interactive, least)
        elif self._remaining[Priority.BULK]:
            tokens *= 1 + 1 / Priority.BULK.cost
        return self._speed.seconds_for(tokens * self._speed.inflation + load.running_tokens)

    def _tokens_ahead(self, work: Work) -> tuple[int, int]:
        """Tokens of its priority that its caller, and others, have served until a request is done.

        Each other request of its caller has as much served at most, and each other caller as much
        as all of those.
        """
        own = sum(
            min(other.remaining_tokens, work.token_count)
            for other in self._works[work.priority].get(work.caller, ())
        )
        others = sum(
            min(remaining_tokens, own + work.token_count)
            for caller, remaining_tokens in self._remaining[work.priority].items()
            if caller != work.caller
        )
        return own, others

    def _update(self, work: Work, remaining_tokens: int) -> None:
        change = remaining_tokens - work.remaining_tokens
        work.remaining_tokens = remaining_tokens
        self._remaining[work.priority][work.caller] += change
