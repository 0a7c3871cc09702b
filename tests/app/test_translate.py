"""Documents: complete, aligned, in order, resumable, and abandoned without a trace."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

import pytest

from mujaz.app.translate import (
    DocumentTranslator,
    TranslationConfig,
    TranslationEvent,
    TranslationFinished,
    TranslationStarted,
)
from mujaz.domain.assemble import FinishReason, TranslatedSentence
from mujaz.domain.checks import QualityFlag
from mujaz.domain.spans import gaps
from mujaz.engine.batch import Priority
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import (
    ContentEmpty,
    DeadlineExceeded,
    LanguageUnsupported,
    ModelNotFound,
    ResumeTokenStale,
)

ARABIC = TranslationConfig(source_language="ar", beam_size=1)


async def collect(
    translator: DocumentTranslator, text: str, config: TranslationConfig, token: str = ""
) -> list[tuple[TranslationEvent, str]]:
    async with aclosing(translator.stream(text, config, resume_token=token)) as events:
        return [event async for event in events]


def without_stats(events: Sequence[tuple[TranslationEvent, str]]) -> list[tuple[object, str]]:
    """Events with the timings taken out, which differ from run to run."""
    return [
        (TranslationFinished if isinstance(event, TranslationFinished) else event, token)
        for event, token in events
    ]


async def pieces(text: str, cuts: Sequence[int]) -> AsyncIterator[str]:
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        yield text[start:end]


async def test_a_document_comes_back_whole_and_aligned(
    translator: DocumentTranslator, article: str
) -> None:
    translation = await translator.translate(article, ARABIC)
    spans = [s.source_span for s in translation.sentences]
    assert all(not gap.of(article).strip() for gap in gaps(spans, len(article)))
    for index, sentence in enumerate(translation.sentences):
        assert sentence.index == index
        assert sentence.source_text == sentence.source_span.of(article)
        assert sentence.translated_span.of(translation.translated_text) == sentence.translated_text
        assert sentence.translated_text
    assert translation.translated_text.count("\n") == article.count("\n")
    assert translation.stats.source_character_count == len(article)
    assert translation.stats.source_token_count > 0
    assert translation.stats.model_revision.startswith("models/ar-en@")


async def test_a_stream_gives_what_the_whole_translation_gives(
    translator: DocumentTranslator, article: str
) -> None:
    whole = await translator.translate(article, ARABIC)
    events = [event for event, _ in await collect(translator, article, ARABIC)]
    assert events[0] == TranslationStarted(len(whole.sentences), None)
    assert tuple(events[1:-1]) == whole.sentences
    assert isinstance(events[-1], TranslationFinished)


async def test_a_resume_at_any_event_yields_the_same_remaining_events(
    translator: DocumentTranslator, article: str
) -> None:
    events = await collect(translator, article, ARABIC)
    for position, (_, token) in enumerate(events):
        rest = await collect(translator, article, ARABIC, token)
        assert without_stats(rest) == without_stats(events[position + 1 :])


async def test_a_token_does_not_resume_another_text_or_configuration(
    translator: DocumentTranslator, article: str
) -> None:
    events = await collect(translator, article, ARABIC)
    _, token = events[1]
    with pytest.raises(ResumeTokenStale):
        await collect(translator, article + " ", ARABIC, token)
    with pytest.raises(ResumeTokenStale):
        await collect(translator, article, TranslationConfig(source_language="ar"), token)
    bulk = TranslationConfig(source_language="ar", beam_size=1, priority=Priority.BULK)
    assert await collect(translator, article, bulk, token)


@pytest.mark.parametrize("seed", range(5))
async def test_chunks_cut_anywhere_give_the_sentences_of_the_whole_text(
    translator: DocumentTranslator, article: str, seed: int
) -> None:
    whole = await translator.translate(article, ARABIC)
    cuts = sorted(random.Random(seed).sample(range(len(article) + 1), 40))
    events = [e async for e in translator.stream_chunks(pieces(article, cuts), ARABIC)]
    assert tuple(events[:-1]) == whole.sentences
    assert isinstance(events[-1], TranslationFinished)
    assert events[-1].stats.source_character_count == len(article)


async def test_a_finished_sentence_does_not_wait_for_the_next_chunk(
    translator: DocumentTranslator,
) -> None:
    arrived = asyncio.Event()

    async def chunks() -> AsyncIterator[str]:
        yield "وصل الوزير إلى القاهرة.\n"
        await arrived.wait()
        yield "وغادر الوفد المدينة."

    async with aclosing(translator.stream_chunks(chunks(), ARABIC)) as events:
        first = await asyncio.wait_for(anext(events), 30)
        assert isinstance(first, TranslatedSentence)
        arrived.set()
        rest = [event async for event in events]
    assert [type(event) for event in rest] == [TranslatedSentence, TranslationFinished]


async def test_a_reader_that_lags_is_not_read_ahead_of(translator: DocumentTranslator) -> None:
    given = 0

    async def chunks() -> AsyncIterator[str]:
        nonlocal given
        for number in range(1000):
            given += 1
            yield " ".join(f"قال الوزير رقم {number} {i} كلاما." for i in range(50)) + "\n"

    async with aclosing(translator.stream_chunks(chunks(), ARABIC)) as events:
        await anext(events)
        await asyncio.sleep(0)
        assert given < 50


async def test_a_first_line_in_latin_script_does_not_decide_the_language_of_chunks(
    translator: DocumentTranslator,
) -> None:
    text = "REUTERS, Cairo, Sunday morning\nوصل الوزير إلى القاهرة يوم الأحد.\nوغادر الوفد."
    config = TranslationConfig(beam_size=1)
    expected = None
    for size in (1, 7, 45, len(text)):
        cuts = range(size, len(text), size)
        events = [e async for e in translator.stream_chunks(pieces(text, cuts), config)]
        expected = expected or events[:-1]
        assert events[:-1] == expected
        assert len(events) == 4


async def test_a_text_that_costs_no_tokens_leaves_the_loop_to_others(
    translator: DocumentTranslator,
) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    translation = await translator.translate("1\n" * 9_000, ARABIC)
    task.cancel()
    assert len(translation.sentences) == 9_000
    assert turns > 4


async def test_a_defect_in_judging_a_sentence_fails_the_request_instead_of_hanging(
    translator: DocumentTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mujaz.app.sentence.SentenceWork.judge", defect)
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(translator.translate("وصل الوزير.", ARABIC), 30)


async def test_the_first_sentence_of_a_stream_has_the_engine_to_itself(
    translator: DocumentTranslator, scheduler: Scheduler
) -> None:
    text = "وصل الوزير إلى القاهرة.\n" + "وغادر الوفد المدينة يوم الأحد.\n" * 20
    async with aclosing(translator.stream(text, ARABIC)) as events:
        await anext(events)
        first = asyncio.create_task(anext(events))
        for _ in range(10):
            await asyncio.sleep(0)
        state = scheduler.state
        assert state.queued_sequences + state.running_sequences <= 1
        await first
        assert len([event async for event in events]) == 21


async def test_closing_a_stream_leaves_nothing_at_the_engine(
    translator: DocumentTranslator, scheduler: Scheduler, article: str
) -> None:
    async with aclosing(translator.stream(article * 5, ARABIC)) as events:
        await anext(events)
        await anext(events)
    state = scheduler.state
    assert (state.queued_sequences, state.open_tickets) == (0, 0)
    assert await scheduler.drain(30)


async def test_a_passed_deadline_ends_the_work(
    translator: DocumentTranslator, scheduler: Scheduler, article: str
) -> None:
    with pytest.raises(DeadlineExceeded):
        await translator.translate(article, ARABIC, deadline=time.monotonic() + 0.001)
    assert scheduler.state.open_tickets == 0


async def test_the_source_language_is_detected_where_it_is_left_open(
    translator: DocumentTranslator,
) -> None:
    translation = await translator.translate("وصل الوزير إلى القاهرة.", TranslationConfig())
    assert translation.detected_language is not None
    assert translation.detected_language.language_code == "ar"


async def test_a_text_in_another_language_is_refused(translator: DocumentTranslator) -> None:
    english = "The minister arrived in Cairo on Sunday for talks with the president."
    with pytest.raises(LanguageUnsupported):
        await translator.translate(english, TranslationConfig())


async def test_a_foreign_sentence_is_copied_and_flagged(translator: DocumentTranslator) -> None:
    text = "وصل الوزير إلى القاهرة.\nThe talks will resume on Sunday morning."
    translation = await translator.translate(text, ARABIC)
    foreign = translation.sentences[1]
    assert foreign.translated_text == foreign.source_text
    assert foreign.finish_reason is FinishReason.COPIED
    assert foreign.quality_flags == (QualityFlag.OTHER_LANGUAGE,)


async def test_addresses_come_out_unchanged_and_in_their_place(
    translator: DocumentTranslator,
) -> None:
    text = "زوروا موقعنا https://example.org/a?b=1 واكتبوا إلى news@example.org قبل يوم الأحد."
    (sentence,) = (await translator.translate(text, ARABIC)).sentences
    before, first, rest = sentence.translated_text.partition("https://example.org/a?b=1")
    between, second, after = rest.partition("news@example.org")
    assert first
    assert second
    for translated in (before, between, after):
        assert translated.strip()
        assert not any("\u0600" <= character <= "\u06ff" for character in translated)


@pytest.mark.parametrize("text", ["", " \n\t ", "\u2029"])
async def test_a_text_without_content_is_refused(translator: DocumentTranslator, text: str) -> None:
    with pytest.raises(ContentEmpty):
        await translator.translate(text, ARABIC)
    with pytest.raises(ContentEmpty):
        async for _ in translator.stream_chunks(pieces(text, []), ARABIC):
            pass


async def test_an_unknown_model_is_named(translator: DocumentTranslator) -> None:
    with pytest.raises(ModelNotFound):
        await translator.translate("نص", TranslationConfig(model="models/absent"))
