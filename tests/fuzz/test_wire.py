"""Bytes no client should send, to the socket of a real server process, which must go on serving."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from mujaz.v1 import brief_service_pb2 as brief
from mujaz.v1 import model_service_pb2 as model
from mujaz.v1 import translation_service_pb2 as translation
from tests.faults.calls import check_answers
from tests.faults.server_process import ServerProcess, own_channel, server_process, until
from tests.fuzz import http2
from tests.fuzz.messages import MessageMutator
from tests.fuzz.mutation import Mutator
from tests.tiny_model import write_tiny_model

FACTOR = int(os.environ.get("MUJAZ_FUZZ_FACTOR", "1"))
SEED = 11
# No input may keep the server busy for longer.
LIMIT_SECONDS = 5.0
MESSAGES_PER_METHOD = 252 * FACTOR
RANDOM_CONNECTIONS = 300 * FACTOR
RESET_COUNT = 2_000
FRAME_COUNT = 3_000
SLOW_CONNECTIONS = 100

TEXT = "أعلنت الوزارة اليوم عن خطة جديدة. وقال الوزير إن العمل يبدأ غدا."
CONFIG = translation.TranslationConfig(
    source_language_code="ar",
    beam_size=2,
    glossary_entries=[translation.GlossaryEntry(source_term="الوزارة", target_term="ministry")],
    priority=translation.PRIORITY_BULK,
)
BRIEF = brief.BriefConfig(translation=CONFIG, point_count=2, include_translation=True)
ARTICLE = brief.Article(article_id="a-1", title="خطة", body=f"{TEXT} {TEXT}")
TRANSLATION, BRIEFS = "/mujaz.v1.TranslationService/", "/mujaz.v1.BriefService/"
METHODS: dict[str, list[Message]] = {
    f"{TRANSLATION}TranslateText": [translation.TranslateTextRequest(content=TEXT, config=CONFIG)],
    f"{TRANSLATION}StreamTranslateText": [
        translation.StreamTranslateTextRequest(content=TEXT, config=CONFIG, resume_token="AQAB")
    ],
    f"{TRANSLATION}TranslateTextChunks": [
        translation.TranslateTextChunksRequest(config=CONFIG),
        translation.TranslateTextChunksRequest(chunk=TEXT),
    ],
    f"{TRANSLATION}DetectLanguage": [translation.DetectLanguageRequest(content=TEXT)],
    f"{BRIEFS}GenerateBrief": [brief.GenerateBriefRequest(article=ARTICLE, config=BRIEF)],
    f"{BRIEFS}StreamGenerateBrief": [
        brief.StreamGenerateBriefRequest(article=ARTICLE, config=BRIEF)
    ],
    f"{BRIEFS}ProcessArticles": [
        brief.ProcessArticlesRequest(config=BRIEF),
        brief.ProcessArticlesRequest(article=ARTICLE),
    ],
    "/mujaz.v1.ModelService/GetModel": [model.GetModelRequest(name="models/tiny")],
    "/mujaz.v1.ModelService/ListModels": [model.ListModelsRequest(page_size=3, page_token="x")],
}
# Bad input is the caller's fault or a limit, and says so; never the server's.
REASONS = frozenset(
    {"CONTENT_EMPTY", "CONTENT_TOO_LONG", "FIELD_INVALID", "MODEL_NOT_FOUND", "GLOSSARY_NOT_FOUND"}
    | {"LANGUAGE_UNSUPPORTED", "RESUME_TOKEN_STALE", "QUEUE_FULL", "CALLER_SHARE_EXCEEDED"}
    | {"WAIT_EXCEEDS_DEADLINE"}
)


@asynccontextmanager
async def attacked_server(directory: Path) -> AsyncIterator[ServerProcess]:
    """A server with a small random model; afterwards it translates, and holds nothing of it all."""
    write_tiny_model(directory / "tiny")
    async with (
        server_process("--keepalive-seconds", "5", models=directory) as server,
        own_channel(server.address) as channel,
    ):
        await check_answers(channel)
        descriptors = server.descriptor_count
        yield server
        async with asyncio.timeout(LIMIT_SECONDS):
            await check_answers(channel)
        await until(lambda: server.descriptor_count <= descriptors + 2)
        for line in server.lines:
            assert line.get("level") not in ("error", "critical"), line
            assert line.get("code") not in ("INTERNAL", "UNKNOWN"), line
        assert "Traceback" not in "".join(server.plain_lines)
        assert await server.stopped() == 0


def reason_of(error: grpc.aio.AioRpcError) -> str:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    info = error_details_pb2.ErrorInfo()
    details = status.details if status is not None else ()
    return next((info.reason for detail in details if detail.Unpack(info)), "")


async def outcome(channel: grpc.aio.Channel, path: str, bodies: list[bytes]) -> str:
    """Sends whole messages of these bytes; OK or the reason of the refusal."""

    def same(data: bytes) -> bytes:
        return data

    call: Any = channel.stream_stream(path, same, same)(iter(bodies), timeout=LIMIT_SECONDS)
    failed: grpc.aio.AioRpcError | None = None
    try:
        async for _ in call:
            pass
    except grpc.aio.AioRpcError as error:
        failed = error
    return "OK" if failed is None else judged(failed, path, bodies)


def judged(error: grpc.aio.AioRpcError, path: str, bodies: list[bytes]) -> str:
    """The reason of a refusal, which must be one that bad input may have."""
    code, reason = error.code(), reason_of(error)
    assert reason in REASONS, (path, bodies, code, error.details(), reason)
    return reason


def changed_messages(messages: list[Message]) -> Iterator[bytes]:
    """Half of them with other bytes, mostly no messages any more; half with other values."""
    half = MESSAGES_PER_METHOD // 2
    yield from Mutator([each.SerializeToString() for each in messages], SEED).inputs(half)
    for each in messages:
        yield from MessageMutator(each, SEED).messages(half // len(messages))


async def test_changed_messages_of_every_method(tmp_path: Path) -> None:
    tried = 0
    outcomes: dict[str, int] = {}
    async with attacked_server(tmp_path) as server, own_channel(server.address) as channel:
        for path, messages in METHODS.items():
            seeds = [each.SerializeToString() for each in messages]
            first = seeds[: len(seeds) - 1]
            changed = [*changed_messages(messages)]
            for start in range(0, len(changed), 16):
                group = changed[start : start + 16]
                # Half of the second messages of a stream follow a good first one.
                calls = [
                    outcome(channel, path, [*(first if i % 2 else []), body])
                    for i, body in enumerate(group)
                ]
                for answer in await asyncio.gather(*calls):
                    outcomes[answer] = outcomes.get(answer, 0) + 1
                tried += len(group)
    print(f"changed messages: {tried} inputs, {outcomes}")
    assert tried == MESSAGES_PER_METHOD * len(METHODS)
    assert outcomes["OK"]
    assert outcomes["FIELD_INVALID"]


def random_frames(source: random.Random) -> bytes:
    """A right beginning, and frames of any kind with anything in them."""
    path = source.choice([*METHODS])
    parts = [http2.headers(path, 1)] if source.random() < 0.5 else []
    for _ in range(source.randint(1, 12)):
        payload = source.randbytes(source.choice((0, 4, 5, 8, 40, 300)))
        length = source.choice((None, None, None, 0, len(payload) + 1, 16_384, 0xFFFFFF))
        parts.append(
            http2.frame(
                source.randrange(12),
                source.randrange(256),
                source.choice((0, 1, 1, 2, 3, 0x7FFFFFFF)),
                payload,
                length=length,
            )
        )
    return http2.PREFACE + http2.settings() + b"".join(parts)


async def test_random_bytes_and_random_frames(tmp_path: Path) -> None:
    source = random.Random(SEED)
    tried = 0
    async with attacked_server(tmp_path) as server:
        for number in range(RANDOM_CONNECTIONS):
            connection = await http2.Connection.open(server.address, greets=False)
            noise = source.randbytes(source.choice((1, 24, 500, 20_000)))
            await connection.send(noise if number % 3 == 0 else random_frames(source))
            await connection.answer(0.02)
            await connection.close()
            tried += 1
    print(f"random connections: {tried} inputs")
    assert tried == RANDOM_CONNECTIONS


PATH = f"{TRANSLATION}TranslateText"
BODY = METHODS[PATH][0].SerializeToString()
_HEAD = http2.headers(PATH, 1)
_WHOLE = http2.message(BODY)


def _data(payload: bytes, *, flags: int = http2.END_STREAM, length: int | None = None) -> bytes:
    return _HEAD + http2.frame(http2.DATA, flags, 1, payload, length=length)


WRONG: dict[str, bytes] = {
    "headers that stop in the midst": http2.frame(http2.HEADERS, 4, 1, b"\x00\x07:me", length=90),
    "headers that never end": http2.headers(PATH, 1, flags=0),
    "headers without a path": http2.frame(http2.HEADERS, 4, 1, http2.field(b":method", b"POST")),
    "headers of 64 KiB": http2.headers(PATH, 1, (b"x-long", b"a" * 65_000)),
    "a table index that is not there": http2.frame(http2.HEADERS, 4, 1, b"\xff\xff\xff\xff\x0f"),
    "a table of 4 GiB": http2.frame(http2.HEADERS, 4, 1, b"\x3f\xff\xff\xff\xff\x0f"),
    "data that stops in the midst": _data(_WHOLE[:9], length=len(_WHOLE)),
    "data without headers": http2.frame(http2.DATA, 1, 1, _WHOLE),
    "a frame of 16 MiB": _data(b"", length=0xFFFFFF),
    "padding longer than the frame": _data(b"\xff", flags=http2.PADDED | http2.END_STREAM),
    "a message said to be 4 GiB": _data(http2.message(BODY, length=0xFFFFFFFF)),
    "a message said to be longer": _data(http2.message(BODY, length=len(BODY) + 1)),
    "a message said to be shorter": _data(http2.message(BODY, length=len(BODY) - 1)),
    "a message said to be empty": _data(http2.message(BODY, length=0)),
    "a message said to be compressed": _data(http2.message(BODY, compressed=1)),
    "an unknown compression": _data(http2.message(BODY, compressed=2)),
    "half a prefix": _data(_WHOLE[:3]),
    "no message": http2.headers(PATH, 1, flags=http2.END_HEADERS | http2.END_STREAM),
    "two messages": _data(_WHOLE + _WHOLE),
    "an even stream": http2.call(PATH, 2, BODY),
    "a stream of its own that falls back": http2.call(PATH, 9, BODY) + http2.call(PATH, 3, BODY),
    "a promise": http2.frame(http2.PUSH_PROMISE, 4, 1, b"\0\0\0\2"),
    "a window of nothing": http2.frame(http2.WINDOW_UPDATE, 0, 0, b"\0\0\0\0"),
    "a window too wide": http2.frame(http2.WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff") * 3,
    "wrong settings": http2.settings((5, 1), (4, 0xFFFFFFFF), (2, 7)),
    "settings of odd length": http2.frame(http2.SETTINGS, 0, 0, b"\0\4\0"),
    "an end at once": http2.frame(http2.GOAWAY, 0, 0, bytes(8)),
    "a deadline that is none": http2.headers(PATH, 1, (b"grpc-timeout", b"-1S")) + _data(_WHOLE),
    "a deadline without end": http2.headers(PATH, 1, (b"grpc-timeout", b"99999999H")),
    "HTTP/1.1": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(190),
}


async def test_wrong_frames(tmp_path: Path) -> None:
    tried = 0
    async with attacked_server(tmp_path) as server:
        for data in WRONG.values():
            for greets in (True, False):
                connection = await http2.Connection.open(server.address, greets=greets)
                await connection.send(data)
                await connection.answer(0.1)
                await connection.close()
                tried += 1
    assert tried == 2 * len(WRONG)


def _settings_flood(number: int) -> bytes:
    return http2.settings((4, 65_535 + number))


def _ping_flood(number: int) -> bytes:
    return http2.frame(http2.PING, 0, 0, number.to_bytes(8, "big"))


def _continuation_flood(number: int) -> bytes:
    block = http2.field(b"x-%d" % number, b"y" * 100)
    head = http2.headers(PATH, 1, flags=0) if number == 0 else b""
    return head + http2.frame(http2.CONTINUATION, 0, 1, block)


def _empty_data_flood(number: int) -> bytes:
    return (_HEAD if number == 0 else b"") + http2.frame(http2.DATA, 0, 1, b"")


def _window_flood(_: int) -> bytes:
    return http2.frame(http2.WINDOW_UPDATE, 0, 0, b"\0\0\0\1")


@pytest.mark.parametrize(
    "make",
    [_settings_flood, _ping_flood, _continuation_flood, _empty_data_flood, _window_flood],
)
async def test_a_flood_of_frames(make: Callable[[int], bytes], tmp_path: Path) -> None:
    async with attacked_server(tmp_path) as server:
        before = server.resident_bytes
        sent = 0
        for _ in range(3):
            connection = await http2.Connection.open(server.address)
            for number in range(FRAME_COUNT):
                if not await connection.send(make(number)):
                    break
                sent += 1
            await connection.answer(0.2)
            await connection.close()
        print(f"{make.__name__}: {sent} frames")
        assert sent > 0
        assert server.resident_bytes - before < 32 * 1024 * 1024


async def test_calls_cancelled_as_they_are_made(tmp_path: Path) -> None:
    """The rapid reset of CVE-2023-44487, over and over, and nothing is left in work."""
    async with attacked_server(tmp_path) as server:
        before = server.resident_bytes
        sent = 0
        for _ in range(2):
            connection = await http2.Connection.open(server.address)
            for data in http2.rapid_reset(PATH, BODY, RESET_COUNT):
                if not await connection.send(data):
                    break
                sent += 1
            await connection.answer(0.5)
            await connection.close()
        print(f"rapid reset: {sent} calls")
        assert sent > 100
        assert server.resident_bytes - before < 64 * 1024 * 1024


async def test_connections_that_say_a_byte_at_a_time(tmp_path: Path) -> None:
    """Others are served while many connections are held open and say hardly anything."""
    async with attacked_server(tmp_path) as server, own_channel(server.address) as channel:
        before = server.resident_bytes
        slow = [
            await http2.Connection.open(server.address, greets=False)
            for _ in range(SLOW_CONNECTIONS)
        ]
        opening = http2.PREFACE + http2.settings() + _HEAD
        for place in range(0, len(opening) - 20, 20):
            for connection in slow:
                await connection.send(opening[place : place + 1])
            async with asyncio.timeout(LIMIT_SECONDS):
                await check_answers(channel)
        assert server.resident_bytes - before < 32 * 1024 * 1024
        for connection in slow:
            await connection.close()
