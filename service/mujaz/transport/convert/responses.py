"""Results of the use cases as responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from google.protobuf import duration_pb2

from mujaz.app.brief import Brief, BriefEvent, BriefFinished, BriefHeadline, BriefPoint
from mujaz.app.brief_request import BriefMethod
from mujaz.app.process import ArticleOutcome
from mujaz.app.translate import (
    DetectedLanguage,
    Translation,
    TranslationEvent,
    TranslationFinished,
    TranslationStarted,
    TranslationStats,
)
from mujaz.domain.assemble import FinishReason, TranslatedSentence
from mujaz.domain.bilingual_text import BilingualText
from mujaz.domain.checks import QualityFlag
from mujaz.domain.glossary_rendering import GlossaryMatch
from mujaz.domain.language import LanguageGuess
from mujaz.domain.mentions import Mention
from mujaz.domain.spans import Span
from mujaz.errors import ContentTooLong
from mujaz.transport.status import to_status
from mujaz.v1 import brief_service_pb2, text_pb2, translation_service_pb2

# Offsets are int32 in the contract; a chunk stream is the one place that could outgrow them.
OFFSET_LIMIT: Final = 2**31 - 1


def translation(result: Translation) -> translation_service_pb2.TranslateTextResponse:
    """A whole translation."""
    return translation_service_pb2.TranslateTextResponse(
        translated_text=result.translated_text,
        sentences=map(sentence, result.sentences),
        detected_language=_language(result.detected_language),
        stats=stats(result.stats),
    )


def translation_event(
    event: TranslationEvent, resume_token: str
) -> translation_service_pb2.StreamTranslateTextResponse:
    """One event of StreamTranslateText."""
    response = translation_service_pb2.StreamTranslateTextResponse(resume_token=resume_token)
    match event:
        case TranslationStarted():
            started = translation_service_pb2.TranslationStarted(
                sentence_count=event.sentence_count,
                detected_language=_language(event.detected_language),
            )
            response.started.CopyFrom(started)
        case TranslatedSentence():
            response.sentence.CopyFrom(sentence(event))
        case TranslationFinished():
            response.finished.CopyFrom(_finished(event))
    return response


def chunks_event(
    event: TranslatedSentence | TranslationFinished,
) -> translation_service_pb2.TranslateTextChunksResponse:
    """One event of TranslateTextChunks."""
    if isinstance(event, TranslatedSentence):
        return translation_service_pb2.TranslateTextChunksResponse(sentence=sentence(event))
    return translation_service_pb2.TranslateTextChunksResponse(finished=_finished(event))


def detected_languages(
    guesses: Iterable[LanguageGuess],
) -> translation_service_pb2.DetectLanguageResponse:
    """Guesses at a language, in their order."""
    return translation_service_pb2.DetectLanguageResponse(
        languages=[
            text_pb2.DetectedLanguage(language_code=guess.code, confidence=guess.confidence)
            for guess in guesses
        ]
    )


def brief(result: Brief) -> brief_service_pb2.GenerateBriefResponse:
    """A whole brief."""
    return brief_service_pb2.GenerateBriefResponse(
        brief=brief_service_pb2.Brief(
            headline=_bilingual(result.headline.text),
            points=map(_point, result.points),
            mentions=map(_mention, result.finished.mentions),
            publication_date=result.finished.publication_date,
            residue_spans=map(span, result.finished.residue_spans),
            headline_evidence_spans=map(span, result.headline.evidence_spans),
            headline_quality_flags=map(_quality_flag, result.headline.quality_flags),
            headline_glossary_matches=map(_glossary_match, result.headline.glossary_matches),
        ),
        sentences=map(sentence, result.sentences),
        stats=stats(result.finished.stats),
    )


def article_outcome(
    outcome: ArticleOutcome, request_id: str
) -> brief_service_pb2.ProcessArticlesResponse:
    """The answer to one of many articles."""
    response = brief_service_pb2.ProcessArticlesResponse(article_id=outcome.article_id)
    if isinstance(outcome.result, Brief):
        response.brief.CopyFrom(brief(outcome.result))
    else:
        response.error.CopyFrom(to_status(outcome.result, request_id))
    return response


def brief_event(
    event: BriefEvent, headline: BriefHeadline | None
) -> brief_service_pb2.StreamGenerateBriefResponse:
    """One event of StreamGenerateBrief; `headline` is the one already sent.

    The contract sends the evidence of the headline with the last event.
    """
    response = brief_service_pb2.StreamGenerateBriefResponse()
    match event:
        case BriefHeadline():
            response.headline.CopyFrom(_bilingual(event.text))
        case BriefPoint():
            response.point.CopyFrom(_point(event))
        case TranslatedSentence():
            response.sentence.CopyFrom(sentence(event))
        case BriefFinished():
            response.finished.CopyFrom(_brief_finished(event, headline))
    return response


def sentence(value: TranslatedSentence) -> text_pb2.TranslatedSentence:
    """A translated sentence. Raises ContentTooLong where an offset is over int32."""
    return text_pb2.TranslatedSentence(
        sentence_index=value.index,
        paragraph_index=value.paragraph_index,
        source_span=span(value.source_span),
        source_text=value.source_text,
        translated_text=value.translated_text,
        translated_span=span(value.translated_span),
        score=value.score,
        finish_reason=_finish_reason(value.finish_reason),
        quality_flags=map(_quality_flag, value.quality_flags),
        glossary_matches=map(_glossary_match, value.glossary_matches),
    )


def span(value: Span) -> text_pb2.TextSpan:
    """A span. Raises ContentTooLong where it ends past the last offset of the contract."""
    if value.end > OFFSET_LIMIT:
        raise ContentTooLong(
            "The text so far is longer than offsets can count; send the rest as a new stream.",
            field="chunk",
            limit=OFFSET_LIMIT,
        )
    return text_pb2.TextSpan(start_offset=value.start, end_offset=value.end)


def stats(value: TranslationStats) -> translation_service_pb2.TranslationStats:
    """How the work was done."""
    return translation_service_pb2.TranslationStats(
        model_revision=value.model_revision,
        source_character_count=value.source_character_count,
        source_token_count=value.source_token_count,
        queue_duration=_duration(value.queue_seconds),
        inference_duration=_duration(value.inference_seconds),
    )


def _finished(event: TranslationFinished) -> translation_service_pb2.TranslationFinished:
    return translation_service_pb2.TranslationFinished(stats=stats(event.stats))


def _brief_finished(
    event: BriefFinished, headline: BriefHeadline | None
) -> brief_service_pb2.BriefFinished:
    return brief_service_pb2.BriefFinished(
        stats=stats(event.stats),
        mentions=map(_mention, event.mentions),
        publication_date=event.publication_date,
        residue_spans=map(span, event.residue_spans),
        headline_evidence_spans=map(span, headline.evidence_spans if headline else ()),
        headline_quality_flags=map(_quality_flag, headline.quality_flags if headline else ()),
        headline_glossary_matches=map(
            _glossary_match, headline.glossary_matches if headline else ()
        ),
    )


def _point(point: BriefPoint) -> brief_service_pb2.BriefPoint:
    return brief_service_pb2.BriefPoint(
        text=_bilingual(point.text),
        evidence_spans=map(span, point.evidence_spans),
        method=_brief_method(point.method),
        quality_flags=map(_quality_flag, point.quality_flags),
        evidence_sentence_indices=point.evidence_sentence_indices,
        glossary_matches=map(_glossary_match, point.glossary_matches),
    )


def _mention(mention: Mention) -> brief_service_pb2.Mention:
    return brief_service_pb2.Mention(
        name=_bilingual(mention.name),
        source_spans=map(span, mention.source_spans),
        kind=f"MENTION_KIND_{mention.kind.name}",
    )


def _glossary_match(match: GlossaryMatch) -> text_pb2.GlossaryMatch:
    return text_pb2.GlossaryMatch(
        source_span=span(match.source_span),
        target_term=match.target_term,
        applied=match.applied,
        source_text=match.source_text,
    )


def _bilingual(text: BilingualText) -> brief_service_pb2.BilingualText:
    return brief_service_pb2.BilingualText(
        source_text=text.source_text, translated_text=text.translated_text
    )


def _language(language: DetectedLanguage | None) -> text_pb2.DetectedLanguage | None:
    """None leaves the field unset."""
    if language is None:
        return None
    return text_pb2.DetectedLanguage(
        language_code=language.language_code, confidence=language.confidence
    )


def _duration(seconds: float) -> duration_pb2.Duration:
    duration = duration_pb2.Duration()
    duration.FromMicroseconds(round(seconds * 1_000_000))
    return duration


def _finish_reason(reason: FinishReason) -> str:
    return f"FINISH_REASON_{reason.name}"


def _quality_flag(flag: QualityFlag) -> str:
    return f"QUALITY_FLAG_{flag.name}"


def _brief_method(method: BriefMethod) -> str:
    return f"BRIEF_METHOD_{method.name}"
