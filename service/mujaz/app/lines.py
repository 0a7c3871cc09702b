"""Translates lines that belong to no one text, such as a headline and points, on one request."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import accumulate

from mujaz.app.translate import (
    DocumentTranslator,
    TranslationConfig,
    TranslationFinished,
    TranslationStats,
)
from mujaz.domain.assemble import TranslatedSentence
from mujaz.domain.checks import QualityFlag
from mujaz.engine.scheduler import Ticket


@dataclass(frozen=True, slots=True)
class TranslatedLine:
    """The translation of one line, and the flags of all its sentences."""

    text: str
    quality_flags: tuple[QualityFlag, ...]


async def translate_lines(
    translator: DocumentTranslator,
    lines: Sequence[str],
    config: TranslationConfig,
    *,
    ticket: Ticket,
) -> AsyncGenerator[TranslatedLine | TranslationStats, None]:
    """Each line once it is done, in order, then what all of them cost.

    Every line must hold something; white space is joined, so that a line stays one paragraph.
    Sentences pass the same checks and retries as those of a document.
    """
    joined = [" ".join(line.split()) for line in lines]
    ends = [end - 1 for end in accumulate(len(line) + 1 for line in joined)]
    done: list[TranslatedSentence] = []
    events = translator.stream("\n".join(joined), config, deadline=ticket.deadline, ticket=ticket)
    line = 0
    async with aclosing(events):
        async for event, _ in events:
            match event:
                case TranslatedSentence():
                    done.append(event)
                    if event.source_span.end == ends[line]:
                        yield _join(done)
                        done.clear()
                        line += 1
                case TranslationFinished(stats):
                    yield stats


def _join(sentences: Sequence[TranslatedSentence]) -> TranslatedLine:
    flags = dict.fromkeys(flag for sentence in sentences for flag in sentence.quality_flags)
    return TranslatedLine(" ".join(s.translated_text for s in sentences), tuple(flags))
