"""Opens many streams over many connections, says so, and holds them until it is killed."""

from __future__ import annotations

import asyncio
import sys

from mujaz.v1.translation_service_pb2 import TranslateTextChunksRequest
from tests.faults.calls import CONFIG, translation
from tests.faults.server_process import own_channel


async def hold(address: str, connection_count: int, stream_count: int) -> None:
    """`stream_count` streams on each connection, which have sent their configuration only."""
    calls = []
    for _ in range(connection_count):
        stub = translation(own_channel(address))
        for _ in range(stream_count):
            call = stub.TranslateTextChunks()
            await call.write(TranslateTextChunksRequest(config=CONFIG))
            calls.append(call)
    print("open", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(hold(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
