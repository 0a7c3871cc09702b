"""The points of a brief before they are translated: written by a model or taken from the article.

Sentences are those of the article's text, and positions count in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mujaz.domain.checks import QualityFlag
from mujaz.domain.clauses import shorten
from mujaz.domain.points import select_points
from mujaz.domain.support import find_evidence, support


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """A sentence that a summarization model wrote after reading the sentences at `positions`."""

    text: str
    positions: range
    quality_flags: tuple[QualityFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class PointDraft:
    """A point in the language of the article, and the positions of the sentences behind it."""

    text: str
    evidence: tuple[int, ...]
    extractive: bool
    quality_flags: tuple[QualityFlag, ...] = ()


def check_written(written: WrittenPoint, sentences: Sequence[str]) -> PointDraft:
    """The point with its evidence; flagged UNSUPPORTED where the evidence does not back it."""
    start = written.positions.start
    read = sentences[start : written.positions.stop]
    evidence = tuple(start + index for index in find_evidence(written.text, read))
    backed = support(written.text, [sentences[position] for position in evidence]).supported
    flags = written.quality_flags if backed else (*written.quality_flags, QualityFlag.UNSUPPORTED)
    return PointDraft(written.text, evidence, extractive=False, quality_flags=flags)


def choose_written(
    drafts: Sequence[PointDraft], scores: Sequence[float], limit: int
) -> list[PointDraft]:
    """At most `limit` of the written points, most important first, each thing said once."""
    importance = [_importance(draft, scores) for draft in drafts]
    return [drafts[i] for i in select_points(importance, [d.text for d in drafts], limit)]


def extract_points(
    sentences: Sequence[str],
    scores: Sequence[float],
    limit: int,
    *,
    beside: Sequence[PointDraft] = (),
) -> list[PointDraft]:
    """At most `limit` source sentences, shortened, that say something else than `beside`."""
    used = {position for draft in beside for position in draft.evidence}
    free = [position for position in range(len(sentences)) if position not in used]
    chosen = select_points(
        [scores[position] for position in free],
        [sentences[position] for position in free],
        limit,
        taken=[draft.text for draft in beside],
    )
    return [
        PointDraft(shorten(sentences[free[index]]), (free[index],), extractive=True)
        for index in chosen
    ]


def compose_points(
    written: Sequence[WrittenPoint],
    sentences: Sequence[str],
    scores: Sequence[float],
    limit: int,
    *,
    only_written: bool,
) -> list[PointDraft]:
    """At most `limit` points, most important first.

    Written points stand where their evidence backs them and nothing else is wrong; source sentences
    take the other places. With `only_written` all written points count, flagged, and no others.
    """
    checked = [check_written(point, sentences) for point in written]
    if only_written:
        return choose_written(checked, scores, limit)
    trusted = [draft for draft in checked if not draft.quality_flags]
    chosen = choose_written(trusted, scores, limit)
    chosen += extract_points(sentences, scores, limit - len(chosen), beside=chosen)
    return sorted(chosen, key=lambda draft: -_importance(draft, scores))


def headline_draft(drafts: Sequence[PointDraft]) -> PointDraft:
    """The draft to make a headline of: the first written one to trust, else the first of all."""
    written = (draft for draft in drafts if not draft.extractive and not draft.quality_flags)
    return next(written, drafts[0])


def _importance(draft: PointDraft, scores: Sequence[float]) -> float:
    """That of its best evidence; a point without any comes last."""
    return max((scores[position] for position in draft.evidence), default=min(scores, default=0.0))
