"""CTranslate2's converters, and what they must not do by themselves."""

from __future__ import annotations

import contextlib
import importlib
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.converters.marian import MarianConverter, load_vocab
from ctranslate2.converters.transformers import TransformersConverter
from ctranslate2.specs.model_spec import OPTIONAL

from mujaz.conversion.checkpoint import Checkpoint, CheckpointKind
from mujaz.conversion.layout import Layout
from mujaz.engine.manifest import Quantization
from mujaz.errors import ConversionFailed


@dataclass(frozen=True, slots=True)
class WeightFacts:
    """What the weights turned out to be; `position_count` is None where positions are relative."""

    encoder_layer_count: int
    decoder_layer_count: int
    width: int
    parameter_count: int
    position_count: int | None


def require_packages(kind: CheckpointKind, quantization: Quantization) -> None:
    """Raises ConversionFailed where the work needs packages that are not installed."""
    packages: tuple[str, ...] = ("torch", "transformers")
    if kind is CheckpointKind.MARIAN_NATIVE:
        # NumPy has no bfloat16.
        packages = ("torch",) if "bfloat16" in quantization else ()
    for package in packages:
        try:
            importlib.import_module(package)
        except ImportError as error:
            raise ConversionFailed(
                "This conversion needs PyTorch, and for Hugging Face checkpoints Transformers; "
                "install mujaz[convert].",
                missing=package,
            ) from error


def marian_vocabulary(checkpoint: Checkpoint) -> tuple[str, ...]:
    """The source vocabulary of an OPUS-MT checkpoint; raises ConversionFailed."""
    with _reading(checkpoint.directory):
        return tuple(load_vocab(str(_marian_files(checkpoint, "vocabs")[0])))


def convert_weights(
    checkpoint: Checkpoint, layout: Layout, directory: Path, *, quantization: Quantization
) -> WeightFacts:
    """Writes the weights, the vocabulary and the configuration for CTranslate2 into `directory`.

    Pickled weights are read as tensors only, so that a checkpoint cannot run code. Raises
    ConversionFailed where the checkpoint cannot be read, OSError where the disk refuses.
    """
    kind = _Marian if checkpoint.kind is CheckpointKind.MARIAN_NATIVE else _HuggingFace
    converter = kind(checkpoint, layout)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            converter.convert(str(directory), quantization=quantization.value, force=True)
        except (ValueError, RuntimeError, NotImplementedError) as error:
            raise ConversionFailed(
                "CTranslate2 cannot convert the weights; choose another checkpoint.",
                directory=str(checkpoint.directory),
                cause=_first_line(error),
            ) from error
    return converter.facts


class _Marian(MarianConverter):  # type: ignore[misc]  # CTranslate2 has no types
    """Reads OPUS-MT's `.npz`, which holds arrays and no pickles."""

    def __init__(self, checkpoint: Checkpoint, layout: Layout) -> None:
        self._directory = checkpoint.directory
        self._weights = _marian_files(checkpoint, "models")[0]
        vocabularies = _marian_files(checkpoint, "vocabs")
        super().__init__(str(self._weights), [str(path) for path in vocabularies])
        self.facts: WeightFacts

    def _load(self) -> Any:
        with _reading(self._directory):
            # Counted first, as a file that is cut off would be left open by CTranslate2.
            with self._weights.open("rb") as file, np.load(file) as arrays:
                names = [name for name in arrays.files if not name.startswith("special:")]
                count = sum(math.prod(arrays[name].shape) for name in names)
            spec = super()._load()
            self.facts = _facts(spec, count)
        return spec


class _HuggingFace(TransformersConverter):  # type: ignore[misc]  # CTranslate2 has no types
    """Reads Hugging Face weights, with the vocabulary and the start token of the layout."""

    def __init__(self, checkpoint: Checkpoint, layout: Layout) -> None:
        super().__init__(str(checkpoint.directory))
        self._checkpoint = checkpoint
        self._layout = layout
        self._parameter_count = 0
        self._shares_embeddings = False
        self.facts: WeightFacts

    def _load(self) -> Any:
        with _reading(self._checkpoint.directory), _silent():
            spec = super()._load()
            spec.config.decoder_start_token = self._layout.start_token
            if self._checkpoint.kind in (CheckpointKind.T5, CheckpointKind.MT5):
                spec.decoder.scale_outputs = self._output_scale()
            self.facts = _facts(spec, self._parameter_count)
        return spec

    def load_model(self, model_class: Any, path: str, **options: Any) -> Any:
        """The model, whole: Transformers itself fills weights that are missing at random."""
        model, report = model_class.from_pretrained(
            path, local_files_only=True, weights_only=True, output_loading_info=True, **options
        )
        missing = sorted(report["missing_keys"])
        if missing:
            raise ConversionFailed(
                "Weights are missing from the checkpoint; download it again, whole.",
                directory=path,
                missing_count=len(missing),
                first=str(missing[0]),
            )
        self._parameter_count = model.num_parameters()
        self._shares_embeddings = model.lm_head.weight is model.get_input_embeddings().weight
        for name, value in _layer_order(str(model.config.model_type)).items():
            setattr(model.config, name, value)
        return model

    def load_tokenizer(self, tokenizer_class: Any, path: str, **options: Any) -> Any:
        """What CTranslate2 asks of a tokenizer, answered from the layout."""
        return _Names(self._layout.vocabulary)

    def _output_scale(self) -> Any:
        """T5 divides by the root of the width where input and output embeddings are shared.

        Recent releases of Transformers write that every T5 and mT5 shares them, true or not, and
        for T5 whether to divide.
        """
        config = self._checkpoint.config
        shared = config.get("tie_word_embeddings")
        divides = config.get("scale_decoder_outputs")
        if divides is None and self._checkpoint.kind is CheckpointKind.T5:
            divides = shared is not False
        elif divides is None:
            divides = shared is True and self._shares_embeddings
        return float(config["d_model"]) ** -0.5 if divides else OPTIONAL


class _Names:
    """A tokenizer as the converters of CTranslate2 see one: its tokens and nothing else."""

    bos_token = "<s>"
    eos_token = "</s>"
    unk_token = "<unk>"
    pad_token = "<pad>"

    def __init__(self, vocabulary: tuple[str, ...]) -> None:
        self._vocabulary = vocabulary
        self.unk_token_id = vocabulary.index(self.unk_token)
        self.special_tokens_map: dict[str, Any] = {}

    def get_vocab(self) -> dict[str, int]:
        """The number of each token."""
        return {token: number for number, token in enumerate(self._vocabulary)}

    def convert_ids_to_tokens(self, number: int | None) -> str | None:
        """The token of a number."""
        return None if number is None else self._vocabulary[number]


def _layer_order(model_type: str) -> dict[str, bool]:
    """What the code of Transformers does, whatever `config.json` says."""
    orders = {
        "bart": {"normalize_before": False, "normalize_embedding": True},
        "mbart": {"normalize_before": True, "normalize_embedding": True},
        "pegasus": {"normalize_before": True, "normalize_embedding": False},
    }
    return orders.get(model_type, {})


def _facts(spec: Any, parameter_count: int) -> WeightFacts:
    counts = []
    for side in (spec.encoder, spec.decoder):
        encodings: Any = getattr(getattr(side, "position_encodings", None), "encodings", None)
        if hasattr(encodings, "shape"):
            counts.append(int(encodings.shape[0]))
    embeddings = spec.encoder.embeddings
    first = embeddings[0] if isinstance(embeddings, list) else embeddings
    return WeightFacts(
        encoder_layer_count=len(spec.encoder.layer),
        decoder_layer_count=len(spec.decoder.layer),
        width=int(first.weight.shape[1]),
        parameter_count=int(parameter_count),
        position_count=min(counts) if counts else None,
    )


def _marian_files(checkpoint: Checkpoint, key: str) -> list[Path]:
    names = checkpoint.config.get(key)
    if not isinstance(names, list) or not names:
        raise ConversionFailed(
            f"The decoder.yml of the checkpoint names no {key}; download it again.",
            directory=str(checkpoint.directory),
        )
    # OPUS-MT puts all files beside decoder.yml; other directories are those of its makers.
    return [checkpoint.path(Path(str(name)).name) for name in names]


@contextlib.contextmanager
def _reading(directory: Path) -> Iterator[None]:
    """Makes ConversionFailed of whatever the loaders of several libraries raise."""
    try:
        yield
    except ConversionFailed:
        raise
    except Exception as error:
        raise ConversionFailed(
            "The checkpoint cannot be read; download it again, whole.",
            directory=str(directory),
            cause=_first_line(error),
        ) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:300]


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keeps the progress bars and warnings of Transformers off the terminal."""
    from transformers.utils import logging  # noqa: PLC0415

    level, had_bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if had_bars:
            logging.enable_progress_bar()
