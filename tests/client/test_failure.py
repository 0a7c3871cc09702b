"""What a failed call says."""

from __future__ import annotations

import grpc

from mujaz.client import failure_of_status
from mujaz.client.failure import failure_of
from tests.client.scripted_server import status


def test_a_status_gives_code_reason_hint_and_request() -> None:
    failure = failure_of_status(
        status(grpc.StatusCode.RESOURCE_EXHAUSTED, "QUEUE_FULL", retry_after_seconds=1.5)
    )
    assert failure.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert failure.reason == "QUEUE_FULL"
    assert failure.message == "Do QUEUE_FULL."
    assert failure.metadata == {"limit": "7"}
    assert failure.retry_after_seconds == 1.5
    assert failure.request_id == "abc123"
    assert str(failure) == "QUEUE_FULL: Do QUEUE_FULL."


def test_an_error_without_details_gives_code_and_message() -> None:
    error = grpc.aio.AioRpcError(
        grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), "gone", "debug"
    )
    failure = failure_of(error)
    assert (failure.code, failure.message) == (grpc.StatusCode.UNAVAILABLE, "gone")
    assert (failure.reason, failure.retry_after_seconds) == ("", None)
    assert str(failure) == "UNAVAILABLE: gone"


def test_details_that_contradict_the_error_are_not_believed() -> None:
    details = status(grpc.StatusCode.NOT_FOUND, "MODEL_NOT_FOUND").SerializeToString()
    trailers = grpc.aio.Metadata(("grpc-status-details-bin", details))
    error = grpc.aio.AioRpcError(
        grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), trailers, "no healthy upstream", "debug"
    )
    failure = failure_of(error)
    assert failure.code is grpc.StatusCode.UNAVAILABLE
    assert failure.message == "no healthy upstream"
    assert failure.reason == ""
