"""Which second decoding mends wrong numbers: the share it mends, and what it takes.

    python benchmarks/number_retries.py --articles DIR

Sentences with numbers are decoded as the manifest says, in the pieces that the service makes. The
pieces whose numbers then differ are decoded again in each way.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from harness import MODELS, write_result
from number_checks import sentences_with_numbers

from mujaz.domain.numbers import number_mismatch
from mujaz.domain.pieces import plan_pieces
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import DecodingOptions
from mujaz.engine.threads import thread_policy

BATCH_SIZE = 32


def pieces_of(sentences: Sequence[str], model: LoadedModel) -> list[str]:
    """What the model reads of the sentences."""
    found = []
    for sentence in sentences:
        pieces = plan_pieces(
            sentence, count_tokens=model.count_tokens, token_limit=model.max_source_token_count
        )
        found += [piece.span.of(sentence) for piece in pieces if not piece.copied]
    return sorted((piece for piece in found if model.encode(piece)), key=model.count_tokens)


def decode(model: LoadedModel, pieces: Sequence[str], options: DecodingOptions) -> list[str]:
    """The output for each piece."""
    outputs = []
    for start in range(0, len(pieces), BATCH_SIZE):
        batch = [model.encode(piece) for piece in pieces[start : start + BATCH_SIZE]]
        outputs += [decoded.text for decoded in model.decode_batch(batch, options)]
    return outputs


def mismatched(pieces: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """The pieces whose numbers differ from those of their output."""
    return [
        piece
        for piece, output in zip(pieces, outputs, strict=True)
        if number_mismatch(piece, output)
    ]


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=Path, required=True, help="directory of *.txt")
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--model", type=Path, default=MODELS / "ar-en")
    options = parser.parse_args()
    model = LoadedModel.load(options.model, thread_policy(1))
    first, second = model.manifest.decoding, model.manifest.retry_decoding
    pieces = pieces_of(sentences_with_numbers(options.articles, options.sentences), model)
    wrong = mismatched(pieces, decode(model, pieces, first))
    plain = replace(first, repetition_penalty=1.0, no_repeat_ngram_size=0)
    tried = []
    for decoding in (second, plain, replace(plain, beam_size=1), replace(plain, beam_size=8)):
        began = time.perf_counter()
        outputs = decode(model, wrong, decoding)
        seconds = time.perf_counter() - began
        mended = len(wrong) - len(mismatched(wrong, outputs))
        share = round(mended / max(1, len(wrong)), 4)
        tried.append({**asdict(decoding), "mended": share, "seconds": round(seconds, 1)})
    report = {
        "model": f"{model.manifest.name} {model.manifest.version}",
        "piece_count": len(pieces),
        "first_decoding": asdict(first),
        "mismatched": len(wrong),
        "second_decodings": tried,
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    write_result("number_retries", report)


if __name__ == "__main__":
    main()
