from __future__ import annotations

import pytest

from mujaz.transport.interceptors.request_id import REQUEST_ID_KEY, RequestId
from mujaz.transport.interceptors.wrap import CURRENT_CALL
from tests.transport.interceptors.harness import answers, echo_channel, encoded, start_call


async def request_id_of_call(text: str) -> str:
    return CURRENT_CALL.get().request_id


async def ids(sent: str | None) -> tuple[str, str]:
    """The id the handler saw, and the one returned in initial metadata."""
    metadata = () if sent is None else ((REQUEST_ID_KEY, sent),)
    async with echo_channel([RequestId()], request_id_of_call) as channel:
        call = start_call(channel, "unary_unary", encoded("x"), metadata=metadata)
        seen = (await call).value
        returned = (await call.initial_metadata())[REQUEST_ID_KEY]
    return seen, str(returned)


@pytest.mark.parametrize("sent", ["a", "4f1c-Trace:7/x=", "9" * 64])
async def test_the_callers_id_is_kept_and_returned(sent: str) -> None:
    assert await ids(sent) == (sent, sent)


@pytest.mark.parametrize("sent", [None, "", "9" * 65, "two words", 'quote"', "a,b"])
async def test_an_absent_or_unsafe_id_is_replaced(sent: str | None) -> None:
    seen, returned = await ids(sent)
    assert seen == returned
    assert seen != sent
    assert len(seen) == 32


async def test_a_stream_without_a_response_returns_the_id_as_well() -> None:
    async with echo_channel([RequestId()], request_id_of_call) as channel:
        metadata = ((REQUEST_ID_KEY, "id-1"),)
        call = start_call(channel, "unary_stream", encoded(""), metadata=metadata)
        assert await answers(call, "unary_stream") == []
        assert (await call.initial_metadata())[REQUEST_ID_KEY] == "id-1"


async def test_made_ids_differ() -> None:
    assert await ids(None) != await ids(None)
