"""How far each way to store weights moves greedy outputs from those of float32.

    PYTHONPATH=. python benchmarks/quantization.py CHECKPOINT [--texts FILE]
    PYTHONPATH=. python benchmarks/quantization.py --random

Converts the checkpoint once for each quantization and decodes the lines of FILE (the Arabic
sentences of tests/golden without it). Gives the share of identical outputs, the share of identical
tokens up to the first that differs, and the size of the weights. With --random, small checkpoints
with random weights stand for the families: that shows that the arithmetic holds, and says nothing
about quality, as random weights decide by the smallest of margins.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import ctranslate2
from harness import write_result

from mujaz.conversion import convert as conversion
from mujaz.conversion.request import ConversionRequest
from mujaz.engine.manifest import ModelTask, Quantization
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import DecodingOptions
from mujaz.engine.threads import thread_policy
from tests.conversion.pieces import arabic_sentences

QUANTIZATIONS = (Quantization.INT8, Quantization.INT16, Quantization.FLOAT16)


def outputs_of(directory: Path, texts: Sequence[str]) -> list[list[str]]:
    """The greedy output of each text alone, as tokens."""
    model = LoadedModel.load(directory, thread_policy(1))
    outputs: list[list[str]] = []
    tokenizer: Any = model._tokenizer

    class Recorder:
        encode = staticmethod(tokenizer.encode)

        def decode(self, tokens: Sequence[str]) -> str:
            outputs.append(list(tokens))
            return str(tokenizer.decode(tokens))

    model._tokenizer = Recorder()  # type: ignore[assignment]
    for text in texts:
        model.decode_batch([model.encode(text)], DecodingOptions(beam_size=1))
    return outputs


def compared(outputs: list[list[str]], expected: list[list[str]]) -> dict[str, float]:
    """Shares of identical outputs, and of tokens before the first difference."""
    same = sum(ours == theirs for ours, theirs in zip(outputs, expected, strict=True))
    kept = sum(
        next(
            (i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]),
            min(len(ours), len(theirs)),
        )
        for ours, theirs in zip(outputs, expected, strict=True)
    )
    return {
        "identical_outputs": round(same / len(expected), 4),
        "tokens_before_difference": round(kept / sum(map(len, expected)), 4),
    }


def measured(checkpoint: Path, texts: Sequence[str], task: ModelTask | None) -> dict[str, Any]:
    """The figures of one checkpoint."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as root:
        expected: list[list[str]] = []
        for quantization in (Quantization.FLOAT32, *QUANTIZATIONS):
            output = Path(root) / quantization.value
            request = ConversionRequest(
                source=checkpoint,
                output=output,
                name="measured",
                task=task,
                source_language="ar",
                target_language="",
                quantization=quantization,
                license="unknown",
                force=False,
            )
            conversion.convert(request, report=lambda line: print(line, file=sys.stderr))
            outputs = outputs_of(output, texts)
            expected = expected or outputs
            size = (output / "model.bin").stat().st_size
            figures[quantization.value] = {**compared(outputs, expected), "size_bytes": size}
    return figures


def random_checkpoints(root: Path) -> Iterator[tuple[str, Path]]:
    """A small checkpoint with random weights for each family."""
    from tests.conversion.checkpoints import FAMILIES  # noqa: PLC0415
    from tests.conversion.marian_checkpoint import write_marian_checkpoint  # noqa: PLC0415

    conversion._self_test = lambda directory: None  # random weights fail it
    for name, family in FAMILIES.items():
        family.write(root / name, family.noise)
        yield name, root / name
    write_marian_checkpoint(root / "native")
    yield "marian-native", root / "native"


def main() -> None:
    """Measures and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--task", type=ModelTask)
    arguments = parser.parse_args()
    if (arguments.checkpoint is None) != arguments.random:
        parser.error("give a checkpoint, or --random")
    ctranslate2.set_log_level(40)
    texts: Sequence[str] = arabic_sentences()
    if arguments.texts:
        texts = arguments.texts.read_text(encoding="utf-8").splitlines()
    if not arguments.random:
        figures = measured(arguments.checkpoint, texts, arguments.task)
        print(json.dumps(figures, indent=2))
        return
    with tempfile.TemporaryDirectory() as root:
        families = {
            name: measured(path, texts, arguments.task)
            for name, path in random_checkpoints(Path(root))
        }
    print(write_result("quantization", {"sentence_count": len(texts), "families": families}))


if __name__ == "__main__":
    main()
