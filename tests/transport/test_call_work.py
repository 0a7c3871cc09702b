"""What a call did, counted from its responses and from the engine."""

from __future__ import annotations

import pytest
from google.protobuf.message import Message
from google.rpc import status_pb2

from mujaz.engine.observer import TicketUsage
from mujaz.errors import ContentEmpty
from mujaz.transport.call_work import CallWork, ResponseFacts, facts_of
from mujaz.transport.status import to_status
from mujaz.v1.brief_service_pb2 import (
    Brief,
    BriefFinished,
    BriefPoint,
    GenerateBriefResponse,
    ProcessArticlesResponse,
    StreamGenerateBriefResponse,
)
from mujaz.v1.text_pb2 import QualityFlag, TranslatedSentence
from mujaz.v1.translation_service_pb2 import (
    DetectLanguageResponse,
    StreamTranslateTextResponse,
    TranslateTextChunksResponse,
    TranslateTextResponse,
    TranslationFinished,
)

RETRIED = QualityFlag.QUALITY_FLAG_RETRIED
TRUNCATED = QualityFlag.QUALITY_FLAG_TRUNCATED
SENTENCE = TranslatedSentence(quality_flags=[RETRIED])
POINT = BriefPoint(quality_flags=[TRUNCATED])
BRIEF = GenerateBriefResponse(
    brief=Brief(points=[POINT], headline_quality_flags=[RETRIED]), sentences=[SENTENCE]
)
ERROR: status_pb2.Status = to_status(ContentEmpty("empty", field="body"), "id")


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        (TranslateTextResponse(sentences=[SENTENCE] * 2), ResponseFacts(2, ("retried",) * 2)),
        (StreamTranslateTextResponse(sentence=SENTENCE), ResponseFacts(1, ("retried",))),
        (StreamTranslateTextResponse(finished=TranslationFinished()), ResponseFacts()),
        (TranslateTextChunksResponse(sentence=SENTENCE), ResponseFacts(1, ("retried",))),
        (DetectLanguageResponse(), ResponseFacts()),
        (BRIEF, ResponseFacts(1, ("retried", "truncated", "retried"))),
        (StreamGenerateBriefResponse(sentence=SENTENCE), ResponseFacts(1, ("retried",))),
        (StreamGenerateBriefResponse(point=POINT), ResponseFacts(0, ("truncated",))),
        (
            StreamGenerateBriefResponse(finished=BriefFinished(headline_quality_flags=[RETRIED])),
            ResponseFacts(0, ("retried",)),
        ),
        (
            ProcessArticlesResponse(brief=BRIEF),
            ResponseFacts(1, ("retried", "truncated", "retried"), article_reason=""),
        ),
        (ProcessArticlesResponse(error=ERROR), ResponseFacts(article_reason="CONTENT_EMPTY")),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_response_is_counted_for_what_it_holds(message: Message, facts: ResponseFacts) -> None:
    assert facts_of(message) == facts


def test_a_call_sums_its_responses_and_tells_its_listener() -> None:
    heard: list[ResponseFacts] = []
    work = CallWork(on_response=heard.append)
    work.count_response(TranslateTextResponse(sentences=[SENTENCE] * 2))
    work.count_response(StreamGenerateBriefResponse(point=POINT))
    assert work.sentence_count == 2
    assert work.flags == {"retried": 2, "truncated": 1}
    assert [facts.sentence_count for facts in heard] == [2, 0]


def test_the_wait_of_a_call_is_the_longest_and_its_time_the_sum() -> None:
    heard: list[tuple[TicketUsage, float]] = []
    work = CallWork(on_ticket=lambda usage, closed_at: heard.append((usage, closed_at)))
    first = TicketUsage(0.0, source_token_count=5, queue_seconds=2.0, engine_seconds=1.0)
    second = TicketUsage(1.0, source_token_count=7, queue_seconds=1.0, engine_seconds=4.0)
    work.count_ticket(first, 3.0)
    work.count_ticket(second, 4.0)
    assert (work.source_token_count, work.queue_seconds, work.engine_seconds) == (12, 2.0, 5.0)
    assert heard == [(first, 3.0), (second, 4.0)]
