"""One sentence on its way through the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from mujaz.app.enforcement import TermEnforcement
from mujaz.domain.assemble import FinishReason
from mujaz.domain.checks import RETRY_FLAGS, QualityFlag, check_translation
from mujaz.domain.glossary import Glossary
from mujaz.domain.glossary_match import find_terms
from mujaz.domain.glossary_rendering import GlossaryMatch, MarkedText, mark_terms
from mujaz.domain.language import is_arabic_sentence
from mujaz.domain.passthrough import passthrough_spans
from mujaz.domain.pieces import Piece, join_pieces, plan_pieces
from mujaz.domain.segment import SegmentedSentence
from mujaz.domain.spans import Span, gaps
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import Decoded


@dataclass(frozen=True, slots=True)
class SentenceOutcome:
    """What one decoding of a whole sentence gave."""

    text: str
    score: float
    finish_reason: FinishReason
    flags: tuple[QualityFlag, ...]
    glossary_matches: tuple[GlossaryMatch, ...] = ()

    @property
    def missed_count(self) -> int:
        """How many terms lack their required rendering."""
        return sum(not match.applied for match in self.glossary_matches)

    @property
    def defect_count(self) -> int:
        """How many of its flags another decoding might lift."""
        return len(RETRY_FLAGS.intersection(self.flags))


@dataclass(frozen=True, slots=True)
class Sequence:
    """A piece of a sentence as the model reads it."""

    text: str
    tokens: tuple[str, ...]


class SentenceWork:
    """The pieces of one sentence, what came back for each, and the outcome to wait for.

    `sequences` maps the number of a piece to what the model must decode for it; copied pieces, and
    a whole sentence in another language, have none. Terms of `glossaries` are replaced by their
    renderings in what the model reads.
    """

    def __init__(
        self,
        segmented: SegmentedSentence,
        model: LoadedModel,
        glossaries: tuple[Glossary, ...] = (),
    ) -> None:
        self.segmented = segmented
        self.outcome: asyncio.Future[SentenceOutcome] = asyncio.get_running_loop().create_future()
        self.outcome.add_done_callback(_mark_retrieved)
        self.rejected: SentenceOutcome | None = None
        self._model = model
        self._text = text = segmented.text
        self._marked: MarkedText | None = None
        self._terms: TermEnforcement | None = None
        if is_arabic_sentence(text):
            if glossaries and (matches := find_terms(text, glossaries)):
                self._marked = mark_terms(text, matches)
                self._text = self._marked.text
            self._pieces, self.sequences = _plan(self._text, model, self._marked)
            self._own_flags: tuple[QualityFlag, ...] = ()
            if self._marked is not None:
                parts = {n: self._pieces[n].span.of(self._text) for n in self.sequences}
                self._terms = TermEnforcement(self._marked, parts)
        else:
            self._pieces, self.sequences = (Piece(Span(0, len(text)), copied=True),), {}
            self._own_flags = (QualityFlag.OTHER_LANGUAGE,) if _has_words(text) else ()
        self.token_count = sum(len(sequence.tokens) for sequence in self.sequences.values())
        self._decoded: dict[int, Decoded] = {}

    @property
    def weight(self) -> int:
        """Its share of a window: its tokens, and one more, so that copied sentences count too."""
        return self.token_count + 1

    @property
    def complete(self) -> bool:
        """Whether every sequence has its output."""
        return len(self._decoded) == len(self.sequences)

    def pending(self) -> list[tuple[int, Sequence]]:
        """What the model must still decode, by piece."""
        return [item for item in self.sequences.items() if item[0] not in self._decoded]

    def receive(self, number: int, decoded: Decoded) -> None:
        """Keep the output for one piece."""
        self._decoded[number] = decoded

    def enforce_terms(self, *, may_retry: bool) -> bool | None:
        """Make the pieces that lack a rendering pending again, in the next way to write terms.

        None where nothing lacks or no way is left, else whether to decode as a retry, which
        `may_retry` allows. The sentence must be complete.
        """
        if self._terms is None:
            return None
        self._terms.settle(self._decoded)
        sources, as_retry = self._terms.next_sources(self._fits, may_retry=may_retry)
        self._read_instead(sources)
        for number in sources:
            del self._decoded[number]
        return as_retry if sources else None

    def reject(self, outcome: SentenceOutcome) -> None:
        """Forget the outputs of a first decoding, but keep its outcome to compare with."""
        self.rejected = outcome
        self._decoded.clear()
        if self._terms is not None:
            self._read_instead(self._terms.restart())

    def fail(self, error: BaseException) -> None:
        """Give the waiting reader an error instead of an outcome."""
        if not self.outcome.done():
            self.outcome.set_exception(error)

    def judge(self, score_floor: float | None) -> SentenceOutcome:
        """Join the outputs and check them."""
        decoded = self._decoded
        source = self.segmented.text
        matches: tuple[GlossaryMatch, ...] = ()
        if self._terms is not None:
            decoded = {n: self._terms.output(n, each) for n, each in decoded.items()}
        outputs = [
            decoded[number].text if number in decoded else piece.span.of(self._text)
            for number, piece in enumerate(self._pieces)
            if not piece.copied
        ]
        target = join_pieces(self._text, self._pieces, outputs)
        if self._marked is not None and self._terms is not None:
            source = self._marked.switched(self._text)
            target = self._marked.switched(target)
            matches = self._terms.matches()
        if not decoded:
            reason = FinishReason.COPIED
            return SentenceOutcome(target, 0.0, reason, self._own_flags, matches)
        token_count = max(1, sum(each.token_count for each in decoded.values()))
        score = sum(each.score * each.token_count for each in decoded.values()) / token_count
        hit_limit = any(each.hit_limit for each in decoded.values())
        flags = check_translation(
            source, target, score=score, hit_limit=hit_limit, score_floor=score_floor
        )
        if not all(match.applied for match in matches):
            flags = (*flags, QualityFlag.GLOSSARY_MISSED)
        reason = FinishReason.LENGTH if hit_limit else FinishReason.STOP
        return SentenceOutcome(target, score, reason, flags, matches)

    def _fits(self, text: str) -> bool:
        return 0 < len(self._model.encode(text)) <= self._model.max_source_token_count

    def _read_instead(self, sources: Mapping[int, str]) -> None:
        for number, text in sources.items():
            self.sequences[number] = Sequence(text, self._model.encode(text))


def _plan(
    text: str, model: LoadedModel, marked: MarkedText | None
) -> tuple[tuple[Piece, ...], dict[int, Sequence]]:
    """The pieces of an Arabic sentence and what the model reads for those not copied."""
    encoded: dict[str, tuple[str, ...]] = {}

    def count_tokens(part: str) -> int:
        read = part if marked is None else marked.filled(part, {})
        encoded[part] = model.encode(read)
        if marked is None or read == part:
            return len(encoded[part])
        return max(len(encoded[part]), len(model.encode(marked.switched(part))))

    limit = model.max_source_token_count
    pieces = plan_pieces(text, count_tokens=count_tokens, token_limit=limit)
    sequences: dict[int, Sequence] = {}
    for number, piece in enumerate(pieces):
        if piece.copied:
            continue
        part = piece.span.of(text)
        if part not in encoded:
            count_tokens(part)
        if encoded[
            part
        ]:  # a piece of bare diacritics or controls has nothing to read: it is copied
            read = part if marked is None else marked.filled(part, {})
            sequences[number] = Sequence(read, encoded[part])
    return pieces, sequences


def _has_words(text: str) -> bool:
    """Whether there are letters outside of addresses, handles, code and the like."""
    outside = gaps(passthrough_spans(text), len(text))
    return any(character.isalpha() for span in outside for character in span.of(text))


def _mark_retrieved(outcome: asyncio.Future[SentenceOutcome]) -> None:
    """An abandoned sentence may fail unseen; asyncio would log that as an error of ours."""
    if not outcome.cancelled():
        outcome.exception()
