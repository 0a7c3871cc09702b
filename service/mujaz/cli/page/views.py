"""What a page shows, ready to be written: text in pieces, numbers from 1, words for people."""

from __future__ import annotations

from dataclasses import dataclass

from mujaz.cli.page.pieces import Piece


@dataclass(frozen=True, slots=True)
class TextView:
    """A text with its language (BCP-47, empty if not known) and direction (rtl, ltr or auto)."""

    pieces: tuple[Piece, ...]
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class PairView:
    """One text in two languages."""

    source: TextView
    translation: TextView


@dataclass(frozen=True, slots=True)
class TermView:
    """A glossary term of a sentence, its rendering, and whether the translation has it."""

    source: TextView
    target: TextView
    applied: bool


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence. `points` are the numbers of those that rest on it; 0 is the headline."""

    number: int
    start_offset: int
    end_offset: int
    text: PairView
    residue: str
    checks: tuple[str, ...]
    remarks: tuple[str, ...]
    terms: tuple[TermView, ...]
    points: tuple[int, ...]

    @property
    def needs_check(self) -> bool:
        """Whether a reader should look at it."""
        return bool(self.checks) or any(not term.applied for term in self.terms)


@dataclass(frozen=True, slots=True)
class PointView:
    """A point, or the headline as number 0; `evidence` are numbers of sentences on the page."""

    number: int
    text: PairView
    evidence: tuple[int, ...]
    method: str
    checks: tuple[str, ...]
    terms: tuple[TermView, ...]


@dataclass(frozen=True, slots=True)
class NameView:
    """A name with what it names and the first sentences that have it; `more_count` have it too."""

    text: PairView
    kind: str
    sentences: tuple[int, ...]
    more_count: int


@dataclass(frozen=True, slots=True)
class ArticleView:
    """All that is known of one input. `headline` is None for a translation; `publication_date` is
    empty where `publication_day`, which is for people, is no date."""

    name: str
    label: TextView
    title: str
    headline: PointView | None
    points: tuple[PointView, ...]
    paragraphs: tuple[tuple[SentenceView, ...], ...]
    names: tuple[NameView, ...]
    publication_date: str
    publication_day: str
    language: str
    model_revision: str
    license: str

    @property
    def sentences(self) -> tuple[SentenceView, ...]:
        """The sentences of all paragraphs."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph)
