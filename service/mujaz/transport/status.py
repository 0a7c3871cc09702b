"""The one table from Mujaz's errors to gRPC statuses, with google.rpc details (AIP-193)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from mujaz.errors import (
    CallerShareExceeded,
    CheckpointNotFound,
    ContentEmpty,
    ContentTooLong,
    ConversionFailed,
    DeadlineExceeded,
    EngineFailed,
    EvaluationInvalid,
    FieldInvalid,
    GlossaryInvalid,
    GlossaryNotFound,
    HubUnavailable,
    InvalidRequest,
    LanguageUnsupported,
    LicenseNotAccepted,
    ModelDamaged,
    ModelLoading,
    ModelNotFound,
    MujazError,
    Overloaded,
    QueueFull,
    QuotaExceeded,
    ResumeTokenStale,
    ScopeMissing,
    ShuttingDown,
    StreamIdle,
    TokenInvalid,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    WaitExceedsDeadline,
)

ERROR_DOMAIN: Final = "mujaz"
INTERNAL_MESSAGE: Final = "The server could not answer; report the request id to its operator."

STATUS_CODES: Final[Mapping[type[MujazError], grpc.StatusCode]] = MappingProxyType(
    {
        MujazError: grpc.StatusCode.INTERNAL,
        InvalidRequest: grpc.StatusCode.INVALID_ARGUMENT,
        ContentEmpty: grpc.StatusCode.INVALID_ARGUMENT,
        ContentTooLong: grpc.StatusCode.INVALID_ARGUMENT,
        FieldInvalid: grpc.StatusCode.INVALID_ARGUMENT,
        ModelNotFound: grpc.StatusCode.NOT_FOUND,
        GlossaryNotFound: grpc.StatusCode.NOT_FOUND,
        LanguageUnsupported: grpc.StatusCode.FAILED_PRECONDITION,
        ResumeTokenStale: grpc.StatusCode.FAILED_PRECONDITION,
        Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
        TokenMissing: grpc.StatusCode.UNAUTHENTICATED,
        TokenInvalid: grpc.StatusCode.UNAUTHENTICATED,
        ScopeMissing: grpc.StatusCode.PERMISSION_DENIED,
        Overloaded: grpc.StatusCode.RESOURCE_EXHAUSTED,
        QuotaExceeded: grpc.StatusCode.RESOURCE_EXHAUSTED,
        QueueFull: grpc.StatusCode.RESOURCE_EXHAUSTED,
        CallerShareExceeded: grpc.StatusCode.RESOURCE_EXHAUSTED,
        WaitExceedsDeadline: grpc.StatusCode.RESOURCE_EXHAUSTED,
        Unavailable: grpc.StatusCode.UNAVAILABLE,
        ModelLoading: grpc.StatusCode.UNAVAILABLE,
        ShuttingDown: grpc.StatusCode.UNAVAILABLE,
        DeadlineExceeded: grpc.StatusCode.DEADLINE_EXCEEDED,
        StreamIdle: grpc.StatusCode.DEADLINE_EXCEEDED,
        EngineFailed: grpc.StatusCode.INTERNAL,
        ModelDamaged: grpc.StatusCode.INTERNAL,
        GlossaryInvalid: grpc.StatusCode.INTERNAL,
        ConversionFailed: grpc.StatusCode.INTERNAL,
        CheckpointNotFound: grpc.StatusCode.NOT_FOUND,
        HubUnavailable: grpc.StatusCode.UNAVAILABLE,
        LicenseNotAccepted: grpc.StatusCode.FAILED_PRECONDITION,
        EvaluationInvalid: grpc.StatusCode.INVALID_ARGUMENT,
    }
)


def status_code(error: Exception) -> grpc.StatusCode:
    """The code of the nearest class in the table; INTERNAL for an error that is not ours."""
    for kind in type(error).__mro__:
        if kind in STATUS_CODES:
            return STATUS_CODES[kind]
    return grpc.StatusCode.INTERNAL


def to_status(error: Exception, request_id: str) -> status_pb2.Status:
    """What the caller may know of `error`.

    Always carries ErrorInfo (the stable reason) and RequestInfo. What ends as INTERNAL carries
    nothing else, as its message and metadata were not written for callers.
    """
    code = status_code(error)
    reason = error.reason if isinstance(error, MujazError) else MujazError.reason
    info = error_details_pb2.ErrorInfo(reason=reason, domain=ERROR_DOMAIN)
    details: list[Message] = [info, error_details_pb2.RequestInfo(request_id=request_id)]
    message = INTERNAL_MESSAGE
    if isinstance(error, MujazError) and code is not grpc.StatusCode.INTERNAL:
        message = error.message
        info.metadata.update(error.metadata)
        details.extend(_details_of(error))
    number: int = code.value[0]
    return status_pb2.Status(code=number, message=message, details=map(_packed, details))


def _details_of(error: MujazError) -> Iterator[Message]:
    if isinstance(error, InvalidRequest):
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=error.field, description=error.message, reason=error.reason
        )
        yield error_details_pb2.BadRequest(field_violations=[violation])
    if isinstance(error, Overloaded | Unavailable):
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(round(error.retry_after_seconds * 1000))
        yield error_details_pb2.RetryInfo(retry_delay=delay)
    if isinstance(error, QuotaExceeded):
        violation_of_quota = error_details_pb2.QuotaFailure.Violation(
            subject=f"token:{error.subject}", description=error.message
        )
        yield error_details_pb2.QuotaFailure(violations=[violation_of_quota])
    if isinstance(error, ModelNotFound):
        yield error_details_pb2.ResourceInfo(
            resource_type="mujaz.v1.Model", resource_name=error.name, description=error.message
        )
    if isinstance(error, GlossaryNotFound):
        yield error_details_pb2.ResourceInfo(
            resource_type="mujaz.v1.Glossary", resource_name=error.name, description=error.message
        )


def _packed(detail: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(detail)
    return packed
