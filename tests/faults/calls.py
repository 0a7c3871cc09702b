"""Texts that share no sentence, and calls with them."""

from __future__ import annotations

from itertools import count, islice
from typing import Any

import grpc

from mujaz.v1 import translation_service_pb2_grpc
from mujaz.v1.translation_service_pb2 import (
    StreamTranslateTextRequest,
    TranslateTextRequest,
    TranslationConfig,
)

CONFIG = TranslationConfig(source_language_code="ar", beam_size=1)

_NUMBERS = count()


def new_text(sentence_count: int) -> str:
    """Sentences that no text had before, so that none is remembered."""
    numbers = islice(_NUMBERS, sentence_count)
    return " ".join(f"أعلنت الوزارة اليوم عن الخطة رقم {number}." for number in numbers)


def translation(channel: grpc.aio.Channel) -> Any:
    """The stub of the translation service."""
    return translation_service_pb2_grpc.TranslationServiceStub(channel)


async def check_answers(channel: grpc.aio.Channel, **call: Any) -> None:
    """A short text is translated."""
    request = TranslateTextRequest(content=new_text(1), config=CONFIG)
    response = await translation(channel).TranslateText(request, timeout=60, **call)
    assert response.translated_text


def text_stream(channel: grpc.aio.Channel, text: str) -> Any:
    """A call of StreamTranslateText."""
    request = StreamTranslateTextRequest(content=text, config=CONFIG)
    return translation(channel).StreamTranslateText(request)
