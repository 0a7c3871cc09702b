"""Answers the engine has given already: agency copy repeats across papers, word for word."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import astuple
from hashlib import blake2b

from mujaz.engine.protocols import Decoded, DecodingOptions

DEFAULT_CACHE_BYTES = 32 * 1024 * 1024

# What one entry takes beside its text: key, Decoded, and their places in the dictionary.
_ENTRY_OVERHEAD_BYTES = 512


def segment_key(text: str, model_revision: str, *, options: DecodingOptions) -> bytes:
    """The key of one answer, 32 bytes: equal only where all that shaped the answer is equal.

    `text` is what the model reads: what a glossary replaces in it counts, and nothing else of one.
    """
    parts = (text.encode(), model_revision.encode(), repr(astuple(options)).encode())
    return length_prefixed_digest(parts)


def length_prefixed_digest(parts: Iterable[bytes]) -> bytes:
    """BLAKE2b over each part behind its length, so that no two lists of parts read the same."""
    digest = blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


class SegmentCache:
    """The most recently used answers, up to a number of bytes; 0 keeps none.

    Not thread-safe: it belongs to the event loop.
    """

    __slots__ = ("_capacity_bytes", "_entries", "_hit_count", "_miss_count", "_size_bytes")

    def __init__(self, capacity_bytes: int = DEFAULT_CACHE_BYTES) -> None:
        self._capacity_bytes = capacity_bytes
        self._entries: OrderedDict[bytes, Decoded] = OrderedDict()
        self._size_bytes = 0
        self._hit_count = 0
        self._miss_count = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def capacity_bytes(self) -> int:
        """The most that the answers may take."""
        return self._capacity_bytes

    @property
    def size_bytes(self) -> int:
        """An upper estimate of the memory the answers take."""
        return self._size_bytes

    @property
    def hit_count(self) -> int:
        """How many calls of `get` found their answer."""
        return self._hit_count

    @property
    def miss_count(self) -> int:
        """How many calls of `get` found none."""
        return self._miss_count

    def get(self, key: bytes) -> Decoded | None:
        """The answer kept under `key`, which becomes the most recently used."""
        answer = self._entries.get(key)
        if answer is None:
            self._miss_count += 1
            return None
        self._entries.move_to_end(key)
        self._hit_count += 1
        return answer

    def put(self, key: bytes, answer: Decoded) -> None:
        """Keeps an answer and drops the least recently used ones beyond the capacity."""
        replaced = self._entries.pop(key, None)
        if replaced is not None:
            self._size_bytes -= _entry_bytes(replaced)
        if _entry_bytes(answer) > self._capacity_bytes:
            return
        self._entries[key] = answer
        self._size_bytes += _entry_bytes(answer)
        while self._size_bytes > self._capacity_bytes:
            _, dropped = self._entries.popitem(last=False)
            self._size_bytes -= _entry_bytes(dropped)


def _entry_bytes(answer: Decoded) -> int:
    return 4 * len(answer.text) + _ENTRY_OVERHEAD_BYTES
