"""Input no client should send, over a real socket: its exact answer, and a server that goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import grpc
import pytest
import pytest_asyncio

from mujaz.v1.brief_service_pb2 import (
    Article,
    BriefConfig,
    GenerateBriefRequest,
    ProcessArticlesRequest,
)
from mujaz.v1.model_service_pb2 import GetModelRequest, ListModelsRequest
from mujaz.v1.text_pb2 import (
    FINISH_REASON_COPIED,
    QUALITY_FLAG_OTHER_LANGUAGE,
    TextSpan,
    TranslatedSentence,
)
from mujaz.v1.translation_service_pb2 import (
    DetectLanguageRequest,
    StreamTranslateTextRequest,
    TranslateTextChunksRequest,
    TranslateTextRequest,
    TranslationConfig,
)
from tests.conftest import RunningServer, running_server
from tests.tiny_model import write_tiny_model
from tests.transport.failures import everything, failure

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.model]

INVALID_ARGUMENT = grpc.StatusCode.INVALID_ARGUMENT
SENTENCE = "أعلنت الوزارة اليوم عن خطة جديدة."
ARABIC = TranslationConfig(source_language_code="ar")
# Field 1, three bytes: the surrogate U+D800 alone, which UTF-8 does not allow.
LONE_SURROGATE = b"\x0a\x03\xed\xa0\x80"


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def the_server_goes_on(server: RunningServer) -> AsyncIterator[None]:
    """Afterwards the next caller is served, and nothing of the last one is left at the engine."""
    yield
    response = await server.translation.TranslateText(TranslateTextRequest(content=SENTENCE))
    assert response.translated_text
    assert server.scheduler_state.open_tickets == 0
    assert server.scheduler_state.queued_sequences == 0


async def translate(
    server: RunningServer, text: str, config: TranslationConfig | None = None
) -> list[TranslatedSentence]:
    """The sentences of a text; checks that nothing of it was lost."""
    request = TranslateTextRequest(content=text, config=config)
    response = await server.translation.TranslateText(request)
    check_alignment(text, response.sentences)
    return list(response.sentences)


def check_alignment(text: str, sentences: Iterable[TranslatedSentence]) -> None:
    end = 0
    for sentence in sentences:
        span = sentence.source_span
        assert not text[end : span.start_offset].strip()
        assert text[span.start_offset : span.end_offset] == sentence.source_text
        end = span.end_offset
    assert not text[end:].strip()


def chunks(*payloads: TranslationConfig | str | None) -> list[TranslateTextChunksRequest]:
    requests = []
    for payload in payloads:
        if payload is None:
            requests.append(TranslateTextChunksRequest())
        elif isinstance(payload, str):
            requests.append(TranslateTextChunksRequest(chunk=payload))
        else:
            requests.append(TranslateTextChunksRequest(config=payload))
    return requests


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n", "\u00a0\u2003\u3000\u2028"])
async def test_no_text(server: RunningServer, text: str) -> None:
    calls = [
        (server.translation.TranslateText(TranslateTextRequest(content=text)), "content"),
        (
            server.translation.StreamTranslateText(StreamTranslateTextRequest(content=text)),
            "content",
        ),
        (server.translation.DetectLanguage(DetectLanguageRequest(content=text)), "content"),
        (server.translation.TranslateTextChunks(iter(chunks(ARABIC, text))), "chunk"),
        (
            server.brief.GenerateBrief(GenerateBriefRequest(article=Article(body=text))),
            "article.body",
        ),
        (
            server.brief.StreamGenerateBrief(GenerateBriefRequest(article=Article(body=text))),
            "article.body",
        ),
    ]
    for call, field in calls:
        answer = await failure(call)
        assert (answer.code, answer.reason, answer.field) == (
            INVALID_ARGUMENT,
            "CONTENT_EMPTY",
            field,
        )


async def test_a_stream_of_chunks_without_a_chunk(server: RunningServer) -> None:
    answer = await failure(server.translation.TranslateTextChunks(iter(chunks(ARABIC))))
    assert (answer.code, answer.reason) == (INVALID_ARGUMENT, "CONTENT_EMPTY")


ENGLISH = "The minister said on Sunday that the work would begin tomorrow morning in the capital."


async def test_another_language_that_nobody_serves(server: RunningServer) -> None:
    answer = await failure(server.translation.TranslateText(TranslateTextRequest(content=ENGLISH)))
    assert (answer.code, answer.reason) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "LANGUAGE_UNSUPPORTED",
    )


async def test_another_language_declared_as_arabic_is_copied_and_flagged(
    server: RunningServer,
) -> None:
    [sentence] = await translate(server, ENGLISH, ARABIC)
    assert sentence.translated_text == ENGLISH
    assert sentence.finish_reason == FINISH_REASON_COPIED
    assert list(sentence.quality_flags) == [QUALITY_FLAG_OTHER_LANGUAGE]


async def test_a_word_of_100_000_letters_is_cut_and_translated_whole(tmp_path: Path) -> None:
    """On a small random model: on a real one, words like that take the engine a while."""
    write_tiny_model(tmp_path / "tiny")
    word = "وسيكتبونها" * 10_000
    request = StreamTranslateTextRequest(content=word, config=ARABIC)
    request.config.beam_size = 1
    async with running_server(models=tmp_path) as server:
        events = await everything(server.translation.StreamTranslateText(request))
        sentences = [event.sentence for event in events if event.HasField("sentence")]
        check_alignment(word, sentences)
        assert all(sentence.translated_text for sentence in sentences)
        assert events[-1].HasField("finished")
        assert (await translate(server, SENTENCE))[0].source_text == SENTENCE


async def test_a_foreign_word_of_100_000_letters_is_copied(server: RunningServer) -> None:
    word = "x" * 100_000
    request = StreamTranslateTextRequest(content=word, config=ARABIC)
    events = await everything(server.translation.StreamTranslateText(request))
    sentences = [event.sentence for event in events if event.HasField("sentence")]
    check_alignment(word, sentences)
    assert "".join(sentence.translated_text for sentence in sentences) == word
    assert events[-1].HasField("finished")


async def test_a_text_over_the_limit(server: RunningServer) -> None:
    short = await failure(
        server.translation.TranslateText(TranslateTextRequest(content="س" * 20_001))
    )
    assert (short.code, short.reason) == (INVALID_ARGUMENT, "CONTENT_TOO_LONG")
    assert short.metadata["limit"] == "20000"
    assert "StreamTranslateText" in short.status.message
    long = await failure(
        server.translation.StreamTranslateText(StreamTranslateTextRequest(content="س" * 200_001))
    )
    assert (long.code, long.reason) == (INVALID_ARGUMENT, "CONTENT_TOO_LONG")
    assert "TranslateTextChunks" in long.status.message
    chunk = await failure(
        server.translation.TranslateTextChunks(iter(chunks(ARABIC, "س" * 64_001)))
    )
    assert (chunk.code, chunk.reason, chunk.field) == (
        INVALID_ARGUMENT,
        "CONTENT_TOO_LONG",
        "chunk",
    )
    article = Article(body="س" * 200_001)
    brief = await failure(server.brief.GenerateBrief(GenerateBriefRequest(article=article)))
    assert (brief.code, brief.reason) == (INVALID_ARGUMENT, "CONTENT_TOO_LONG")


async def test_a_message_over_the_limit_of_bytes(server: RunningServer) -> None:
    """Refused by gRPC before it is a message, hence without details."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await server.translation.TranslateText(TranslateTextRequest(content="س" * 600_000))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


@pytest.mark.parametrize("data", [LONE_SURROGATE, b"\x0a\x02\xff\xfe", b"\x0a\x7fshort", b"\x07"])
async def test_bytes_that_are_no_message(server: RunningServer, data: bytes) -> None:
    service = "/mujaz.v1.TranslationService"
    calls = [
        server.channel.unary_unary(f"{service}/TranslateText")(data),
        server.channel.unary_stream(f"{service}/StreamTranslateText")(data),
        server.channel.stream_stream(f"{service}/TranslateTextChunks")(iter([data])),
    ]
    for call in calls:
        answer = await failure(call)
        assert (answer.code, answer.reason) == (INVALID_ARGUMENT, "FIELD_INVALID")


@pytest.mark.parametrize(
    "text",
    [
        "أعلنت\x00 الوزارة\x07 عن\x1b[31m خطة\x7f جديدة.",
        "\u202eأعلنت الوزارة\u202c \u2066عن\u2069 خطة\u200f جديدة\u200e.",
        "<p>أعلنت <b>الوزارة</b> عن&nbsp;خطة <a href='https://example.org/a?b=1'>جديدة</a>.</p>",
        "أعلنت الوزارة عن خطة جديدة\u200b\u200c\u200d\ufeff",
        "أَعْلَنَتِ الوِزَارَةُ عَنْ خُطَّةٍ جَدِيدَةٍ.",
        "ﺃﻋﻠﻨﺖ ﺍﻟﻮﺯﺍﺭﺓ ﻋﻦ ﺧﻄﺔ ﺟﺪﻳﺪﺓ.",
        "اااااااااااااااااااااااااااااااااااااااااااااا",
        "؟؟؟؟!!!!....،،،،",
        "\U000e0001\U0010ffff\ufffe أعلنت الوزارة عن خطة.",
    ],
    ids=[
        "control",
        "bidi",
        "html",
        "invisible",
        "diacritics",
        "forms",
        "stretched",
        "marks",
        "odd",
    ],
)
async def test_odd_characters_lose_nothing(server: RunningServer, text: str) -> None:
    assert await translate(server, text, ARABIC)


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        *((text, text) for text in ("😀🎉👩‍👩‍👧‍👦🇪🇬", "2017", "15/10/2017 - 09:56", "***", "\x00")),
        ("٣٫٥", "3.5"),
    ],
)
@pytest.mark.parametrize("config", [None, ARABIC])
async def test_text_without_letters_is_copied(
    server: RunningServer, text: str, copy: str, config: TranslationConfig | None
) -> None:
    sentences = await translate(server, text, config)
    assert "".join(sentence.translated_text for sentence in sentences) == copy
    assert {sentence.finish_reason for sentence in sentences} == {FINISH_REASON_COPIED}


async def test_an_article_with_no_full_stop_at_all(server: RunningServer) -> None:
    text = " ".join(["أعلنت الوزارة اليوم عن خطة جديدة وقال الوزير إن العمل يبدأ غدا"] * 20)
    sentences = await translate(server, text, TranslationConfig(beam_size=1))
    assert all(sentence.translated_text for sentence in sentences)


async def test_an_unknown_model(server: RunningServer) -> None:
    config = TranslationConfig(model="models/none")
    calls = [
        server.translation.TranslateText(TranslateTextRequest(content=SENTENCE, config=config)),
        server.translation.StreamTranslateText(
            StreamTranslateTextRequest(content=SENTENCE, config=config)
        ),
        server.translation.TranslateTextChunks(iter(chunks(config, SENTENCE))),
        server.models.GetModel(GetModelRequest(name="models/none")),
    ]
    for call in calls:
        answer = await failure(call)
        assert (answer.code, answer.reason) == (grpc.StatusCode.NOT_FOUND, "MODEL_NOT_FOUND")
        assert answer.metadata["name"] == "models/none"


@pytest.mark.parametrize(
    "config",
    [
        TranslationConfig(source_language_code="fr"),
        TranslationConfig(target_language_code="de"),
        TranslationConfig(source_language_code="en", target_language_code="ar"),
    ],
)
async def test_a_language_that_is_not_served(
    server: RunningServer, config: TranslationConfig
) -> None:
    request = TranslateTextRequest(content=SENTENCE, config=config)
    answer = await failure(server.translation.TranslateText(request))
    assert (answer.code, answer.reason) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "LANGUAGE_UNSUPPORTED",
    )
    assert "ar" in answer.metadata["supported"]


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (TranslationConfig(beam_size=99), "config.beam_size"),
        (TranslationConfig(source_language_code="Arabic!"), "config.source_language_code"),
        (TranslationConfig(model="ar-en"), "config.model"),
        (TranslationConfig(glossaries=["terms"] * 11), "config.glossaries"),
    ],
)
async def test_a_config_out_of_range(
    server: RunningServer, config: TranslationConfig, field: str
) -> None:
    request = TranslateTextRequest(content=SENTENCE, config=config)
    answer = await failure(server.translation.TranslateText(request))
    assert (answer.code, answer.reason, answer.field) == (INVALID_ARGUMENT, "FIELD_INVALID", field)


async def test_a_malformed_resume_token(server: RunningServer) -> None:
    request = StreamTranslateTextRequest(content=SENTENCE, resume_token="not a token")
    answer = await failure(server.translation.StreamTranslateText(request))
    assert (answer.code, answer.reason, answer.field) == (
        INVALID_ARGUMENT,
        "FIELD_INVALID",
        "resume_token",
    )


async def test_the_resume_token_of_another_text(server: RunningServer) -> None:
    first = StreamTranslateTextRequest(content=SENTENCE)
    events = await everything(server.translation.StreamTranslateText(first))
    second = StreamTranslateTextRequest(
        content=SENTENCE + " نعم.", resume_token=events[0].resume_token
    )
    answer = await failure(server.translation.StreamTranslateText(second))
    assert (answer.code, answer.reason) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "RESUME_TOKEN_STALE",
    )


@pytest.mark.parametrize(
    ("page_size", "page_token", "field"),
    [(101, "", "page_size"), (-1, "", "page_size"), (0, "?", "page_token")],
)
async def test_a_page_that_does_not_exist(
    server: RunningServer, page_size: int, page_token: str, field: str
) -> None:
    request = ListModelsRequest(page_size=page_size, page_token=page_token)
    answer = await failure(server.models.ListModels(request))
    assert (answer.code, answer.reason, answer.field) == (INVALID_ARGUMENT, "FIELD_INVALID", field)


async def test_chunks_cut_inside_a_combining_sequence(server: RunningServer) -> None:
    text = "أَعْلَنَتِ الوِزَارَةُ عَنْ خُطَّةٍ جَدِيدَةٍ. 👩‍👩‍👧 قال الوزير نعم."
    events = await everything(server.translation.TranslateTextChunks(iter(chunks(ARABIC, *text))))
    check_alignment(text, [event.sentence for event in events[:-1]])
    whole = await translate(server, text, ARABIC)
    spans: list[TextSpan] = [event.sentence.source_span for event in events[:-1]]
    assert spans == [sentence.source_span for sentence in whole]
    assert events[-1].finished.stats.source_character_count == len(text)


@pytest.mark.parametrize(
    ("requests", "field"),
    [
        (chunks(), "config"),
        (chunks(SENTENCE), "config"),
        (chunks(SENTENCE, ARABIC), "config"),
        (chunks(None), "config"),
        (chunks(ARABIC, SENTENCE, ARABIC), "config"),
        (chunks(ARABIC, ARABIC), "config"),
        (chunks(ARABIC, SENTENCE, None), "payload"),
    ],
    ids=["none", "no config", "chunk first", "empty first", "config twice", "two configs", "empty"],
)
async def test_chunks_out_of_order(
    server: RunningServer, requests: list[TranslateTextChunksRequest], field: str
) -> None:
    answer = await failure(server.translation.TranslateTextChunks(iter(requests)))
    assert (answer.code, answer.reason, answer.field) == (INVALID_ARGUMENT, "FIELD_INVALID", field)


ARTICLE = ProcessArticlesRequest(article=Article(article_id="a", body=SENTENCE))
BRIEF_CONFIG = ProcessArticlesRequest(config=BriefConfig(point_count=1))


@pytest.mark.parametrize(
    ("requests", "field"),
    [
        ([], "config"),
        ([ARTICLE], "config"),
        ([BRIEF_CONFIG, BRIEF_CONFIG], "config"),
        ([BRIEF_CONFIG, ProcessArticlesRequest()], "payload"),
    ],
    ids=["none", "article first", "config twice", "empty"],
)
async def test_articles_out_of_order(
    server: RunningServer, requests: list[ProcessArticlesRequest], field: str
) -> None:
    answer = await failure(server.brief.ProcessArticles(iter(requests)))
    assert (answer.code, answer.reason, answer.field) == (INVALID_ARGUMENT, "FIELD_INVALID", field)
