"""Translates lines that belong to no one text, such as a headline and points, on one request."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import accumulate

from mujaz.app.translate import (
    DocumentTranslator,
    TranslationConfig,
    TranslationFinished,
    TranslationStats,
)
from mujaz.domain.assemble import TranslatedSentence
from mujaz.domain.checks import QualityFlag
from mujaz.domain.glossary_rendering import GlossaryMatch
from mujaz.domain.spans import OffsetMap
from mujaz.engine.scheduler import Ticket

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class TranslatedLine:
    """The translation of one line, the flags of all its sentences, and the terms in them.

    The spans of the terms count in the line as given.
    """

    text: str
    quality_flags: tuple[QualityFlag, ...]
    glossary_matches: tuple[GlossaryMatch, ...] = ()


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
    events = translator.stream("\n".join(joined), config, ticket=ticket)
    line = 0
    async with aclosing(events):
        async for event, _ in events:
            match event:
                case TranslatedSentence():
                    done.append(event)
                    if event.source_span.end == ends[line]:
                        yield _join(done, lines[line], ends[line] - len(joined[line]))
                        done.clear()
                        line += 1
                case TranslationFinished(stats):
                    yield stats


def _join(sentences: Sequence[TranslatedSentence], line: str, start: int) -> TranslatedLine:
    """The sentences of a line that begins at `start` of the joined lines."""
    flags = dict.fromkeys(flag for sentence in sentences for flag in sentence.quality_flags)
    matches = [match for sentence in sentences for match in sentence.glossary_matches]
    if matches:
        offsets = _offsets_in(line)
        matches = [
            replace(match, source_span=offsets.to_source(match.source_span.shifted(-start)))
            for match in matches
        ]
    text = " ".join(s.translated_text for s in sentences)
    return TranslatedLine(text, tuple(flags), tuple(matches))


def _offsets_in(line: str) -> OffsetMap:
    """From a line with its white space joined back to the line."""
    words = list(_WORD.finditer(line))
    starts = [position for word in words for position in range(word.start(), word.end() + 1)]
    ends = [position + 1 for position in starts]
    return OffsetMap(starts[:-1], ends[:-1], len(line))
