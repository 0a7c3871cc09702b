"""A loaded model: its digests checked, its tokenizer and its weights opened, ready to decode."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import ctranslate2

from mujaz.domain.checks import is_repetitive
from mujaz.domain.normalize import normalized
from mujaz.engine.manifest import (
    Manifest,
    TokenizerSettings,
    parse_manifest,
    read_manifest_bytes,
    revision,
    verify_files,
)
from mujaz.engine.protocols import Decoded, DecodingOptions
from mujaz.engine.threads import ThreadPolicy, run_nicer
from mujaz.engine.tokenizer import Tokenizer
from mujaz.errors import ModelDamaged

T = TypeVar("T")

_END_TOKEN = "</s>"


class LoadedModel:
    """A sequence model from a model directory; translation and summarization alike.

    Safe to call from several threads at a time.
    """

    __slots__ = (
        "_adds_source_end",
        "_tokenizer",
        "_translator",
        "compute_type",
        "load_time",
        "manifest",
        "revision_id",
    )

    def __init__(
        self,
        manifest: Manifest,
        revision_id: str,
        *,
        tokenizer: Tokenizer,
        translator: Any,
        adds_source_end: bool,
    ) -> None:
        self.manifest = manifest
        self.revision_id = revision_id
        self.load_time = datetime.now(UTC)
        self._tokenizer = tokenizer
        self.compute_type = str(translator.compute_type)
        self._translator: Any | None = translator
        self._adds_source_end = adds_source_end

    @classmethod
    def load(cls, directory: Path, threads: ThreadPolicy) -> LoadedModel:
        """Opens a model directory on the CPU. Blocks.

        Nothing of it reaches SentencePiece or CTranslate2 before every digest has been checked:
        both parse their files in native code that trusts them. Raises ModelDamaged.
        """
        manifest_bytes = read_manifest_bytes(directory)
        manifest = parse_manifest(manifest_bytes, directory)
        verify_files(directory, manifest)
        _check_affixes(directory, manifest.tokenizer)
        adds_source_end = _adds_source_end(directory, manifest.tokenizer)
        return cls(
            manifest,
            revision(manifest_bytes),
            tokenizer=Tokenizer(directory, manifest.tokenizer),
            translator=_open_translator(directory, threads),
            adds_source_end=adds_source_end,
        )

    @property
    def name(self) -> str:
        """The resource name, `models/{model}`."""
        return f"models/{self.manifest.name}"

    @property
    def revision(self) -> str:
        """`models/{model}@{revision}`, which names these exact weights."""
        return f"{self.name}@{self.revision_id}"

    @property
    def max_source_token_count(self) -> int:
        """The longest sequence to give the model, special tokens included."""
        return self.manifest.max_source_token_count

    def prepare(self, text: str) -> str:
        """`text` as the model was trained to see it."""
        return normalized(text, self.manifest.normalization)

    def encode(self, text: str) -> tuple[str, ...]:
        """The tokens the model reads for `text`, normalized; never cut, none where none remain."""
        return self._tokenizer.encode(self.prepare(text))

    def count_tokens(self, text: str) -> int:
        """How many tokens `encode` gives."""
        return len(self.encode(text))

    def decode_batch(
        self, batch: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[Decoded]:
        """One output per sequence, in the same order. Blocks; CTranslate2 releases the GIL.

        Raises ValueError for a sequence that is empty or longer than the weights can represent.
        """
        if not batch:
            return []
        for sequence in batch:
            self._check_length(len(sequence))
        translator = self._translator
        if translator is None:
            raise RuntimeError("the model has been unloaded")
        prefix = list(self.manifest.tokenizer.target_prefix)
        results = translator.translate_batch(
            [list(sequence) for sequence in batch],
            target_prefix=[prefix] * len(batch) if prefix else None,
            max_batch_size=0,
            beam_size=options.beam_size,
            length_penalty=options.length_penalty,
            repetition_penalty=options.repetition_penalty,
            no_repeat_ngram_size=options.no_repeat_ngram_size,
            disable_unk=True,
            max_input_length=0,
            min_decoding_length=len(prefix) + 1,
            max_decoding_length=self._output_limit(max(map(len, batch))),
            return_end_token=True,
            return_scores=True,
        )
        return [
            self._decoded(result, options, own_limit=self._output_limit(len(sequence)))
            for result, sequence in zip(results, batch, strict=True)
        ]

    def self_test(self) -> None:
        """Runs the manifest's sentence; raises ModelDamaged where the output cannot be right."""
        expected = self.manifest.self_test
        try:
            output = self.decode_batch([self.encode(expected.source)], self.manifest.decoding)[0]
        except (RuntimeError, ValueError) as error:
            raise self._self_test_failed(str(error)) from error
        if len(output.text) < expected.minimum_character_count:
            raise self._self_test_failed("the output is too short")
        if output.hit_limit or is_repetitive(output.text):
            raise self._self_test_failed("the output repeats itself or does not end")
        if not re.search(expected.pattern, output.text):
            raise self._self_test_failed("the output does not match the pattern")

    def unload(self) -> None:
        """Frees the weights as soon as no batch is running; later ones raise RuntimeError."""
        # Translator.unload_model does nothing while a batch runs or has only just ended. Dropping
        # the reference cannot fail: each running batch holds one of its own.
        self._translator = None

    def _check_length(self, token_count: int) -> None:
        if token_count == 0:
            raise ValueError("an empty sequence cannot be decoded")
        longest = self.manifest.max_position_count - self._adds_source_end
        if token_count > longest:
            raise ValueError(f"a sequence of {token_count} tokens is over the model's {longest}")

    def _output_limit(self, longest_token_count: int) -> int:
        # The limit of CTranslate2 counts the target prefix and the end token.
        manifest = self.manifest
        limit = math.ceil(longest_token_count * manifest.target_token_ratio)
        limit += manifest.target_token_margin + len(manifest.tokenizer.target_prefix)
        return min(limit, manifest.max_position_count)

    def _decoded(self, result: Any, options: DecodingOptions, *, own_limit: int) -> Decoded:
        tokens: list[str] = result.hypotheses[0]
        # CTranslate2 divides the sum by length ** length_penalty, where length counts the prefix,
        # though the sum does not.
        log_probability = result.scores[0] * len(tokens) ** options.length_penalty
        own_tokens = tokens[len(self.manifest.tokenizer.target_prefix) :]
        # CTranslate2 has one limit for the batch; judged by its own, an output does not depend on
        # the company it was computed in.
        is_ended = bool(own_tokens) and own_tokens[-1] == _END_TOKEN
        hit_limit = not is_ended or len(tokens) > own_limit
        return Decoded(
            text=self._tokenizer.decode(own_tokens),
            token_count=len(own_tokens),
            score=min(0.0, log_probability / max(1, len(own_tokens))),
            hit_limit=hit_limit,
        )

    def _self_test_failed(self, cause: str) -> ModelDamaged:
        return ModelDamaged(
            "The model fails its self-test; restore or convert it again.",
            model=self.revision,
            cause=cause,
        )


def installed_revision(directory: Path) -> str:
    """The revision that a model directory would load as; raises ModelDamaged."""
    manifest_bytes = read_manifest_bytes(directory)
    name = parse_manifest(manifest_bytes, directory).name
    return f"models/{name}@{revision(manifest_bytes)}"


def _open_translator(directory: Path, threads: ThreadPolicy) -> Any:
    try:
        return run_nicer(
            lambda: ctranslate2.Translator(
                str(directory),
                device="cpu",
                compute_type="default",
                inter_threads=threads.worker_count,
                intra_threads=threads.threads_per_worker,
                # Without a bound of its own the pool never blocks a submitter; the scheduler has
                # one.
                max_queued_batches=-1,
            )
        )
    except (RuntimeError, ValueError) as error:
        raise ModelDamaged(
            "CTranslate2 cannot open the model; convert it again.",
            directory=str(directory),
            cause=str(error),
        ) from error


def _adds_source_end(directory: Path, tokenizer: TokenizerSettings) -> bool:
    """Whether CTranslate2 appends the end token itself; exactly one of it and the suffix must."""
    config = _read_json(directory / "config.json", dict)
    adds = bool(config.get("add_source_eos", False))
    if adds == (_END_TOKEN in tokenizer.source_suffix):
        raise ModelDamaged(
            f"Either add_source_eos in config.json or {_END_TOKEN} in source_suffix must end the "
            "source, and not both; correct the manifest.",
            directory=str(directory),
        )
    return adds


def _check_affixes(directory: Path, tokenizer: TokenizerSettings) -> None:
    """Refuses special tokens that CTranslate2 would silently read as unknown."""
    affixes = {
        "source": {*tokenizer.source_prefix, *tokenizer.source_suffix},
        "target": {*tokenizer.target_prefix},
    }
    for side, tokens in affixes.items():
        vocabulary = _vocabulary(directory, side) if tokens else ()
        for token in sorted(tokens.difference(vocabulary)):
            raise ModelDamaged(
                "A special token in the manifest is not in the vocabulary; correct the manifest.",
                directory=str(directory),
                token=token,
            )


def _vocabulary(directory: Path, side: str) -> list[Any]:
    path = directory / f"{side}_vocabulary.json"
    return _read_json(path if path.exists() else directory / "shared_vocabulary.json", list)


def _read_json(path: Path, kind: type[T]) -> T:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ModelDamaged(
            "A file of the model is not readable JSON; convert the model again.", file=str(path)
        ) from error
    if not isinstance(value, kind):
        raise ModelDamaged(
            f"A file of the model must hold a JSON {kind.__name__}; convert the model again.",
            file=str(path),
        )
    return value
