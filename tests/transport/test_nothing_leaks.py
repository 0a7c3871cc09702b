"""No text of an article or of its translation reaches logs, metrics or traces.

Everything is done once with one article, well and badly, at the most talkative level; then all that
was written is searched for any Arabic letter and for any four words in a row of the translations.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import structlog
from google.protobuf.message import Message
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from mujaz.engine.model import LoadedModel
from mujaz.settings import Settings
from mujaz.telemetry import configure_logging
from mujaz.transport.lifecycle import Service
from mujaz.transport.tracing import Tracing
from mujaz.v1.brief_service_pb2 import (
    Article,
    BriefConfig,
    GenerateBriefRequest,
    ProcessArticlesRequest,
    StreamGenerateBriefRequest,
)
from mujaz.v1.brief_service_pb2_grpc import BriefServiceStub
from mujaz.v1.model_service_pb2 import GetModelRequest
from mujaz.v1.model_service_pb2_grpc import ModelServiceStub
from mujaz.v1.translation_service_pb2 import (
    DetectLanguageRequest,
    GlossaryEntry,
    StreamTranslateTextRequest,
    TranslateTextChunksRequest,
    TranslateTextRequest,
    TranslationConfig,
)
from mujaz.v1.translation_service_pb2_grpc import TranslationServiceStub
from tests.conftest import MODELS

pytestmark = pytest.mark.model

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "raqqa.txt"
ARTICLE = SAMPLE.read_text(encoding="utf-8")
ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
ESCAPED = re.compile(r"\\u0[67][0-9a-f]{2}|\\x[dD][89abAB]|%D[89AB]", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z']+")
# What a call that must fail brings along in every field that takes text.
SECRET = "Gorgonzola umbrella trampoline harmonica سر لا يقال لأحد"


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("json", "debug", stream=stream)
    root.setLevel(logging.DEBUG)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


class Watched:
    """A service whose every word outwards is kept."""

    def __init__(self, service: Service, channel: grpc.aio.Channel) -> None:
        self.service = service
        self.translation: Any = TranslationServiceStub(channel)
        self.brief: Any = BriefServiceStub(channel)
        self.models: Any = ModelServiceStub(channel)
        self.answers: list[Message] = []
        self.failures: list[str] = []

    async def run(self, call: Any) -> None:
        """Make a call to its end, however it ends."""
        try:
            if hasattr(call, "read"):
                while (answer := await call.read()) is not grpc.aio.EOF:
                    self.answers.append(answer)
            else:
                self.answers.append(await call)
        except grpc.aio.AioRpcError as error:
            self.failures.append(error.code().name)

    async def metrics(self) -> str:
        url = f"http://{self.service.metrics_address}/metrics"
        return await asyncio.to_thread(
            lambda: str(urllib.request.urlopen(url, timeout=10).read().decode())
        )


@asynccontextmanager
async def watched(exporter: InMemorySpanExporter) -> AsyncIterator[Watched]:
    settings = Settings(
        listen="127.0.0.1:0", models=MODELS, drain_grace_seconds=0.0, metrics_listen="127.0.0.1:0"
    )
    service = Service(settings, tracing=Tracing(SimpleSpanProcessor(exporter)))
    await service.start()
    try:
        async with grpc.aio.insecure_channel(service.address) as channel:
            yield Watched(service, channel)
    finally:
        await service.stop()


async def do_everything_well(server: Watched) -> None:
    article = Article(article_id="a-1", body=ARTICLE)
    entry = GlossaryEntry(source_term="التحالف الدولي", target_term="International Coalition")
    config = TranslationConfig(glossary_entries=[entry])
    chunks = [ARTICLE[at : at + 100] for at in range(0, len(ARTICLE), 100)]
    await server.run(
        server.translation.TranslateText(TranslateTextRequest(content=ARTICLE, config=config))
    )
    await server.run(
        server.translation.StreamTranslateText(StreamTranslateTextRequest(content=ARTICLE))
    )
    await server.run(
        server.translation.TranslateTextChunks(
            iter(
                [
                    TranslateTextChunksRequest(config=TranslationConfig()),
                    *(TranslateTextChunksRequest(chunk=chunk) for chunk in chunks),
                ]
            )
        )
    )
    await server.run(server.translation.DetectLanguage(DetectLanguageRequest(content=ARTICLE)))
    await server.run(server.brief.GenerateBrief(GenerateBriefRequest(article=article)))
    await server.run(
        server.brief.StreamGenerateBrief(
            StreamGenerateBriefRequest(
                article=article, config=BriefConfig(include_translation=True)
            )
        )
    )
    await server.run(
        server.brief.ProcessArticles(
            iter(
                [
                    ProcessArticlesRequest(config=BriefConfig()),
                    ProcessArticlesRequest(article=article),
                    ProcessArticlesRequest(article=Article(article_id="bad", body=" ")),
                ]
            )
        )
    )


async def fail_in_every_way(server: Watched) -> None:
    secret = TranslationConfig(model=f"models/{SECRET}", source_language_code=SECRET)
    translate, text = server.translation.TranslateText, TranslateTextRequest
    await server.run(translate(text(content=ARTICLE, config=secret)))
    for config in (
        TranslationConfig(model="models/gorgonzola-umbrella-trampoline-harmonica"),
        TranslationConfig(glossaries=["gorgonzola-umbrella-trampoline-harmonica"]),
        TranslationConfig(source_language_code="fr"),
        TranslationConfig(glossary_entries=[GlossaryEntry(source_term="", target_term=SECRET)]),
        TranslationConfig(beam_size=1000),
    ):
        await server.run(translate(text(content=ARTICLE, config=config)))
    await server.run(translate(text(content=ARTICLE * 20)))
    await server.run(translate(text(content=ARTICLE), timeout=0.02))
    await server.run(
        server.translation.StreamTranslateText(
            StreamTranslateTextRequest(content=ARTICLE, resume_token=SECRET)
        )
    )
    await server.run(
        server.translation.TranslateTextChunks(iter([TranslateTextChunksRequest(chunk=ARTICLE)]))
    )
    await server.run(
        server.brief.GenerateBrief(
            GenerateBriefRequest(article=Article(article_id=SECRET, body=ARTICLE))
        )
    )
    await server.run(server.models.GetModel(GetModelRequest(name=SECRET)))
    metadata = (
        ("x-request-id", "Gorgonzola umbrella trampoline harmonica"),
        ("traceparent", "Gorgonzola"),
    )
    await server.run(translate(text(content=ARTICLE), metadata=metadata))
    left = server.translation.StreamTranslateText(StreamTranslateTextRequest(content=ARTICLE * 5))
    await left.read()
    left.cancel()


async def break_the_engine(server: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: LoadedModel, batch: Any, __: Any) -> None:
        raise RuntimeError(f"cannot decode {ARTICLE} {batch}") from ValueError(SECRET)

    article = Article(article_id="a-2", body=f"{ARTICLE} ثم جاءت جملة جديدة.")
    with monkeypatch.context() as patch:
        patch.setattr(LoadedModel, "decode_batch", fail)
        new = "جملة لم تترجم من قبل قط."
        await server.run(server.translation.TranslateText(TranslateTextRequest(content=new)))
        await server.run(
            server.translation.StreamTranslateText(StreamTranslateTextRequest(content=new))
        )
    with monkeypatch.context() as patch:
        patch.setattr("mujaz.app.sentence.check_translation", _defect)
        for _ in range(2):
            await server.run(server.translation.TranslateText(TranslateTextRequest(content=new)))
        await server.run(server.brief.GenerateBrief(GenerateBriefRequest(article=article)))
        await server.run(
            server.brief.ProcessArticles(
                iter(
                    [
                        ProcessArticlesRequest(config=BriefConfig()),
                        ProcessArticlesRequest(article=article),
                    ]
                )
            )
        )


def _defect(source: str, target: str, **_: Any) -> None:
    raise ValueError(f"defect at {source} {target} {SECRET}")


def texts_of(message: Any) -> Iterator[str]:
    """Every translated text in an answer, however deep."""
    for descriptor, value in message.ListFields():
        if descriptor.message_type is not None:
            values = [value] if hasattr(value, "ListFields") else value
            for each in values:
                yield from texts_of(each)
        elif descriptor.name == "translated_text":
            yield value


def four_words(text: str) -> set[tuple[str, ...]]:
    words = [word.lower() for word in WORD.findall(text)]
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


async def test_everything_is_seen_and_nothing_of_it_is_read(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    exporter = InMemorySpanExporter()
    async with watched(exporter) as server:
        await do_everything_well(server)
        assert server.failures == []
        await fail_in_every_way(server)
        await break_the_engine(server, monkeypatch)
        metrics = await server.metrics()
    outputs = capfd.readouterr()
    traces = "\n".join(span.to_json() for span in exporter.get_finished_spans())
    secrets = four_words(SECRET)
    for answer in server.answers:
        for text in texts_of(answer):
            secrets |= four_words(text)
    assert len(secrets) > 100
    assert {"INTERNAL", "NOT_FOUND", "INVALID_ARGUMENT", "FAILED_PRECONDITION"} <= set(
        server.failures
    )
    for event in ("request_finished", "request_failed", "sequence_failed", "article_failed"):
        assert f'"{event}"' in log.getvalue(), event
    assert "mujaz_quality_flags_total{" in metrics
    assert '"segment"' in traces
    for place, written in (
        ("log", log.getvalue()),
        ("metrics", metrics),
        ("traces", traces),
        ("output", outputs.out + outputs.err),
    ):
        assert not ARABIC.findall(written), f"{place}: {_around(ARABIC, written)}"
        assert not ESCAPED.findall(written), f"{place}: {_around(ESCAPED, written)}"
        leaked = four_words(written) & secrets
        assert not leaked, f"{place}: {leaked}"


def _around(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match is not None
    return text[max(0, match.start() - 200) : match.end() + 100]
