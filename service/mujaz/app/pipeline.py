"""Translates the sentences of one request side by side and gives them back in source order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from mujaz.app.sentence import SentenceOutcome, SentenceWork
from mujaz.domain.assemble import Assembler, TranslatedSentence
from mujaz.domain.checks import RETRY_FLAGS, QualityFlag
from mujaz.domain.glossary import Glossary
from mujaz.domain.segment import SegmentedSentence
from mujaz.engine.cache import SegmentCache, segment_key
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import DecodingOptions
from mujaz.engine.queue import Completed
from mujaz.engine.scheduler import Ticket
from mujaz.errors import DeadlineExceeded

# Planning takes about 0.5 µs a character: a millisecond or two before others get the event loop.
PLANNED_CHARACTERS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Decodings:
    """How a sentence is decoded, and once more if the checks object; None for no second time."""

    first: DecodingOptions
    second: DecodingOptions | None

    def second_for(self, flags: Collection[QualityFlag]) -> DecodingOptions | None:
        """How to decode a sentence with these flags once more.

        Penalties on repetition break loops, but what they do to `1988` is 198. Where only numbers
        are wrong a greedy search without them mends about as many, in a fraction of the time (see
        `benchmarks/number_retries.py`).
        """
        if self.second is None or RETRY_FLAGS.intersection(flags) != {QualityFlag.NUMBER_MISMATCH}:
            return self.second
        plain = replace(self.first, beam_size=1, repetition_penalty=1.0, no_repeat_ngram_size=0)
        return self.second if plain == self.first else plain


@dataclass(slots=True)
class PipelineUsage:
    """What the sentences cost: tokens read, the longest wait for a batch, time in the model."""

    source_token_count: int = 0
    queue_seconds: float = 0.0
    inference_seconds: float = 0.0


class SentencePipeline:
    """A window of sentences between a reader of source text and a reader of translations.

    `push_from` starts work, `pop` gives the oldest sentence once it is done. Closing the ticket
    abandons everything that is not done.
    """

    def __init__(
        self,
        *,
        model: LoadedModel,
        ticket: Ticket,
        cache: SegmentCache,
        decodings: Decodings,
        assembler: Assembler,
        first_index: int = 0,
        first_alone: bool = False,
        glossaries: tuple[Glossary, ...] = (),
    ) -> None:
        self._model = model
        self._ticket = ticket
        self._cache = cache
        self._decodings = decodings
        self._glossaries = glossaries
        self._assembler = assembler
        self._index = first_index
        self._works: deque[SentenceWork] = deque()
        self._held_tokens = 0
        self._first_alone = first_alone
        self._first: asyncio.Future[SentenceOutcome] | None = None
        self.usage = PipelineUsage()

    def __len__(self) -> int:
        return len(self._works)

    @property
    def has_room(self) -> bool:
        """Whether the next sentence may be pushed; an empty pipeline always takes one.

        With `first_alone` nothing is pushed beside the first sentence: a reader waits for it, and
        the rest of its text would compete with it for the processor's caches.
        """
        if not self._works:
            return True
        if self._first_alone and self._first is not None and not self._first.done():
            return False
        return self._held_tokens < self._ticket.window_tokens

    @property
    def head_done(self) -> asyncio.Future[SentenceOutcome]:
        """Settled when `pop` would not wait; there must be a sentence."""
        return self._works[0].outcome

    def push_from(self, ready: deque[SegmentedSentence]) -> None:
        """Take sentences off the left of `ready` and start work on them, while there is room.

        They start together, so that they can share batches at once; but the first of all is
        urgent, as a reader waits for it. One call plans about PLANNED_CHARACTERS and then leaves
        the event loop to others.
        """
        works: list[SentenceWork] = []
        planned = 0
        while ready and self.has_room and planned < PLANNED_CHARACTERS:
            work = SentenceWork(ready.popleft(), self._model, self._glossaries)
            planned += len(work.segmented.text)
            self._works.append(work)
            self._held_tokens += work.weight
            self.usage.source_token_count += work.token_count
            if self._first is None:  # submitted before the others are even planned
                self._first = work.outcome
                self._decode([work], self._decodings.first, urgent=True)
            else:
                works.append(work)
        self._decode(works, self._decodings.first)

    async def pop(self) -> TranslatedSentence:
        """The oldest sentence, once done; raises what its decoding raised."""
        work = self._works[0]
        if not work.outcome.done():
            try:
                async with asyncio.timeout_at(self._ticket.deadline):
                    await work.outcome
            except TimeoutError as error:
                raise DeadlineExceeded(
                    "The deadline passed before the whole text was translated."
                ) from error
        outcome = work.outcome.result()
        self._works.popleft()
        self._held_tokens -= work.weight
        sentence = work.segmented.sentence
        translated = TranslatedSentence(
            index=self._index,
            paragraph_index=sentence.paragraph_index,
            source_span=sentence.span,
            source_text=work.segmented.text,
            translated_text=outcome.text,
            translated_span=self._assembler.add(work.segmented.gap_before, outcome.text),
            score=outcome.score,
            finish_reason=outcome.finish_reason,
            quality_flags=outcome.flags,
            glossary_matches=tuple(
                replace(match, source_span=match.source_span.shifted(sentence.span.start))
                for match in outcome.glossary_matches
            ),
        )
        self._index += 1
        return translated

    def _decode(
        self,
        works: Sequence[SentenceWork],
        options: DecodingOptions,
        *,
        urgent: bool = False,
        retry: bool = False,
    ) -> None:
        """Submit the sequences of `works` that the cache has no answer for."""
        receivers = []
        sequences = []
        for work in works:
            for number, sequence in work.pending():
                key = segment_key(sequence.text, self._model.revision, options=options)
                if (known := self._cache.get(key)) is not None:
                    work.receive(number, known)
                    continue
                receivers.append(partial(self._receive, work, number, key))
                sequences.append(sequence.tokens)
        if sequences:
            futures = self._ticket.submit(
                self._model, sequences, options, urgent=urgent, retry=retry
            )
            for future, receiver in zip(futures, receivers, strict=True):
                future.add_done_callback(receiver)
        for work in works:
            self._settle_if_complete(work)

    def _receive(
        self, work: SentenceWork, number: int, key: bytes, future: asyncio.Future[Completed]
    ) -> None:
        """One sequence is done, on the event loop."""
        if future.cancelled():
            work.outcome.cancel()
            return
        try:
            completed = future.result()
            self._cache.put(key, completed.decoded)
            self.usage.queue_seconds = max(self.usage.queue_seconds, completed.queue_seconds)
            self.usage.inference_seconds += completed.inference_seconds
            work.receive(number, completed.decoded)
            self._settle_if_complete(work)
        # A callback has no caller: whatever goes wrong here, the reader must hear of it.
        except Exception as error:
            work.fail(error)

    def _settle_if_complete(self, work: SentenceWork) -> None:
        """Judge a sentence whose sequences are all there; decode it again where that may help."""
        if not work.complete or work.outcome.done():
            return
        first, second = self._decodings.first, self._decodings.second
        as_retry = work.enforce_terms(may_retry=second is not None)
        if as_retry is not None:
            retry_with = second if as_retry and second is not None else first
            self._decode([work], retry_with, retry=True)
            return
        outcome = work.judge(self._model.manifest.score_floor)
        if work.rejected is not None:
            work.outcome.set_result(better(work.rejected, outcome))
        elif outcome.defect_count and second is not None:
            work.reject(outcome)
            again = self._decodings.second_for(outcome.flags) or second
            self._decode([work], again, retry=True)
        else:
            work.outcome.set_result(outcome)


def better(first: SentenceOutcome, second: SentenceOutcome) -> SentenceOutcome:
    """The decoding with fewer missed terms, then fewer defects, then right numbers, then the higher
    score.

    A reader sees that words are said twice, but not that a number is wrong. The second says it is a
    retry.
    """
    if _demerits(second) < _demerits(first):
        return replace(second, flags=(*second.flags, QualityFlag.RETRIED))
    return first


def _demerits(outcome: SentenceOutcome) -> tuple[int, int, bool, float]:
    wrong_number = QualityFlag.NUMBER_MISMATCH in outcome.flags
    return outcome.missed_count, outcome.defect_count, wrong_number, -outcome.score
