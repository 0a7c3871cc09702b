"""Corpora in, clean pairs by group out: the work of the first step."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .augmentation import augment
from .cleaning import Fault, find_fault
from .corpus import read_corpus, read_lines, read_record
from .experiment import Corpus, Experiment, Group
from .overlap import Overlap, TestSetGuard
from .terms import TermTable
from .text_pair import TextPair

_FAULT_OF_OVERLAP: Mapping[Overlap, Fault] = {
    Overlap.LINE: Fault.TEST_LINE,
    Overlap.NGRAM: Fault.TEST_NGRAM,
}


@dataclass(frozen=True, slots=True)
class PreparedGroup:
    """The pairs of one group, drawn from together; `share` is its part of the target tokens."""

    name: str
    share: float
    train: Sequence[TextPair]
    validation: Sequence[TextPair] = ()


@dataclass(slots=True)
class Counts:
    """What became of each corpus, and what was made out of it."""

    corpora: dict[str, dict[str, int]] = field(default_factory=dict)
    augmented: dict[str, int] = field(default_factory=dict)


class Preparation:
    """Reads an experiment's corpora; remembers which pairs it has seen, to drop doubles."""

    __slots__ = ("_data", "_experiment", "_guard", "_seen", "_terms", "counts")

    def __init__(self, experiment: Experiment, data: Path, guard: TestSetGuard) -> None:
        self._experiment, self._data, self._guard = experiment, data, guard
        self._seen: set[TextPair] = set()
        self._terms = TermTable(
            _terms(experiment.name_files, data), _terms(experiment.dictionary_files, data)
        )
        self.counts = Counts()

    def groups(self) -> Iterator[PreparedGroup]:
        """Each group, and after it each of its augmentations as a group of its own.

        Raises RecipeError where a corpus is missing or cannot be read.
        """
        for group in self._experiment.groups:
            pairs = [pair for corpus in group.corpora for pair in self._clean(corpus, group)]
            random.Random(f"{self._experiment.seed} {group.name}").shuffle(pairs)
            held_out = pairs[: group.validation_pairs]
            train = pairs[group.validation_pairs :]
            yield PreparedGroup(group.name, group.share, train, held_out)
            yield from self._augmented(group, train)

    def _clean(self, corpus: Corpus, group: Group) -> list[TextPair]:
        outcome: Counter[str] = Counter()
        kept: list[TextPair] = []
        for pair in read_corpus(corpus, self._data):
            fault = self._fault(pair, group)
            outcome[fault or "clean"] += 1
            if fault is None:
                kept.append(pair)
        if corpus.pair_limit and len(kept) > corpus.pair_limit:
            random.Random(f"{self._experiment.seed} {corpus.name}").shuffle(kept)
            del kept[corpus.pair_limit :]
        outcome["kept"] = len(kept)
        self.counts.corpora[corpus.name] = dict(sorted(outcome.items()))
        return kept

    def _fault(self, pair: TextPair, group: Group) -> Fault | None:
        language = self._experiment.target_language
        fault = find_fault(pair, is_prose=group.is_prose, target_language=language)
        if fault is not None:
            return fault
        if pair in self._seen:
            return Fault.DUPLICATE
        self._seen.add(pair)
        overlap = self._guard.find(pair.source) or self._guard.find(pair.target)
        return None if overlap is None else _FAULT_OF_OVERLAP[overlap]

    def _augmented(self, group: Group, pairs: Sequence[TextPair]) -> Iterator[PreparedGroup]:
        for kind in group.augmentations:
            made = list(augment(pairs, kind, terms=self._terms, seed=self._experiment.seed))
            name = f"{group.name}/{kind}"
            self.counts.augmented[name] = len(made)
            if made:
                yield PreparedGroup(name, group.augmentation_share / len(group.augmentations), made)


def read_test_sets(files: Sequence[Path]) -> Iterator[str]:
    """The lines of plain text files, and of every text in files of JSON lines."""
    for path in files:
        for line in read_lines(path):
            if path.name.endswith((".jsonl", ".jsonl.xz")):
                for value in read_record(line, path).values():
                    yield from value.splitlines() if isinstance(value, str) else ()
            else:
                yield line


def _terms(patterns: tuple[str, ...], data: Path) -> Iterator[TextPair]:
    if patterns:
        yield from read_corpus(Corpus(name="terms", license="", files=patterns), data)
