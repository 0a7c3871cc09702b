"""What to convert, and into what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mujaz.engine.manifest import ModelTask, Quantization, check_language, check_name
from mujaz.errors import FieldInvalid


@dataclass(frozen=True, slots=True)
class ConversionRequest:
    """A checkpoint directory, the model directory to make of it, and what its manifest says.

    Where `task`, `license` or `prefix` is None, the checkpoint must say it; `prefix` is the text
    that tells the model what to do, such as `summarize: `. Languages are BCP-47 codes; an empty
    `self_test_source` stands for a sentence in the source language. `origin` names where the
    checkpoint came from, for example `Helsinki-NLP/opus-mt-ar-en@<commit>`.
    """

    source: Path
    output: Path
    name: str
    task: ModelTask | None
    source_language: str
    target_language: str
    quantization: Quantization
    license: str | None
    force: bool
    version: str = "1.0.0"
    self_test_source: str = ""
    origin: str = ""
    prefix: str | None = None


def check_fields(*, name: str, source_language: str, target_language: str | None) -> None:
    """Raises FieldInvalid for a name or a language that no manifest can hold; a target language
    that is empty is chosen later."""
    for field, check, value in (
        ("name", check_name, name),
        ("source_language", check_language, source_language),
        ("target_language", check_language, target_language or "en"),
    ):
        try:
            check(value)
        except ValueError as error:
            raise FieldInvalid(f"{value!r} cannot be the {field}: {error}", field=field) from error
