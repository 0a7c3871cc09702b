"""Resume tokens: a stream's position, bound to the text, the configuration and the model.

A token is stateless, so any replica that holds the same model resumes the stream. It is a claim,
not a secret: every part is checked against the request, and a mismatch is refused, because going
on with another text or model would be a wrong continuation.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import Final

from mujaz.domain.segment import SEGMENTER_VERSION
from mujaz.errors import FieldInvalid, ResumeTokenStale

TOKEN_VERSION: Final = 1
DIGEST_BYTES: Final = 16
# version, segmenter version, next event, offset in the translation, digest of what is translated
_LAYOUT: Final = struct.Struct(f">BHIQ{DIGEST_BYTES}s")


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """Where a stream goes on: the next event, and the length of the translation before it.

    Event 0 is `started`, event i the sentence i - 1, the last one `finished`.
    """

    next_event: int = 0
    translated_length: int = 0


def work_digest(*parts: str) -> bytes:
    """A digest of everything that decides the output; parts are length-prefixed, never joined."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()


def encode_token(point: ResumePoint, digest: bytes) -> str:
    """The token that resumes at `point`: URL-safe base64 without padding."""
    packed = _LAYOUT.pack(
        TOKEN_VERSION, SEGMENTER_VERSION, point.next_event, point.translated_length, digest
    )
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def claimed_length(token: str) -> int:
    """The length of the translation that a token claims to have; unverified, 0 for no token."""
    try:
        return _unpack(token)[3] if token else 0
    except FieldInvalid:
        return 0


def decode_token(token: str, digest: bytes, *, event_count: int) -> ResumePoint:
    """The point a token stands for; an empty token is the start.

    Raises FieldInvalid when it is not a token at all, ResumeTokenStale when it belongs to another
    text, configuration, model, segmenter, or lies beyond the last of `event_count` events.
    """
    if not token:
        return ResumePoint()
    version, segmenter, next_event, length, token_digest = _unpack(token)
    current = (TOKEN_VERSION, SEGMENTER_VERSION, digest)
    if (version, segmenter, token_digest) != current or next_event > event_count:
        raise ResumeTokenStale(
            "The resume token belongs to another text, configuration, model or version; start "
            "again without a token."
        )
    return ResumePoint(next_event, length)


def _unpack(token: str) -> tuple[int, int, int, int, bytes]:
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        version, segmenter, next_event, length, digest = _LAYOUT.unpack(packed)
    except (binascii.Error, ValueError, struct.error) as error:
        raise FieldInvalid(
            "The resume token is malformed; send the token of the last response unchanged.",
            field="resume_token",
        ) from error
    return version, segmenter, next_event, length, digest
