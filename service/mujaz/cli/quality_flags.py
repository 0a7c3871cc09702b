"""Quality flags in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mujaz.client import QualityFlag

# A retry that passed its checks is no reason to look again.
_HARMLESS: Final = frozenset({QualityFlag.QUALITY_FLAG_RETRIED})

_WORDS: Final[Mapping[int, str]] = {
    QualityFlag.QUALITY_FLAG_REPETITION: "it repeats itself",
    QualityFlag.QUALITY_FLAG_LENGTH_RATIO: "its length does not fit its source",
    QualityFlag.QUALITY_FLAG_UNTRANSLATED: "Arabic was left in it",
    QualityFlag.QUALITY_FLAG_NUMBER_MISMATCH: "a number differs",
    QualityFlag.QUALITY_FLAG_TRUNCATED: "it was cut short",
    QualityFlag.QUALITY_FLAG_LOW_SCORE: "the model is unsure",
    QualityFlag.QUALITY_FLAG_GLOSSARY_MISSED: "a glossary term is missing",
    QualityFlag.QUALITY_FLAG_RETRIED: "second attempt",
    QualityFlag.QUALITY_FLAG_OTHER_LANGUAGE: "not Arabic, copied as it is",
    QualityFlag.QUALITY_FLAG_UNSUPPORTED: "the article does not say so",
}


def in_words(flags: Iterable[int]) -> str:
    """What to check, for example `check: a number differs; the model is unsure`; may be empty."""
    words = words_of(flags)
    return f"check: {'; '.join(words)}" if words else ""


def words_of(flags: Iterable[int]) -> tuple[str, ...]:
    """The reason of each flag, for example `a number differs`."""
    return tuple(_WORDS.get(flag, f"flag {flag}") for flag in flags)


def needs_check(flags: Iterable[int]) -> bool:
    """Whether a reader should look at what the flags are on."""
    return not _HARMLESS.issuperset(flags)
