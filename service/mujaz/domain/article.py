"""The structure of an article: which lines are its title, date and page residue, which its text.

Nothing is dropped: every line that is not article text is reported with its span and its kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mujaz.domain.dates import DateStamp, read_date_stamp
from mujaz.domain.residue import FOLLOWED_KINDS, ResidueKind, residue_kind
from mujaz.domain.segment import Sentence
from mujaz.domain.spans import Span
from mujaz.domain.stems import words


@dataclass(frozen=True, slots=True)
class Dateline:
    """A date line; `publication_date` is `YYYY-MM-DD`, or empty where it names no certain day."""

    span: Span
    publication_date: str


@dataclass(frozen=True, slots=True)
class Residue:
    """A line of the page that is not article text."""

    span: Span
    kind: ResidueKind


@dataclass(frozen=True, slots=True)
class ArticleStructure:
    """What each line of a body is. `content_indices` are positions in the sequence of sentences."""

    title_span: Span | None
    dateline: Dateline | None
    residue: tuple[Residue, ...]
    content_indices: tuple[int, ...]

    @property
    def residue_spans(self) -> tuple[Span, ...]:
        """What is left out of the article text, in order: the residue and the date line."""
        spans = [residue.span for residue in self.residue]
        if self.dateline:
            spans.append(self.dateline.span)
        return tuple(sorted(spans))

    @property
    def publication_date(self) -> str:
        """The day the dateline names, as `YYYY-MM-DD`; empty if there is none."""
        return self.dateline.publication_date if self.dateline else ""


_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_FULL_STOP = tuple(".۔؛،,:")
_MAX_HEADER_LINES = 8
_MAX_TITLE_WORDS = 25
_MAX_BYLINE_WORDS = 6


def parse_article(body: str, sentences: Sequence[Sentence], *, title: str = "") -> ArticleStructure:
    """Tells the article text in `body` from its title line, date line and page residue.

    `title` is the headline known from elsewhere: with it no title line is looked for, and a first
    line that repeats it is residue.
    """
    lines = _lines(body)
    kinds = _residue_kinds([span.of(body) for span in lines])
    header = _header(body, lines, kinds)
    dateline_at, stamp = _read_dates(body, lines, kinds, header=header)
    title_at = _title(body, lines, kinds, header=header, title=title, dateline_at=dateline_at)
    _mark_bylines(body, lines, kinds, start=title_at, end=dateline_at)
    special = set(kinds) | {line for line in (title_at, dateline_at) if line is not None}
    return ArticleStructure(
        title_span=None if title_at is None else lines[title_at],
        dateline=Dateline(lines[dateline_at], stamp.publication_date)
        if dateline_at is not None and stamp is not None
        else None,
        residue=tuple(Residue(lines[line], kinds[line]) for line in sorted(kinds)),
        content_indices=_content(sentences, body, [lines[line] for line in sorted(special)]),
    )


def _lines(body: str) -> list[Span]:
    """The lines that hold anything, without the white space around them."""
    spans = []
    for match in _LINE.finditer(body):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        if stripped := line.strip():
            spans.append(Span(start, start + len(stripped)))
    return spans


def _residue_kinds(lines: Sequence[str]) -> dict[int, ResidueKind]:
    """The kind of each line the table knows, and of the links or tags under a bare heading."""
    kinds: dict[int, ResidueKind] = {}
    heading, followers = None, 0
    for index, line in enumerate(lines):
        kind = residue_kind(line)
        rule = FOLLOWED_KINDS.get(heading) if heading else None
        if kind is None and heading and rule and followers < rule.max_lines:
            word_count = len(line.split())
            if word_count <= rule.max_words and not line.endswith((".", "۔")):
                kinds[index] = heading
                followers += 1
                continue
        heading, followers = None, 0
        if kind is not None:
            kinds[index] = kind
            if kind in FOLLOWED_KINDS and len(words(line)) <= 3:
                heading = kind
    return kinds


def _header(body: str, lines: Sequence[Span], kinds: dict[int, ResidueKind]) -> range:
    """The first lines up to running text, where titles and dates stand."""
    for index, span in enumerate(lines[:_MAX_HEADER_LINES]):
        text = span.of(body)
        is_running = len(text.split()) > _MAX_TITLE_WORDS or text.endswith((".", "۔"))
        if is_running and index not in kinds:
            return range(index)
    return range(min(len(lines), _MAX_HEADER_LINES))


def _read_dates(
    body: str, lines: Sequence[Span], kinds: dict[int, ResidueKind], *, header: range
) -> tuple[int | None, DateStamp | None]:
    """The date line, a publication before an update; stamps beside it, and at the very end of the
    page, are added to `kinds`.

    The first line may have words beside its date only under a residue line: else it is a title.
    """
    stamps: dict[int, DateStamp] = {}
    seen_text = False
    for index in header:
        stamp = read_date_stamp(lines[index].of(body)) if index not in kinds else None
        if stamp is not None and (seen_text or stamp.other_word_count == 0):
            stamps[index] = stamp
        seen_text = seen_text or (stamp is None and index not in kinds)
    for index in range(len(lines) - 1, header.stop - 1, -1):
        if index in kinds:
            continue
        stamp = read_date_stamp(lines[index].of(body))
        if stamp is None or stamp.other_word_count:
            break
        kinds[index] = ResidueKind.DATE
    if not stamps:
        return None, None
    first = min(
        stamps, key=lambda line: (not stamps[line].publication_date, stamps[line].is_update, line)
    )
    kinds.update({line: ResidueKind.DATE for line in stamps if line != first})
    return first, stamps[first]


def _title(
    body: str,
    lines: Sequence[Span],
    kinds: dict[int, ResidueKind],
    *,
    header: range,
    title: str,
    dateline_at: int | None,
) -> int | None:
    """The line of the title; where `title` is given, a line that repeats it is added to `kinds`."""
    candidates = [line for line in range(len(lines)) if line not in kinds and line != dateline_at]
    if not candidates:
        return None
    first = candidates[0]
    text = lines[first].of(body)
    if title.strip():
        if words(text) == words(title):
            kinds[first] = ResidueKind.TITLE
        return None
    body_word_count = sum(len(words(lines[line].of(body))) for line in candidates[1:])
    if first in header and not text.endswith(_FULL_STOP) and body_word_count > len(words(text)):
        return first
    return None


def _mark_bylines(
    body: str,
    lines: Sequence[Span],
    kinds: dict[int, ResidueKind],
    *,
    start: int | None,
    end: int | None,
) -> None:
    """Short lines between the title and the date name the author, the place or the agency."""
    if start is None or end is None:
        return
    for line in range(start + 1, end):
        if line not in kinds and len(lines[line].of(body).split()) <= _MAX_BYLINE_WORDS:
            kinds[line] = ResidueKind.BYLINE


def _content(sentences: Sequence[Sentence], body: str, special: Sequence[Span]) -> tuple[int, ...]:
    """The sentences that hold a word and lie in no `special` line; both are in source order."""
    indices = []
    position = 0
    for index, sentence in enumerate(sentences):
        while position < len(special) and special[position].end <= sentence.span.start:
            position += 1
        is_special = position < len(special) and special[position].start < sentence.span.end
        if not is_special and re.search(r"\w", sentence.span.of(body)):
            indices.append(index)
    return tuple(indices)
