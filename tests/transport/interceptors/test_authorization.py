"""Calls of every kind, with and without a token, over a real socket."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import grpc
import pytest
import structlog
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mujaz.client.delivered_status import DeliveredStatus
from mujaz.client.failure import failure_of
from mujaz.transport.interceptors.access_log import AccessLog
from mujaz.transport.interceptors.authorization import Authorization
from mujaz.transport.interceptors.caller import CallerName
from mujaz.transport.interceptors.error_status import ErrorStatus
from mujaz.transport.interceptors.request_id import RequestId
from mujaz.transport.interceptors.wrap import CURRENT_CALL, Interceptor, current_caller
from mujaz.transport.scopes import Scope
from mujaz.transport.token_store import TokenStore
from tests.transport.interceptors.harness import KINDS, answers, echo_channel, encoded, start_call
from tests.transport.test_token_store import line, stored

METHODS = {f"/mujaz.test.Echo/{kind}": Scope.TRANSLATE for kind in KINDS}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TokenStore:
    monkeypatch.setattr("mujaz.transport.scopes.METHOD_SCOPES", METHODS)
    tokens = [
        line("desk", "desk-token"),
        line("clerk", "clerk-token", scopes=frozenset({Scope.BRIEF, Scope.MODELS})),
        line("ops", "ops-token", scopes=frozenset({Scope.ADMIN})),
    ]
    return stored(tmp_path / "t", *tokens)[0]


def chain(tokens: TokenStore | None) -> list[Interceptor]:
    logger = structlog.get_logger()
    return [
        RequestId(),
        CallerName(),
        AccessLog(logger),
        ErrorStatus(logger),
        Authorization(tokens),
    ]


async def caller(text: str) -> str:
    return current_caller()


def bearer(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


async def refusal(channel: grpc.aio.Channel, kind: str, **options: Any) -> tuple[Any, str]:
    call = start_call(channel, kind, encoded("x"), **options)
    # A refusal may come while the requests of a stream are still being sent.
    status = DeliveredStatus(call) if kind == "stream_stream" else None
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await answers(call, kind)
    failure = failure_of(caught.value) if status is None else status.failure_of(caught.value)
    assert failure is not None
    return failure.code, failure.reason


@pytest.mark.parametrize("kind", KINDS)
async def test_a_token_with_the_scope_gets_in_and_names_the_caller(
    kind: str, store: TokenStore
) -> None:
    with structlog.testing.capture_logs() as lines:
        async with echo_channel(chain(store), caller) as channel:
            for token, name in [("desk-token", "desk"), ("ops-token", "ops")]:
                call = start_call(channel, kind, encoded("x"), metadata=bearer(token))
                assert await answers(call, kind) == [name]
    assert [each["caller"] for each in lines] == ["desk", "ops"]


@pytest.mark.parametrize("kind", KINDS)
async def test_other_calls_are_refused_with_a_reason(kind: str, store: TokenStore) -> None:
    reached: list[str] = []

    async def work(text: str) -> str:
        reached.append(text)
        return text

    unauthenticated = grpc.StatusCode.UNAUTHENTICATED
    with structlog.testing.capture_logs() as lines:
        async with echo_channel(chain(store), work) as channel:
            assert await refusal(channel, kind) == (unauthenticated, "TOKEN_MISSING")
            for metadata in (
                bearer("wrong"),
                bearer(""),
                (("authorization", "desk-token"),),
                (("authorization", "Basic ZGVzazp0b2tlbg=="),),
                (*bearer("desk-token"), *bearer("desk-token")),
            ):
                refused = await refusal(channel, kind, metadata=metadata)
                assert refused == (unauthenticated, "TOKEN_INVALID")
            refused = await refusal(channel, kind, metadata=bearer("clerk-token"))
            assert refused == (grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING")
    assert reached == []
    assert [each["caller"] for each in lines] == [*["127.0.0.1"] * 6, "clerk"]


@pytest.mark.parametrize("kind", KINDS)
async def test_without_a_file_of_tokens_everybody_gets_in(kind: str) -> None:
    async with echo_channel(chain(None), caller) as channel:
        for metadata in ((), bearer("anything")):
            call = start_call(channel, kind, encoded("x"), metadata=metadata)
            assert await answers(call, kind) == ["127.0.0.1"]


async def test_the_scheme_may_be_written_in_any_case(store: TokenStore) -> None:
    async with echo_channel(chain(store), caller) as channel:
        metadata = (("authorization", "bEARER  desk-token "),)
        call = start_call(channel, "unary_unary", encoded("x"), metadata=metadata)
        assert await answers(call, "unary_unary") == ["desk"]


async def test_a_call_over_the_rate_is_refused_with_when_and_whose(store: TokenStore) -> None:
    async def charge(text: str) -> str:
        CURRENT_CALL.get().meter.charge(600)
        return text

    async with echo_channel(chain(store), charge) as channel:
        metadata = bearer("desk-token")
        await start_call(channel, "unary_unary", encoded("x"), metadata=metadata)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await start_call(channel, "unary_unary", encoded("x"), metadata=metadata)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    status = rpc_status.from_call(caught.value)
    assert status is not None
    quota, retry = error_details_pb2.QuotaFailure(), error_details_pb2.RetryInfo()
    assert any(detail.Unpack(quota) for detail in status.details)
    assert any(detail.Unpack(retry) for detail in status.details)
    assert [violation.subject for violation in quota.violations] == ["token:desk"]
    assert retry.retry_delay.ToTimedelta().total_seconds() == pytest.approx(60.0)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    token=st.binary(min_size=24, max_size=48).map(urlsafe_b64encode).map(bytes.decode),
    known=st.booleans(),
    shape=st.sampled_from(["Bearer {}", "{}", "Basic {}", "Bearer {} {}", "bearer {}"]),
    fails=st.booleans(),
)
async def test_no_token_is_ever_logged_or_told(
    store: TokenStore, tmp_path: Path, *, token: str, known: bool, shape: str, fails: bool
) -> None:
    async def work(text: str) -> str:
        if fails:
            raise RuntimeError(f"{token} in a message of ours")
        return text

    tokens = stored(tmp_path / "t", line("desk", token))[0] if known else store
    with structlog.testing.capture_logs() as lines:
        async with echo_channel(chain(tokens), work) as channel:
            metadata = (("authorization", shape.format(token, token)),)
            call = start_call(channel, "unary_unary", encoded("x"), metadata=metadata)
            told = ""
            try:
                await call
            except grpc.aio.AioRpcError as error:
                told = f"{error.details()} {error.trailing_metadata()}"
    assert lines
    assert token not in repr(lines)
    assert token not in told
