"""What the benchmarks share: texts, the raw engine, a server process, and how results are kept."""

from __future__ import annotations

import asyncio
import json
import math
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mujaz.domain.pieces import plan_pieces
from mujaz.domain.segment import segment
from mujaz.engine.model import LoadedModel
from mujaz.evaluation.machine import processor_name
from mujaz.v1.translation_service_pb2 import TranslationConfig

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
RESULTS = ROOT / "benchmarks" / "results"
ARABIC = TranslationConfig(source_language_code="ar")
SEED = 7


def read_articles(directory: Path | None, count: int) -> list[str]:
    """`count` articles from the *.txt of a directory; without one, shuffles of the samples.

    A shuffle keeps the sentences of the samples and changes their order, so the engine sees real
    lengths; the cache is off in every benchmark, so repetition makes nothing faster.
    """
    files = sorted((directory or ROOT / "samples").glob("*.txt"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    if len(texts) >= count:
        return texts[:count]
    if directory is not None:
        raise SystemExit(f"{directory} holds {len(texts)} texts; {count} are needed")
    sentences = [s for text in texts for s in sentences_of(text)]
    shuffler = random.Random(SEED)
    return ["\n".join(shuffler.sample(sentences, len(sentences))) for _ in range(count)]


def sentences_of(text: str) -> list[str]:
    """The sentences of a text as the service cuts them."""
    return [sentence.span.of(text) for sentence in segment(text)]


def sequences_of(sentences: Sequence[str], model: LoadedModel) -> list[tuple[str, ...]]:
    """The token sequences the service gives the model for these sentences: long ones in parts."""
    sequences = []
    for sentence in sentences:
        pieces = plan_pieces(
            sentence, count_tokens=model.count_tokens, token_limit=model.max_source_token_count
        )
        parts = [piece.span.of(sentence) for piece in pieces if not piece.copied]
        sequences += [tokens for tokens in map(model.encode, parts) if tokens]
    return sequences


def word_count(texts: Sequence[str]) -> int:
    """White-space words."""
    return sum(len(text.split()) for text in texts)


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0))


def raw_engine(model: LoadedModel, *, worker_count: int) -> Any:
    """CTranslate2 itself on the same weights, as a careful caller would set it up."""
    import ctranslate2  # noqa: PLC0415  # after the environment is set

    return ctranslate2.Translator(
        str(MODELS / model.manifest.name),
        compute_type=model.compute_type,
        inter_threads=worker_count,
        intra_threads=1,
        max_queued_batches=-1,
    )


def raw_options(model: LoadedModel) -> dict[str, Any]:
    """The decoding options the service uses, under CTranslate2's names.

    The output limit is that of the longest sequence the service would send: a looping sentence
    must not cost raw more than it costs the service.
    """
    manifest = model.manifest
    decoding = manifest.decoding
    limit = manifest.max_source_token_count * manifest.target_token_ratio
    return {
        "beam_size": decoding.beam_size,
        "length_penalty": decoding.length_penalty,
        "repetition_penalty": decoding.repetition_penalty,
        "no_repeat_ngram_size": decoding.no_repeat_ngram_size,
        "max_input_length": 0,
        "max_decoding_length": math.ceil(limit) + manifest.target_token_margin,
        "disable_unk": True,
        "return_scores": True,
    }


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A running `mujaz serve` and where it listens."""

    address: str
    pid: int

    def resident_bytes(self) -> int:
        """Resident memory now, from /proc."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def server(*flags: str) -> AsyncIterator[ServerProcess]:
    """`mujaz serve` on a private socket with the cache off, ready to answer."""
    with tempfile.TemporaryDirectory() as directory:
        address = f"unix:{directory}/mujaz.sock"
        command = [sys.executable, "-m", "mujaz", "serve", "--listen", address]
        command += ["--models", str(MODELS), "--cache-bytes", "0", "--log-level", "warning", *flags]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        try:
            if process.stdout is None or not await process.stdout.readline():
                raise SystemExit("the server did not start")
            yield ServerProcess(address, process.pid)
        finally:
            process.terminate()
            await process.wait()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def write_result(name: str, figures: dict[str, Any]) -> Path:
    """Keep a result with what it was measured on."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    packages = ["mujaz", "ctranslate2", "sentencepiece", "grpcio", "protobuf"]
    result = {
        "benchmark": name,
        "date": time.strftime("%Y-%m-%d"),
        "machine": {
            "cores": available_cores(),
            "processor": processor_name(),
            "python": platform.python_version(),
        },
        "versions": {package: version(package) for package in packages},
        "figures": figures,
    }
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
