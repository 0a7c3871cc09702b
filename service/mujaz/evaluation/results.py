"""What an evaluation found, as it is kept in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from mujaz.engine import strict_json
from mujaz.engine.protocols import DecodingOptions
from mujaz.errors import EvaluationInvalid

FORMAT_VERSION: Final = 1


class RowKind(StrEnum):
    """Who wrote what was scored."""

    MODEL = "model"
    OUTPUT = "output"
    BASELINE = "baseline"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where speeds were measured; `note` says what else the machine did meanwhile."""

    processor: str
    core_count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model that was evaluated, and how it decoded; `size_bytes` counts its listed files."""

    label: str
    name: str
    version: str
    revision: str
    quantization: str
    compute_type: str
    size_bytes: int
    decoding: DecodingOptions
    max_source_token_count: int
    retry: bool


@dataclass(frozen=True, slots=True)
class Speed:
    """Wall time of decoding alone: the model was loaded, nothing was cached."""

    seconds: float
    source_words_per_second: float
    worker_count: int
    batch_token_budget: int


@dataclass(frozen=True, slots=True)
class Retention:
    """So many things were there to keep, and so many were kept."""

    count: int
    kept: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there was nothing to keep."""
        return self.kept / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """One system on one test set. Rates are shares of lines, from 0 to 1.

    `flag_rates` come from checks of each line, the same for all systems; `reported_rates` are what
    the service itself reported of a model's lines, retries and low scores included.
    """

    name: str
    kind: RowKind
    bleu: float | None
    chrf: float | None
    numbers: Retention
    names: Retention | None
    flag_rates: Mapping[str, float]
    reported_rates: Mapping[str, float] | None = None
    speed: Speed | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class TranslationResult:
    """The systems on one test set; `signatures` are those of sacrebleu."""

    test_set: str
    line_count: int
    source_word_count: int
    signatures: Mapping[str, str]
    gazetteer_name_count: int | None
    rows: tuple[TranslationRow, ...]


@dataclass(frozen=True, slots=True)
class RougeRow:
    """Mean ROUGE F1 over the articles, from 0 to 100.

    `written_share` is the share of points, from 0 to 1, that are the model's own words; the others
    are source sentences that took the place of unsupported ones.
    """

    name: str
    kind: RowKind
    rouge1: float
    rouge2: float
    rouge_l: float
    mean_word_count: float
    written_share: float | None = None
    speed: Speed | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class BriefResult:
    """Summaries against the publisher's summary, and headlines against the publisher's title."""

    test_set: str
    article_count: int
    signature: str
    summaries: tuple[RougeRow, ...]
    headlines: tuple[RougeRow, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything one run found, with what it was measured on; `date` is `YYYY-MM-DD`."""

    format_version: int
    date: str
    machine: Machine
    versions: Mapping[str, str]
    models: tuple[ModelFacts, ...]
    translations: tuple[TranslationResult, ...]
    briefs: tuple[BriefResult, ...]


def to_json(evaluation: Evaluation) -> str:
    """The evaluation as indented JSON, with letters as they are."""
    return json.dumps(_plain(asdict(evaluation)), ensure_ascii=False, indent=2) + "\n"


def read_evaluation(path: Path) -> Evaluation:
    """An evaluation kept by `to_json`; raises EvaluationInvalid."""
    try:
        evaluation = strict_json.parse(path.read_text(encoding="utf-8"), Evaluation)
    except OSError as error:
        raise EvaluationInvalid(f"{path}: cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise EvaluationInvalid(f"{path} is no evaluation of this version: {error}") from error
    if evaluation.format_version != FORMAT_VERSION:
        raise EvaluationInvalid(f"{path} has another format_version; evaluate again.")
    return evaluation


def _plain(value: Any) -> Any:
    """Mappings as dictionaries, whatever their type."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
