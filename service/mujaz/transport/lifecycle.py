"""Starts and stops the service: the one place that builds the objects and ends them in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from structlog.typing import FilteringBoundLogger

from mujaz.errors import GlossaryInvalid, ModelLoading, ShuttingDown
from mujaz.settings import Settings
from mujaz.transport.backend import Backend, load_backend
from mujaz.transport.health import HealthServicer
from mujaz.transport.interceptors.in_progress import CallsInProgress
from mujaz.transport.server import SERVICE_NAMES, bind, build_server

END_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Service:
    """One running server. `start` and `stop` are each called once, on the same event loop."""

    def __init__(
        self,
        settings: Settings,
        *,
        logger: FilteringBoundLogger | None = None,
        load: Callable[[Settings], Awaitable[Backend]] = load_backend,
    ) -> None:
        self._settings = settings
        self._load = load
        self._logger: FilteringBoundLogger = logger or structlog.get_logger("mujaz.transport")
        self._health = HealthServicer(SERVICE_NAMES)
        self._in_progress = CallsInProgress()
        self._server = build_server(
            settings,
            self.backend,
            health=self._health,
            in_progress=self._in_progress,
            logger=self._logger,
        )
        self._loaded: Backend | None = None
        self._stopped = False
        self._reloading = asyncio.Lock()
        self.address = settings.listen

    async def start(self) -> None:
        """Listen, then load the models; returns once they are ready to answer.

        Health and calls are answered meanwhile: NOT_SERVING, and UNAVAILABLE with MODEL_LOADING.
        Raises SettingInvalid where the address cannot be taken, ModelDamaged where a model is not
        fit to serve.
        """
        self.address = bind(self._server, self._settings.listen)
        await self._server.start()
        self._logger.info("listening", address=self.address)
        try:
            self._loaded = await self._load(self._settings)
        except BaseException:
            await self._server.stop(None)
            raise
        self._health.set_ready()
        revisions = [model.revision for model in self._loaded.registry.models()]
        self._logger.info(
            "ready",
            address=self.address,
            models=revisions,
            glossaries=list(self._loaded.glossaries.names),
        )

    async def reload(self) -> None:
        """Read the glossaries again; where one cannot be used, all stay as they were."""
        async with self._reloading:  # an older reading must not replace a newer one
            if self._loaded is None:
                return
            glossaries = self._loaded.glossaries
            try:
                await self._loaded.reload_glossaries(self._settings)
            except GlossaryInvalid as error:
                self._logger.error(
                    "glossaries_not_reloaded", problem=error.message, **error.metadata
                )
            else:
                self._logger.info("glossaries_reloaded", glossaries=list(glossaries.names))

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
        self._logger.info("stopped")

    def backend(self) -> Backend:
        """What answers the calls. Raises ModelLoading until it is there, ShuttingDown later."""
        if self._loaded is not None:
            return self._loaded
        if self._stopped:
            raise ShuttingDown("The server is shutting down; send the request to another replica.")
        raise ModelLoading("The models are still being loaded; try again in a moment.")


async def serve(
    settings: Settings, *, on_ready: Callable[[str], None] = lambda address: None
) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends the process at once.

    SIGHUP reads the glossaries again. `on_ready` gets the address once calls are answered. Raises
    as `Service.start` does.
    """
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
