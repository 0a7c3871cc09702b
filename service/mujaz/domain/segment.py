"""Paragraphs and sentences of a text, with their spans."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from mujaz.domain.boundaries import (
    LOOKAHEAD,
    LOOKBEHIND,
    TERMINATORS,
    sentence_end,
    terminators_length,
)
from mujaz.domain.spans import Span
from mujaz.errors import ContentTooLong

# Part of resume tokens: raised whenever the same text may get other sentences.
SEGMENTER_VERSION: Final = 1
MAXIMUM_SENTENCE_LENGTH: Final = 2_000
MAXIMUM_GAP_LENGTH: Final = 1_000_000

_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_LINE_END = re.compile(f"[{_LINE_ENDS}]")
_STOP = re.compile(f"[{TERMINATORS}{_LINE_ENDS}]")
_NON_SPACE = re.compile(r"\S")
_CLAUSE_MARK = re.compile(r"[،؛,;:](?=\s)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it lies in the text as sent, and in which paragraph (from 0)."""

    span: Span
    paragraph_index: int


@dataclass(frozen=True, slots=True)
class SegmentedSentence:
    """A sentence with its text and all the white space between it and the one before."""

    sentence: Sentence
    text: str
    gap_before: str


def segment(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text`, in order.

    Spans are disjoint and neither begin nor end with white space; only white space lies outside
    them. Every line end ends a sentence, and each line that is not blank is a paragraph. A sentence
    is at most MAXIMUM_SENTENCE_LENGTH characters; a longer run is cut at a clause mark, else at
    white space, else between two letters.

    Raises ContentTooLong for over MAXIMUM_GAP_LENGTH characters of white space in a row.
    """
    return tuple(segmented.sentence for segmented in segment_text(text))


def segment_text(text: str) -> list[SegmentedSentence]:
    """As `segment`, with the text of each sentence and the gap before it."""
    segmenter = IncrementalSegmenter()
    return segmenter.feed(text) + segmenter.finish()


class IncrementalSegmenter:
    """Segments a text that arrives in pieces, into the sentences `segment` finds in the whole.

    Pieces may be cut anywhere. Between calls it holds at most MAXIMUM_SENTENCE_LENGTH + LOOKAHEAD
    + 1 characters of text, and the white space since the last sentence, which is given back with
    the next and may not exceed MAXIMUM_GAP_LENGTH. The work is linear in the length of the text.
    """

    def __init__(self) -> None:
        self._buffer = ""
        self._offset = 0  # of the buffer in the text
        self._scanned = 0  # in the buffer; no boundary before it
        self._in_sentence = False  # which then begins with the buffer
        self._gap: list[str] = []
        self._gap_length = 0
        self._paragraph_index = -1
        self._line_ended = True

    @property
    def pending_length(self) -> int:
        """How many characters of unfinished text are held, white space aside."""
        return len(self._buffer)

    @property
    def trailing_gap(self) -> str:
        """The white space since the last sentence; after `finish`, that at the end of the text."""
        return "".join(self._gap)

    def feed(self, chunk: str) -> list[SegmentedSentence]:
        """The sentences complete now that `chunk` has arrived. Raises ContentTooLong."""
        self._buffer += chunk
        return self._advance(final=False)

    def finish(self) -> list[SegmentedSentence]:
        """The sentences still held; the text has ended. Raises ContentTooLong."""
        return self._advance(final=True)

    def _advance(self, *, final: bool) -> list[SegmentedSentence]:
        sentences: list[SegmentedSentence] = []
        position = 0
        while True:
            if not self._in_sentence:
                position = self._skip_gap(position)
                if not self._in_sentence:
                    break
            end = self._find_end(position, final=final)
            if end < 0:
                break
            sentences.append(self._take(position, end))
            position = end
        self._buffer = self._buffer[position:]
        self._offset += position
        self._scanned = max(0, self._scanned - position)
        return sentences

    def _skip_gap(self, position: int) -> int:
        match = _NON_SPACE.search(self._buffer, position)
        end = match.start() if match else len(self._buffer)
        if end > position:
            gap = self._buffer[position:end]
            self._gap.append(gap)
            self._gap_length += len(gap)
            self._line_ended = self._line_ended or _LINE_END.search(gap) is not None
            if self._gap_length > MAXIMUM_GAP_LENGTH:
                raise ContentTooLong(
                    f"The text has over {MAXIMUM_GAP_LENGTH:,} characters of white space in a row;"
                    " send it without them.",
                    field="content",
                )
        if match:
            self._in_sentence = True
            self._scanned = end
            self._paragraph_index += self._line_ended
            self._line_ended = False
        return end

    def _take(self, start: int, end: int) -> SegmentedSentence:
        span = Span(self._offset + start, self._offset + end)
        segmented = SegmentedSentence(
            Sentence(span, self._paragraph_index), self._buffer[start:end], "".join(self._gap)
        )
        self._gap.clear()
        self._gap_length = 0
        self._in_sentence = False
        return segmented

    def _find_end(self, start: int, *, final: bool) -> int:
        """Where the sentence that begins at `start` ends, or -1 if that needs more text."""
        text = self._buffer
        limit = start + MAXIMUM_SENTENCE_LENGTH
        while match := _STOP.search(text, self._scanned, limit + 1):
            position = match.start()
            if match[0] in _LINE_ENDS:
                return start + len(text[start:position].rstrip())
            ahead = self._look_ahead(position, final=final)
            if ahead is None:
                self._scanned = position
                return -1
            length = sentence_end(text[max(start, position - LOOKBEHIND) : position], ahead)
            if length and position + length <= limit:
                return position + length
            self._scanned = position + terminators_length(ahead)
        self._scanned = max(self._scanned, min(len(text), limit + 1))
        if len(text) > limit:
            return start + _cut(text[start : limit + 1])
        return start + len(text[start:].rstrip()) if final else -1

    def _look_ahead(self, position: int, *, final: bool) -> str | None:
        """What a decision at `position` may depend on, or None while it has not all arrived."""
        end = position + LOOKAHEAD
        line_end = _LINE_END.search(self._buffer, position, end)
        if line_end:
            return self._buffer[position : line_end.start()]
        if len(self._buffer) >= end or final:
            return self._buffer[position:end]
        return None


def _cut(run: str) -> int:
    """Where to cut a run of text that is one character longer than a sentence may be."""
    longest = len(run) - 1
    clause_ends = [match.end() for match in _CLAUSE_MARK.finditer(run, longest // 2)]
    if clause_ends:
        return clause_ends[-1]
    for position in range(longest, 0, -1):
        if run[position].isspace():
            return len(run[:position].rstrip())
    for position in range(longest, 0, -1):
        if not _are_joined(run[position - 1], run[position]):
            return position
    return longest


def _are_joined(left: str, right: str) -> bool:
    """Whether two neighbouring code points are drawn or encoded as one character."""
    return (
        unicodedata.category(right)[0] == "M"
        or right in "\u200c\u200d"
        or left == "\u200d"
        or "\U0001f3fb" <= right <= "\U0001f3ff"
        or ("\U0001f1e6" <= left <= "\U0001f1ff" and "\U0001f1e6" <= right <= "\U0001f1ff")
        or "\U000e0020" <= right <= "\U000e007f"
        or ("\ud800" <= left <= "\udbff" and "\udc00" <= right <= "\udfff")
    )
