"""A server that is told to end, and one that is killed, under load."""

from __future__ import annotations

import asyncio
import signal
import socket
from itertools import pairwise

import grpc
import pytest

from mujaz.client import MujazClient
from mujaz.v1.translation_service_pb2 import TranslateTextRequest
from tests.faults.calls import CONFIG, new_text, text_stream, translation
from tests.faults.server_process import own_channel, server_process
from tests.transport.failures import everything

pytestmark = pytest.mark.model

# Calls end in far less; a slow machine must not make them fail.
GRACE = ("--drain-grace-seconds", "120")


async def calls_until_refused(channel: grpc.aio.Channel) -> tuple[int, grpc.StatusCode]:
    """How many short calls in a row were answered, and what the first that was not got."""
    answered = 0
    while True:
        request = TranslateTextRequest(content=new_text(2), config=CONFIG)
        try:
            response = await translation(channel).TranslateText(request)
        except grpc.aio.AioRpcError as error:
            return answered, error.code()
        assert response.translated_text
        answered += 1


async def test_sigterm_under_load_fails_no_call_that_was_taken() -> None:
    async with server_process("--drain-delay-seconds", "0.2", *GRACE) as server:
        async with own_channel(server.address) as channel:
            streams = [text_stream(channel, new_text(40)) for _ in range(8)]
            for stream in streams:
                assert (await stream.read()).started.sentence_count == 40
            callers = [asyncio.create_task(calls_until_refused(channel)) for _ in range(8)]
            await server.logged("request_finished", count=8)
            server.signal(signal.SIGTERM)
            for rest in await asyncio.gather(*map(everything, streams)):
                assert len(rest) == 41
                assert rest[-1].HasField("finished")
            for answered, code in await asyncio.gather(*callers):
                assert answered > 0
                assert code is grpc.StatusCode.UNAVAILABLE
        assert await server.ended() == 0
        finished = [line for line in server.lines if line["event"] == "request_finished"]
        outcomes = {(line["code"], line["reason"]) for line in finished}
        assert outcomes <= {("OK", ""), ("UNAVAILABLE", "SHUTTING_DOWN")}
        assert server.lines[-1]["event"] == "stopped"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_stream_of_a_killed_server_goes_on_at_a_replica() -> None:
    text, count = new_text(600), 600
    sentences = []
    async with server_process() as first, server_process() as second:
        # While it stands still no connection to it gets ready, so the first has the stream.
        second.signal(signal.SIGSTOP)
        async with MujazClient(f"ipv4:{first.address},{second.address}") as client:
            events = client.stream_translate(text, CONFIG)
            assert (await anext(events)).started.sentence_count == count
            sentences += [(await anext(events)).sentence for _ in range(5)]
            first.signal(signal.SIGKILL)
            second.signal(signal.SIGCONT)
            rest = [event async for event in events]
        await second.logged("request_finished", code="OK")
        assert await first.ended() == -signal.SIGKILL
    sentences += [event.sentence for event in rest if event.HasField("sentence")]
    assert rest[-1].HasField("finished")
    assert [sentence.sentence_index for sentence in sentences] == list(range(count))
    assert " ".join(sentence.source_text for sentence in sentences) == text
    spans = [sentence.translated_span for sentence in sentences]
    assert all(one.end_offset + 1 == other.start_offset for one, other in pairwise(spans))


async def test_the_servers_of_a_service_are_replaced_without_a_failed_call() -> None:
    """Two replicas behind one client; each is ended and started again in turn, as in a rollout."""
    ports = [free_port(), free_port()]
    target = "ipv4:" + ",".join(f"127.0.0.1:{port}" for port in ports)
    answered = 0
    ending = asyncio.Event()

    async def call_until_the_end(client: MujazClient) -> None:
        nonlocal answered
        while not ending.is_set():
            assert (await client.translate_text(new_text(2), CONFIG)).translated_text
            answered += 1

    arguments = [
        ("--listen", f"127.0.0.1:{port}", "--drain-delay-seconds", "0.5", *GRACE) for port in ports
    ]
    async with MujazClient(target) as client, server_process(*arguments[0]) as first:
        async with server_process(*arguments[1]) as second:
            callers = [asyncio.create_task(call_until_the_end(client)) for _ in range(6)]
            await second.logged("request_finished", count=5)
            assert await second.stopped() == 0
        async with server_process(*arguments[1]) as second:
            await second.logged("request_finished", count=5)
            assert await first.stopped() == 0
            before = answered
            await second.logged("request_finished", count=len(second.lines) + 5)
            ending.set()
            await asyncio.gather(*callers)
            assert answered > before
