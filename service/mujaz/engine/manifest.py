"""The manifest of a model directory: what the model is, and the digest of each of its files."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from mujaz.domain.normalize import NormalizationOptions
from mujaz.engine import strict_json
from mujaz.engine.digests import FileDigest, verify_directory
from mujaz.engine.protocols import DecodingOptions
from mujaz.errors import ModelDamaged

MANIFEST_NAME = "manifest.json"
FORMAT_VERSION = 1

_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class ModelTask(StrEnum):
    """What a model does; named as in the contract."""

    TRANSLATION = "translation"
    SUMMARIZATION = "summarization"


class TokenizerScheme(StrEnum):
    """The family whose conventions the pieces and special tokens follow."""

    MUJAZ = "mujaz"
    MARIAN = "marian"
    NLLB = "nllb"
    M2M100 = "m2m100"
    MBART = "mbart"
    BART = "bart"
    T5 = "t5"
    PEGASUS = "pegasus"


class Quantization(StrEnum):
    """How the weights are stored; CTranslate2 computes in that or the nearest the processor has."""

    INT8 = "int8"
    INT8_FLOAT32 = "int8_float32"
    INT8_FLOAT16 = "int8_float16"
    INT8_BFLOAT16 = "int8_bfloat16"
    INT16 = "int16"
    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"


@dataclass(frozen=True, slots=True)
class TokenizerSettings:
    """SentencePiece files and the tokens around the pieces.

    The model reads prefix + pieces + suffix. The decoder is forced to begin with `target_prefix`,
    which is not part of the output.
    """

    scheme: TokenizerScheme
    source_file: str
    target_file: str
    source_prefix: tuple[str, ...] = ()
    source_suffix: tuple[str, ...] = ()
    target_prefix: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names_language = self.scheme in (TokenizerScheme.NLLB, TokenizerScheme.M2M100)
        around_source = {*self.source_prefix, *self.source_suffix} - {"</s>"}
        if names_language and not (around_source and self.target_prefix):
            raise ValueError(
                f"scheme {self.scheme} needs the language tokens in source_prefix (or, in models "
                "that have them there, source_suffix) and target_prefix"
            )


@dataclass(frozen=True, slots=True)
class DataSource:
    """Text the weights were trained on, and the terms it is published under."""

    name: str
    license: str


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A sentence, and what its output must look like: at least so long, matching `pattern`."""

    source: str
    minimum_character_count: int = 1
    pattern: str = ""

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError("source must not be empty")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"pattern is not a regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything the service knows of a model; the fields are the keys of `manifest.json`.

    An output may be `target_token_ratio` × source tokens + `target_token_margin` tokens long.
    `max_position_count` is the longest sequence the weights can represent, special tokens
    included; `max_source_token_count` the longest they should be given, special tokens included.
    Scores are keyed `test-set/metric`; `scores_signature` says how they were computed. `origin`
    says what the weights were converted from, where they were not trained for Mujaz.
    """

    format_version: int
    name: str
    version: str
    task: ModelTask
    source_language: str
    target_language: str
    architecture: str
    tokenizer: TokenizerSettings
    normalization: NormalizationOptions
    decoding: DecodingOptions
    retry_decoding: DecodingOptions
    max_source_token_count: int
    max_position_count: int
    target_token_ratio: float
    target_token_margin: int
    quantization: Quantization
    license: str
    data_sources: tuple[DataSource, ...]
    scores: Mapping[str, float]
    scores_signature: str
    self_test: SelfTest
    files: Mapping[str, FileDigest]
    score_floor: float | None = None
    origin: str = ""

    def __post_init__(self) -> None:
        _require(self.format_version == FORMAT_VERSION, f"format_version must be {FORMAT_VERSION}")
        check_name(self.name)
        for code in (self.source_language, self.target_language):
            check_language(code)
        _require(
            0 < self.max_source_token_count < self.max_position_count,
            "max_source_token_count must be over 0 and under max_position_count",
        )
        _require(self.target_token_ratio > 0, "target_token_ratio must be over 0")
        _require(self.target_token_margin > 0, "target_token_margin must be over 0")
        for options in (self.decoding, self.retry_decoding):
            _check_decoding(options)
        for name in self.files:
            _require(bool(_FILE_NAME.fullmatch(name)), f"{name!r} is not a plain file name")
        for name in self.required_files:
            _require(name in self.files, f"files must list {name}")

    @property
    def required_files(self) -> frozenset[str]:
        """The files without which the model cannot be opened."""
        tokenizer = self.tokenizer
        return frozenset({"model.bin", "config.json", tokenizer.source_file, tokenizer.target_file})


def check_name(name: str) -> None:
    """Raises ValueError where `name` cannot be the name of a model."""
    _require(bool(_NAME.fullmatch(name)), "name must be lower-case letters, digits, . _ -")


def check_language(code: str) -> None:
    """Raises ValueError where `code` cannot be the language of a model."""
    _require(bool(_LANGUAGE.fullmatch(code)), f"{code!r} is not a BCP-47 language code")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _check_decoding(options: DecodingOptions) -> None:
    _require(1 <= options.beam_size <= 32, "beam_size must be from 1 to 32")
    _require(options.length_penalty >= 0, "length_penalty must not be negative")
    _require(options.repetition_penalty >= 1, "repetition_penalty must be at least 1")
    _require(options.no_repeat_ngram_size >= 0, "no_repeat_ngram_size must not be negative")


def revision(manifest_bytes: bytes) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of the manifest; it names exact weights."""
    return hashlib.sha256(manifest_bytes).hexdigest()[:12]


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a model directory; raises ModelDamaged."""
    return parse_manifest(read_manifest_bytes(directory), directory)


def read_manifest_bytes(directory: Path) -> bytes:
    """The manifest as it stands, which is what `revision` digests; raises ModelDamaged."""
    path = directory / MANIFEST_NAME
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelDamaged(
            f"The model directory has no readable {MANIFEST_NAME}; restore or convert the model.",
            file=str(path),
            cause=error.strerror or type(error).__name__,
        ) from error


def parse_manifest(manifest_bytes: bytes, directory: Path) -> Manifest:
    """The manifest in `manifest_bytes`, read from `directory`; raises ModelDamaged."""
    try:
        return strict_json.parse(manifest_bytes.decode("utf-8"), Manifest)
    except (ValueError, RecursionError) as error:
        raise ModelDamaged(
            "The manifest of the model is not valid; restore or convert the model.",
            file=str(directory / MANIFEST_NAME),
            cause=str(error),
        ) from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Writes the manifest of a model directory, whole or not at all."""
    temporary = directory / f".{MANIFEST_NAME}.new"
    document = _plain(manifest)
    if not manifest.origin:
        del document["origin"]
    temporary.write_text(
        json.dumps(document, default=_plain, ensure_ascii=False, indent=2) + "\n",
        encoding="utf-8",
    )
    os.replace(temporary, directory / MANIFEST_NAME)


def verify_files(directory: Path, manifest: Manifest) -> None:
    """Compares the files of `directory` with the manifest's digests; raises ModelDamaged."""
    verify_directory(directory, manifest.files, manifest=MANIFEST_NAME)


def _plain(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    return {field.name: getattr(value, field.name) for field in fields(value)}
