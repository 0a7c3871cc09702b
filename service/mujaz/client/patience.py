"""How often and how soon a call that found no server is tried again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import grpc

from mujaz.client.failure import QUOTA_EXCEEDED, RpcFailed


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with jitter: each wait is between half and all of its full length.

    `attempts` counts failures in a row; an answer of any kind starts the count anew.
    """

    attempts: int = 8
    initial_seconds: float = 0.2
    maximum_seconds: float = 5.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random

    def delay_seconds(self, failure_count: int, failure: RpcFailed) -> float:
        """The wait after so many earlier failures; never less than the server asked for."""
        full = min(self.maximum_seconds, self.initial_seconds * 2.0**failure_count)
        return max(full * (0.5 + 0.5 * self.jitter()), failure.retry_after_seconds or 0.0)


class Patience:
    """Decides, for one stream, whether a failure is worth another attempt, and waits before it."""

    def __init__(self, policy: RetryPolicy, timeout_seconds: float) -> None:
        self.policy = policy
        self._failures = 0
        self._now = asyncio.get_running_loop().time
        self._end = self._now() + timeout_seconds

    @property
    def remaining_seconds(self) -> float:
        """What is left of the time the whole stream may take."""
        return max(0.0, self._end - self._now())

    def renew(self) -> None:
        """Forgets earlier failures, as the server has answered."""
        self._failures = 0

    async def wait(self, failure: RpcFailed, *, has_begun: bool = False) -> None:
        """Waits before the next attempt, or raises `failure` where none would help.

        Work that `has_begun` waits for the rate of its token too.
        """
        policy = self.policy
        is_passing = failure.code is grpc.StatusCode.UNAVAILABLE or (
            has_begun and failure.reason == QUOTA_EXCEEDED
        )
        if not is_passing or self._failures >= policy.attempts:
            raise failure from None
        delay = policy.delay_seconds(self._failures, failure)
        if delay >= self.remaining_seconds:
            raise failure from None
        self._failures += 1
        await policy.sleep(delay)
