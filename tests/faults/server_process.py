"""Starts the server as a process of its own, and knows when it is ready and what it holds."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.conftest import MODELS

COMMAND = (sys.executable, "-m", "mujaz")
# No test waits so long unless something hangs.
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.02


@dataclass
class ServerProcess:
    """A running `mujaz serve`: its process, its address, and the log lines it wrote so far."""

    process: asyncio.subprocess.Process
    address: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)
    plain_lines: list[str] = field(default_factory=list)
    _written: asyncio.Condition = field(default_factory=asyncio.Condition)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    async def logged(self, event: str, *, count: int = 1, **wanted: Any) -> dict[str, Any]:
        """Waits for the log line number `count` of that event that says what is `wanted`."""

        def found() -> list[dict[str, Any]]:
            return [
                line
                for line in self.lines
                if line["event"] == event and wanted.items() <= line.items()
            ]

        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._written:
                await self._written.wait_for(lambda: len(found()) >= count)
        except TimeoutError:
            raise AssertionError(f"no {event} {wanted} in {self.lines[-20:]}") from None
        return found()[count - 1]

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def ended(self) -> int:
        """Waits for the end; the exit status, with all that was logged before read."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            status = await self.process.wait()
            await asyncio.gather(*self._readers)
        return status

    async def stopped(self) -> int:
        """The exit status after SIGTERM."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    @property
    def resident_bytes(self) -> int:
        return self._kibibytes("VmRSS") * 1024

    @property
    def virtual_bytes(self) -> int:
        return self._kibibytes("VmSize") * 1024

    @property
    def peak_virtual_bytes(self) -> int:
        return self._kibibytes("VmPeak") * 1024

    @property
    def descriptor_count(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def processor_ticks(self) -> int:
        """Hundredths of a second this process has computed."""
        text = Path(f"/proc/{self.process.pid}/stat").read_text()
        numbers = text.rpartition(")")[2].split()
        return int(numbers[11]) + int(numbers[12])

    async def idle(self) -> None:
        """Waits until the process has stopped computing."""
        before = -1
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (now := self.processor_ticks) > before + 1:
                before = now
                await asyncio.sleep(0.25)

    def _kibibytes(self, name: str) -> int:
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1])  # type: ignore[index]

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            text = line.decode()
            async with self._written:
                if text.startswith("{"):
                    self.lines.append(json.loads(text))
                else:
                    self.plain_lines.append(text)
                self._written.notify_all()


@asynccontextmanager
async def server_process(
    *arguments: str | Path,
    models: Path = MODELS,
    program: Sequence[str] = COMMAND,
    wrapper: Sequence[str] = (),
    ready: bool = True,
    cwd: Path | None = None,
    **variables: str,
) -> AsyncIterator[ServerProcess]:
    """A server on a free port of the loopback; ready once its health service says so.

    `wrapper` is put before the command, for limits (`limited`). What still runs at the end of the
    block is killed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUJAZ_")}
    words = [*wrapper, *program, "serve", "--listen", "127.0.0.1:0", "--models", models]
    process = await asyncio.create_subprocess_exec(
        *map(str, [*words, "--log-format", "json", *arguments]),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**kept, **variables},
        cwd=cwd,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    server = ServerProcess(process)
    server._readers.extend(
        asyncio.create_task(server._read(stream)) for stream in (process.stdout, process.stderr)
    )
    try:
        if ready:
            server.address = (await server.logged("listening"))["address"]
            await until_serving(server.address)
        yield server
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await asyncio.gather(*server._readers)


def limited(*limits: str) -> tuple[str, ...]:
    """Words before a command that lower its limits, as `ulimit` takes them: `-n 64`."""
    return ("sh", "-c", f'ulimit {" ".join(limits)} && exec "$@"', "sh")


async def until_serving(address: str) -> None:
    """Waits until the health service at `address` says SERVING."""
    async with own_channel(address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(
            health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS, wait_for_ready=True
        )
        async for response in watch:
            if response.status == health_pb2.HealthCheckResponse.SERVING:
                watch.cancel()
                return
    raise AssertionError(f"{address} stopped before it was ready")


def own_channel(address: str, *options: tuple[str, int]) -> grpc.aio.Channel:
    """A connection that is shared with no other channel, with a window that does not grow."""
    own = [("grpc.use_local_subchannel_pool", 1), ("grpc.http2.bdp_probe", 0)]
    return grpc.aio.insecure_channel(address, [*own, *options])


async def until(condition: Callable[[], bool]) -> None:
    """Waits for what no event tells of."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)
