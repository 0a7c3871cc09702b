"""The status that a server gave a call on which the client was still writing."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import grpc

from mujaz.client.failure import RpcFailed, failure_of


class DeliveredStatus:
    """Keeps the first status of a call.

    A write that fails because the server has already ended the call makes grpcio overwrite the
    status it was given with INTERNAL (grpc/grpc#36066).
    """

    def __init__(self, call: Any) -> None:
        self._error: grpc.aio.AioRpcError | None = None
        call.add_done_callback(self._keep)

    def failure_of(self, error: grpc.aio.AioRpcError) -> RpcFailed | None:
        """The failure behind an error of the call; None where the server ended it well."""
        first = self._error or error
        return None if first.code() is grpc.StatusCode.OK else failure_of(first)

    def _keep(self, call: Any) -> None:
        if self._error is None:
            self._error = grpc.aio.AioRpcError(
                _result(call.code()),
                grpc.aio.Metadata(),
                _result(call.trailing_metadata()),
                _result(call.details()),
                None,
            )


def _result(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine that has nothing to wait for returns."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("the call is not done")
