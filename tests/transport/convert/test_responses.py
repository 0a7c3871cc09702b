from __future__ import annotations

import pytest
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from mujaz.app.brief import Brief, BriefFinished, BriefHeadline, BriefPoint
from mujaz.app.brief_request import BriefMethod
from mujaz.app.translate import (
    DetectedLanguage,
    Translation,
    TranslationFinished,
    TranslationStarted,
    TranslationStats,
)
from mujaz.domain.assemble import FinishReason, TranslatedSentence
from mujaz.domain.bilingual_text import BilingualText
from mujaz.domain.checks import QualityFlag
from mujaz.domain.glossary_rendering import GlossaryMatch, TermWay
from mujaz.domain.spans import Span
from mujaz.engine.batch import Priority
from mujaz.engine.manifest import ModelTask
from mujaz.errors import ContentTooLong
from mujaz.transport.convert import responses
from mujaz.v1 import brief_service_pb2, model_service_pb2, text_pb2, translation_service_pb2

SENTENCE = TranslatedSentence(
    index=3,
    paragraph_index=1,
    source_span=Span(10, 14),
    source_text="مرحب",
    translated_text="Hello",
    translated_span=Span(20, 25),
    score=-0.5,
    finish_reason=FinishReason.LENGTH,
    quality_flags=(QualityFlag.TRUNCATED, QualityFlag.RETRIED),
    glossary_matches=(
        GlossaryMatch(Span(10, 12), "مر", "Hel", TermWay.SWITCHED),
        GlossaryMatch(Span(12, 14), "حب", "lo", None),
    ),
)
STATS = TranslationStats(
    model_revision="models/ar-en@0123456789ab",
    source_character_count=4,
    source_token_count=2,
    queue_seconds=0.25,
    inference_seconds=1.5,
)
HEADLINE = BriefHeadline(BilingualText("عنوان", "Title"), (Span(0, 5),), (QualityFlag.LOW_SCORE,))
POINT = BriefPoint(
    BilingualText("نقطة", "Point"),
    evidence_spans=(Span(0, 5), Span(6, 9)),
    evidence_sentence_indices=(0, 1),
    method=BriefMethod.ABSTRACTIVE,
    quality_flags=(QualityFlag.UNSUPPORTED,),
)
FINISHED = BriefFinished(STATS, publication_date="2017-10-15", residue_spans=(Span(90, 95),))


def check_sentence(message: text_pb2.TranslatedSentence) -> None:
    assert (message.sentence_index, message.paragraph_index) == (3, 1)
    assert (message.source_span.start_offset, message.source_span.end_offset) == (10, 14)
    assert (message.source_text, message.translated_text) == ("مرحب", "Hello")
    assert (message.translated_span.start_offset, message.translated_span.end_offset) == (20, 25)
    assert message.score == -0.5
    assert message.finish_reason == text_pb2.FINISH_REASON_LENGTH
    assert list(message.quality_flags) == [
        text_pb2.QUALITY_FLAG_TRUNCATED,
        text_pb2.QUALITY_FLAG_RETRIED,
    ]
    first, second = message.glossary_matches
    assert (first.source_span.start_offset, first.source_span.end_offset) == (10, 12)
    assert (first.source_text, first.target_term, first.applied) == ("مر", "Hel", True)
    assert (second.target_term, second.applied) == ("lo", False)


def check_stats(message: translation_service_pb2.TranslationStats) -> None:
    assert message.model_revision == "models/ar-en@0123456789ab"
    assert (message.source_character_count, message.source_token_count) == (4, 2)
    assert message.queue_duration.ToMilliseconds() == 250
    assert message.inference_duration.ToMilliseconds() == 1500


@pytest.mark.parametrize(
    ("ours", "theirs", "prefix"),
    [
        (FinishReason, text_pb2.FinishReason, "FINISH_REASON_"),
        (QualityFlag, text_pb2.QualityFlag, "QUALITY_FLAG_"),
        (BriefMethod, brief_service_pb2.BriefMethod, "BRIEF_METHOD_"),
        (Priority, translation_service_pb2.Priority, "PRIORITY_"),
        (ModelTask, model_service_pb2.ModelTask, "MODEL_TASK_"),
    ],
)
def test_our_enumerations_are_those_of_the_contract(
    ours, theirs: EnumTypeWrapper, prefix: str
) -> None:
    named = {f"{prefix}{member.name}" for member in ours}
    assert named | {f"{prefix}UNSPECIFIED"} == set(theirs.keys())


def test_a_translation_keeps_every_field() -> None:
    detected = DetectedLanguage("ar", 0.75)
    message = responses.translation(Translation("Hello", (SENTENCE,), detected, STATS))

    assert message.translated_text == "Hello"
    [sentence] = message.sentences
    check_sentence(sentence)
    check_stats(message.stats)
    assert message.detected_language.language_code == "ar"
    assert message.detected_language.confidence == 0.75


def test_a_given_language_leaves_the_detected_one_unset() -> None:
    message = responses.translation(Translation("Hello", (), None, STATS))
    assert not message.HasField("detected_language")
    started = responses.translation_event(TranslationStarted(2, None), "").started
    assert not started.HasField("detected_language")


def test_stream_events_keep_their_kind_and_token() -> None:
    started = responses.translation_event(TranslationStarted(2, DetectedLanguage("ar", 1)), "t1")
    sentence = responses.translation_event(SENTENCE, "t2")
    finished = responses.translation_event(TranslationFinished(STATS), "t3")

    assert (started.WhichOneof("event"), started.resume_token) == ("started", "t1")
    assert started.started.sentence_count == 2
    assert started.started.detected_language.language_code == "ar"
    assert (sentence.WhichOneof("event"), sentence.resume_token) == ("sentence", "t2")
    check_sentence(sentence.sentence)
    assert (finished.WhichOneof("event"), finished.resume_token) == ("finished", "t3")
    check_stats(finished.finished.stats)


def test_chunk_events_keep_their_kind() -> None:
    check_sentence(responses.chunks_event(SENTENCE).sentence)
    check_stats(responses.chunks_event(TranslationFinished(STATS)).finished.stats)


def check_point(message: brief_service_pb2.BriefPoint) -> None:
    assert (message.text.source_text, message.text.translated_text) == ("نقطة", "Point")
    spans = [(span.start_offset, span.end_offset) for span in message.evidence_spans]
    assert spans == [(0, 5), (6, 9)]
    assert list(message.evidence_sentence_indices) == [0, 1]
    assert message.method == brief_service_pb2.BRIEF_METHOD_ABSTRACTIVE
    assert list(message.quality_flags) == [text_pb2.QUALITY_FLAG_UNSUPPORTED]


def test_a_brief_keeps_every_field() -> None:
    message = responses.brief(Brief(HEADLINE, (POINT,), (SENTENCE,), FINISHED))

    brief = message.brief
    assert brief.headline.source_text == "عنوان"
    assert brief.headline.translated_text == "Title"
    assert [span.end_offset for span in brief.headline_evidence_spans] == [5]
    assert list(brief.headline_quality_flags) == [text_pb2.QUALITY_FLAG_LOW_SCORE]
    [point] = brief.points
    check_point(point)
    assert brief.publication_date == "2017-10-15"
    assert [span.start_offset for span in brief.residue_spans] == [90]
    [sentence] = message.sentences
    check_sentence(sentence)
    check_stats(message.stats)


def test_brief_events_keep_every_field() -> None:
    headline = responses.brief_event(HEADLINE, None)
    assert headline.headline.translated_text == "Title"
    check_point(responses.brief_event(POINT, HEADLINE).point)
    check_sentence(responses.brief_event(SENTENCE, HEADLINE).sentence)
    finished = responses.brief_event(FINISHED, HEADLINE).finished
    check_stats(finished.stats)
    assert finished.publication_date == "2017-10-15"
    assert [span.start_offset for span in finished.residue_spans] == [90]
    assert [span.end_offset for span in finished.headline_evidence_spans] == [5]
    assert list(finished.headline_quality_flags) == [text_pb2.QUALITY_FLAG_LOW_SCORE]


def test_an_offset_the_contract_cannot_count_is_refused() -> None:
    last = 2**31 - 1
    assert responses.span(Span(last, last)).end_offset == last
    with pytest.raises(ContentTooLong):
        responses.span(Span(last, last + 1))
