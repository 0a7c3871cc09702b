"""Reads corpora into normalized pairs of text."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mujaz.domain.normalize import NormalizationOptions, normalized

from .experiment import Corpus, CorpusFormat, RecipeError
from .summary_pair import brief_pairs, headline_pairs, summary_pairs
from .text_pair import TextPair

NORMALIZATION = NormalizationOptions()
"""How every text is normalized, in training as in the service; it goes into the manifest."""

_RECORD_READERS: Mapping[CorpusFormat, Callable[[Mapping[str, Any]], Iterable[TextPair]]] = {
    CorpusFormat.HEADLINES: headline_pairs,
    CorpusFormat.SUMMARIES: summary_pairs,
    CorpusFormat.BRIEFS: brief_pairs,
}


def read_corpus(corpus: Corpus, data: Path) -> Iterator[TextPair]:
    """The pairs of a corpus below the folder `data`, both sides normalized, in file order.

    A line that is not a pair gives a pair with an empty side, for the filters to count.
    Raises RecipeError where no file matches or a file cannot be read.
    """
    for path in corpus_files(corpus.files, data):
        for line in read_lines(path):
            yield from _pairs(line, corpus.format, path)


def corpus_files(patterns: tuple[str, ...], data: Path) -> list[Path]:
    """The files that match, sorted within each pattern; raises RecipeError where none does."""
    found: list[Path] = []
    for pattern in patterns:
        matches = sorted(data.glob(pattern))
        if not matches:
            raise RecipeError(
                f"No file matches {pattern} in {data}; put the corpus there or take it out of the "
                "experiment."
            )
        found += [path for path in matches if path not in found]
    return found


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 text file, decompressed where its name ends in `.xz`."""
    try:
        if path.suffix == ".xz":
            with lzma.open(path, "rt", encoding="utf-8") as file:
                yield from file
        else:
            with path.open(encoding="utf-8") as file:
                yield from file
    except (OSError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise RecipeError(f"Cannot read {path}; fetch it again.") from error


def _pairs(line: str, corpus_format: CorpusFormat, path: Path) -> Iterator[TextPair]:
    if corpus_format is CorpusFormat.PAIRS:
        source, _, rest = line.rstrip("\n").partition("\t")
        target = rest.partition("\t")[0]
        yield TextPair(normalized(source, NORMALIZATION), normalized(target, NORMALIZATION))
        return
    record = read_record(line, path)
    try:
        raw = list(_RECORD_READERS[corpus_format](record))
    except (KeyError, IndexError, TypeError) as error:
        raise RecipeError(f"A line of {path} does not fit the format {corpus_format}.") from error
    for pair in raw:
        yield TextPair(
            normalized(pair.source, NORMALIZATION), normalized(pair.target, NORMALIZATION)
        )


def read_record(line: str, path: Path) -> dict[str, Any]:
    """A line of JSON as an object; raises RecipeError that names `path`."""
    try:
        record = json.loads(line)
    except ValueError as error:
        raise RecipeError(f"A line of {path} is not JSON; the file needs JSON lines.") from error
    if not isinstance(record, dict):
        raise RecipeError(f"A line of {path} is not a JSON object.")
    return record
