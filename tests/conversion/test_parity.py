"""Converted models against Transformers: the same tokens in, the same tokens out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from mujaz.conversion import convert as conversion
from mujaz.conversion.request import ConversionRequest
from mujaz.engine.manifest import Quantization
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import Decoded, DecodingOptions
from mujaz.engine.threads import thread_policy
from mujaz.engine.tokenizer import Tokenizer
from tests.conversion.checkpoints import FAMILIES, Family
from tests.conversion.conversion_request import request_for
from tests.conversion.marian_checkpoint import write_marian_checkpoint
from tests.conversion.marian_reference import write_marian_reference
from tests.conversion.pieces import arabic_sentences
from tests.conversion.reference import LONGEST, Reference

pytestmark = [
    pytest.mark.conversion,
    # Tells of a package that unifies punctuation, which the manifest has done here.
    pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses"),
]

GREEDY = DecodingOptions(beam_size=1)
NATIVE = "marian-native"
HARD_TEXTS = (
    "قال الرئيس إن الوضع في المدينة جيد.",
    "بلغت النسبة 3.5% في 2017/10/15، أي ٣٫٥ نقطة.",
    'شركة Apple Inc. و"Google" — عبر https://example.org/a?b=1',
    "قَالَ الرَّئِيسُ إِنَّ الوَضْعَ جَيِّدٌ جِدًّا!",
    "خبر عاجل 🙂🙃 من القاهرة 👩‍👩‍👧",
    "(نص) [بين] {أقواس}: «اقتباس»؛ ثم؟",
    "ﻻ إله",
    "한국어 漢字 كلمة",
    "a",
)


class RecordingTokenizer:
    """A tokenizer that keeps the tokens of each output it is given."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.outputs: list[list[str]] = []

    def encode(self, text: str) -> tuple[str, ...]:
        return self._tokenizer.encode(text)

    def decode(self, tokens: Sequence[str]) -> str:
        self.outputs.append(list(tokens))
        return self._tokenizer.decode(tokens)


@dataclass
class Converted:
    """A converted model, what Transformers makes of its checkpoint, and what both answer."""

    checkpoint: Path
    directory: Path
    reference: Reference

    def __post_init__(self) -> None:
        self.model: Any = LoadedModel.load(self.directory, thread_policy(1))
        self.tokenizer = RecordingTokenizer(self.model._tokenizer)
        self.model._tokenizer = self.tokenizer
        shared = json.loads((self.directory / "shared_vocabulary.json").read_bytes())
        self.numbers = {token: number for number, token in enumerate(shared)}

    def encode(self, text: str) -> list[int]:
        """The numbers of the tokens, the unknown one where the vocabulary lacks a piece."""
        tokens = [*self.tokenizer.encode(text)]
        if self.model._adds_source_end:
            tokens.append("</s>")
        return [self.numbers.get(token, self.numbers["<unk>"]) for token in tokens]

    @cached_property
    def answers(self) -> list[Decoded]:
        """Ours, each sentence alone."""
        return [
            self.model.decode_batch([self.tokenizer.encode(text)], GREEDY)[0]
            for text in arabic_sentences()
        ]

    @cached_property
    def outputs(self) -> list[list[int]]:
        """The tokens of our answers, as far as the reference goes."""
        assert len(self.answers) == len(self.tokenizer.outputs)
        return [[self.numbers[t] for t in output][:LONGEST] for output in self.tokenizer.outputs]

    @cached_property
    def expected(self) -> list[list[int]]:
        """The tokens of the reference."""
        return self.reference.generate(arabic_sentences())


def _convert(request: ConversionRequest) -> None:
    """Converts without the self-test: random weights fail it, as they say nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conversion, "_self_test", lambda directory: None)
        conversion.convert(request, report=lambda line: None)


@pytest.fixture(scope="module", params=[*FAMILIES, NATIVE])
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A checkpoint of a family, converted without rounding."""
    root = tmp_path_factory.mktemp(request.param)
    checkpoint = root / "checkpoint"
    if request.param == NATIVE:
        write_marian_checkpoint(checkpoint)
        write_marian_reference(checkpoint, root / "reference")
        reference = Reference(root / "reference", Family(write_marian_reference))
    else:
        family = FAMILIES[request.param]
        family.write(checkpoint, family.noise)
        reference = Reference(checkpoint, family)
    _convert(request_for(checkpoint, root / "model"))
    return Converted(checkpoint, root / "model", reference)


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_texts_are_encoded_as_in_transformers(converted: Converted, text: str) -> None:
    assert converted.encode(text) == converted.reference.encode(text)


def test_sentences_are_encoded_as_in_transformers(converted: Converted) -> None:
    for text in arabic_sentences():
        assert converted.encode(text) == converted.reference.encode(text)


def test_outputs_are_those_of_transformers(converted: Converted) -> None:
    for ours, expected in zip(converted.outputs, converted.expected, strict=True):
        assert ours == expected


def test_the_outputs_compared_are_not_all_alike(converted: Converted) -> None:
    outputs = converted.expected
    assert len({tuple(output) for output in outputs}) >= 25
    assert len({len(output) for output in outputs}) >= 10
    assert len({token for output in outputs for token in output}) >= 40


def test_scores_are_those_of_transformers(converted: Converted) -> None:
    compared = 0
    texts = arabic_sentences()
    for text, output, answer in zip(texts, converted.outputs, converted.answers, strict=True):
        if len(output) == answer.token_count:
            expected = converted.reference.score(text, output)
            assert answer.score == pytest.approx(expected, abs=1e-4)
            compared += 1
    assert compared >= 15


def test_rounded_weights_load_and_answer(converted: Converted, tmp_path: Path) -> None:
    output = tmp_path / "int8"
    request = request_for(converted.checkpoint, output, quantization=Quantization.INT8)
    _convert(request)
    model = LoadedModel.load(output, thread_policy(1))
    answers = model.decode_batch([model.encode(text) for text in arabic_sentences()], GREEDY)
    assert all(answer.token_count > 0 for answer in answers)
    assert (output / "model.bin").stat().st_size < 0.7 * (
        converted.directory / "model.bin"
    ).stat().st_size
