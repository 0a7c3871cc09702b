"""Starts and stops the service: the one place that builds the objects and ends them in order."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import grpc
import structlog
from structlog.typing import FilteringBoundLogger

from mujaz.errors import ModelLoading, MujazError, ShuttingDown
from mujaz.settings import SettingInvalid, Settings
from mujaz.transport.access import Access
from mujaz.transport.backend import Backend, load_backend
from mujaz.transport.health import HealthServicer
from mujaz.transport.interceptors.call_metrics import CallMetrics
from mujaz.transport.interceptors.call_tracing import CallTracing
from mujaz.transport.interceptors.in_progress import CallsInProgress
from mujaz.transport.interceptors.wrap import Interceptor
from mujaz.transport.metrics import ServiceMetrics
from mujaz.transport.metrics_listener import MetricsListener
from mujaz.transport.metrics_state import StateCollector
from mujaz.transport.server import SERVICE_NAMES, bind, build_health_server, build_server
from mujaz.transport.tracing import Tracing, build_tracing

# How long the event loop waits for a thread that segments or detokenizes; Python's 5 ms, waited for
# at each of its steps, would be most of the time that a refusal takes under load.
SWITCH_INTERVAL_SECONDS: Final = 0.0005
END_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Service:
    """One running server. `start` and `stop` are each called once, on the same event loop."""

    def __init__(
        self,
        settings: Settings,
        *,
        logger: FilteringBoundLogger | None = None,
        load: Callable[[Settings], Awaitable[Backend]] | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        self._settings = settings
        self._logger: FilteringBoundLogger = logger or structlog.get_logger("mujaz.transport")
        self._health = HealthServicer(SERVICE_NAMES, is_alive=self._is_alive)
        self._in_progress = CallsInProgress()
        self.metrics = ServiceMetrics()
        self._load = load or partial(load_backend, observer=self.metrics)
        self._tracing = tracing
        if tracing is None and settings.otlp_endpoint is not None:
            self._tracing = build_tracing(settings.otlp_endpoint)
        self.access = Access(settings, logger=self._logger)
        self._server = build_server(
            settings,
            self.backend,
            health=self._health,
            in_progress=self._in_progress,
            tokens=self.access.tokens,
            observers=self._observers(),
            logger=self._logger,
        )
        self.metrics.registry.register(
            StateCollector(
                backend=lambda: self._loaded,
                is_ready=lambda: self._health.ready,
                is_draining=lambda: self._health.draining,
                certificate_ends_at=self._certificate_ends_at,
            )
        )
        self._metrics_listener: MetricsListener | None = None
        self._health_server: grpc.aio.Server | None = None
        self._loaded: Backend | None = None
        self._stopped = False
        self._reloading = asyncio.Lock()
        self.address = settings.listen
        self.health_address = settings.health_listen
        self.metrics_address = settings.metrics_listen

    async def start(self) -> None:
        """Listen, then load the models; returns once they are ready to answer.

        Health and calls are answered meanwhile: NOT_SERVING, and UNAVAILABLE with MODEL_LOADING.
        Raises SettingInvalid where the address cannot be taken or a default model is not there,
        ModelDamaged where a model is not fit to serve.
        """
        try:
            await self._listen()
            async with self._reloading:
                self._loaded = await self._load(self._settings)
        except BaseException:
            await self._server.stop(None)
            await self._stop_side_services()
            raise
        self._health.set_ready()
        self._logger.info("ready", address=self.address, **_holdings(self._loaded))

    async def _listen(self) -> None:
        """Take every address and answer at it; what runs already is left so where one fails."""
        certificates, health_listen = self.access.certificates, self._settings.health_listen
        self.address = bind(
            self._server,
            self._settings.listen,
            credentials=None if certificates is None else certificates.credentials(),
        )
        if health_listen is not None:
            self._health_server = build_health_server(self._settings, self._health)
            self.health_address = bind(self._health_server, health_listen, setting="health_listen")
            await self._health_server.start()
        self._start_metrics()
        await self._server.start()
        self.access.start()
        self._logger.info(
            "listening",
            address=self.address,
            tls=certificates is not None,
            health_address=self.health_address,
            metrics_address=self.metrics_address,
        )

    async def reload(self) -> None:
        """Read models, names and glossaries again; if one cannot be used, all stay as they were.

        During the start it waits for its end.
        """
        async with self._reloading:  # an older reading must not replace a newer one
            loaded = self._loaded
            if loaded is None:
                return
            try:
                await loaded.reload(self._settings)
            # Whatever is wrong with the new ones, the service goes on with the old ones.
            except Exception as error:
                self.metrics.reloads.labels("failed").inc()
                self._logger.error("models_not_reloaded", **_problem(error))
                return
            self.metrics.reloads.labels("succeeded").inc()
            self._logger.info("models_reloaded", **_holdings(loaded))

    async def stop(self) -> None:
        """Drain: health goes first, then the calls, after them the engine, the models last.

        Calls are taken until `drain_delay_seconds` have passed, and those in progress have
        `drain_grace_seconds` more; what then remains ends with UNAVAILABLE.
        """
        settings = self._settings
        self._health.drain()
        self._logger.info(
            "draining",
            delay_seconds=settings.drain_delay_seconds,
            grace_seconds=settings.drain_grace_seconds,
        )
        await asyncio.sleep(settings.drain_delay_seconds)
        backend, self._loaded, self._stopped = self._loaded, None, True
        # gRPC may cancel a call that arrives while it stops, and no client tries a cancelled call
        # again; as long as others are answered, `backend` refuses it with UNAVAILABLE.
        loop = asyncio.get_running_loop()
        end = loop.time() + settings.drain_grace_seconds
        await self._in_progress.wait_until_none(settings.drain_grace_seconds)
        await self._server.stop(max(0.0, end - loop.time()))
        if backend is not None:
            await backend.stop()
        await self._stop_side_services()
        self._logger.info("stopped")

    def _observers(self) -> list[Interceptor]:
        metrics = CallMetrics(self.metrics)
        return [metrics] if self._tracing is None else [CallTracing(self._tracing), metrics]

    def _start_metrics(self) -> None:
        listen = self._settings.metrics_listen
        if listen is None:
            return
        self._metrics_listener = MetricsListener(listen, self.metrics.registry)
        self.metrics_address = self._metrics_listener.address

    def _certificate_ends_at(self) -> float | None:
        certificates = self.access.certificates
        return None if certificates is None else certificates.ends_at

    async def _stop_side_services(self) -> None:
        await self.access.stop()
        if self._metrics_listener is not None:
            await self._metrics_listener.stop()
        if self._tracing is not None:
            await self._tracing.stop()
        if self._health_server is not None:
            await self._health_server.stop(None)

    def _is_alive(self) -> bool:
        loaded = self._loaded
        return loaded is None or loaded.scheduler.is_alive(self._settings.engine_stall_seconds)

    def backend(self) -> Backend:
        """What answers the calls. Raises ModelLoading until it is there, ShuttingDown later."""
        if self._loaded is not None:
            return self._loaded
        if self._stopped:
            raise ShuttingDown("The server is shutting down; send the request to another replica.")
        raise ModelLoading("The models are still being loaded; try again in a moment.")


def _holdings(backend: Backend) -> dict[str, list[str]]:
    """What the service answers with, for the log."""
    models, glossaries = backend.registry.models(), backend.glossaries.names
    return {"models": [model.revision for model in models], "glossaries": list(glossaries)}


def _problem(error: Exception) -> dict[str, str]:
    """Why a reload failed, for the log."""
    if isinstance(error, MujazError):
        return {"problem": error.message, **error.metadata}
    if isinstance(error, SettingInvalid):
        return {"problem": str(error)}
    return {"problem": "It failed in a way nobody foresaw.", "error": type(error).__qualname__}


async def serve(
    settings: Settings, *, on_ready: Callable[[str], None] = lambda address: None
) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends the process at once.

    SIGHUP reads models, names and glossaries again. `on_ready` gets the address once calls are
    answered. Raises as `Service.start` does.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()

    def end() -> None:
        for number in END_SIGNALS:
            loop.remove_signal_handler(number)
        stopping.set()

    for number in END_SIGNALS:
        loop.add_signal_handler(number, end)
    service = Service(settings)
    reloading: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = loop.create_task(service.reload())
        reloading.add(task)
        task.add_done_callback(reloading.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    await service.start()
    try:
        on_ready(service.address)
        await stopping.wait()
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        await service.stop()
