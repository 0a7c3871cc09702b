"""The errors Mujaz raises on purpose, one class per reason.

MujazError
├── InvalidRequest
│   ├── ContentEmpty            CONTENT_EMPTY
│   ├── ContentTooLong          CONTENT_TOO_LONG
│   └── FieldInvalid            FIELD_INVALID
├── ModelNotFound               MODEL_NOT_FOUND
├── GlossaryNotFound            GLOSSARY_NOT_FOUND
├── LanguageUnsupported         LANGUAGE_UNSUPPORTED
├── ResumeTokenStale            RESUME_TOKEN_STALE
├── Unauthenticated
│   ├── TokenMissing            TOKEN_MISSING
│   └── TokenInvalid            TOKEN_INVALID
├── ScopeMissing                SCOPE_MISSING
├── Overloaded
│   ├── QueueFull               QUEUE_FULL
│   ├── QuotaExceeded           QUOTA_EXCEEDED
│   ├── CallerShareExceeded     CALLER_SHARE_EXCEEDED
│   └── WaitExceedsDeadline     WAIT_EXCEEDS_DEADLINE
├── Unavailable
│   ├── ModelLoading            MODEL_LOADING
│   └── ShuttingDown            SHUTTING_DOWN
├── DeadlineExceeded            DEADLINE_EXCEEDED
│   └── StreamIdle              STREAM_IDLE
├── EngineFailed                ENGINE_FAILED
├── ModelDamaged                MODEL_DAMAGED (at load time only)
├── GlossaryInvalid             GLOSSARY_INVALID (at load time only)
├── ConversionFailed            CONVERSION_FAILED (on the command line only, as those below)
│   ├── CheckpointNotFound      CHECKPOINT_NOT_FOUND
│   ├── HubUnavailable          HUB_UNAVAILABLE
│   └── LicenseNotAccepted      LICENSE_NOT_ACCEPTED
└── EvaluationInvalid           EVALUATION_INVALID (on the command line only)

Messages are stable English that tells the reader what to do; what varies goes into `metadata`,
which never holds article text. `transport/status.py` has the one table to gRPC codes.
"""

from __future__ import annotations

from typing import ClassVar


class MujazError(Exception):
    """Base of every error raised on purpose."""

    reason: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, **metadata: str | int | float) -> None:
        super().__init__(message)
        self.message = message
        self.metadata = {key: str(value) for key, value in metadata.items()}


class InvalidRequest(MujazError):
    """The request can never succeed as it is; `field` is the path of the field to change."""

    reason = "FIELD_INVALID"

    def __init__(self, message: str, *, field: str, **metadata: str | int | float) -> None:
        super().__init__(message, **metadata)
        self.field = field


class ContentEmpty(InvalidRequest):
    """There is no text to work on."""

    reason = "CONTENT_EMPTY"


class ContentTooLong(InvalidRequest):
    """The text is over the limit of the method; another method may take it."""

    reason = "CONTENT_TOO_LONG"


class FieldInvalid(InvalidRequest):
    """A field is malformed or out of its range."""

    reason = "FIELD_INVALID"


class ModelNotFound(MujazError):
    """No model of that name is loaded."""

    reason = "MODEL_NOT_FOUND"

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message, name=name)
        self.name = name


class GlossaryNotFound(MujazError):
    """The server holds no glossary of that name."""

    reason = "GLOSSARY_NOT_FOUND"

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message, name=name)
        self.name = name


class LanguageUnsupported(MujazError):
    """No loaded model serves that language pair."""

    reason = "LANGUAGE_UNSUPPORTED"


class ResumeTokenStale(MujazError):
    """The token belongs to another text, configuration, model or segmenter."""

    reason = "RESUME_TOKEN_STALE"


class Unauthenticated(MujazError):
    """The call does not say who makes it in a way the server accepts."""

    reason = "TOKEN_INVALID"


class TokenMissing(Unauthenticated):
    """The server asks for a token, and none came."""

    reason = "TOKEN_MISSING"


class TokenInvalid(Unauthenticated):
    """The token is malformed, unknown or expired."""

    reason = "TOKEN_INVALID"


class ScopeMissing(MujazError):
    """The token is known and does not allow what was asked."""

    reason = "SCOPE_MISSING"


class Overloaded(MujazError):
    """Refused before any work; trying again after `retry_after_seconds` may succeed."""

    reason = "QUEUE_FULL"

    def __init__(
        self, message: str, *, retry_after_seconds: float, **metadata: str | int | float
    ) -> None:
        super().__init__(message, **metadata)
        self.retry_after_seconds = retry_after_seconds


class QueueFull(Overloaded):
    """The queue of the engine has no room."""

    reason = "QUEUE_FULL"


class QuotaExceeded(Overloaded):
    """The token has sent as much text as its rate allows; `subject` is its name."""

    reason = "QUOTA_EXCEEDED"

    def __init__(
        self,
        message: str,
        *,
        subject: str,
        retry_after_seconds: float,
        **metadata: str | int | float,
    ) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds, **metadata)
        self.subject = subject


class CallerShareExceeded(Overloaded):
    """The caller holds its share of what callers have in common; others still find room."""

    reason = "CALLER_SHARE_EXCEEDED"


class WaitExceedsDeadline(Overloaded):
    """The work ahead takes longer than the caller waits."""

    reason = "WAIT_EXCEEDS_DEADLINE"


class Unavailable(MujazError):
    """Not now; another replica, or this one a little later, may answer."""

    reason = "SHUTTING_DOWN"
    retry_after_seconds: ClassVar[float] = 1.0


class ModelLoading(Unavailable):
    """The models are still being loaded."""

    reason = "MODEL_LOADING"


class ShuttingDown(Unavailable):
    """The server drains and takes no new work."""

    reason = "SHUTTING_DOWN"


class DeadlineExceeded(MujazError):
    """The deadline passed while the work waited or ran."""

    reason = "DEADLINE_EXCEEDED"


class StreamIdle(DeadlineExceeded):
    """A caller kept a stream open and neither sent nor waited for anything."""

    reason = "STREAM_IDLE"


class EngineFailed(MujazError):
    """The model could not compute an answer."""

    reason = "ENGINE_FAILED"


class ModelDamaged(MujazError):
    """A model directory is incomplete, altered, or fails its self-test."""

    reason = "MODEL_DAMAGED"


class GlossaryInvalid(MujazError):
    """A glossary file cannot be read, or an entry in it cannot be used."""

    reason = "GLOSSARY_INVALID"


class ConversionFailed(MujazError):
    """A checkpoint cannot be fetched, or made into a model directory that works."""

    reason = "CONVERSION_FAILED"


class EvaluationInvalid(MujazError):
    """A test set, a file of results, or the way to evaluate a model does not hold together."""

    reason = "EVALUATION_INVALID"


class CheckpointNotFound(ConversionFailed):
    """The hub has no such repository, revision or usable checkpoint, or does not show it to us."""

    reason = "CHECKPOINT_NOT_FOUND"


class HubUnavailable(ConversionFailed):
    """The hub cannot be reached or does not answer; what was downloaded is kept for another try."""

    reason = "HUB_UNAVAILABLE"


class LicenseNotAccepted(ConversionFailed):
    """The licence of a model has to be named or accepted before it is downloaded."""

    reason = "LICENSE_NOT_ACCEPTED"
