"""Turns what a call raises into its status, once for every RPC."""

from __future__ import annotations

import traceback
from typing import NoReturn

import grpc
from google.protobuf.message import Message
from grpc_status import rpc_status
from structlog.typing import FilteringBoundLogger

from mujaz.errors import MujazError
from mujaz.transport.interceptors.wrap import Call, Proceed
from mujaz.transport.status import status_code, to_status


class ErrorStatus:
    """Ends a failed call with the status of the table; what nobody foresaw is logged as well."""

    def __init__(self, logger: FilteringBoundLogger) -> None:
        self._logger = logger

    async def __call__(self, call: Call, proceed: Proceed) -> Message | None:
        try:
            return await proceed()
        except grpc.aio.AbortError:
            raise
        # The boundary of the process: whatever is raised must become a status without its text.
        except Exception as error:
            await self._abort(call, error)

    async def _abort(self, call: Call, error: Exception) -> NoReturn:
        call.code = status_code(error)
        call.reason = error.reason if isinstance(error, MujazError) else MujazError.reason
        if call.code is grpc.StatusCode.INTERNAL:
            self._logger.error(
                "request_failed",
                method=call.method,
                request_id=call.request_id,
                error_types=_types_of(error),
                frames=_frames_of(error),
            )
        status = rpc_status.to_status(to_status(error, call.request_id))
        trailing_metadata = (*status.trailing_metadata, *call.metadata)
        await call.context.abort(status.code, status.details, trailing_metadata)


def _types_of(error: BaseException | None) -> list[str]:
    """The error and its causes by type only: their messages may quote an article."""
    types = []
    while error is not None:
        types.append(type(error).__qualname__)
        error = error.__cause__
    return types


def _frames_of(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
