"""HTTP/2 frames by hand, right and wrong, on a plain socket (RFC 9113, RFC 7541)."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS = 0x0, 0x1, 0x2, 0x3, 0x4
PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0x5, 0x6, 0x7, 0x8, 0x9
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITIZED = 0x1, 0x1, 0x4, 0x8, 0x20

_CANCEL = struct.pack(">I", 8)


def frame(
    kind: int, flags: int, stream: int, payload: bytes, *, length: int | None = None
) -> bytes:
    """One frame; `length` is what its head claims, where that is not the truth."""
    claimed = len(payload) if length is None else length
    return struct.pack(">I", claimed)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def settings(*pairs: tuple[int, int]) -> bytes:
    """A SETTINGS frame."""
    payload = b"".join(struct.pack(">HI", name, value) for name, value in pairs)
    return frame(SETTINGS, 0, 0, payload)


def field(name: bytes, value: bytes) -> bytes:
    """A header field, literal without indexing, no Huffman code."""
    return b"\x00" + _string(name) + _string(value)


def _string(data: bytes) -> bytes:
    if len(data) < 127:
        return bytes([len(data)]) + data
    rest, coded = len(data) - 127, bytearray([127])
    while rest >= 128:
        coded.append(rest % 128 + 128)
        rest //= 128
    return bytes([*coded, rest]) + data


def request_fields(path: str, *extra: tuple[bytes, bytes]) -> bytes:
    """The header block of a call of a method."""
    fields = [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", path.encode()),
        (b":authority", b"localhost"),
        (b"te", b"trailers"),
        (b"content-type", b"application/grpc"),
        *extra,
    ]
    return b"".join(field(name, value) for name, value in fields)


def headers(path: str, stream: int, *extra: tuple[bytes, bytes], flags: int = END_HEADERS) -> bytes:
    """The HEADERS frame that opens a call."""
    return frame(HEADERS, flags, stream, request_fields(path, *extra))


def message(body: bytes, *, compressed: int = 0, length: int | None = None) -> bytes:
    """A gRPC message with its prefix; `length` is what the prefix claims."""
    return struct.pack(">BI", compressed, len(body) if length is None else length) + body


def call(path: str, stream: int, *bodies: bytes) -> bytes:
    """A whole call: its headers and its messages."""
    data = b"".join(map(message, bodies))
    return headers(path, stream) + frame(DATA, END_STREAM, stream, data)


def reset(stream: int) -> bytes:
    """A RST_STREAM that cancels."""
    return frame(RST_STREAM, 0, stream, _CANCEL)


def rapid_reset(path: str, body: bytes, count: int) -> Iterator[bytes]:
    """Calls that are cancelled as they are made (CVE-2023-44487)."""
    for stream in range(1, 2 * count, 2):
        yield call(path, stream, body) + reset(stream)


class Connection:
    """A plain connection to a server, which may be gone at any time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, address: str, *, greets: bool = True) -> Connection:
        """Connects, and says what HTTP/2 begins with."""
        host, _, port = address.rpartition(":")
        connection = cls(*await asyncio.open_connection(host, int(port)))
        if greets:
            await connection.send(PREFACE + settings())
        return connection

    async def send(self, data: bytes) -> bool:
        """Sends bytes; False once the server has closed the connection."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except (ConnectionError, OSError):
            return False
        return True

    async def answer(self, limit_seconds: float) -> bytes:
        """What the server says until it says nothing more or closes, or for so long."""
        received = bytearray()
        with suppress(ConnectionError, OSError, TimeoutError):
            async with asyncio.timeout(limit_seconds):
                while data := await self._reader.read(65_536):
                    received += data
        return bytes(received)

    async def close(self) -> None:
        """Closes, whatever state the other side is in."""
        self._writer.transport.abort()
        with suppress(ConnectionError, OSError):
            await self._writer.wait_closed()
