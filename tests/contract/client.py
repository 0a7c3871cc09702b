"""A client written from proto/ alone, as a stranger would write one in any language.

Usage: client.py TARGET. The import path must begin with code generated from proto/; nothing of the
package under test is imported. Prints one JSON object; the test looks at it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mujaz.v1 import (
    brief_service_pb2,
    brief_service_pb2_grpc,
    model_service_pb2,
    model_service_pb2_grpc,
    translation_service_pb2,
    translation_service_pb2_grpc,
)

START_SECONDS = 60
CALL_SECONDS = 60
CHUNK_LENGTH = 7

TEXT = (
    "أعلنت الوزارة اليوم عن خطة جديدة. قال الوزير إن العمل يبدأ غدا.\n\n"
    "شارك في الاجتماع ممثلون عن عشر دول."
)
ARTICLES = [
    brief_service_pb2.Article(article_id="first", title="خطة جديدة للوزارة", body=TEXT),
    brief_service_pb2.Article(article_id="empty", body=" "),
    brief_service_pb2.Article(article_id="second", body=TEXT),
]


def as_dict(message: Any) -> dict[str, Any]:
    return MessageToDict(message, preserving_proto_field_name=True)


def wait_until_serving(channel: grpc.Channel) -> None:
    """The watch fails while nobody listens yet, hence wait_for_ready."""
    request = health_pb2.HealthCheckRequest(service="")
    watch = health_pb2_grpc.HealthStub(channel).Watch(
        request, timeout=START_SECONDS, wait_for_ready=True
    )
    for response in watch:
        if response.status == health_pb2.HealthCheckResponse.SERVING:
            watch.cancel()
            return


def translate(channel: grpc.Channel) -> dict[str, Any]:
    stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
    request = translation_service_pb2.TranslateTextRequest(content=TEXT)
    return as_dict(stub.TranslateText(request, timeout=CALL_SECONDS))


def stream(channel: grpc.Channel, resume_token: str = "") -> list[dict[str, Any]]:
    stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
    request = translation_service_pb2.StreamTranslateTextRequest(
        content=TEXT, resume_token=resume_token
    )
    return [as_dict(event) for event in stub.StreamTranslateText(request, timeout=CALL_SECONDS)]


def chunk_requests() -> Iterator[translation_service_pb2.TranslateTextChunksRequest]:
    config = translation_service_pb2.TranslationConfig(source_language_code="ar")
    yield translation_service_pb2.TranslateTextChunksRequest(config=config)
    for start in range(0, len(TEXT), CHUNK_LENGTH):
        piece = TEXT[start : start + CHUNK_LENGTH]
        yield translation_service_pb2.TranslateTextChunksRequest(chunk=piece)


def send_chunks(channel: grpc.Channel) -> list[dict[str, Any]]:
    stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
    events = stub.TranslateTextChunks(chunk_requests(), timeout=CALL_SECONDS)
    return [as_dict(event) for event in events]


def detect(channel: grpc.Channel) -> dict[str, Any]:
    stub = translation_service_pb2_grpc.TranslationServiceStub(channel)
    request = translation_service_pb2.DetectLanguageRequest(content=TEXT)
    return as_dict(stub.DetectLanguage(request, timeout=CALL_SECONDS))


def brief(channel: grpc.Channel) -> dict[str, Any]:
    stub = brief_service_pb2_grpc.BriefServiceStub(channel)
    config = brief_service_pb2.BriefConfig(include_translation=True, point_count=2)
    request = brief_service_pb2.GenerateBriefRequest(article=ARTICLES[0], config=config)
    return as_dict(stub.GenerateBrief(request, timeout=CALL_SECONDS))


def stream_brief(channel: grpc.Channel) -> list[dict[str, Any]]:
    stub = brief_service_pb2_grpc.BriefServiceStub(channel)
    config = brief_service_pb2.BriefConfig(include_translation=True, point_count=2)
    request = brief_service_pb2.StreamGenerateBriefRequest(article=ARTICLES[0], config=config)
    return [as_dict(event) for event in stub.StreamGenerateBrief(request, timeout=CALL_SECONDS)]


def article_requests() -> Iterator[brief_service_pb2.ProcessArticlesRequest]:
    config = brief_service_pb2.BriefConfig(point_count=1)
    yield brief_service_pb2.ProcessArticlesRequest(config=config)
    for article in ARTICLES:
        yield brief_service_pb2.ProcessArticlesRequest(article=article)


def process_articles(channel: grpc.Channel) -> list[dict[str, Any]]:
    stub = brief_service_pb2_grpc.BriefServiceStub(channel)
    answers = stub.ProcessArticles(article_requests(), timeout=CALL_SECONDS)
    return [
        {"article_id": answer.article_id, "reason": reason_of(answer.error)}
        if answer.WhichOneof("result") == "error"
        else as_dict(answer)
        for answer in answers
    ]


def reason_of(status: Any) -> str:
    info = error_details_pb2.ErrorInfo()
    assert any(detail.Unpack(info) for detail in status.details)
    return str(info.reason)


def models(channel: grpc.Channel) -> list[dict[str, Any]]:
    """Page by page, one model each, and each again by its name."""
    stub = model_service_pb2_grpc.ModelServiceStub(channel)
    found = []
    request = model_service_pb2.ListModelsRequest(page_size=1)
    while True:
        page = stub.ListModels(request, timeout=CALL_SECONDS)
        for model in page.models:
            named = model_service_pb2.GetModelRequest(name=model.name)
            assert stub.GetModel(named, timeout=CALL_SECONDS).model == model
            found.append(as_dict(model))
        if not page.next_page_token:
            return found
        request.page_token = page.next_page_token


def main(target: str) -> None:
    with grpc.insecure_channel(target) as channel:
        wait_until_serving(channel)
        events = stream(channel)
        report = {
            "module": translation_service_pb2.__file__,
            "content": TEXT,
            "translation": translate(channel),
            "events": events,
            "resumed": [stream(channel, event["resume_token"]) for event in events],
            "chunks": send_chunks(channel),
            "languages": detect(channel),
            "brief": brief(channel),
            "brief_events": stream_brief(channel),
            "answers": process_articles(channel),
            "models": models(channel),
        }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
