"""What a failed call said."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status


@dataclass(frozen=True)
class Failure:
    """Code and message of a call, and the google.rpc details that came with them."""

    code: grpc.StatusCode
    status: status_pb2.Status

    @property
    def reason(self) -> str:
        return self.detail(error_details_pb2.ErrorInfo()).reason

    @property
    def metadata(self) -> dict[str, str]:
        return dict(self.detail(error_details_pb2.ErrorInfo()).metadata)

    @property
    def field(self) -> str:
        [violation] = self.detail(error_details_pb2.BadRequest()).field_violations
        return str(violation.field)

    @property
    def request_id(self) -> str:
        return str(self.detail(error_details_pb2.RequestInfo()).request_id)

    def detail(self, message: Message) -> Any:
        assert any(packed.Unpack(message) for packed in self.status.details), (
            f"no {message.DESCRIPTOR.name} in {self.status}"
        )
        return message


async def failure(call: Any) -> Failure:
    """The failure of a unary call, or of a stream read to its end."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await (call if isinstance(call, Awaitable) else everything(call))
    status = rpc_status.from_call(caught.value)
    assert status is not None, f"{caught.value.code()} without details: {caught.value.details()}"
    return Failure(caught.value.code(), status)


async def everything(call: Any) -> list[Any]:
    """Every response of a stream from here on; may follow calls of `read`."""
    responses = []
    while (response := await call.read()) is not grpc.aio.EOF:
        responses.append(response)
    return responses
