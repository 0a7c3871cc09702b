"""Glossaries: terms, how each must be rendered, and the form in which terms are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import Final

TERM_CHARACTER_LIMIT: Final = 200
SHORTEST_TERM_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term as it appears in Arabic text, and its required rendering."""

    source_term: str
    target_term: str


class EntryInvalid(ValueError):
    """An entry cannot be used; `name` is the half of it to change, the message says how."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text as terms are compared in it, and where each of its characters stands in the source.

    `starts` is None where both have the same positions.
    """

    text: str
    starts: tuple[int, ...] | None

    def start(self, position: int) -> int:
        """Where the source character behind a folded one begins."""
        return position if self.starts is None else self.starts[position]


# Diacritics, tatweel, zero-width and bidi controls, soft hyphen, byte order mark.
_IGNORED = (
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
)
_IGNORED_RUN = re.compile(f"[{_IGNORED}]*")
_PRESENTATION_FORMS = "\ufb50-\ufdff\ufe70-\ufefc"
_UNUSUAL = re.compile(f"[{_IGNORED}{_PRESENTATION_FORMS}]")
_FOLDED: Mapping[int, str] = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ک": "ك",
        "ی": "ي",
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
        **{chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    }
)
_FINAL = {"ى": "ي", "ة": "ه"}
# In shorter words the last letter tells words apart: على is on, علي a name.
_SHORTEST_FOLDED_FINAL = 4
_WORD = re.compile(r"\w+")


def fold_text(text: str) -> FoldedText:
    """`text` without what spelling leaves out, with the forms of alef, digits and case joined."""
    if not _UNUSUAL.search(text):
        return FoldedText(text.translate(_FOLDED), None)
    runs: list[str] = []
    starts: list[int] = []
    end = 0
    for match in chain(_UNUSUAL.finditer(text), (None,)):
        start = len(text) if match is None else match.start()
        runs.append(text[end:start])
        starts.extend(range(end, start))
        if match is not None:
            end = match.end()
            letters = _IGNORED_RUN.sub("", unicodedata.normalize("NFKC", match[0]))
            runs.append(letters)
            starts.extend([start] * len(letters))
    return FoldedText("".join(runs).translate(_FOLDED), tuple(starts))


def fold_final(word: str) -> str:
    """A folded word with ى for ي and ة for ه at its end joined, where it is long enough."""
    last = _FINAL.get(word[-1:])
    return word if last is None or len(word) < _SHORTEST_FOLDED_FINAL else word[:-1] + last


def end_with_marks(text: str, end: int) -> int:
    """`end`, moved behind the diacritics and the tatweel that follow."""
    match = _IGNORED_RUN.match(text, end)
    return end if match is None else match.end()


def folded_words(folded: str) -> list[re.Match[str]]:
    """The words of a folded text."""
    return list(_WORD.finditer(folded))


def gap_before(words: Sequence[re.Match[str]], index: int) -> str:
    """What stands between a word and the one before, besides white space."""
    return words[index].string[words[index - 1].end() : words[index].start()].strip()


def term_key(term: str) -> str:
    """What two spellings of one term have in common; empty where there is no word in it."""
    words = folded_words(fold_text(term).text)
    return " ".join(step(words, index) for index in range(len(words)))


def step(words: Sequence[re.Match[str]], index: int) -> str:
    """One word of a term, behind the marks that part it from the word before."""
    word = fold_final(words[index][0])
    gap = gap_before(words, index) if index else ""
    return f"{gap} {word}" if gap else word


class _Node:
    """What may follow in a term, and the rendering of the term that ends here."""

    __slots__ = ("following", "target_term")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.target_term: str | None = None


class Glossary:
    """Terms in a tree of their words. Of entries with the same term the first holds.

    Raises EntryInvalid.
    """

    __slots__ = ("_count", "_root", "digest")

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        chosen: dict[str, GlossaryEntry] = {}
        for entry in entries:
            chosen.setdefault(checked_key(entry), entry)
        self._root = _Node()
        self._count = len(chosen)
        self.digest = _digest(chosen)
        for entry in chosen.values():
            words = folded_words(fold_text(entry.source_term).text)
            node = self._root
            for index in range(len(words)):
                node = node.following.setdefault(step(words, index), _Node())
            node.target_term = " ".join(entry.target_term.split())

    def __len__(self) -> int:
        return self._count

    def longest_at(
        self, words: Sequence[re.Match[str]], position: int, first: str
    ) -> tuple[int, str] | None:
        """How many of `words` from `position` on are the longest term there, and its rendering.

        `first` is the folded word to take for the one at `position`.
        """
        found: tuple[int, str] | None = None
        node = self._root.following.get(first)
        end = position + 1
        while node is not None:
            if node.target_term is not None:
                found = end - position, node.target_term
            if not node.following or end == len(words):
                break
            node = node.following.get(step(words, end))
            end += 1
        return found


def checked_key(entry: GlossaryEntry) -> str:
    """The `term_key` of an entry; raises EntryInvalid where it cannot be used."""
    for name, text in (("source_term", entry.source_term), ("target_term", entry.target_term)):
        if not text.strip():
            raise EntryInvalid(name, "is empty; give a term and its rendering")
        if len(text) > TERM_CHARACTER_LIMIT:
            raise EntryInvalid(name, f"is longer than {TERM_CHARACTER_LIMIT} characters")
        if not text.replace("\u200c", "").replace("\u200f", "").isprintable():
            raise EntryInvalid(name, "holds a control character or a line end; take it out")
    key = term_key(entry.source_term)
    if sum(map(str.isalnum, key)) < SHORTEST_TERM_LETTERS:
        raise EntryInvalid(
            "source_term", f"has fewer than {SHORTEST_TERM_LETTERS} letters, which are no term"
        )
    if not any(map(str.isalnum, entry.target_term)):
        raise EntryInvalid("target_term", "has no letter or digit")
    return key


def _digest(chosen: Mapping[str, GlossaryEntry]) -> str:
    """Names what the glossary does, whatever the order of its entries."""
    digest = blake2b(digest_size=16)
    for key in sorted(chosen):
        for part in (key, chosen[key].target_term):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(4, "big"))
            digest.update(data)
    return digest.hexdigest()
