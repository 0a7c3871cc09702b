from __future__ import annotations

import json
import logging

import grpc
import pytest
import structlog

from mujaz.v1.text_pb2 import TranslatedSentence
from mujaz.v1.translation_service_pb2 import (
    DetectLanguageRequest,
    StreamTranslateTextRequest,
    TranslateTextChunksRequest,
    TranslateTextRequest,
    TranslationConfig,
)
from tests.conftest import RunningServer
from tests.transport.failures import everything, failure

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.model]

SENTENCES = [
    "أعلنت الوزارة اليوم عن خطة جديدة.",
    "قال الوزير إن العمل يبدأ غدا.",
    "شارك في الاجتماع ممثلون عن عشر دول.",
]
TEXT = f"{SENTENCES[0]} {SENTENCES[1]}\n\n{SENTENCES[2]}\n"
ARABIC = TranslationConfig(source_language_code="ar")


def texts(sentences: list[TranslatedSentence]) -> list[str]:
    return [sentence.source_text for sentence in sentences]


async def test_a_text_is_translated_and_aligned(server: RunningServer) -> None:
    response = await server.translation.TranslateText(TranslateTextRequest(content=TEXT))

    assert texts(response.sentences) == SENTENCES
    assert [sentence.sentence_index for sentence in response.sentences] == [0, 1, 2]
    for sentence in response.sentences:
        source, target = sentence.source_span, sentence.translated_span
        assert TEXT[source.start_offset : source.end_offset] == sentence.source_text
        assert (
            response.translated_text[target.start_offset : target.end_offset]
            == sentence.translated_text
        )
    assert response.detected_language.language_code == "ar"
    stats = response.stats
    assert stats.model_revision.startswith("models/ar-en@")
    assert stats.source_character_count == len(TEXT)


async def test_a_given_language_is_not_reported_as_detected(server: RunningServer) -> None:
    request = TranslateTextRequest(content=TEXT, config=ARABIC)
    response = await server.translation.TranslateText(request)
    assert not response.HasField("detected_language")


async def test_a_stream_has_a_start_the_sentences_and_an_end(server: RunningServer) -> None:
    request = StreamTranslateTextRequest(content=TEXT)
    events = await everything(server.translation.StreamTranslateText(request))

    kinds = [event.WhichOneof("event") for event in events]
    assert kinds == ["started", "sentence", "sentence", "sentence", "finished"]
    assert events[0].started.sentence_count == 3
    assert events[0].started.detected_language.language_code == "ar"
    assert texts([event.sentence for event in events[1:-1]]) == SENTENCES
    assert all(event.resume_token for event in events)


async def test_a_stream_resumed_at_any_event_gives_the_rest(server: RunningServer) -> None:
    request = StreamTranslateTextRequest(content=TEXT, config=ARABIC)
    events = await everything(server.translation.StreamTranslateText(request))
    for position, event in enumerate(events):
        request.resume_token = event.resume_token
        rest = await everything(server.translation.StreamTranslateText(request))
        assert [r.WhichOneof("event") for r in rest] == [
            e.WhichOneof("event") for e in events[position + 1 :]
        ]
        assert [r.sentence for r in rest[:-1]] == [e.sentence for e in events[position + 1 : -1]]


@pytest.mark.parametrize("length", [1, 5, 64_000])
async def test_chunks_give_the_sentences_of_the_whole_text(
    server: RunningServer, length: int
) -> None:
    pieces = [TEXT[start : start + length] for start in range(0, len(TEXT), length)]
    requests = [TranslateTextChunksRequest(config=ARABIC)]
    requests.extend(TranslateTextChunksRequest(chunk=piece) for piece in pieces)
    events = await everything(server.translation.TranslateTextChunks(iter(requests)))

    whole = await server.translation.TranslateText(
        TranslateTextRequest(content=TEXT, config=ARABIC)
    )
    assert texts([event.sentence for event in events[:-1]]) == SENTENCES
    assert [event.sentence.source_span for event in events[:-1]] == [
        sentence.source_span for sentence in whole.sentences
    ]
    assert events[-1].finished.stats.source_character_count == len(TEXT)


async def test_languages_come_most_likely_first(server: RunningServer) -> None:
    response = await server.translation.DetectLanguage(DetectLanguageRequest(content=TEXT))
    confidences = [language.confidence for language in response.languages]
    assert response.languages[0].language_code == "ar"
    assert confidences == sorted(confidences, reverse=True)


async def test_the_request_id_comes_back_with_answers_and_errors(server: RunningServer) -> None:
    metadata = (("x-request-id", "trace-7"),)
    call = server.translation.TranslateText(TranslateTextRequest(content=TEXT), metadata=metadata)
    await call
    assert (await call.initial_metadata())["x-request-id"] == "trace-7"
    call = server.translation.TranslateText(TranslateTextRequest(), metadata=metadata)
    answer = await failure(call)
    assert answer.request_id == "trace-7"
    assert (await call.trailing_metadata())["x-request-id"] == "trace-7"


async def test_a_deadline_too_short_for_the_work_is_kept(server: RunningServer) -> None:
    text = " ".join(f"أعلنت الوزارة اليوم عن الخطة رقم {number}." for number in range(400))
    call = server.translation.TranslateText(TranslateTextRequest(content=text), timeout=0.05)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    # Refused at once where the engine already knows that it takes longer.
    assert caught.value.code() in (
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    )


async def test_no_line_of_the_log_holds_any_text(
    server: RunningServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    translate, metadata = server.translation.TranslateText, (("x-request-id", "quiet"),)
    unknown = TranslationConfig(model="models/none")
    resumed = StreamTranslateTextRequest(content=TEXT, resume_token=SENTENCES[0])
    with structlog.testing.capture_logs() as engine_lines:
        response = await translate(TranslateTextRequest(content=TEXT), metadata=metadata)
        request = TranslateTextRequest(content=TEXT, config=unknown)
        await failure(translate(request, metadata=metadata))
        await failure(server.translation.StreamTranslateText(resumed, metadata=metadata))
    lines = [line for line in server.log_lines if line.get("request_id") == "quiet"]
    logged = json.dumps([lines, engine_lines], ensure_ascii=False) + caplog.text

    assert [line["reason"] for line in lines] == ["", "MODEL_NOT_FOUND", "FIELD_INVALID"]
    for word in [*TEXT.split(), *response.translated_text.split()]:
        assert len(word) < 4 or word not in logged
