"""The mixed load of the soak: who calls, what they send, and what they get."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

import grpc
import harness

from mujaz.client import Article, BriefConfig, MujazClient, RpcFailed, TranslationConfig
from mujaz.client.failure import failure_of
from mujaz.v1 import brief_service_pb2_grpc, translation_service_pb2_grpc
from mujaz.v1.brief_service_pb2 import GenerateBriefRequest, ProcessArticlesRequest
from mujaz.v1.translation_service_pb2 import (
    StreamTranslateTextRequest,
    TranslateTextChunksRequest,
    TranslateTextRequest,
)

# What bad input is answered with; anything else is a defect.
REFUSALS = frozenset(
    {"CONTENT_EMPTY", "CONTENT_TOO_LONG", "FIELD_INVALID", "MODEL_NOT_FOUND", "GLOSSARY_NOT_FOUND"}
    | {"LANGUAGE_UNSUPPORTED", "RESUME_TOKEN_STALE"}
)
# What a server at full load may say to anybody.
OVERLOAD = frozenset(
    {"QUEUE_FULL", "CALLER_SHARE_EXCEEDED", "WAIT_EXCEEDS_DEADLINE", "DEADLINE_EXCEEDED"}
)


class Writer:
    """Texts no caller had before: the sentences of the samples, with their words shuffled."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._sentences = [s for text in texts for s in harness.sentences_of(text)]
        self._random = random.Random(harness.SEED)

    def sentence(self) -> str:
        """One sentence of the length of a real one, without the marks that would cut it."""
        words = [word.strip(".!?؟…") for word in self._random.choice(self._sentences).split()]
        return " ".join(self._random.sample(words, len(words))) + "."

    def text(self, sentence_count: int) -> str:
        """So many sentences, four to a paragraph."""
        sentences = [self.sentence() for _ in range(sentence_count)]
        return "\n".join(" ".join(sentences[i : i + 4]) for i in range(0, sentence_count, 4))

    def cut(self, text: str) -> list[str]:
        """The text in pieces cut anywhere."""
        size = self._random.randint(7, 200)
        return [text[i : i + size] for i in range(0, len(text), size)]

    def number(self, low: int, high: int) -> int:
        """A number from `low` to `high`."""
        return self._random.randint(low, high)


@dataclass
class Tally:
    """What was answered since it was last taken."""

    latencies: list[float] = field(default_factory=list)
    words: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)


class Relay:
    """A way to the server that can be torn off, as when a client's machine goes away."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> tuple[asyncio.Server, str]:
        """A listening socket, and its address."""
        listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return listener, f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"

    async def tear(self) -> None:
        """Resets every connection, with no word to either side."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._address)
        self._writers += [writer, far_writer]
        for source, target in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._copy(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, OSError):
            while data := await source.read(65_536):
                target.write(data)
                await target.drain()
            target.close()


class Load:
    """Callers of every kind, in a loop each, until `ending` is set."""

    def __init__(self, address: str, writer: Writer) -> None:
        self.address = address
        self.ending = asyncio.Event()
        self.tally = Tally()
        self._writer = writer

    def take(self) -> Tally:
        """What was answered since the last call."""
        taken, self.tally = self.tally, Tally()
        return taken

    async def run(self, scale: int) -> None:
        """All callers, `scale` times each, until the end. Raises nothing: defects are counted."""
        roles: tuple[tuple[int, Callable[[MujazClient], Coroutine[Any, Any, None]]], ...] = (
            (2, self._reader),
            (2, self._streamer),
            (1, self._chunker),
            (1, self._briefer),
            (1, self._desk),
            (1, self._canceller),
            (1, self._vanisher),
            (1, self._fool),
        )
        async with MujazClient(self.address) as client, asyncio.TaskGroup() as group:
            for count, role in roles:
                for _ in range(count * scale):
                    group.create_task(self._repeat(role, client))

    async def _repeat(
        self, role: Callable[[MujazClient], Coroutine[Any, Any, None]], client: MujazClient
    ) -> None:
        name = role.__name__.strip("_")
        while not self.ending.is_set():
            try:
                await role(client)
                self.tally.done[name] += 1
            except RpcFailed as failure:
                self.tally.refused[failure.reason or failure.code.name] += 1
                if (failure.reason or failure.code.name) not in OVERLOAD:
                    self.tally.defects.append(f"{name}: {failure.code.name} {failure.reason}")
                await asyncio.sleep(0.1)

    def _count(self, text: str) -> None:
        self.tally.words += len(text.split())

    async def _reader(self, client: MujazClient) -> None:
        """A person who waits for a headline."""
        text = self._writer.sentence()
        began = time.perf_counter()
        await client.translate_text(text, harness.ARABIC)
        self.tally.latencies.append(time.perf_counter() - began)
        self._count(text)

    async def _streamer(self, client: MujazClient) -> None:
        text = self._writer.text(self._writer.number(10, 60))
        async for _ in client.stream_translate(text, harness.ARABIC):
            pass
        self._count(text)

    async def _chunker(self, client: MujazClient) -> None:
        text = self._writer.text(self._writer.number(10, 60))
        async for _ in client.translate_chunks(self._writer.cut(text), harness.ARABIC):
            pass
        self._count(text)

    async def _briefer(self, client: MujazClient) -> None:
        text = self._writer.text(self._writer.number(5, 25))
        config = BriefConfig(
            translation=harness.ARABIC, include_translation=bool(self._writer.number(0, 1))
        )
        await client.generate_brief(Article(article_id="soak", body=text), config)
        self._count(text)

    async def _desk(self, client: MujazClient) -> None:
        articles = [
            Article(article_id=f"soak-{number}", body=self._writer.text(12)) for number in range(4)
        ]
        config = BriefConfig(translation=harness.ARABIC)
        async with aclosing(client.process_articles(articles, config)) as answers:
            async for answer in answers:
                if answer.HasField("error"):
                    self.tally.defects.append(f"desk: {answer.error.code}")
        for article in articles:
            self._count(article.body)

    async def _canceller(self, client: MujazClient) -> None:
        """Someone who turns the page after a few sentences."""
        text = self._writer.text(40)
        async with aclosing(client.stream_translate(text, harness.ARABIC)) as events:
            for _ in range(self._writer.number(1, 4)):
                await anext(events)

    async def _vanisher(self, _: MujazClient) -> None:
        """A client whose connection breaks off in the midst of a stream."""
        host, _, port = self.address.rpartition(":")
        relay = Relay(host, int(port))
        listener, address = await relay.open()
        own = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]
        async with listener, grpc.aio.insecure_channel(address, own) as channel:
            stub: Any = translation_service_pb2_grpc.TranslationServiceStub(channel)
            request = StreamTranslateTextRequest(
                content=self._writer.text(40), config=harness.ARABIC
            )
            call = stub.StreamTranslateText(request, timeout=60)
            try:
                for _ in range(self._writer.number(1, 4)):
                    await call.read()
            except grpc.aio.AioRpcError as error:
                raise failure_of(error) from None
            await relay.tear()
            with suppress(grpc.aio.AioRpcError):
                await call.read()
        await asyncio.sleep(0.2)

    async def _fool(self, _: MujazClient) -> None:
        """Input no client should send: each is refused with a reason of its own."""
        async with grpc.aio.insecure_channel(self.address) as channel:
            for call in self._bad_calls(channel):
                try:
                    async for _ in call:
                        pass
                    self.tally.defects.append("fool: bad input was taken")
                except grpc.aio.AioRpcError as error:
                    self._judge(failure_of(error))
        await asyncio.sleep(0.2)

    def _bad_calls(self, channel: grpc.aio.Channel) -> list[AsyncIterator[Any]]:
        translation: Any = translation_service_pb2_grpc.TranslationServiceStub(channel)
        brief: Any = brief_service_pb2_grpc.BriefServiceStub(channel)
        text = self._writer.sentence()
        requests = [
            TranslateTextRequest(),
            TranslateTextRequest(content="م" * 20_001),
            TranslateTextRequest(content=text, config=TranslationConfig(beam_size=99)),
            TranslateTextRequest(content=text, config=TranslationConfig(model="models/none")),
            TranslateTextRequest(content=text, config=TranslationConfig(glossaries=["none"])),
            TranslateTextRequest(
                content=text, config=TranslationConfig(target_language_code="tlh")
            ),
        ]
        return [
            *(_one(translation.TranslateText(request, timeout=30)) for request in requests),
            translation.StreamTranslateText(
                StreamTranslateTextRequest(content=text, resume_token="%%"), timeout=30
            ),
            translation.TranslateTextChunks(
                iter([TranslateTextChunksRequest(chunk=text)]), timeout=30
            ),
            brief.ProcessArticles(iter([ProcessArticlesRequest()]), timeout=30),
            _one(brief.GenerateBrief(GenerateBriefRequest(), timeout=30)),
        ]

    def _judge(self, failure: RpcFailed) -> None:
        self.tally.refused[failure.reason or failure.code.name] += 1
        if failure.reason not in REFUSALS | OVERLOAD:
            self.tally.defects.append(f"fool: {failure.code.name} {failure.reason}")


async def _one(call: Any) -> AsyncIterator[Any]:
    """A unary call as a stream of one."""
    yield await call
