from __future__ import annotations

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from mujaz import errors
from mujaz.errors import MujazError
from mujaz.transport.status import STATUS_CODES, status_code, to_status

ARTICLE_TEXT = "نص المقال"


def subclasses(kind: type[MujazError]) -> set[type[MujazError]]:
    return {kind}.union(*(subclasses(child) for child in kind.__subclasses__()))


def detail(status: status_pb2.Status, message: Message) -> Message | None:
    for packed in status.details:
        if packed.Unpack(message):
            return message
    return None


def error_info(status: status_pb2.Status) -> error_details_pb2.ErrorInfo:
    info = error_details_pb2.ErrorInfo()
    assert detail(status, info) is not None
    return info


def test_the_table_names_every_error_and_nothing_else() -> None:
    ours = {kind for kind in subclasses(MujazError) if kind.__module__ == errors.__name__}
    assert set(STATUS_CODES) == ours


def test_no_error_is_ok() -> None:
    assert grpc.StatusCode.OK not in STATUS_CODES.values()


def test_a_class_without_an_entry_takes_that_of_its_base() -> None:
    class NewKind(errors.FieldInvalid):
        pass

    assert status_code(NewKind("x", field="y")) is grpc.StatusCode.INVALID_ARGUMENT


def test_invalid_request_names_the_field_and_the_limit() -> None:
    error = errors.ContentTooLong("content is too long", field="content", limit=20_000)
    status = to_status(error, "id-1")

    assert status.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert status.message == "content is too long"
    info = error_info(status)
    assert (info.reason, info.domain) == ("CONTENT_TOO_LONG", "mujaz")
    assert dict(info.metadata) == {"limit": "20000"}
    request = error_details_pb2.BadRequest()
    assert detail(status, request) is not None
    [violation] = request.field_violations
    assert (violation.field, violation.description) == ("content", "content is too long")


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.QueueFull("full", retry_after_seconds=2.5), 2.5),
        (errors.WaitExceedsDeadline("late", retry_after_seconds=0.1), 0.1),
        (errors.ModelLoading("loading"), 1.0),
        (errors.ShuttingDown("going"), 1.0),
    ],
)
def test_refusals_say_when_to_try_again(error: MujazError, seconds: float) -> None:
    retry = error_details_pb2.RetryInfo()
    assert detail(to_status(error, ""), retry) is not None
    assert retry.retry_delay.ToMilliseconds() == seconds * 1000


def test_a_missing_model_is_named() -> None:
    status = to_status(errors.ModelNotFound("no such model", name="models/x"), "")
    resource = error_details_pb2.ResourceInfo()
    assert detail(status, resource) is not None
    assert (resource.resource_type, resource.resource_name) == ("mujaz.v1.Model", "models/x")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (errors.EngineFailed(ARTICLE_TEXT, sentence=ARTICLE_TEXT), "ENGINE_FAILED"),
        (errors.ModelDamaged(ARTICLE_TEXT, file=ARTICLE_TEXT), "MODEL_DAMAGED"),
        (ValueError(ARTICLE_TEXT), "INTERNAL"),
        (MujazError(ARTICLE_TEXT), "INTERNAL"),
    ],
)
def test_internal_errors_tell_the_request_id_and_nothing_else(
    error: Exception, reason: str
) -> None:
    status = to_status(error, "id-1")

    assert status.code == grpc.StatusCode.INTERNAL.value[0]
    assert ARTICLE_TEXT.encode() not in status.SerializeToString()
    assert error_info(status).reason == reason
    request = error_details_pb2.RequestInfo()
    assert detail(status, request) is not None
    assert request.request_id == "id-1"
