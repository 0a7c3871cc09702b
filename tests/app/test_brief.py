"""Briefs of real articles, written by the starter models."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
import pytest_asyncio

from mujaz.app.brief import BriefEvent, BriefFinished, BriefHeadline, BriefPoint, BriefWriter
from mujaz.app.brief_request import Article, BriefConfig, BriefMethod
from mujaz.app.translate import DocumentTranslator, TranslationConfig
from mujaz.domain.assemble import TranslatedSentence
from mujaz.domain.checks import QualityFlag
from mujaz.domain.segment import segment
from mujaz.engine.language import LanguageDetector
from mujaz.engine.manifest import ModelTask
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import (
    ContentEmpty,
    ContentTooLong,
    DeadlineExceeded,
    FieldInvalid,
    InvalidRequest,
    LanguageUnsupported,
    ModelNotFound,
    Overloaded,
)

SAMPLE = (Path(__file__).parents[2] / "samples" / "raqqa.txt").read_text(encoding="utf-8")
SHORT = "أعلنت الوزارة فتح باب التسجيل يوم الأحد. وقال الوزير إن الجامعات مستعدة."
ARABIC = TranslationConfig(source_language="ar", beam_size=1)
AUTO = BriefConfig(TranslationConfig(beam_size=1))
EXTRACTIVE = replace(AUTO, method=BriefMethod.EXTRACTIVE)
WHOLE = replace(AUTO, include_translation=True)


@pytest_asyncio.fixture
async def writer(
    registry: ModelRegistry,
    scheduler: Scheduler,
    translator: DocumentTranslator,
    detector: LanguageDetector,
) -> BriefWriter:
    return BriefWriter(
        registry=registry, scheduler=scheduler, translator=translator, detector=detector
    )


@pytest_asyncio.fixture
async def writer_without_summarizer(
    registry: ModelRegistry,
    scheduler: Scheduler,
    translator: DocumentTranslator,
    detector: LanguageDetector,
) -> BriefWriter:
    translators = [m for m in registry.models() if m.manifest.task is ModelTask.TRANSLATION]
    return BriefWriter(
        registry=ModelRegistry(translators),
        scheduler=scheduler,
        translator=translator,
        detector=detector,
    )


async def events_of(writer: BriefWriter, article: Article, config: BriefConfig) -> list[BriefEvent]:
    async with aclosing(writer.stream(article, config)) as events:
        return [event async for event in events]


async def test_the_sample_article(writer: BriefWriter) -> None:
    brief = await writer.write(Article(SAMPLE), AUTO)
    title = SAMPLE.split("\n")[0]
    assert brief.headline.text.source_text == title
    assert [span.of(SAMPLE) for span in brief.headline.evidence_spans] == [title]
    assert brief.headline.text.translated_text
    assert len(brief.points) == 3
    assert brief.sentences == ()
    assert brief.finished.publication_date == "2017-10-15"
    residue = [span.of(SAMPLE) for span in brief.finished.residue_spans]
    assert residue == SAMPLE.split("\n")[1:3]
    assert brief.finished.stats.source_character_count == len(SAMPLE)
    assert brief.finished.stats.source_token_count > 0
    assert brief.finished.stats.model_revision.startswith("models/ar-en@")


@pytest.mark.parametrize("method", list(BriefMethod))
async def test_every_point_names_its_evidence(writer: BriefWriter, method: BriefMethod) -> None:
    brief = await writer.write(Article(SAMPLE), replace(AUTO, method=method, point_count=5))
    sentences = segment(SAMPLE)
    assert brief.points
    for point in brief.points:
        assert point.evidence_spans
        spans = tuple(sentences[index].span for index in point.evidence_sentence_indices)
        assert spans == point.evidence_spans
        if point.method is BriefMethod.EXTRACTIVE:
            source = " ".join(span.of(SAMPLE) for span in spans)
            assert source.startswith(point.text.source_text)


async def test_the_method_decides_who_writes(writer: BriefWriter) -> None:
    for method in (BriefMethod.EXTRACTIVE, BriefMethod.ABSTRACTIVE):
        brief = await writer.write(Article(SAMPLE), replace(AUTO, method=method))
        assert {point.method for point in brief.points} == {method}


async def test_auto_never_shows_an_unsupported_point(writer: BriefWriter) -> None:
    brief = await writer.write(Article(SAMPLE), replace(AUTO, point_count=10))
    assert all(QualityFlag.UNSUPPORTED not in point.quality_flags for point in brief.points)


async def test_the_english_of_a_point_is_the_translation_of_its_arabic(
    writer: BriefWriter, translator: DocumentTranslator
) -> None:
    brief = await writer.write(Article(SAMPLE), EXTRACTIVE)
    for point in brief.points:
        alone = await translator.translate(point.text.source_text, ARABIC)
        assert point.text.translated_text == alone.translated_text
        flags = {flag for sentence in alone.sentences for flag in sentence.quality_flags}
        assert flags == set(point.quality_flags)


async def test_the_headline_comes_first_and_the_end_last(
    writer: BriefWriter, translator: DocumentTranslator
) -> None:
    events = await events_of(writer, Article(SAMPLE), replace(EXTRACTIVE, include_translation=True))
    assert isinstance(events[0], BriefHeadline)
    assert isinstance(events[-1], BriefFinished)
    sentences = [event for event in events if isinstance(event, TranslatedSentence)]
    alone = await translator.translate(SAMPLE, ARABIC)
    assert tuple(sentences) == alone.sentences
    assert len([event for event in events if isinstance(event, BriefPoint)]) == 3


async def test_a_given_title_is_the_headline_and_rests_on_nothing(writer: BriefWriter) -> None:
    title = "  عنوان من\nالناشر "
    brief = await writer.write(Article(SHORT, title), EXTRACTIVE)
    assert brief.headline.text.source_text == title
    assert brief.headline.evidence_spans == ()


@pytest.mark.parametrize("method", [BriefMethod.AUTO, BriefMethod.EXTRACTIVE])
async def test_without_a_title_a_short_headline_is_made(
    writer: BriefWriter, method: BriefMethod
) -> None:
    body = "\n".join(SAMPLE.split("\n")[3:6])
    brief = await writer.write(Article(body), replace(AUTO, method=method))
    assert 1 <= len(brief.headline.text.source_text.split()) <= 14
    assert brief.headline.evidence_spans
    assert brief.headline.text.translated_text


async def test_a_short_article_gives_fewer_points(writer: BriefWriter) -> None:
    assert len((await writer.write(Article(SHORT), replace(AUTO, point_count=10))).points) == 1
    assert len((await writer.write(Article("زلزال يضرب الساحل"), AUTO)).points) == 1


async def test_auto_asks_the_model_only_where_a_sentence_is_too_long_to_read(
    writer: BriefWriter,
) -> None:
    lead, _, _ = SHORT.partition(".")
    long = f"{lead} {' و'.join(['المعاهد العليا والمدارس التابعة لها'] * 10)}."
    for body, asks in ((SHORT, False), (f"{long}\n{SHORT}", True)):
        extractive = await writer.write(Article(body), EXTRACTIVE)
        auto = await writer.write(Article(body), AUTO)
        more = auto.finished.stats.source_token_count - extractive.finished.stats.source_token_count
        assert (more > 0) is asks


async def test_without_a_summarizer_auto_takes_source_sentences(
    writer_without_summarizer: BriefWriter,
) -> None:
    brief = await writer_without_summarizer.write(Article(SAMPLE), AUTO)
    assert {point.method for point in brief.points} == {BriefMethod.EXTRACTIVE}


@pytest.mark.parametrize(
    "config",
    [
        replace(AUTO, method=BriefMethod.ABSTRACTIVE),
        replace(AUTO, summarization_model="models/none"),
    ],
)
async def test_a_summarizer_that_was_asked_for_must_be_there(
    writer_without_summarizer: BriefWriter, config: BriefConfig
) -> None:
    with pytest.raises(ModelNotFound):
        await writer_without_summarizer.write(Article(SHORT), config)


@pytest.mark.parametrize(
    ("article", "config", "error", "field"),
    [
        (Article(""), AUTO, ContentEmpty, "article.body"),
        (Article(" \n\t "), AUTO, ContentEmpty, "article.body"),
        (Article("طباعة\nشارك\n2017-10-15"), AUTO, ContentEmpty, "article.body"),
        (Article("ا" * 200_001), AUTO, ContentTooLong, "article.body"),
        (Article(SHORT, "ا" * 2_001), AUTO, ContentTooLong, "article.title"),
        (Article(SHORT), replace(AUTO, point_count=0), FieldInvalid, "config.point_count"),
        (Article(SHORT), replace(AUTO, point_count=11), FieldInvalid, "config.point_count"),
        (Article(SHORT, article_id="a b"), AUTO, FieldInvalid, "article.article_id"),
        (Article(SHORT, article_id="ا"), AUTO, FieldInvalid, "article.article_id"),
        (Article(SHORT, article_id="a" * 65), AUTO, FieldInvalid, "article.article_id"),
    ],
)
async def test_what_cannot_be_briefed_is_refused_by_field(
    writer: BriefWriter,
    article: Article,
    config: BriefConfig,
    error: type[InvalidRequest],
    field: str,
) -> None:
    with pytest.raises(error) as refusal:
        await writer.write(article, config)
    assert refusal.value.field == field


async def test_an_article_in_another_language_is_refused(writer: BriefWriter) -> None:
    body = "The ministry said on Sunday that registration is open. The minister welcomed it."
    with pytest.raises(LanguageUnsupported):
        await writer.write(Article(body), AUTO)


async def test_a_long_article_is_briefed_in_parts(writer: BriefWriter) -> None:
    paragraphs = SAMPLE.split("\n")[3:]
    body = "\n".join(
        paragraph.replace("الرقة", f"الرقة {number}")
        for number in range(3)
        for paragraph in paragraphs
    )
    brief = await writer.write(Article(body), replace(AUTO, point_count=10))
    assert len(brief.points) == 10
    assert max(point.evidence_sentence_indices[0] for point in brief.points) > 10


async def test_a_deadline_that_passed_ends_the_brief(
    writer: BriefWriter, scheduler: Scheduler
) -> None:
    with pytest.raises((DeadlineExceeded, Overloaded)):
        await writer.write(Article(SAMPLE), AUTO, deadline=monotonic() - 1)
    assert scheduler.state.open_tickets == 0


async def test_leaving_a_stream_early_leaves_nothing_behind(
    writer: BriefWriter, scheduler: Scheduler
) -> None:
    async with aclosing(writer.stream(Article(SAMPLE), WHOLE)) as events:
        await anext(events)
    assert scheduler.state.open_tickets == 0
    assert scheduler.state.queued_tokens == 0
    assert len(asyncio.all_tasks()) == 1


async def test_cancelling_a_brief_leaves_nothing_behind(
    writer: BriefWriter, scheduler: Scheduler
) -> None:
    started = asyncio.Event()

    async def read() -> None:
        async with aclosing(writer.stream(Article(SAMPLE), WHOLE)) as events:
            async for _ in events:
                started.set()

    task = asyncio.create_task(read())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert scheduler.state.open_tickets == 0
    assert scheduler.state.queued_tokens == 0
    assert len(asyncio.all_tasks()) == 1
