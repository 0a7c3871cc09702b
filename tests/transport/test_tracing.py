"""The spans of a call."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from grpc_health.v1 import health_pb2
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.lifecycle import Service
from mujaz.transport.tracing import TICKET_SPAN_LIMIT, Tracing
from mujaz.v1.brief_service_pb2 import Article, BriefConfig, ProcessArticlesRequest
from mujaz.v1.translation_service_pb2 import TranslateTextRequest
from tests.conftest import RunningServer, running_server
from tests.transport.failures import everything, failure

pytestmark = pytest.mark.model

SENTENCE = "أعلنت الوزارة اليوم عن خطة جديدة."
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = ("traceparent", f"00-{TRACE_ID}-b7ad6b7169203331-01")
CALL = "mujaz.v1.TranslationService/TranslateText"
STAGES = ["segment", "queue", "engine", "assemble"]


@asynccontextmanager
async def traced(**settings: Any) -> AsyncIterator[tuple[RunningServer, InMemorySpanExporter]]:
    exporter = InMemorySpanExporter()
    tracing = Tracing(SimpleSpanProcessor(exporter))
    async with running_server(tracing=tracing, **settings) as server:
        yield server, exporter
        # A failed call is answered a moment before its span ends.
        await server.service._in_progress.wait_until_none(10)


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


async def test_a_call_continues_the_trace_of_its_caller_with_its_stages_below() -> None:
    async with traced() as (server, exporter):
        await server.translation.TranslateText(
            TranslateTextRequest(content=SENTENCE), metadata=(TRACEPARENT, ("x-request-id", "r-1"))
        )
        line = server.log_lines[-1]
    *stages, call = exporter.get_finished_spans()
    assert [span.name for span in stages] == STAGES
    assert call.name == CALL
    assert call.kind is SpanKind.SERVER
    assert call.parent is not None
    assert f"{call.parent.span_id:016x}" == "b7ad6b7169203331"
    for span in (*stages, call):
        assert f"{span.context.trace_id:032x}" == TRACE_ID
    assert line["trace_id"] == TRACE_ID
    assert attributes(call)["mujaz.request_id"] == "r-1"
    assert attributes(call)["mujaz.sentences"] == 1
    assert attributes(call)["rpc.grpc.status_code"] == 0
    assert attributes(stages[2])["mujaz.tokens"] > 0
    times = [(span.start_time or 0, span.end_time or 0) for span in stages]
    assert all(began <= ended for began, ended in times)
    assert (call.start_time or 0) <= times[0][0]
    assert times[0][1] <= times[1][0] <= times[1][1] <= times[2][1] <= times[3][1]
    assert times[3][1] <= (call.end_time or 0)


async def test_a_refused_call_has_its_reason_and_no_stage() -> None:
    async with traced() as (server, exporter):
        await failure(server.translation.TranslateText(TranslateTextRequest()))
    [call] = exporter.get_finished_spans()
    assert attributes(call)["mujaz.reason"] == "CONTENT_EMPTY"
    assert call.status.status_code is StatusCode.UNSET  # the fault is the caller's


async def test_an_error_of_the_server_is_one_in_the_trace_without_its_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with traced() as (server, exporter):

        def break_down(*_: object, **__: object) -> None:
            raise RuntimeError(SENTENCE)

        translator = server.service.backend().translator
        monkeypatch.setattr(type(translator), "_lease", break_down)
        await failure(server.translation.TranslateText(TranslateTextRequest(content=SENTENCE)))
    call = exporter.get_finished_spans()[-1]
    assert call.status.status_code is StatusCode.ERROR
    assert (call.status.description, call.events) == ("INTERNAL", ())


async def test_health_makes_no_span_and_a_call_without_a_trace_begins_one() -> None:
    async with traced() as (server, exporter):
        await server.health.Check(health_pb2.HealthCheckRequest())
        assert exporter.get_finished_spans() == ()
        await server.translation.TranslateText(
            TranslateTextRequest(content=SENTENCE), metadata=(("traceparent", "nonsense"),)
        )
    assert exporter.get_finished_spans()[-1].parent is None


async def test_a_stream_of_many_articles_makes_a_bounded_number_of_spans() -> None:
    count = TICKET_SPAN_LIMIT + 5
    articles = [Article(article_id=str(n), body=SENTENCE) for n in range(count)]
    requests = [
        ProcessArticlesRequest(config=BriefConfig()),
        *(ProcessArticlesRequest(article=article) for article in articles),
    ]
    async with traced() as (server, exporter):
        answers = await everything(server.brief.ProcessArticles(iter(requests)))
    assert len(answers) == count
    *stages, call = exporter.get_finished_spans()
    assert attributes(call)["mujaz.requests"] == count
    for name in STAGES:
        assert 1 <= [span.name for span in stages].count(name) <= TICKET_SPAN_LIMIT


async def test_a_collector_that_is_not_there_harms_no_call_and_no_stop() -> None:
    async with running_server(otlp_endpoint="http://127.0.0.1:1") as server:
        answer = await server.translation.TranslateText(TranslateTextRequest(content=SENTENCE))
        assert answer.translated_text


def test_without_the_extra_the_start_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace.export", None)
    with pytest.raises(SettingInvalid, match=r"otlp_endpoint: .* pip install 'mujaz\[otel\]'"):
        Service(Settings(otlp_endpoint="http://127.0.0.1:4317"))


@pytest.mark.parametrize("endpoint", ["127.0.0.1:4317", "ftp://a:1", "http://", "http://u@h:1"])
def test_what_is_no_address_of_a_collector_is_refused(endpoint: str) -> None:
    with pytest.raises(SettingInvalid, match=r"otlp_endpoint: .* is not http://HOST:PORT"):
        Settings(otlp_endpoint=endpoint)


def test_without_an_endpoint_the_extra_is_not_imported() -> None:
    code = "import sys, mujaz.transport.lifecycle; print('opentelemetry.sdk' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "False\n"
