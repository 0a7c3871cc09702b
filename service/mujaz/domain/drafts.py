"""The points of a brief before they are translated: written by a model or taken from the article.

Sentences are those of the article's text, and positions count in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mujaz.domain.attribution import attribute, is_bare_quotation, lacks_speaker
from mujaz.domain.checks import QualityFlag
from mujaz.domain.clauses import READABLE_WORDS, shorten
from mujaz.domain.points import select_points
from mujaz.domain.stems import content_stems
from mujaz.domain.support import find_evidence, support

# Of the words of a source sentence, what a written point in its place must keep at least.
_KEPT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """A sentence that a summarization model wrote after reading the sentences at `positions`."""

    text: str
    positions: range
    quality_flags: tuple[QualityFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class PointDraft:
    """A point in the language of the article, and the positions of the sentences behind it.

    Where the sentences hold every word of the point that could be news, it is `grounded`.
    """

    text: str
    evidence: tuple[int, ...]
    extractive: bool
    quality_flags: tuple[QualityFlag, ...] = ()
    grounded: bool = True


def check_written(written: WrittenPoint, sentences: Sequence[str]) -> PointDraft:
    """The point with its evidence; flagged UNSUPPORTED where the evidence does not back it."""
    start = written.positions.start
    read = sentences[start : written.positions.stop]
    evidence = tuple(start + index for index in find_evidence(written.text, read))
    found = support(written.text, [sentences[position] for position in evidence])
    flags = written.quality_flags
    if not found.supported:
        flags = (*flags, QualityFlag.UNSUPPORTED)
    grounded = found.grounded and not is_bare_quotation(written.text)
    return PointDraft(
        written.text, evidence, extractive=False, quality_flags=flags, grounded=grounded
    )


def trusted_points(
    written: Sequence[WrittenPoint], drafts: Sequence[PointDraft]
) -> list[PointDraft]:
    """The drafts of `written` that may stand without a reader who compares them with the article.

    A model that says one thing the article does not, is not believed the rest of that output, as
    the check finds less than a reader would.
    """
    discredited = {
        point.positions
        for point, draft in zip(written, drafts, strict=True)
        if QualityFlag.UNSUPPORTED in draft.quality_flags
    }
    return [
        draft
        for point, draft in zip(written, drafts, strict=True)
        if draft.grounded and not draft.quality_flags and point.positions not in discredited
    ]


def choose_written(
    drafts: Sequence[PointDraft], scores: Sequence[float], limit: int
) -> list[PointDraft]:
    """At most `limit` of the written points, most important first, each thing said once."""
    importance = [_importance(draft, scores) for draft in drafts]
    return [drafts[i] for i in select_points(importance, [d.text for d in drafts], limit)]


def extract_points(
    sentences: Sequence[str], scores: Sequence[float], limit: int
) -> list[PointDraft]:
    """At most `limit` source sentences, shortened, that say different things.

    A quotation comes with its speaker, or after everything else where none can be told.
    """
    candidates = [_extracted(sentences, position) for position in range(len(sentences))]
    sourced = [position for position, draft in enumerate(candidates) if draft is not None]
    others = sorted(set(range(len(sentences))).difference(sourced))
    drafts: list[PointDraft] = []
    for positions in (sourced, others):
        offered = [candidates[position] or _bare(sentences, position) for position in positions]
        chosen = select_points(
            [scores[position] for position in positions],
            [draft.text for draft in offered],
            limit - len(drafts),
            taken=[draft.text for draft in drafts],
        )
        drafts += [offered[index] for index in chosen]
    return drafts


def _extracted(sentences: Sequence[str], position: int) -> PointDraft | None:
    """The sentence with its speaker; None where it has none and those before it do not tell."""
    bare = _bare(sentences, position)
    if not lacks_speaker(sentences, position):
        return bare
    attributed = attribute(sentences, position, shortened=bare.text)
    if attributed is None:
        return None
    return PointDraft(attributed.text, attributed.positions, extractive=True)


def _bare(sentences: Sequence[str], position: int) -> PointDraft:
    return PointDraft(shorten(sentences[position]), (position,), extractive=True)


def compose_points(
    written: Sequence[WrittenPoint],
    sentences: Sequence[str],
    scores: Sequence[float],
    limit: int,
    *,
    only_written: bool,
) -> list[PointDraft]:
    """At most `limit` points, most important first.

    They are source sentences, as those are true if the article is. Only where one is too long to
    read, a written point to trust (see `trusted_points`) that tells it more briefly takes its
    place. With `only_written` all written points count, flagged, and no others.
    """
    checked = [check_written(point, sentences) for point in written]
    if only_written:
        return choose_written(checked, scores, limit)
    trusted = trusted_points(written, checked)
    return [_briefer(draft, trusted) or draft for draft in extract_points(sentences, scores, limit)]


def wants_written(sentences: Sequence[str], scores: Sequence[float], limit: int) -> bool:
    """Whether `compose_points` has a place for written points beside source sentences."""
    return any(map(_is_too_long, extract_points(sentences, scores, limit)))


def _is_too_long(draft: PointDraft) -> bool:
    return len(draft.text.split()) > READABLE_WORDS


def _briefer(extracted: PointDraft, trusted: Sequence[PointDraft]) -> PointDraft | None:
    """The fullest of the written points that tell a long extracted one in readable length.

    It rests on the same sentence alone and keeps enough of it; None if there is no such point.
    """
    if not _is_too_long(extracted):
        return None
    whole = frozenset(content_stems(extracted.text))
    kept = {
        draft: len(whole & frozenset(content_stems(draft.text)))
        for draft in trusted
        if draft.evidence == extracted.evidence and not _is_too_long(draft)
    }
    fullest = max(kept, key=lambda draft: kept[draft], default=None)
    return None if fullest is None or kept[fullest] < _KEPT_SHARE * len(whole) else fullest


def headline_draft(drafts: Sequence[PointDraft]) -> PointDraft:
    """The draft to make a headline of: the first written one to trust, else the first of all."""
    written = (draft for draft in drafts if not draft.extractive and not draft.quality_flags)
    return next(written, drafts[0])


def _importance(draft: PointDraft, scores: Sequence[float]) -> float:
    """That of its best evidence; a point without any comes last."""
    return max((scores[position] for position in draft.evidence), default=min(scores, default=0.0))
