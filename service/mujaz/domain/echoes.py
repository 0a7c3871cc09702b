"""Words that a translation says again within a breath where its source does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mujaz.domain.stems import fold, stem, words

# How many words may stand between a word and itself again, and between a phrase of two and itself.
_WORD_REACH, _PHRASE_REACH = 2, 3
# Where the source says a word again with so many words between, the translation may as well.
_SOURCE_REACH_AT_ONCE, _SOURCE_REACH = 1, 5

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[.;:!?()/]")
_PHRASE_WORDS = 2
_BREAKS = frozenset(".;:!?()/")
_SHORTEST_WORD = 3
_FUNCTION_WORD_LIST = """
    the and but nor are was were been being has have had does did not its his her their them this
    that these those who which whom into over under out off than then such you your our one two all
    any more most very there here when where while will would can could may might shall should must
    after before about between during against for from with she they off
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())
# "From door to door", "day by day", "again and again".
_PAIRING = frozenset(
    ("to", "by", "after", "for", "in", "on", "upon", "over", "against", "with", "from")
)
_PAIRED_BY_AND = frozenset(("again", "time"))

_TRIPLE = re.compile(r"([^\W\d_])\1\1")
_LETTERS = re.compile(r"[^\W\d_]{4,}")


def has_echo(source: str, target: str) -> bool:
    """Whether the English `target` repeats itself nearby and the Arabic `source` does not.

    An echo is a content word with at most two words between, a phrase of two words with at most
    three, or a long number at once, within a clause; or a letter three times in a row (`Swisss`).
    """
    if _has_triple_letter(source, target):
        return True
    distance = min(_echo_distances(_TOKEN.findall(target.lower())), default=None)
    if distance is None:
        return False
    return not _repeats(source, _SOURCE_REACH if distance else _SOURCE_REACH_AT_ONCE)


def _has_triple_letter(source: str, target: str) -> bool:
    if not _TRIPLE.search(target) or _TRIPLE.search(fold(source)):
        return False
    return any(_TRIPLE.search(word) for word in _LETTERS.findall(target))


def _echo_distances(tokens: Sequence[str]) -> Iterator[int]:
    """How many words stand between the two of each echo."""
    seen: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token in _BREAKS:
            seen.clear()
            continue
        phrase = tokens[index : index + 2]
        if _is_content(token):
            start = seen.get(token)
            distance = _WORD_REACH + 1 if start is None else index - start - 1
            if distance <= _WORD_REACH and not _is_idiom(token, tokens[index - distance : index]):
                yield distance
            seen[token] = index
        if _is_phrase(phrase):
            key = " ".join(phrase)
            start = seen.get(key)
            if start is not None and index - start - _PHRASE_WORDS <= _PHRASE_REACH:
                yield max(0, index - start - _PHRASE_WORDS)
            seen[key] = index


def _is_content(token: str) -> bool:
    return len(token) >= _SHORTEST_WORD and token not in _FUNCTION_WORDS


def _is_phrase(tokens: Sequence[str]) -> bool:
    if len(tokens) < _PHRASE_WORDS:
        return False
    first, second = tokens
    starts = first.isdigit() or (len(first) >= _SHORTEST_WORD and first not in _FUNCTION_WORDS)
    return starts and second[0].isalpha() and _is_content(second)


def _is_idiom(word: str, between: Sequence[str]) -> bool:
    """Whether English says a word twice with these words between; numbers stand apart in lists."""
    if word[0].isdigit():
        return bool(between)
    if len(between) != 1:
        return False
    return between[0] in _PAIRING or (between[0] == "and" and word in _PAIRED_BY_AND)


def _repeats(source: str, reach: int) -> bool:
    """Whether a word of `source` comes again, in any form, with at most `reach` words between."""
    seen: dict[str, int] = {}
    for index, word in enumerate(words(source)):
        core = stem(word)
        if len(core) > 1:
            if core in seen and index - seen[core] - 1 <= reach:
                return True
            seen[core] = index
    return False
