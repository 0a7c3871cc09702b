"""What of a sentence goes to the model, what is copied, and how the outputs go together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mujaz.domain.passthrough import passthrough_spans
from mujaz.domain.spans import Span, gaps
from mujaz.domain.split_long import split_long


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; a `copied` one never sees the model."""

    span: Span
    copied: bool


_ARABIC_LETTER = re.compile(
    "[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"
    "\u0750-\u077f\u08a0-\u08c9\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc]"
)
_LETTER = re.compile(r"[^\W\d_]")
_EDGES = re.compile(r"\S(?:.*\S)?", re.DOTALL)
# What hugs an address, as in `(https://example.org).`, is no text of its own.
_OPENING = re.compile(r"[(\[{\"'«“‘]+\Z")
_CLOSING = re.compile(r"[)\]}\"'»”’.,:;!?،؛؟۔…]+")

_ENGLISH_SIGNS: Mapping[int, str] = dict(
    zip(map(ord, "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪٫٬،؛؟۔"), "01234567890123456789%.,,;?.", strict=True)
)


def plan_pieces(
    text: str, *, count_tokens: Callable[[str], int], token_limit: int
) -> tuple[Piece, ...]:
    """The pieces of one sentence, in order and disjoint; only white space lies between them.

    Copied are passthrough spans, the punctuation that hugs them, and all that holds no Arabic
    letter. The rest is cut to at most `token_limit` tokens a piece (see `split_long`).
    """
    copied = passthrough_spans(text)
    if not copied and _ARABIC_LETTER.search(text):
        parts = split_long(text, count_tokens=count_tokens, token_limit=token_limit)
        return tuple(Piece(part, copied=False) for part in parts)
    pieces: list[Piece] = []
    for index, gap in enumerate(gaps(copied, len(text))):
        for region in _regions(text, gap):
            if region.copied:
                pieces.append(region)
                continue
            parts = split_long(
                region.span.of(text), count_tokens=count_tokens, token_limit=token_limit
            )
            pieces.extend(Piece(part.shifted(region.span.start), copied=False) for part in parts)
        if index < len(copied):
            pieces.append(Piece(copied[index], copied=True))
    return tuple(pieces)


def join_pieces(text: str, pieces: Sequence[Piece], outputs: Sequence[str]) -> str:
    """One sentence from the outputs of its translated pieces, in order.

    White space between pieces is kept; where there is none, words are kept apart by a space. Digits
    and punctuation copied on their own are written the English way. An empty output is left out.
    """
    if len(pieces) == 1 and not pieces[0].copied:
        return outputs[0]
    remaining = iter(outputs)
    joined = ""
    previous: Piece | None = None
    for piece in pieces:
        rendering = _copy(piece.span.of(text)) if piece.copied else next(remaining)
        if not rendering:
            continue
        if previous is not None:
            joined += text[previous.span.end : piece.span.start] or _spacing(
                joined, rendering, translated=not (previous.copied or piece.copied)
            )
        joined += rendering
        previous = piece
    return joined


def _regions(text: str, gap: Span) -> Iterator[Piece]:
    """The text between two passthrough spans: to translate, or to copy with its neighbours."""
    edges = _EDGES.search(text, gap.start, gap.end)
    if edges is None:
        return
    start, end = edges.span()
    if not _ARABIC_LETTER.search(text, start, end):
        yield Piece(Span(start, end), copied=True)
        return
    closing = _CLOSING.match(text, start, end) if 0 < gap.start == start else None
    opening = _OPENING.search(text, start, end) if end == gap.end < len(text) else None
    if closing is not None:
        yield Piece(Span(start, closing.end()), copied=True)
        start = closing.end()
    yield Piece(Span(start, opening.start() if opening is not None else end), copied=False)
    if opening is not None:
        yield Piece(Span(opening.start(), end), copied=True)


def _copy(text: str) -> str:
    if _LETTER.search(text) or passthrough_spans(text):
        return text
    return text.translate(_ENGLISH_SIGNS)


def _spacing(before: str, after: str, *, translated: bool) -> str:
    return " " if translated or (before[-1].isalnum() and after[0].isalnum()) else ""
