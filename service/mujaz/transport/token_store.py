"""Knows the tokens of a file, which is read again when it changes."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from structlog.typing import FilteringBoundLogger

from mujaz.errors import TokenInvalid
from mujaz.settings import SettingInvalid
from mujaz.transport.quota import CharacterBudget, Meter
from mujaz.transport.small_file import read_small_file
from mujaz.transport.token_file import TokenEntry, parse_token_file


def digest_of(token: str) -> str:
    """What a file holds in place of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class TokenStore:
    """Answers for the tokens of a file, or those it held before where it cannot be used.

    `refresh` may be called from any thread. Raises SettingInvalid when made, where the file cannot
    be used.
    """

    def __init__(
        self,
        path: Path,
        *,
        logger: FilteringBoundLogger,
        clock: Callable[[], float] = monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._logger = logger
        self._clock = clock
        self._wall_clock = wall_clock
        self._content = read_small_file(path, setting="tokens")
        self._refused: bytes | str | None = None
        self._entries: tuple[TokenEntry, ...] = ()
        self._budgets: dict[str, CharacterBudget] = {}
        self._entries = parse_token_file(self._content, origin=str(path))

    @property
    def entries(self) -> tuple[TokenEntry, ...]:
        """What holds now."""
        return self._entries

    def refresh(self) -> None:
        """Take over what the file holds now; what cannot be used is logged, once."""
        try:
            content = read_small_file(self._path, setting="tokens")
        except SettingInvalid as error:
            self._refuse(str(error), error)
            return
        if content == self._content:
            self._refused = None
            return
        if content == self._refused:
            return
        try:
            entries = parse_token_file(content, origin=str(self._path))
        except SettingInvalid as error:
            self._refuse(content, error)
            return
        self._content, self._entries, self._refused = content, entries, None
        self._logger.info("tokens_reloaded", tokens=[entry.name for entry in entries])

    def identify(self, token: str) -> TokenEntry:
        """The entry of a token; raises TokenInvalid.

        Takes as long wherever in the file the token stands, and if it does not.
        """
        digest = digest_of(token)
        found = None
        for entry in self._entries:
            if hmac.compare_digest(entry.digest, digest):
                found = entry
        if found is None:
            raise TokenInvalid(
                "The token is not one this server knows; ask its operator for a new one."
            )
        today = datetime.fromtimestamp(self._wall_clock(), UTC).date()
        if found.last_day is not None and today > found.last_day:
            raise TokenInvalid(
                "The token has expired; ask the operator of the server for a new one.",
                last_day=found.last_day.isoformat(),
            )
        return found

    def meter(self, entry: TokenEntry) -> Meter:
        """What counts the characters of a call with that token; called from one thread only."""
        rate = entry.characters_per_minute
        if rate is None:
            return Meter()
        budget = self._budgets.get(entry.name)
        if budget is None:
            # Names that have left the file leave here, so that there are never more than in it.
            kept = {each.name for each in self._entries}
            self._budgets = {n: each for n, each in self._budgets.items() if n in kept}
            budget = CharacterBudget(rate, clock=self._clock)
        elif budget.characters_per_minute != rate:
            budget = budget.changed_to(rate)
        self._budgets[entry.name] = budget
        return Meter(budget, name=entry.name, clock=self._clock)

    def _refuse(self, refused: bytes | str, error: SettingInvalid) -> None:
        if refused != self._refused:
            self._refused = refused
            self._logger.error("tokens_not_reloaded", problem=str(error), in_use=len(self._entries))
