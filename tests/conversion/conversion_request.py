"""Requests to convert, as the tests make them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mujaz.conversion.request import ConversionRequest
from mujaz.engine.manifest import Quantization

# The output of the random weights of `marian_checkpoint` for it ends, and does not repeat itself.
SELF_TEST = "نحن أمام أزمة لم يشهدها البلد منذ نصف قرن."


def request_for(source: Path, output: Path, **changes: Any) -> ConversionRequest:
    """A request to convert for Arabic to English, without rounding, as `changes` say."""
    settings: dict[str, Any] = {
        "source": source,
        "output": output,
        "name": "converted",
        "task": None,
        "source_language": "ar",
        "target_language": "en",
        "quantization": Quantization.FLOAT32,
        "license": None,
        "force": False,
        "self_test_source": SELF_TEST,
    }
    return ConversionRequest(**{**settings, **changes})
