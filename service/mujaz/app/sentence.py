"""One sentence on its way through the engine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mujaz.domain.assemble import FinishReason
from mujaz.domain.checks import RETRY_FLAGS, QualityFlag, check_translation
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
    a whole sentence in another language, have none.
    """

    def __init__(self, segmented: SegmentedSentence, model: LoadedModel) -> None:
        self.segmented = segmented
        self.outcome: asyncio.Future[SentenceOutcome] = asyncio.get_running_loop().create_future()
        self.outcome.add_done_callback(_mark_retrieved)
        self.rejected: SentenceOutcome | None = None
        text = segmented.text
        if is_arabic_sentence(text):
            self._pieces, self.sequences = _plan(text, model)
            self._own_flags: tuple[QualityFlag, ...] = ()
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

    def receive(self, number: int, decoded: Decoded) -> None:
        """Keep the output for one piece."""
        self._decoded[number] = decoded

    def reject(self, outcome: SentenceOutcome) -> None:
        """Forget the outputs of a first decoding, but keep its outcome to compare with."""
        self.rejected = outcome
        self._decoded.clear()

    def fail(self, error: BaseException) -> None:
        """Give the waiting reader an error instead of an outcome."""
        if not self.outcome.done():
            self.outcome.set_exception(error)

    def judge(self, score_floor: float | None) -> SentenceOutcome:
        """Join the outputs and check them."""
        source = self.segmented.text
        outputs = [
            self._decoded[number].text if number in self._decoded else piece.span.of(source)
            for number, piece in enumerate(self._pieces)
            if not piece.copied
        ]
        target = join_pieces(source, self._pieces, outputs)
        if not self._decoded:
            return SentenceOutcome(target, 0.0, FinishReason.COPIED, self._own_flags)
        decoded = self._decoded.values()
        token_count = max(1, sum(each.token_count for each in decoded))
        score = sum(each.score * each.token_count for each in decoded) / token_count
        hit_limit = any(each.hit_limit for each in decoded)
        flags = check_translation(
            source, target, score=score, hit_limit=hit_limit, score_floor=score_floor
        )
        finish_reason = FinishReason.LENGTH if hit_limit else FinishReason.STOP
        return SentenceOutcome(target, score, finish_reason, flags)


def _plan(text: str, model: LoadedModel) -> tuple[tuple[Piece, ...], dict[int, Sequence]]:
    """The pieces of an Arabic sentence and what the model reads for those not copied."""
    encoded: dict[str, tuple[str, ...]] = {}

    def count_tokens(part: str) -> int:
        encoded[part] = model.encode(part)
        return len(encoded[part])

    limit = model.max_source_token_count
    pieces = plan_pieces(text, count_tokens=count_tokens, token_limit=limit)
    sequences: dict[int, Sequence] = {}
    for number, piece in enumerate(pieces):
        if piece.copied:
            continue
        part = piece.span.of(text)
        tokens = encoded[part] if part in encoded else model.encode(part)
        if tokens:  # a piece of bare diacritics or controls has nothing to read: it is copied
            sequences[number] = Sequence(part, tokens)
    return pieces, sequences


def _has_words(text: str) -> bool:
    """Whether there are letters outside of addresses, handles, code and the like."""
    outside = gaps(passthrough_spans(text), len(text))
    return any(character.isalpha() for span in outside for character in span.of(text))


def _mark_retrieved(outcome: asyncio.Future[SentenceOutcome]) -> None:
    """An abandoned sentence may fail unseen; asyncio would log that as an error of ours."""
    if not outcome.cancelled():
        outcome.exception()
