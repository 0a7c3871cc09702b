"""The file of tokens: one line each, with the hash of the token and never the token itself.

    # name  scopes           rate    SHA-256                                  last day
    desk    translate,brief  60000   9f86d081884c7d659a2feaa0c55ad015a3bf4f…  2027-06-30
    ops     admin            -       60303ae22b998861bce3b28f33eec1be758a21…  -

Columns stand apart by white space; `rate` is characters a minute; `-` is no limit, and no last
day, which may be left out. Lines are what people edit, compare and delete with any tool, and a
program can add or take one without touching the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from mujaz.settings import SettingInvalid
from mujaz.transport.scopes import Scope

ENTRY_LIMIT: Final = 1_000
RATE_LIMIT: Final = 1_000_000_000
NONE: Final = "-"
HEADER: Final = "# name  scopes  characters-per-minute  sha256-of-the-token  last-day\n"

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """One token: `digest` is the SHA-256 of it in hexadecimal, `last_day` the last it holds (UTC).

    Without `characters_per_minute` its rate has no limit. Raises ValueError, which says what is
    allowed, and never repeats a digest.
    """

    name: str
    scopes: frozenset[Scope]
    characters_per_minute: int | None
    digest: str
    last_day: date | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                "a name is up to 64 lower-case ASCII letters, digits, '.', '_' and '-', and begins "
                "with a letter or digit"
            )
        if not self.scopes:
            raise ValueError("a token needs a scope: " + ", ".join(Scope))
        rate = self.characters_per_minute
        if rate is not None and not 1 <= rate <= RATE_LIMIT:
            raise ValueError(f"a rate is from 1 to {RATE_LIMIT:,} characters a minute, or {NONE}")
        if not _DIGEST.fullmatch(self.digest):
            raise ValueError("the hash is 64 hexadecimal digits in lower case")

    def line(self) -> str:
        """The entry as a line of the file, with its end."""
        rate = NONE if self.characters_per_minute is None else str(self.characters_per_minute)
        last_day = NONE if self.last_day is None else self.last_day.isoformat()
        scopes = ",".join(scope for scope in Scope if scope in self.scopes)
        return "  ".join((self.name, scopes, rate, self.digest, last_day)) + "\n"


def parse_token_file(content: bytes, *, origin: str) -> tuple[TokenEntry, ...]:
    """The entries of a file, in its order; `origin` names it in messages.

    Raises SettingInvalid with the number of the line at fault, never with its words: who confuses
    the columns may have put a token there.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingInvalid(f"tokens: {origin} is not UTF-8 text") from error
    entries: dict[str, TokenEntry] = {}
    digests: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if is_comment(line):
            continue
        try:
            entry = parse_line(line)
        except ValueError as error:
            raise SettingInvalid(f"tokens: {origin}, line {number}: {error}") from error
        if entry.name in entries or entry.digest in digests:
            raise SettingInvalid(
                f"tokens: {origin}, line {number}: its name or its hash was there before; each "
                "token needs its own"
            )
        entries[entry.name] = entry
        digests.add(entry.digest)
        if len(entries) > ENTRY_LIMIT:
            raise SettingInvalid(f"tokens: {origin} has over {ENTRY_LIMIT:,} tokens")
    return tuple(entries.values())


def is_comment(line: str) -> bool:
    """Whether a line of the file says nothing: it is empty, or begins with #."""
    return not line.strip() or line.lstrip().startswith("#")


def parse_line(line: str) -> TokenEntry:
    """One entry. Raises ValueError, which says what a line holds."""
    columns = line.split()
    if len(columns) not in (4, 5):
        raise ValueError("a line is: name, scopes, rate, SHA-256, and perhaps the last day")
    name, scopes, rate, digest, last_day = (*columns, NONE)[:5]
    return TokenEntry(
        name=name,
        scopes=parse_scopes(scopes.split(",")),
        characters_per_minute=None if rate == NONE else _parse_rate(rate),
        digest=digest,
        last_day=None if last_day == NONE else _parse_date(last_day),
    )


def parse_scopes(words: list[str]) -> frozenset[Scope]:
    """The scopes of those names; raises ValueError."""
    if not set(words) <= set(Scope):
        raise ValueError("scopes are, with commas between and no spaces: " + ",".join(Scope))
    return frozenset(map(Scope, words))


def _parse_rate(word: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", word):
        raise ValueError(f"a rate is a whole number of characters a minute, or {NONE}")
    return int(word)


def _parse_date(word: str) -> date:
    if _DATE.fullmatch(word):
        try:
            return date.fromisoformat(word)
        except ValueError:
            pass
    raise ValueError(f"a last day is a date such as 2027-06-30, or {NONE}")
