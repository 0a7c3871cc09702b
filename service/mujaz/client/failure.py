"""What a failed call says, without the parts of gRPC that only help to debug gRPC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

_CODES: Final[Mapping[int, grpc.StatusCode]] = {code.value[0]: code for code in grpc.StatusCode}


# The rate of the token is used up; what was asked is right, and only too early.
QUOTA_EXCEEDED: Final = "QUOTA_EXCEEDED"


class RpcFailed(Exception):
    """A call ended without its answer.

    `reason` is the stable word of google.rpc.ErrorInfo, empty where the failure did not come from
    the service itself (no connection, for example). `retry_after_seconds` is None where the
    server gave no hint. `request_id` is what its operator finds the call by.
    """

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        retry_after_seconds: float | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(f"{reason or code.name}: {message}")
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.retry_after_seconds = retry_after_seconds
        self.request_id = request_id


def failure_of(error: grpc.aio.AioRpcError) -> RpcFailed:
    """The failure behind an error of gRPC, with the details of google.rpc.Status if it has any."""
    try:
        status = rpc_status.from_call(cast(grpc.Call, error))
    except ValueError:
        # A proxy replaced code or message, and its word is the newer one.
        status = None
    if status is None:
        return RpcFailed(error.code(), error.details() or "no reason given")
    return failure_of_status(status)


def failure_of_status(status: status_pb2.Status) -> RpcFailed:
    """The failure a google.rpc.Status describes, such as the `error` of one article."""
    info = error_details_pb2.ErrorInfo()
    retry = error_details_pb2.RetryInfo()
    request = error_details_pb2.RequestInfo()
    retry_after_seconds = None
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(request)
        if detail.Unpack(retry):
            retry_after_seconds = retry.retry_delay.ToTimedelta().total_seconds()
    return RpcFailed(
        _CODES.get(status.code, grpc.StatusCode.UNKNOWN),
        status.message,
        reason=info.reason,
        metadata=info.metadata,
        retry_after_seconds=retry_after_seconds,
        request_id=request.request_id,
    )
