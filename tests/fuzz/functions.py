"""The pure functions that read what callers send, each as a function of one text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from mujaz.domain.article import parse_article
from mujaz.domain.attribution import attribute
from mujaz.domain.checks import check_translation
from mujaz.domain.clauses import headline, shorten
from mujaz.domain.dates import read_date_stamp
from mujaz.domain.drafts import extract_points
from mujaz.domain.glossary import Glossary, GlossaryEntry, fold_text
from mujaz.domain.glossary_match import find_terms
from mujaz.domain.glossary_rendering import mark_terms
from mujaz.domain.language import detect_languages, is_arabic_sentence
from mujaz.domain.mentions import find_mentions
from mujaz.domain.name_table import NameTable
from mujaz.domain.normalize import NormalizationOptions, normalize, normalized
from mujaz.domain.number_words import spelled_numbers
from mujaz.domain.numbers import number_mismatch, number_retention
from mujaz.domain.passthrough import latin_runs, passthrough_spans
from mujaz.domain.pieces import join_pieces, plan_pieces
from mujaz.domain.residue import residue_kind
from mujaz.domain.salience import salience
from mujaz.domain.segment import segment, segment_text
from mujaz.domain.split_long import split_long
from mujaz.domain.support import find_evidence, support

TOKEN_LIMIT: Final = 120
OPTIONS: Final = NormalizationOptions()
OPPOSITE_OPTIONS: Final = NormalizationOptions(
    compatibility=False, strip_diacritics=False, ascii_digits=False, ascii_punctuation=False
)


def count_tokens(text: str) -> int:
    """A tokenizer's count without a tokenizer: about a token for three characters."""
    return -(-len(text) // 3)


@cache
def glossary() -> Glossary:
    """Terms that the shapes of adversarial texts hold."""
    return Glossary(
        [
            GlossaryEntry("كتاب", "book"),
            GlossaryEntry("كتاب كتاب كتاب", "three books"),
            GlossaryEntry("محمد", "Mohammed"),
            GlossaryEntry("التي", "which"),
            GlossaryEntry("وو", "and and"),
        ]
    )


@cache
def names() -> NameTable:
    """A table with the one name that the shapes of adversarial texts hold."""
    return NameTable(["كتاب\tKitab\tplace", "محمد\tMohammed\tgiven"])


def _pieces(text: str) -> str:
    pieces = plan_pieces(text, count_tokens=count_tokens, token_limit=TOKEN_LIMIT)
    return join_pieces(text, pieces, ["x" for piece in pieces if not piece.copied])


def _points(text: str) -> object:
    sentences = [segmented.text for segmented in segment_text(text)]
    scores = salience(sentences, title="")
    attribute(sentences, len(sentences) - 1) if sentences else None
    return extract_points(sentences, scores, 5) if sentences else None


# Of whole texts, which may have 200,000 characters.
TEXT_FUNCTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "segment": segment,
    "article": lambda text: parse_article(text, segment(text)),
    "languages": detect_languages,
    "mentions": lambda text: find_mentions(text, names(), (glossary(),)),
    "terms": lambda text: mark_terms(text, find_terms(text, (glossary(),))),
    "passthrough": passthrough_spans,
    "points": _points,
    "evidence": lambda text: find_evidence(text[:500], [text, text[:500]]),
    "normalized": lambda text: normalized(text, OPTIONS),
    "normalize": lambda text: normalize(text, OPTIONS),
    "normalize opposite": lambda text: normalize(text, OPPOSITE_OPTIONS),
    "fold": fold_text,
    "latin runs": latin_runs,
}
# Of one sentence or line at a time, which has at most 2,000 characters.
SENTENCE_FUNCTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "residue": residue_kind,
    "date stamp": read_date_stamp,
    "arabic sentence": is_arabic_sentence,
    "split long": lambda text: split_long(text, count_tokens=count_tokens, token_limit=TOKEN_LIMIT),
    "pieces": _pieces,
    "shorten": shorten,
    "headline": headline,
    "spelled numbers": spelled_numbers,
    "number mismatch": lambda text: number_mismatch(text, f"{text} 5"),
    "number retention": lambda text: number_retention(text, text),
    "checks": lambda text: check_translation(
        text, f"{text}x", score=-1.0, hit_limit=False, score_floor=None
    ),
    "support": lambda text: support(text, [text]),
}
FUNCTIONS: Final = {**TEXT_FUNCTIONS, **SENTENCE_FUNCTIONS}
