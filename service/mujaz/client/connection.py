"""MujazClient: one connection to the service."""

from __future__ import annotations

import asyncio
import importlib.resources
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mujaz.client.articles import ArticleStream
from mujaz.client.chunks import send_chunks
from mujaz.client.credentials import with_token
from mujaz.client.delivered_status import DeliveredStatus
from mujaz.client.failure import RpcFailed, failure_of
from mujaz.client.patience import Patience, RetryPolicy
from mujaz.v1 import (
    brief_service_pb2,
    brief_service_pb2_grpc,
    model_service_pb2,
    model_service_pb2_grpc,
    translation_service_pb2,
    translation_service_pb2_grpc,
)

Item = TypeVar("Item")

UNARY_TIMEOUT_SECONDS = 30.0
STREAM_TIMEOUT_SECONDS = 600.0
# A stream whose length the caller decides: without a deadline of its own the server's would cut it.
OPEN_TIMEOUT_SECONDS = 24 * 3600.0
MAX_RECEIVE_MESSAGE_BYTES = 16 * 1024 * 1024


class MujazClient:
    """Calls the service at `target` (`host:port`, `dns:///name:port` or `unix:/path`).

    Unary calls that find no server are tried again by the channel, as the service config says; a
    broken StreamTranslateText resumes where it was. Every method raises RpcFailed. Belongs to
    one event loop; use it as `async with MujazClient(target) as client`.

    `credentials` turn TLS on. `token` is the bearer token of every call; it is sent to another
    machine over TLS only, unless `insecure_any` allows it, else ValueError is raised.
    """

    def __init__(
        self,
        target: str,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        token: str | None = None,
        insecure_any: bool = False,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self._target = target
        if token is None:
            self._credentials, self._metadata = credentials, None
        else:
            self._credentials, self._metadata = with_token(
                token, credentials, target=target, insecure_any=insecure_any
            )
        self._policy = retry_policy or RetryPolicy()
        self._channel = self._open_channel(("grpc.service_config", _service_config()))
        self._translation: Any = translation_service_pb2_grpc.TranslationServiceStub(self._channel)
        self._brief: Any = brief_service_pb2_grpc.BriefServiceStub(self._channel)
        self._models: Any = model_service_pb2_grpc.ModelServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the calls in progress and closes the connection."""
        await self._channel.close(None)

    def _open_channel(self, *options: tuple[str, str | int]) -> grpc.aio.Channel:
        merged = [
            ("grpc.max_receive_message_length", MAX_RECEIVE_MESSAGE_BYTES),
            # The default of up to two minutes outlasts every retry.
            ("grpc.initial_reconnect_backoff_ms", 200),
            ("grpc.min_reconnect_backoff_ms", 1_000),
            ("grpc.max_reconnect_backoff_ms", 5_000),
            # Without it a stream waits for its deadline when the server's machine is gone.
            ("grpc.keepalive_time_ms", 60_000),
            ("grpc.keepalive_timeout_ms", 20_000),
            ("grpc.http2.ping_timeout_ms", 20_000),  # else a minute
            *options,
        ]
        if self._credentials is None:
            return grpc.aio.insecure_channel(self._target, merged)
        return grpc.aio.secure_channel(self._target, self._credentials, merged)

    async def translate_text(
        self,
        content: str,
        config: translation_service_pb2.TranslationConfig | None = None,
        *,
        timeout_seconds: float = UNARY_TIMEOUT_SECONDS,
    ) -> translation_service_pb2.TranslateTextResponse:
        """The whole translation of at most 20,000 characters."""
        request = translation_service_pb2.TranslateTextRequest(content=content, config=config)
        response: translation_service_pb2.TranslateTextResponse = await self._unary(
            self._translation.TranslateText, request, timeout_seconds
        )
        return response

    async def detect_language(
        self, content: str, *, timeout_seconds: float = UNARY_TIMEOUT_SECONDS
    ) -> translation_service_pb2.DetectLanguageResponse:
        """The languages of at most 20,000 characters, most likely first."""
        request = translation_service_pb2.DetectLanguageRequest(content=content)
        response: translation_service_pb2.DetectLanguageResponse = await self._unary(
            self._translation.DetectLanguage, request, timeout_seconds
        )
        return response

    async def stream_translate(
        self,
        content: str,
        config: translation_service_pb2.TranslationConfig | None = None,
        *,
        resume_token: str = "",
        timeout_seconds: float = STREAM_TIMEOUT_SECONDS,
    ) -> AsyncGenerator[translation_service_pb2.StreamTranslateTextResponse, None]:
        """The events of StreamTranslateText for at most 200,000 characters, each exactly once.

        A stream that breaks is resumed, on any replica, with the token of its last event.
        """
        request = translation_service_pb2.StreamTranslateTextRequest(
            content=content, config=config, resume_token=resume_token
        )
        events = self._server_stream(
            self._translation.StreamTranslateText, request, timeout_seconds
        )
        async with aclosing(events):
            async for response in events:
                # `_server_stream` opens the next attempt with the request as it is then.
                request.resume_token = response.resume_token
                yield response

    async def translate_chunks(
        self,
        chunks: AsyncIterable[str] | Iterable[str],
        config: translation_service_pb2.TranslationConfig | None = None,
        *,
        timeout_seconds: float = OPEN_TIMEOUT_SECONDS,
    ) -> AsyncGenerator[translation_service_pb2.TranslateTextChunksResponse, None]:
        """The events of TranslateTextChunks for a text of any length, cut anywhere.

        Reads on in `chunks` only as the server takes them. A broken stream is not resumed.
        """
        call = self._translation.TranslateTextChunks(
            timeout=timeout_seconds, metadata=self._metadata
        )
        status = DeliveredStatus(call)
        sender = asyncio.create_task(send_chunks(call, _async_iterator(chunks), config))
        # An error in `chunks` must end the call, which would wait for the rest of the text.
        sender.add_done_callback(lambda task: None if _sent_all(task) else call.cancel())
        finished = False
        try:
            async for response in call:
                finished = response.HasField("finished")
                yield response
            _expect_finished(finished)
        except grpc.aio.AioRpcError as error:
            if (failure := status.failure_of(error)) is not None:
                raise failure from None
            _expect_finished(finished)
        except asyncio.CancelledError:
            if sender.done() and not sender.cancelled():
                sender.result()
            raise
        finally:
            call.cancel()
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    async def generate_brief(
        self,
        article: brief_service_pb2.Article,
        config: brief_service_pb2.BriefConfig | None = None,
        *,
        timeout_seconds: float = UNARY_TIMEOUT_SECONDS,
    ) -> brief_service_pb2.GenerateBriefResponse:
        """The whole brief of one article."""
        request = brief_service_pb2.GenerateBriefRequest(article=article, config=config)
        response: brief_service_pb2.GenerateBriefResponse = await self._unary(
            self._brief.GenerateBrief, request, timeout_seconds
        )
        return response

    async def stream_brief(
        self,
        article: brief_service_pb2.Article,
        config: brief_service_pb2.BriefConfig | None = None,
        *,
        timeout_seconds: float = STREAM_TIMEOUT_SECONDS,
    ) -> AsyncGenerator[brief_service_pb2.StreamGenerateBriefResponse, None]:
        """The events of StreamGenerateBrief.

        A stream that breaks before its first event is started anew; later that would change what
        was already sent, so it fails.
        """
        request = brief_service_pb2.StreamGenerateBriefRequest(article=article, config=config)
        events = self._server_stream(
            self._brief.StreamGenerateBrief, request, timeout_seconds, resumable=False
        )
        async with aclosing(events):
            async for response in events:
                yield response

    async def process_articles(
        self,
        articles: AsyncIterable[brief_service_pb2.Article] | Iterable[brief_service_pb2.Article],
        config: brief_service_pb2.BriefConfig | None = None,
        *,
        window: int = 8,
        timeout_seconds: float = OPEN_TIMEOUT_SECONDS,
    ) -> AsyncGenerator[brief_service_pb2.ProcessArticlesResponse, None]:
        """One answer an article, in order of completion, at most `window` articles in work.

        Every `article_id` must be set, and unlike those of the other articles in work, else
        ValueError. Articles that a broken stream left unanswered are sent again.
        """
        stream = ArticleStream(
            lambda requests, timeout: self._brief.ProcessArticles(
                requests, timeout=timeout, metadata=self._metadata
            ),
            _async_iterator(articles),
            first=brief_service_pb2.ProcessArticlesRequest(
                config=config or brief_service_pb2.BriefConfig()
            ),
            window=window,
            patience=Patience(self._policy, timeout_seconds),
        )
        async with aclosing(stream.answers()) as answers:
            async for answer in answers:
                yield answer

    async def list_models(
        self, *, timeout_seconds: float = UNARY_TIMEOUT_SECONDS
    ) -> list[model_service_pb2.Model]:
        """All models the server holds."""
        models: list[model_service_pb2.Model] = []
        request = model_service_pb2.ListModelsRequest()
        while True:
            response = await self._unary(self._models.ListModels, request, timeout_seconds)
            models.extend(response.models)
            if not response.next_page_token:
                return models
            request.page_token = response.next_page_token

    async def get_model(
        self, name: str, *, timeout_seconds: float = UNARY_TIMEOUT_SECONDS
    ) -> model_service_pb2.Model:
        """The model of that resource name, `models/{model}`."""
        request = model_service_pb2.GetModelRequest(name=name)
        response = await self._unary(self._models.GetModel, request, timeout_seconds)
        model: model_service_pb2.Model = response.model
        return model

    async def check_health(
        self, service: str = "", *, timeout_seconds: float = UNARY_TIMEOUT_SECONDS
    ) -> str:
        """The serving status of a service, for example `SERVING`; empty for the whole server."""
        # The channel of the other calls takes a server that is not SERVING for an absent one.
        async with self._open_channel(("grpc.inhibit_health_checking", 1)) as channel:
            check: Any = health_pb2_grpc.HealthStub(channel).Check
            request = health_pb2.HealthCheckRequest(service=service)
            response = await self._unary(check, request, timeout_seconds)
        status: str = health_pb2.HealthCheckResponse.ServingStatus.Name(response.status)
        return status

    async def _unary(self, method: Any, request: Any, timeout_seconds: float) -> Any:
        try:
            return await method(request, timeout=timeout_seconds, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            raise failure_of(error) from None

    async def _server_stream(
        self, method: Any, request: Any, timeout_seconds: float, *, resumable: bool = True
    ) -> AsyncGenerator[Any, None]:
        """Events up to `finished`; `resumable` says whether `request` can go on after the first."""
        patience = Patience(self._policy, timeout_seconds)
        finished = started = False
        while not finished:
            call = method(request, timeout=patience.remaining_seconds, metadata=self._metadata)
            try:
                async for response in call:
                    patience.renew()
                    started = True
                    finished = response.HasField("finished")
                    yield response
                _expect_finished(finished)
            except grpc.aio.AioRpcError as error:
                failure = failure_of(error)
                if started and not resumable:
                    raise failure from None
                if not finished:
                    await patience.wait(failure, has_begun=started)
            finally:
                call.cancel()


def _service_config() -> str:
    package = importlib.resources.files("mujaz.v1")
    return package.joinpath("service_config.json").read_text(encoding="utf-8")


def _expect_finished(finished: bool) -> None:
    if not finished:
        raise RpcFailed(grpc.StatusCode.INTERNAL, "the server ended the stream before its end")


def _sent_all(sender: asyncio.Task[None]) -> bool:
    return not sender.cancelled() and sender.exception() is None


async def _async_iterator(items: AsyncIterable[Item] | Iterable[Item]) -> AsyncIterator[Item]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
