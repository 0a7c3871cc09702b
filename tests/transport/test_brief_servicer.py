from __future__ import annotations

import asyncio

import grpc
import pytest
from google.rpc import error_details_pb2

from mujaz.v1.brief_service_pb2 import (
    Article,
    BriefConfig,
    BriefMethod,
    GenerateBriefRequest,
    MentionKind,
    ProcessArticlesRequest,
    ProcessArticlesResponse,
    StreamGenerateBriefRequest,
)
from mujaz.v1.translation_service_pb2 import TranslationConfig
from tests.conftest import RunningServer
from tests.transport.failures import everything

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.model]

TITLE = "خطة جديدة للوزارة"
BODY = (
    "أعلنت الوزارة اليوم عن خطة جديدة للتعليم في البلاد. "
    "قال الوزير إن العمل يبدأ غدا في العاصمة. "
    "شارك في الاجتماع ممثلون عن عشر دول عربية."
)
ARTICLE = Article(article_id="a-1", title=TITLE, body=BODY)
CONFIG = BriefConfig(
    translation=TranslationConfig(source_language_code="ar"),
    point_count=2,
    include_translation=True,
)


async def test_a_brief_has_a_headline_points_with_evidence_and_the_translation(
    server: RunningServer,
) -> None:
    request = GenerateBriefRequest(article=ARTICLE, config=CONFIG)
    response = await server.brief.GenerateBrief(request)

    assert response.brief.headline.source_text == TITLE
    assert response.brief.headline.translated_text
    assert 1 <= len(response.brief.points) <= 2
    for point in response.brief.points:
        assert point.text.source_text
        assert point.text.translated_text
        assert point.evidence_spans
        assert len(point.evidence_spans) == len(point.evidence_sentence_indices)
    assert len(response.sentences) == 3
    assert response.stats.model_revision


async def test_a_stream_sends_the_parts_of_the_same_brief(server: RunningServer) -> None:
    request = StreamGenerateBriefRequest(article=ARTICLE, config=CONFIG)
    events = await everything(server.brief.StreamGenerateBrief(request))
    whole = await server.brief.GenerateBrief(GenerateBriefRequest(article=ARTICLE, config=CONFIG))

    kinds = [event.WhichOneof("event") for event in events]
    assert kinds[0] == "headline"
    assert kinds[-1] == "finished"
    assert kinds.count("headline") == kinds.count("finished") == 1
    assert kinds.count("point") == len(whole.brief.points)
    sentences = [event.sentence for event in events if event.HasField("sentence")]
    assert sorted(s.sentence_index for s in sentences) == [0, 1, 2]
    finished = events[-1].finished
    assert finished.headline_evidence_spans == whole.brief.headline_evidence_spans
    assert finished.residue_spans == whole.brief.residue_spans
    assert finished.publication_date == whole.brief.publication_date


async def test_without_a_title_the_headline_rests_on_the_body(server: RunningServer) -> None:
    request = StreamGenerateBriefRequest(article=Article(body=BODY), config=CONFIG)
    events = await everything(server.brief.StreamGenerateBrief(request))
    assert events[0].headline.source_text
    assert events[-1].finished.headline_evidence_spans


def reason(answer: ProcessArticlesResponse) -> str:
    info = error_details_pb2.ErrorInfo()
    assert answer.error.details[0].Unpack(info)
    return info.reason


async def test_every_article_is_answered_once_and_a_bad_one_does_not_end_the_stream(
    server: RunningServer,
) -> None:
    articles = [
        ARTICLE,
        Article(article_id="empty", body=" "),
        Article(article_id="long", body="س" * 200_001),
        Article(article_id="long-title", title="س" * 2_001, body=BODY),
        Article(article_id="not an id", body=BODY),
        Article(article_id="a-2", body=BODY),
    ]
    requests = [ProcessArticlesRequest(config=CONFIG)]
    requests.extend(ProcessArticlesRequest(article=article) for article in articles)
    answers = await everything(server.brief.ProcessArticles(iter(requests)))

    assert sorted(answer.article_id for answer in answers) == sorted(
        article.article_id for article in articles
    )
    by_id = {answer.article_id: answer for answer in answers}
    assert by_id["a-1"].brief.brief.headline.source_text == TITLE
    assert by_id["a-2"].brief.brief.points
    assert {name: reason(by_id[name]) for name in by_id if by_id[name].HasField("error")} == {
        "empty": "CONTENT_EMPTY",
        "long": "CONTENT_TOO_LONG",
        "long-title": "CONTENT_TOO_LONG",
        "not an id": "FIELD_INVALID",
    }
    assert by_id["empty"].error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]


async def test_a_bad_article_is_answered_while_the_caller_waits_with_the_next(
    server: RunningServer,
) -> None:
    call = server.brief.ProcessArticles()
    await call.write(ProcessArticlesRequest(config=CONFIG))
    async with asyncio.timeout(30):
        for article in [Article(article_id="empty"), ARTICLE, Article(article_id="none")]:
            await call.write(ProcessArticlesRequest(article=article))
            assert (await call.read()).article_id == article.article_id
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF


async def test_an_unknown_summarization_model_is_the_answer_of_each_article(
    server: RunningServer,
) -> None:
    config = BriefConfig(summarization_model="models/none")
    requests = [
        ProcessArticlesRequest(config=config),
        ProcessArticlesRequest(article=ARTICLE),
    ]
    [answer] = await everything(server.brief.ProcessArticles(iter(requests)))
    assert reason(answer) == "MODEL_NOT_FOUND"


async def test_names_in_the_body_are_mentions_in_every_kind_of_answer(
    server: RunningServer,
) -> None:
    article = Article(article_id="a-2", body="وصل الوفد إلى الرقة. قال الوزير إن الرقة آمنة.")
    config = BriefConfig(
        translation=TranslationConfig(source_language_code="ar"),
        method=BriefMethod.BRIEF_METHOD_EXTRACTIVE,
    )
    whole = await server.brief.GenerateBrief(GenerateBriefRequest(article=article, config=config))
    events = await everything(
        server.brief.StreamGenerateBrief(StreamGenerateBriefRequest(article=article, config=config))
    )
    requests = [ProcessArticlesRequest(config=config), ProcessArticlesRequest(article=article)]
    answers = await everything(server.brief.ProcessArticles(requests))

    (mention,) = whole.brief.mentions
    assert mention.name.source_text == "الرقة"
    assert mention.name.translated_text == "Raqqa"
    assert mention.kind == MentionKind.MENTION_KIND_PLACE
    spans = [article.body[s.start_offset : s.end_offset] for s in mention.source_spans]
    assert spans == ["الرقة", "الرقة"]
    assert list(events[-1].finished.mentions) == [mention]
    assert list(answers[0].brief.brief.mentions) == [mention]
