"""Translates documents: sentences in source order, each as soon as it and all before it are done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from mujaz.domain.assemble import TranslatedSentence
from mujaz.engine.batch import Priority


@dataclass(frozen=True, slots=True)
class TranslationConfig:
    """How to translate; empty and None fields take the model's published defaults.

    `model` is `models/{model}`. Language codes are BCP-47; an empty source is detected, an empty
    target means English.
    """

    model: str = ""
    source_language: str = ""
    target_language: str = ""
    beam_size: int | None = None
    priority: Priority = Priority.INTERACTIVE


@dataclass(frozen=True, slots=True)
class TranslationStats:
    """How the work was done. `model_revision` is `models/{model}@{revision}`."""

    model_revision: str
    source_character_count: int
    source_token_count: int
    queue_seconds: float
    inference_seconds: float


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """A BCP-47 code and a confidence from 0 to 1."""

    language_code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TranslationStarted:
    """The first event of a stream; `detected_language` only where the source was left empty."""

    sentence_count: int
    detected_language: DetectedLanguage | None


@dataclass(frozen=True, slots=True)
class TranslationFinished:
    """The last event of a stream; without it the translation is incomplete."""

    stats: TranslationStats


TranslationEvent = TranslationStarted | TranslatedSentence | TranslationFinished


@dataclass(frozen=True, slots=True)
class Translation:
    """A whole translated text."""

    translated_text: str
    sentences: tuple[TranslatedSentence, ...]
    detected_language: DetectedLanguage | None
    stats: TranslationStats


class DocumentTranslator:
    """The use case behind TranslationService. `deadline` is a `time.monotonic` instant or None.

    Raises InvalidRequest, ModelNotFound, LanguageUnsupported, ResumeTokenStale, Overloaded,
    Unavailable, DeadlineExceeded and EngineFailed. Closing an iterator or cancelling the task
    takes what still waits out of the queue.
    """

    async def translate(
        self, text: str, config: TranslationConfig, *, deadline: float | None = None
    ) -> Translation:
        """The whole translation, all or nothing."""
        raise NotImplementedError

    def stream(
        self,
        text: str,
        config: TranslationConfig,
        *,
        resume_token: str = "",
        deadline: float | None = None,
    ) -> AsyncIterator[tuple[TranslationEvent, str]]:
        """Each event with the token that resumes just after it."""
        raise NotImplementedError

    def stream_chunks(
        self,
        chunks: AsyncIterator[str],
        config: TranslationConfig,
        *,
        deadline: float | None = None,
    ) -> AsyncIterator[TranslatedSentence | TranslationFinished]:
        """Sentences of a text that arrives in pieces cut anywhere; reads on only as it sends."""
        raise NotImplementedError
