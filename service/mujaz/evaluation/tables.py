"""Evaluations as tables in Markdown, several of them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from mujaz.domain.checks import QualityFlag
from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.results import (
    BriefResult,
    Evaluation,
    Retention,
    RougeRow,
    RowKind,
    Speed,
    TranslationResult,
    TranslationRow,
)

Row = TypeVar("Row", TranslationRow, RougeRow)
Column = tuple[str, Callable[[Row], str]]

NOTHING: Final = "–"
_ORDER = (RowKind.MODEL, RowKind.OUTPUT, RowKind.BASELINE, RowKind.REFERENCE)


def markdown(evaluations: Sequence[Evaluation]) -> str:
    """A table for each test set, each system in it once, models in the order given.

    Raises EvaluationInvalid where a test set was not the same in all of them.
    """
    blocks = [
        *_blocks([each.translations for each in evaluations], _translation_table),
        *_blocks([each.briefs for each in evaluations], _brief_tables),
        _notes(evaluations),
    ]
    return "\n".join(blocks)


Result = TypeVar("Result", TranslationResult, BriefResult)


def _blocks(
    results: Sequence[Sequence[Result]], render: Callable[[Sequence[Result]], str]
) -> Iterator[str]:
    """What `render` makes of the results on one test set, for each test set in order."""
    by_name: dict[str, list[Result]] = {}
    for result in (each for several in results for each in several):
        by_name.setdefault(result.test_set, []).append(result)
    return map(render, by_name.values())


def _translation_table(results: Sequence[TranslationResult]) -> str:
    first = results[0]
    _check_same(first.test_set, (result.line_count for result in results))
    rows = _merged([result.rows for result in results])
    columns: list[Column[TranslationRow]] = [
        ("system", lambda row: row.name),
        ("BLEU", lambda row: _number(row.bleu, 1)),
        ("chrF", lambda row: _number(row.chrf, 1)),
        ("numbers kept", lambda row: _share(row.numbers)),
        ("names kept", lambda row: _share(row.names)),
        ("loops", lambda row: _rate(row, QualityFlag.REPETITION)),
        ("Arabic left", lambda row: _rate(row, QualityFlag.UNTRANSLATED)),
        ("length", lambda row: _rate(row, QualityFlag.LENGTH_RATIO)),
        ("numbers differ", lambda row: _rate(row, QualityFlag.NUMBER_MISMATCH)),
        ("flagged by the service", _reported),
        ("words/s", lambda row: _speed(row.speed)),
        ("size", lambda row: _size(row.size_bytes)),
    ]
    counts = [f"{first.line_count:,} lines", f"{rows[0].numbers.count:,} numbers"]
    if rows[0].names is not None:
        counts.append(f"{rows[0].names.count:,} names")
    return f"### {first.test_set}\n\n{', '.join(counts)}.\n\n{_table(columns, rows)}"


def _brief_tables(results: Sequence[BriefResult]) -> str:
    first = results[0]
    _check_same(first.test_set, (result.article_count for result in results))
    columns: list[Column[RougeRow]] = [
        ("ROUGE-1", lambda row: _number(row.rouge1, 1)),
        ("ROUGE-2", lambda row: _number(row.rouge2, 1)),
        ("ROUGE-L", lambda row: _number(row.rouge_l, 1)),
        ("words", lambda row: _number(row.mean_word_count, 0)),
        ("points the model wrote", lambda row: _percent(row.written_share)),
        ("source words/s", lambda row: _speed(row.speed)),
        ("size", lambda row: _size(row.size_bytes)),
    ]
    summaries = _table(
        [("summary", lambda row: row.name), *columns],
        _merged([result.summaries for result in results]),
    )
    headlines = _table(
        [("headline", lambda row: row.name), *columns[:4]],
        _merged([result.headlines for result in results]),
    )
    heading = f"### {first.test_set}\n\n{first.article_count:,} articles.\n"
    return f"{heading}\n{summaries}\n{headlines}"


def _check_same(test_set: str, counts: Iterable[int]) -> None:
    if len(set(counts)) > 1:
        raise EvaluationInvalid(
            f"{test_set} has another length in another evaluation; evaluate on the same test set."
        )


def _merged(tables: Sequence[Sequence[Row]]) -> list[Row]:
    """The rows of several tables by kind; of two with the same name, the later one."""
    by_name = {row.name: row for rows in tables for row in rows}
    return sorted(by_name.values(), key=lambda row: _ORDER.index(row.kind))


def _table(columns: Sequence[Column[Row]], rows: Sequence[Row]) -> str:
    """The columns in which any row has something to say."""
    cells = {title: [cell(row) for row in rows] for title, cell in columns}
    filled = [(title, each) for title, each in cells.items() if set(each) != {NOTHING}]
    lines = [_line(title for title, _ in filled), _line("---" for _ in filled)]
    lines += [_line(each[index] for _, each in filled) for index in range(len(rows))]
    return "".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _notes(evaluations: Sequence[Evaluation]) -> str:
    """How scores were computed, and what speeds were measured on; what is the same stands once."""
    lines = [line for evaluation in evaluations for line in _notes_of(evaluation)]
    return "### How it was measured\n\n" + "".join(f"- {line}.\n" for line in dict.fromkeys(lines))


def _notes_of(evaluation: Evaluation) -> Iterator[str]:
    titles = {"bleu": "BLEU", "chrf": "chrF"}
    for translation in evaluation.translations:
        for name, signature in translation.signatures.items():
            yield f"{titles[name]}: `{signature}`"
        if translation.gazetteer_name_count is not None:
            yield f"Names: a gazetteer of {translation.gazetteer_name_count:,}"
    yield from (f"ROUGE: `{brief.signature}`" for brief in evaluation.briefs)
    machine = evaluation.machine
    note = f"; {machine.note}" if machine.note else ""
    models = " and ".join(f"{model.name} {model.label}" for model in evaluation.models)
    yield (
        f"Speed of {models}: source words per second of wall time, nothing cached, "
        f"{machine.core_count} workers of one thread; {machine.processor}, {evaluation.date}{note}"
    )


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f} %"


def _share(retention: Retention | None) -> str:
    return _percent(retention.share if retention is not None else None)


def _rate(row: TranslationRow, flag: QualityFlag) -> str:
    return _percent(row.flag_rates.get(flag.value))


def _reported(row: TranslationRow) -> str:
    return _percent(row.reported_rates["any"] if row.reported_rates is not None else None)


def _speed(speed: Speed | None) -> str:
    return _number(speed.source_words_per_second if speed is not None else None, 0)


def _size(size_bytes: int | None) -> str:
    return NOTHING if size_bytes is None else f"{size_bytes / 1e6:,.1f} MB"
