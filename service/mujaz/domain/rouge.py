"""ROUGE (Lin, 2004): how much of a reference summary another one says, in the same words.

The tokenizer most tools use keeps ASCII letters only, so that two equal Arabic texts score 0. Here
a word is a run of Unicode letters and digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SIGNATURE: Final = "words:unicode|case:lower|marks:dropped|stemming:no|rougeL:whole-text"
"""How words are made and what is counted; written beside every score."""

_WORD = re.compile(r"\w+")
# Vowel marks and tatweel: one edition of a text has them, another has not.
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")


@dataclass(frozen=True, slots=True)
class RougeScores:
    """F1 of words, of pairs of words, and of the longest common subsequence; from 0 to 1."""

    rouge1: float
    rouge2: float
    rouge_l: float


def rouge_words(text: str) -> list[str]:
    """The words that ROUGE compares, in order."""
    return _WORD.findall(_MARKS.sub("", unicodedata.normalize("NFC", text)).lower())


def rouge(candidate: str, reference: str) -> RougeScores:
    """The scores of one summary against one reference; all 0 where they share no word."""
    left, right = rouge_words(candidate), rouge_words(reference)
    return RougeScores(
        rouge1=_ngram_f1(left, right, 1),
        rouge2=_ngram_f1(left, right, 2),
        rouge_l=_f1(longest_common_subsequence(left, right), len(left), len(right)),
    )


def longest_common_subsequence(left: Sequence[str], right: Sequence[str]) -> int:
    """Its length, by the bit-parallel algorithm of Hyyrö (2004): a 0 bit is a matched word."""
    places: dict[str, int] = {}
    for index, word in enumerate(left):
        places[word] = places.get(word, 0) | 1 << index
    every = (1 << len(left)) - 1
    unmatched = every
    for word in right:
        hits = unmatched & places.get(word, 0)
        unmatched = (unmatched + hits | unmatched - hits) & every
    return len(left) - unmatched.bit_count()


def _ngram_f1(left: Sequence[str], right: Sequence[str], size: int) -> float:
    in_left, in_right = _ngrams(left, size), _ngrams(right, size)
    return _f1((in_left & in_right).total(), in_left.total(), in_right.total())


def _ngrams(words: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(size)), strict=False))


def _f1(shared: int, left_count: int, right_count: int) -> float:
    return 2 * shared / (left_count + right_count) if shared else 0.0
