"""Scores translations: those of models that run here, and those other systems wrote to files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mujaz.domain.checks import QualityFlag, check_translation
from mujaz.domain.gazetteer import Gazetteer
from mujaz.domain.numbers import number_retention
from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.decoding import TranslatedLines
from mujaz.evaluation.results import Retention, RowKind, TranslationResult, TranslationRow
from mujaz.evaluation.test_data import ParallelTestSet

REFERENCE_NAME: Final = "reference"
# What can be told from a source and an output alone.
LINE_FLAGS: Final = (
    QualityFlag.REPETITION,
    QualityFlag.LENGTH_RATIO,
    QualityFlag.UNTRANSLATED,
    QualityFlag.NUMBER_MISMATCH,
)


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """What a model made of a test set; `name` stands in the table."""

    name: str
    size_bytes: int
    translated: TranslatedLines


class TranslationScorer:
    """Scores any number of outputs on one test set alike. Raises EvaluationInvalid at once where
    sacrebleu is not installed."""

    def __init__(self, test_set: ParallelTestSet, gazetteer: Gazetteer | None) -> None:
        self._test_set = test_set
        self._gazetteer = gazetteer
        self._bleu, self._chrf = _corpus_metrics()

    def result(self, outputs: Sequence[ModelOutput]) -> TranslationResult:
        """The models' rows, then those of the other systems by BLEU, then the reference's own.

        The reference shows what the counts of numbers, names and flags make of a good translation.
        """
        test_set = self._test_set
        models = [self._model_row(output) for output in outputs]
        systems = [
            self._row(system.name, RowKind.OUTPUT, system.lines) for system in test_set.systems
        ]
        reference = self._row(REFERENCE_NAME, RowKind.REFERENCE, test_set.references)
        signatures = {  # known once something has been scored
            "bleu": str(self._bleu.get_signature()),
            "chrf": str(self._chrf.get_signature()),
        }
        return TranslationResult(
            test_set=test_set.name,
            line_count=len(test_set.sources),
            source_word_count=sum(len(line.split()) for line in test_set.sources),
            signatures=signatures,
            gazetteer_name_count=None if self._gazetteer is None else len(self._gazetteer),
            rows=(*models, *sorted(systems, key=lambda row: row.bleu or 0.0), reference),
        )

    def _model_row(self, output: ModelOutput) -> TranslationRow:
        translated = output.translated
        return self._row(
            output.name,
            RowKind.MODEL,
            translated.lines,
            reported_rates=flag_rates(translated.flags, QualityFlag),
            speed=translated.speed,
            size_bytes=output.size_bytes,
        )

    def _row(
        self, name: str, kind: RowKind, lines: Sequence[str], **of_model: Any
    ) -> TranslationRow:
        test_set = self._test_set
        references = [test_set.references]
        is_scored = kind is not RowKind.REFERENCE
        return TranslationRow(
            name=name,
            kind=kind,
            bleu=round(self._bleu.corpus_score(lines, references).score, 2) if is_scored else None,
            chrf=round(self._chrf.corpus_score(lines, references).score, 2) if is_scored else None,
            numbers=_total(map(number_retention, test_set.sources, lines)),
            names=self._names(lines),
            flag_rates=flag_rates(line_flags(test_set.sources, lines), LINE_FLAGS),
            **of_model,
        )

    def _names(self, lines: Sequence[str]) -> Retention | None:
        if self._gazetteer is None:
            return None
        test_set = self._test_set
        return _total(map(self._gazetteer.retention, test_set.sources, test_set.references, lines))


def line_flags(sources: Sequence[str], lines: Sequence[str]) -> list[tuple[QualityFlag, ...]]:
    """The flags each line earns by itself, whoever wrote it."""
    return [
        check_translation(source, line, score=0.0, hit_limit=False, score_floor=None)
        for source, line in zip(sources, lines, strict=True)
    ]


def flag_rates(
    flags: Sequence[tuple[QualityFlag, ...]], counted: Iterable[QualityFlag]
) -> Mapping[str, float]:
    """The share of lines with each of the `counted` flags, and `any`: with one or more of them."""
    wanted = tuple(counted)
    counts = Counter(flag for line in flags for flag in line)
    rates = {flag.value: counts[flag] / len(flags) for flag in wanted}
    any_count = sum(not set(wanted).isdisjoint(line) for line in flags)
    return {name: round(rate, 4) for name, rate in {**rates, "any": any_count / len(flags)}.items()}


def _total(pairs: Iterable[tuple[int, int]]) -> Retention:
    counts, kept = zip(*pairs, strict=True)
    return Retention(sum(counts), sum(kept))


def _corpus_metrics() -> tuple[Any, Any]:
    """BLEU (Papineni et al., 2002) and chrF2 (Popović, 2015), as sacrebleu computes them."""
    try:
        from sacrebleu.metrics.bleu import BLEU  # noqa: PLC0415  # an extra
        from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415
    except ImportError as error:
        raise EvaluationInvalid(
            "sacrebleu is not installed; install mujaz[evaluate] to score translations."
        ) from error
    return BLEU(), CHRF()
