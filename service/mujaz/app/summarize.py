"""Has a summarization model write the candidate points of an article.

The model and the sentences are of one language, whichever it is: to brief an Arabic article with
an English summarizer, translate first and give it the English sentences.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mujaz.domain.checks import QualityFlag, is_repetitive
from mujaz.domain.drafts import WrittenPoint
from mujaz.domain.segment import segment
from mujaz.domain.split_long import split_long
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import Decoded, DecodingOptions
from mujaz.engine.queue import Completed
from mujaz.engine.scheduler import Ticket
from mujaz.errors import DeadlineExceeded

# Source tokens of one article that wait at the engine at a time.
WINDOW_TOKENS: Final = 8_192


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """As much of an article as the model reads at once: the sentences at `positions`.

    A sentence the model cannot read at once is spread over several parts.
    """

    tokens: tuple[str, ...]
    positions: range


@dataclass(frozen=True, slots=True)
class WrittenSummary:
    """What a model wrote, part by part, and what that cost."""

    points: tuple[WrittenPoint, ...]
    source_token_count: int
    queue_seconds: float
    inference_seconds: float


def plan_parts(sentences: Sequence[str], model: LoadedModel) -> list[SummaryPart]:
    """Runs of sentences, each as long as the model's input allows; nothing is left out."""
    limit = model.max_source_token_count
    texts: list[tuple[str, range]] = []
    start, taken, taken_tokens = 0, list[str](), 0
    for position, sentence in enumerate(sentences):
        # Counted one by one, which is at least the count of them joined: encoding what is joined so
        # far for each sentence anew would make short sentences cost their number squared.
        token_count = model.count_tokens(sentence)
        if taken and taken_tokens + token_count > limit:
            texts.append((" ".join(taken), range(start, position)))
            taken, taken_tokens = [], 0
        if not taken:
            start = position
        if token_count > limit:
            *full, last = split_long(sentence, count_tokens=model.count_tokens, token_limit=limit)
            texts += [(span.of(sentence), range(position, position + 1)) for span in full]
            sentence = last.of(sentence)  # noqa: PLW2901  # what is left of it is taken below
            token_count = model.count_tokens(sentence)
        taken.append(sentence)
        taken_tokens += token_count
    if taken:
        texts.append((" ".join(taken), range(start, len(sentences))))
    parts = [SummaryPart(model.encode(text), positions) for text, positions in texts]
    return [part for part in parts if part.tokens]  # bare marks leave nothing to read


async def write_points(
    model: LoadedModel, ticket: Ticket, sentences: Sequence[str]
) -> WrittenSummary:
    """The candidate points for `sentences`, in their order, with the flags they earn.

    What loops or is empty is decoded once more with the model's other settings. Raises
    DeadlineExceeded, EngineFailed and ShuttingDown.
    """
    parts = await asyncio.to_thread(plan_parts, sentences, model)
    manifest = model.manifest
    try:
        async with asyncio.timeout_at(ticket.deadline):
            first = await _decode(model, ticket, parts, manifest.decoding)
            failed = [index for index, each in enumerate(first) if _is_failed(each.decoded)]
            second = await _decode(
                model,
                ticket,
                [parts[index] for index in failed],
                manifest.retry_decoding,
                retry=True,
            )
    except TimeoutError as error:
        raise DeadlineExceeded("The deadline passed before the article was summarized.") from error
    final = list(first)
    for index, again in zip(failed, second, strict=True):
        if not _is_failed(again.decoded) or not final[index].decoded.text.strip():
            final[index] = again
    return WrittenSummary(
        points=tuple(
            point
            for part, completed in zip(parts, final, strict=True)
            for point in _points(part, completed.decoded, manifest.score_floor)
        ),
        source_token_count=sum(len(part.tokens) for part in parts),
        queue_seconds=max((each.queue_seconds for each in (*first, *second)), default=0.0),
        inference_seconds=sum(each.inference_seconds for each in (*first, *second)),
    )


async def _decode(
    model: LoadedModel,
    ticket: Ticket,
    parts: Sequence[SummaryPart],
    options: DecodingOptions,
    *,
    retry: bool = False,
) -> list[Completed]:
    """One output per part, in order, a window of them at the engine at a time."""
    waiting: deque[tuple[int, asyncio.Future[Completed]]] = deque()
    held_tokens = 0
    completed: list[Completed] = []
    for part in parts:
        while waiting and held_tokens + len(part.tokens) > WINDOW_TOKENS:
            released, future = waiting.popleft()
            completed.append(await future)
            held_tokens -= released
        (future,) = ticket.submit(model, [part.tokens], options, retry=retry)
        waiting.append((len(part.tokens), future))
        held_tokens += len(part.tokens)
    return completed + [await future for _, future in waiting]


def _is_failed(decoded: Decoded) -> bool:
    return not decoded.text.strip() or is_repetitive(decoded.text)


def _points(
    part: SummaryPart, decoded: Decoded, score_floor: float | None
) -> Iterator[WrittenPoint]:
    """The sentences of one output; only the last can be cut short by the output limit."""
    text = decoded.text
    spans = [sentence.span for sentence in segment(text)]
    for span in spans:
        sentence = span.of(text)
        flags = []
        if is_repetitive(sentence) or is_repetitive(text):
            flags.append(QualityFlag.REPETITION)
        if decoded.hit_limit and span is spans[-1]:
            flags.append(QualityFlag.TRUNCATED)
        if score_floor is not None and decoded.score < score_floor:
            flags.append(QualityFlag.LOW_SCORE)
        yield WrittenPoint(sentence, part.positions, tuple(flags))
