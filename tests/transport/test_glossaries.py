"""Glossaries over a real socket: of a request, of the server, unknown, too many, read again."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2

from mujaz.domain.glossary_file import GlossaryFormat
from mujaz.errors import GlossaryInvalid
from mujaz.settings import Settings
from mujaz.transport.lifecycle import Service, serve
from mujaz.v1.brief_service_pb2 import (
    Article,
    BriefConfig,
    GenerateBriefRequest,
    ProcessArticlesRequest,
    StreamGenerateBriefRequest,
)
from mujaz.v1.text_pb2 import GlossaryMatch, TextSpan
from mujaz.v1.translation_service_pb2 import (
    GlossaryEntry,
    StreamTranslateTextRequest,
    TranslateTextChunksRequest,
    TranslateTextRequest,
    TranslationConfig,
)
from tests.conftest import MODELS, RunningServer, running_server
from tests.transport.failures import everything, failure

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.model]

TEXT = "أعلن داعش أن الرقة هي عاصمته."
BODY = f"{TEXT}\nوقال الوزير إن قوات الأمن دخلت الرقة أمس."
EXPECTED = [
    GlossaryMatch(
        source_span=TextSpan(start_offset=5, end_offset=9),
        target_term="ISIS",
        applied=True,
        source_text="داعش",
    ),
    GlossaryMatch(
        source_span=TextSpan(start_offset=13, end_offset=18),
        target_term="Raqqa",
        applied=True,
        source_text="الرقة",
    ),
]
ENTRIES = TranslationConfig(
    glossary_entries=[
        GlossaryEntry(source_term="داعش", target_term="ISIS"),
        GlossaryEntry(source_term="الرقة", target_term="Raqqa"),
    ]
)
NEWS = TranslationConfig(glossaries=["news"])


@pytest.mark.parametrize("config", [ENTRIES, NEWS])
async def test_every_method_of_translation_enforces_terms(
    server: RunningServer, config: TranslationConfig
) -> None:
    whole = await server.translation.TranslateText(
        TranslateTextRequest(content=TEXT, config=config)
    )
    stream = server.translation.StreamTranslateText(
        StreamTranslateTextRequest(content=TEXT, config=config)
    )
    chunks = server.translation.TranslateTextChunks(
        iter(
            [TranslateTextChunksRequest(config=config)]
            + [TranslateTextChunksRequest(chunk=part) for part in (TEXT[:7], TEXT[7:])]
        )
    )
    streamed = [e.sentence for e in await everything(stream) if e.HasField("sentence")]
    chunked = [e.sentence for e in await everything(chunks) if e.HasField("sentence")]
    for [sentence] in (whole.sentences, streamed, chunked):
        assert list(sentence.glossary_matches) == EXPECTED
        assert "ISIS" in sentence.translated_text
        assert "Raqqa" in sentence.translated_text


async def test_a_brief_says_which_terms_its_parts_have(server: RunningServer) -> None:
    config = BriefConfig(translation=NEWS, include_translation=True)
    article = Article(title=TEXT, body=BODY)
    whole = await server.brief.GenerateBrief(GenerateBriefRequest(article=article, config=config))
    assert list(whole.brief.headline_glossary_matches) == EXPECTED
    terms = [m.target_term for s in whole.sentences for m in s.glossary_matches]
    assert terms == ["ISIS", "Raqqa", "Raqqa"]
    for point in whole.brief.points:
        for match in point.glossary_matches:
            span = match.source_span
            source = point.text.source_text[span.start_offset : span.end_offset]
            assert source == match.source_text
            assert match.applied is (match.target_term in point.text.translated_text)
    assert any(point.glossary_matches for point in whole.brief.points)

    stream = server.brief.StreamGenerateBrief(
        StreamGenerateBriefRequest(article=article, config=config)
    )
    *_, last = await everything(stream)
    assert list(last.finished.headline_glossary_matches) == EXPECTED


async def test_an_unknown_glossary_is_not_found(server: RunningServer) -> None:
    config = TranslationConfig(glossaries=["news", "absent"])
    answer = await failure(
        server.translation.TranslateText(TranslateTextRequest(content=TEXT, config=config))
    )
    assert (answer.code, answer.reason) == (grpc.StatusCode.NOT_FOUND, "GLOSSARY_NOT_FOUND")
    resource = answer.detail(error_details_pb2.ResourceInfo())
    assert (resource.resource_type, resource.resource_name) == ("mujaz.v1.Glossary", "absent")
    assert "news" in resource.description


async def test_an_unknown_glossary_fails_articles_and_not_their_stream(
    server: RunningServer,
) -> None:
    config = BriefConfig(translation=TranslationConfig(glossaries=["absent"]))
    requests = [ProcessArticlesRequest(config=config)]
    requests += [ProcessArticlesRequest(article=Article(article_id="a", body=BODY))]
    [answer] = await everything(server.brief.ProcessArticles(iter(requests)))
    assert (answer.article_id, answer.error.code) == ("a", grpc.StatusCode.NOT_FOUND.value[0])


async def test_too_many_entries_are_refused_with_the_limit(server: RunningServer) -> None:
    entry = GlossaryEntry(source_term="داعش", target_term="ISIS")
    config = TranslationConfig(glossary_entries=[entry] * 201)
    answer = await failure(
        server.translation.TranslateText(TranslateTextRequest(content=TEXT, config=config))
    )
    assert (answer.code, answer.field) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "config.glossary_entries",
    )
    assert answer.metadata["limit"] == "200"


def write(path: Path, rendering: str) -> Path:
    path.write_text(f"الرقة\t{rendering}\n", encoding="utf-8")
    return path


async def rendering_of(server: RunningServer, name: str) -> str:
    config = TranslationConfig(source_language_code="ar", glossaries=[name])
    request = TranslateTextRequest(content="الرقة - 2017", config=config)
    response = await server.translation.TranslateText(request)
    return str(response.translated_text).removesuffix(" - 2017")


async def test_glossaries_are_read_again_all_or_none(tmp_path: Path) -> None:
    one = write(tmp_path / "one.tsv", "Raqqa")
    other = write(tmp_path / "other.tsv", "Rakka")
    async with running_server(glossary=(f"one={one}", f"other={other}")) as server:
        assert await rendering_of(server, "one") == "Raqqa"
        write(one, "Ar-Raqqah")
        await server.service.reload()
        assert await rendering_of(server, "one") == "Ar-Raqqah"

        write(one, "Racca")
        other.write_text("الرقة\n", encoding="utf-8")
        await server.service.reload()
        assert await rendering_of(server, "one") == "Ar-Raqqah"
        assert await rendering_of(server, "other") == "Rakka"
        failed = server.log_lines[-3:]
        [line] = [line for line in failed if line["event"] == "models_not_reloaded"]
        assert (line["log_level"], line["file"], line["line"]) == ("error", str(other), "1")


async def test_a_glossary_that_cannot_be_used_ends_the_start(tmp_path: Path) -> None:
    bad = tmp_path / f"bad{GlossaryFormat.CSV}"
    settings = Settings(listen="127.0.0.1:0", models=MODELS, glossary=(f"bad={bad}",))
    with pytest.raises(GlossaryInvalid):
        await Service(settings).start()


async def test_sighup_reads_the_glossaries_again(tmp_path: Path) -> None:
    one = write(tmp_path / "one.tsv", "Raqqa")
    settings = Settings(
        listen="127.0.0.1:0", models=MODELS, glossary=(f"one={one}",), drain_grace_seconds=0.0
    )
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(settings, on_ready=ready.set_result))
    address = await ready
    async with grpc.aio.insecure_channel(address) as channel:
        server = RunningServer(service=None, channel=channel)  # type: ignore[arg-type]
        assert await rendering_of(server, "one") == "Raqqa"
        write(one, "Ar-Raqqah")
        os.kill(os.getpid(), signal.SIGHUP)
        async with asyncio.timeout(30):
            while await rendering_of(server, "one") != "Ar-Raqqah":
                pass
    os.kill(os.getpid(), signal.SIGTERM)
    await serving


async def test_consistent_names_are_the_last_glossary_of_every_request() -> None:
    request = TranslateTextRequest(content="دخل الوفد الرقة.")
    own = TranslationConfig(
        glossary_entries=[GlossaryEntry(source_term="الرقة", target_term="Ar-Raqqah")]
    )
    async with running_server(names="consistent") as server:
        alone = await server.translation.TranslateText(request)
        request.config.CopyFrom(own)
        beside = await server.translation.TranslateText(request)

    (match,) = alone.sentences[0].glossary_matches
    assert (match.target_term, match.applied) == ("Raqqa", True)
    assert [m.target_term for m in beside.sentences[0].glossary_matches] == ["Ar-Raqqah"]
