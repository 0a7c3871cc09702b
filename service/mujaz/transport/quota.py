"""How many characters of text each token may send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from mujaz.errors import Overloaded, QuotaExceeded, Unavailable

MINUTE_SECONDS: Final = 60.0


class CharacterBudget:
    """A token bucket: holds the characters of one minute, and fills evenly.

    A text longer than that is let through when it is full, and leaves a debt that has to be worked
    off first; so no length is refused for ever, and the rate holds in the long run.
    """

    def __init__(
        self, characters_per_minute: int, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self.characters_per_minute = characters_per_minute
        self._clock = clock
        self._level = float(characters_per_minute)
        self._filled_at = clock()

    def take(self, character_count: int) -> float:
        """0 where the characters are taken, else the seconds until they could be."""
        seconds = self._wait(character_count)
        if seconds == 0.0:
            self._level -= character_count
        return seconds

    def reserve(self, character_count: int) -> float:
        """Takes the characters at once; the seconds to wait before they are used."""
        seconds = self._wait(character_count)
        self._level -= character_count
        return seconds

    def give_back(self, character_count: int) -> None:
        """Undoes a `take` or `reserve` of work that was not done."""
        self._fill()
        self._level = min(self._level + character_count, float(self.characters_per_minute))

    def changed_to(self, characters_per_minute: int) -> CharacterBudget:
        """A budget of another rate that holds no more than this one."""
        self._fill()
        changed = CharacterBudget(characters_per_minute, clock=self._clock)
        changed._level = min(self._level, changed._level)
        return changed

    def _wait(self, character_count: int) -> float:
        self._fill()
        if character_count == 0:
            return 0.0
        needed = min(character_count, self.characters_per_minute)
        missing = max(0.0, needed - self._level)
        return missing * MINUTE_SECONDS / self.characters_per_minute

    def _fill(self) -> None:
        now = self._clock()
        gained = (now - self._filled_at) * self.characters_per_minute / MINUTE_SECONDS
        self._level = min(self._level + gained, float(self.characters_per_minute))
        self._filled_at = now


class Meter:
    """Counts the characters of one call against the budget of its token; None is no limit."""

    def __init__(
        self,
        budget: CharacterBudget | None = None,
        *,
        name: str = "",
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._budget = budget
        self._name = name
        self._clock = clock
        self._sleep = sleep

    def charge(self, character_count: int) -> None:
        """Raises QuotaExceeded where the budget has no room; then nothing is counted."""
        if self._budget is not None and (wait := self._budget.take(character_count)):
            raise self._exceeded(character_count, wait)

    @contextmanager
    def charged(self, character_count: int) -> Iterator[None]:
        """Charges before the block, and gives back where the server had no room for the work."""
        self.charge(character_count)
        try:
            yield
        except (Overloaded, Unavailable):
            if self._budget is not None:
                self._budget.give_back(character_count)
            raise

    async def charge_in_turn(self, character_count: int, *, until: float) -> None:
        """Returns once the budget has room.

        Raises QuotaExceeded at once where that is later than `until`, a `time.monotonic` instant.
        """
        if self._budget is None:
            return
        wait = self._budget.reserve(character_count)
        if not wait:
            return
        try:
            if self._clock() + wait > until:
                raise self._exceeded(character_count, wait)
            await self._sleep(wait)
        except BaseException:
            self._budget.give_back(character_count)
            raise

    def _exceeded(self, character_count: int, wait_seconds: float) -> QuotaExceeded:
        assert self._budget is not None
        return QuotaExceeded(
            "The token may not send that much text yet; wait as told, or ask the operator of the "
            "server for a higher rate.",
            subject=self._name,
            retry_after_seconds=wait_seconds,
            characters_per_minute=self._budget.characters_per_minute,
            character_count=character_count,
        )
