"""Answers scrapes over HTTP from threads of its own, so that the event loop never waits for one."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import HTTPServer
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app

from mujaz.settings import SettingInvalid

# Scrapes answered at a time, how many wait, and how long one may take to send its request.
SCRAPE_THREADS: Final = 2
SCRAPES_WAITING: Final = 8
SCRAPE_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.1


class MetricsListener:
    """Serves one registry on `listen`, HOST:PORT, from when it is made until `stop`.

    Raises SettingInvalid where the address cannot be taken. `address` has the port really taken.
    """

    def __init__(self, listen: str, registry: CollectorRegistry) -> None:
        host, _, port = listen.rpartition(":")
        host = host.strip("[]")
        try:
            self._server = _Server(host, int(port))
        except OSError as error:
            raise SettingInvalid(
                f"metrics_listen: cannot listen on {listen}; see that the host is an address of "
                "this machine and that no other process uses the port"
            ) from error
        self._server.set_app(make_wsgi_app(registry))
        self.address = f"{listen.rpartition(':')[0]}:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name="mujaz-metrics"
        )
        self._thread.daemon = True
        self._thread.start()

    async def stop(self) -> None:
        """End after the scrapes in progress."""
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(WSGIRequestHandler):
    timeout = SCRAPE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a scrape is no event."""

    def get_stderr(self) -> Any:
        return _Nowhere()

    def address_string(self) -> str:
        # The name of the host would be asked for in the network.
        return str(self.client_address[0])


class _Nowhere:
    """Where a scraper that hangs up early writes its complaint."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is held."""


class _Server(WSGIServer):
    request_queue_size = SCRAPES_WAITING

    def __init__(self, host: str, port: int) -> None:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        self.address_family = family
        self._room = threading.BoundedSemaphore(SCRAPE_THREADS + SCRAPES_WAITING)
        self._threads = ThreadPoolExecutor(SCRAPE_THREADS, thread_name_prefix="mujaz-scrape")
        super().__init__(address[:2], _Handler)  # type: ignore[arg-type]

    def server_bind(self) -> None:
        # The one of HTTPServer asks the network for the name of the host.
        super(HTTPServer, self).server_bind()
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        self._threads.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        # The handler waits at most SCRAPE_SECONDS for each piece; one that drips ends here.
        end = threading.Timer(2 * SCRAPE_SECONDS, _hang_up, [request])
        end.daemon = True
        end.start()
        try:
            # Whatever is wrong with one scraper is no event of ours and harms no other.
            with suppress(Exception):
                self.finish_request(request, client_address)
        finally:
            end.cancel()
            self.shutdown_request(request)
            self._room.release()

    def server_close(self) -> None:
        super().server_close()
        self._threads.shutdown(wait=True, cancel_futures=True)


def _hang_up(request: Any) -> None:
    with suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)
