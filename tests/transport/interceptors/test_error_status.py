from __future__ import annotations

import json

import grpc
import pytest
import structlog
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from mujaz.errors import EngineFailed, ModelLoading, QueueFull
from mujaz.transport.interceptors.error_status import ErrorStatus
from mujaz.transport.interceptors.request_id import RequestId
from tests.transport.interceptors.harness import KINDS, answers, echo_channel, encoded, start_call

ARTICLE_TEXT = "نص المقال"


async def failure_of(kind: str, error: Exception) -> grpc.aio.AioRpcError:
    async def fail(text: str) -> str:
        raise error

    interceptors = [RequestId(), ErrorStatus(structlog.get_logger())]
    async with echo_channel(interceptors, fail) as channel:
        call = start_call(channel, kind, encoded("x"), metadata=(("x-request-id", "id-1"),))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await answers(call, kind)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
async def test_an_error_of_ours_arrives_with_its_details(kind: str) -> None:
    with structlog.testing.capture_logs() as lines:
        failure = await failure_of(kind, QueueFull("The queue is full.", retry_after_seconds=2))

    assert failure.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert failure.details() == "The queue is full."
    status = rpc_status.from_call(failure)
    assert status is not None
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert info.reason == "QUEUE_FULL"
    assert failure.trailing_metadata()["x-request-id"] == "id-1"
    assert lines == []


@pytest.mark.parametrize("kind", KINDS)
async def test_an_unforeseen_error_is_internal_and_says_nothing_of_the_text(kind: str) -> None:
    with structlog.testing.capture_logs() as lines:
        failure = await failure_of(kind, ValueError(ARTICLE_TEXT))

    assert failure.code() is grpc.StatusCode.INTERNAL
    assert ARTICLE_TEXT not in repr(failure)
    assert ARTICLE_TEXT not in json.dumps(lines, ensure_ascii=False)
    [line] = lines
    assert line["event"] == "request_failed"
    assert line["request_id"] == "id-1"
    assert line["error_types"] == ["ValueError"]
    assert any(frame.endswith(" fail") for frame in line["frames"])


RETRY = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.01s",
                "maxBackoff": "0.01s",
                "backoffMultiplier": 1,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_refused_for_now_is_retried_by_the_channel(kind: str) -> None:
    """It is only where no headers came before the refusal."""
    attempts = []

    async def answer(text: str) -> str:
        attempts.append(text)
        if len(attempts) < 3:
            raise ModelLoading("The models are still being loaded.")
        return text

    interceptors = [RequestId(), ErrorStatus(structlog.get_logger())]
    options = [("grpc.service_config", json.dumps(RETRY))]
    async with echo_channel(interceptors, answer, options=options) as channel:
        assert await answers(start_call(channel, kind, encoded("x")), kind) == ["x"]
    assert attempts == ["x", "x", "x"]


async def test_the_cause_of_an_engine_failure_is_logged_by_type() -> None:
    error = EngineFailed("The model could not process this text.")
    error.__cause__ = RuntimeError(ARTICLE_TEXT)
    with structlog.testing.capture_logs() as lines:
        failure = await failure_of("unary_unary", error)

    assert failure.code() is grpc.StatusCode.INTERNAL
    assert lines[0]["error_types"] == ["EngineFailed", "RuntimeError"]
