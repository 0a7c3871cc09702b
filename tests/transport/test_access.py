"""Tokens at a running server: who gets in, and how much text each may send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import grpc
import pytest
import trustme
from grpc_health.v1 import health_pb2

from mujaz.client import (
    Article,
    BriefConfig,
    MujazClient,
    RetryPolicy,
    RpcFailed,
    failure_of_status,
)
from mujaz.transport.quota import CharacterBudget, Meter
from mujaz.transport.scopes import Scope
from mujaz.transport.token_file import TokenEntry
from mujaz.transport.token_store import digest_of
from mujaz.v1.brief_service_pb2 import ProcessArticlesRequest
from tests.certificates import issue, trusting
from tests.conftest import RunningServer, running_server
from tests.transport.failures import everything
from tests.transport.test_quota import Clock

pytestmark = pytest.mark.model

SENTENCE = "أعلنت الوزارة اليوم عن خطة جديدة."
ALL = frozenset({Scope.ADMIN})


def write_tokens(path: Path, rate: int | None = None, **scopes: frozenset[Scope]) -> None:
    """A file with a token for each name, which is the name itself."""
    path.write_text("".join(TokenEntry(n, s, rate, digest_of(n)).line() for n, s in scopes.items()))


@asynccontextmanager
async def serving(
    path: Path, rate: int | None = None, **settings: Any
) -> AsyncIterator[tuple[RunningServer, MujazClient]]:
    """A server that asks for tokens, and a client that has one with every scope."""
    write_tokens(path, rate, ops=ALL)
    async with (
        running_server(tokens=path, **settings) as server,
        MujazClient(server.target, token="ops", retry_policy=RetryPolicy(attempts=0)) as client,
    ):
        yield server, client


async def reason_of(call: Any) -> str:
    with pytest.raises(RpcFailed) as caught:
        await call
    return caught.value.reason


async def test_a_token_opens_every_method_and_health_needs_none(tmp_path: Path) -> None:
    async with serving(tmp_path / "t") as (server, client):
        assert (await client.translate_text(SENTENCE)).translated_text
        assert [event async for event in client.stream_translate(SENTENCE)]
        assert [event async for event in client.translate_chunks([SENTENCE])]
        assert await client.list_models()
        answers = [
            answer async for answer in client.process_articles([Article(article_id="a", body="x")])
        ]
        assert [answer.article_id for answer in answers] == ["a"]
        assert (await server.health.Check(health_pb2.HealthCheckRequest())).status == 1
        async with MujazClient(server.target) as stranger:
            assert await stranger.check_health() == "SERVING"
            assert await reason_of(stranger.list_models()) == "TOKEN_MISSING"
    # A line may be written after its answer has arrived.
    finished = [line for line in server.log_lines if line["event"] == "request_finished"]
    assert sorted(line["caller"] for line in finished) == ["127.0.0.1", *["ops"] * 5]


async def test_over_tls_the_token_goes_with_the_credentials(tmp_path: Path) -> None:
    authority, path = trustme.CA(), tmp_path / "t"
    issue(authority).write(tmp_path / "c", tmp_path / "k")
    write_tokens(path, desk=frozenset({Scope.TRANSLATE}))
    async with running_server(
        credentials=trusting(authority),
        tls_cert=tmp_path / "c",
        tls_key=tmp_path / "k",
        tokens=path,
        listen="0.0.0.0:0",
    ) as server:
        target = f"localhost:{server.target.rpartition(':')[2]}"
        async with MujazClient(target, credentials=trusting(authority), token="desk") as client:
            assert (await client.translate_text(SENTENCE)).translated_text
            assert [event async for event in client.stream_translate(SENTENCE)]
            assert [event async for event in client.translate_chunks([SENTENCE])]
            assert await reason_of(client.list_models()) == "SCOPE_MISSING"
            assert await client.check_health() == "SERVING"


async def test_a_changed_file_opens_and_closes_the_door(tmp_path: Path) -> None:
    path = tmp_path / "t"
    async with serving(path) as (server, client):
        assert await client.list_models()
        write_tokens(path, other=ALL)
        await asyncio.to_thread(server.service.access.refresh)
        assert await reason_of(client.list_models()) == "TOKEN_INVALID"
        path.write_bytes(b"\x00rubbish")
        await asyncio.to_thread(server.service.access.refresh)
        async with MujazClient(server.target, token="other") as other:
            assert await other.list_models()
        events = [line["event"] for line in server.log_lines]
        assert events.count("tokens_reloaded") == 1
        assert events.count("tokens_not_reloaded") == 1


async def test_a_changed_file_is_noticed_without_a_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mujaz.transport.access.REFRESH_SECONDS", 0.01)
    path = tmp_path / "t"
    async with serving(path) as (server, client):
        loop, refreshed = asyncio.get_running_loop(), asyncio.Event()
        access = server.service.access
        refresh = access.refresh

        def refresh_and_tell() -> None:
            refresh()
            loop.call_soon_threadsafe(refreshed.set)

        monkeypatch.setattr(access, "refresh", refresh_and_tell)
        write_tokens(path, other=ALL)
        for _ in range(2):  # the first may have begun before the file was written
            refreshed.clear()
            await asyncio.wait_for(refreshed.wait(), timeout=30)
        assert await reason_of(client.list_models()) == "TOKEN_INVALID"


async def test_what_nobody_foresaw_does_not_end_the_refreshing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mujaz.transport.access.REFRESH_SECONDS", 0.01)
    async with serving(tmp_path / "t") as (server, _):
        loop, twice = asyncio.get_running_loop(), asyncio.Event()
        failures: list[int] = []

        def fail() -> None:
            failures.append(1)
            if len(failures) > 1:
                loop.call_soon_threadsafe(twice.set)
            raise RuntimeError("secret")

        monkeypatch.setattr(server.service.access, "refresh", fail)
        await asyncio.wait_for(twice.wait(), timeout=30)
        [line, *_] = [each for each in server.log_lines if each["event"] == "access_not_refreshed"]
        assert line["error"] == "RuntimeError"
        assert "secret" not in repr(server.log_lines)


async def test_tokens_in_the_clear_are_warned_of(tmp_path: Path) -> None:
    async with serving(tmp_path / "t", insecure_any=True) as (server, _):
        assert "tokens_in_the_clear" in {line["event"] for line in server.log_lines}
    async with serving(tmp_path / "t") as (server, _):
        assert "tokens_in_the_clear" not in {line["event"] for line in server.log_lines}


async def test_over_the_rate_each_method_refuses_before_any_work(tmp_path: Path) -> None:
    async with serving(tmp_path / "t", rate=60) as (server, client):
        assert (await client.translate_text(SENTENCE)).translated_text
        article = Article(article_id="a", body=SENTENCE)
        for call in (
            client.translate_text(SENTENCE),
            anext(client.stream_translate(SENTENCE)),
            anext(client.translate_chunks([SENTENCE])),
            client.detect_language(SENTENCE),
            client.generate_brief(article),
            anext(client.stream_brief(article)),
        ):
            assert await reason_of(call) == "QUOTA_EXCEEDED"
        assert await client.list_models()
        assert server.scheduler_state.open_tickets == 0


async def test_an_invalid_request_costs_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path / "t", rate=60) as (_, client):
        for _ in range(3):
            assert await reason_of(client.translate_text(" " * 60)) == "CONTENT_EMPTY"
        assert (await client.translate_text(SENTENCE)).translated_text


async def test_an_article_over_the_rate_gets_its_own_answer(tmp_path: Path) -> None:
    ids = [f"a{number}" for number in range(4)]
    requests = [
        ProcessArticlesRequest(config=BriefConfig()),
        *(ProcessArticlesRequest(article=Article(article_id=each, body=SENTENCE)) for each in ids),
    ]
    async with serving(tmp_path / "t", rate=60) as (server, _):
        call = server.brief.ProcessArticles(
            iter(requests), metadata=(("authorization", "Bearer ops"),)
        )
        answers = await everything(call)
    assert sorted(answer.article_id for answer in answers) == ids
    refused = [answer for answer in answers if answer.HasField("error")]
    assert len(refused) == 3
    for answer in refused:
        failure = failure_of_status(answer.error)
        assert failure.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert failure.reason == "QUOTA_EXCEEDED"
        assert failure.retry_after_seconds is not None


async def test_later_chunks_wait_for_the_rate_instead_of_losing_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    clock.now = monotonic()
    budget = CharacterBudget(60 * len(SENTENCE), clock=clock)
    meter = Meter(budget, clock=clock, sleep=clock.sleep)
    async with serving(tmp_path / "t") as (server, client):
        monkeypatch.setattr(server.service.access.tokens, "meter", lambda entry: meter)
        chunks = [SENTENCE * 60, SENTENCE, SENTENCE * 2]
        events = [event async for event in client.translate_chunks(chunks)]
    assert events[-1].HasField("finished")
    assert len(events) == 64
    assert clock.slept == pytest.approx([1.0, 2.0])


async def test_a_chunk_that_would_wait_too_long_ends_the_stream(tmp_path: Path) -> None:
    async with serving(tmp_path / "t", rate=60) as (_, client):
        stream = client.translate_chunks([SENTENCE * 3, SENTENCE], timeout_seconds=20)
        with pytest.raises(RpcFailed) as caught:
            async for _ in stream:
                pass
    assert caught.value.reason == "QUOTA_EXCEEDED"


async def test_a_resumed_stream_is_charged_for_what_is_left(tmp_path: Path) -> None:
    text = " ".join(SENTENCE.replace("اليوم", f"اليوم {n}") for n in range(10))
    # Room for the whole text and half of it again.
    async with serving(tmp_path / "t", rate=len(text) * 3 // 2) as (_, client):
        events = [event async for event in client.stream_translate(text)]
        late = events[8].resume_token
        rest = [e async for e in client.stream_translate(text, resume_token=late)]
        assert rest[-1].HasField("finished")
        assert len(rest) == 3
        early = events[1].resume_token
        again = client.stream_translate(text, resume_token=early)
        assert await reason_of(anext(again)) == "QUOTA_EXCEEDED"
