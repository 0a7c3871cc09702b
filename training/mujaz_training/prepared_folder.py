"""The folder between the first step and the second: clean pairs as text, and the report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from .experiment import RecipeError
from .preparation import PreparedGroup
from .text_pair import TextPair

TRAIN = "pairs.tsv"
VALIDATION = "validation.tsv"
REPORT = "report.json"


@dataclass(frozen=True, slots=True)
class GroupedPairs:
    """All pairs of a file, and the number of each pair's group."""

    pairs: list[TextPair]
    groups: list[int]


class PreparedFolder:
    """Writes and reads the folder at `path`."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def write_groups(self, groups: Iterable[PreparedGroup]) -> list[dict[str, Any]]:
        """Writes every group as it comes; returns name, share and size of each."""
        self.path.mkdir(parents=True, exist_ok=True)
        written: list[dict[str, Any]] = []
        with (
            (self.path / TRAIN).open("w", encoding="utf-8") as train,
            (self.path / VALIDATION).open("w", encoding="utf-8") as validation,
        ):
            for number, group in enumerate(groups):
                _write(train, number, group.train)
                _write(validation, number, group.validation)
                written.append(
                    {"name": group.name, "share": group.share, "pairs": len(group.train)}
                )
        return written

    def write_report(self, report: dict[str, Any]) -> None:
        """Writes the report that `shares` reads."""
        text = json.dumps(report, ensure_ascii=False, indent=2)
        (self.path / REPORT).write_text(text + "\n", encoding="utf-8")

    def report(self) -> dict[str, Any]:
        """The report; raises RecipeError."""
        try:
            report: dict[str, Any] = json.loads((self.path / REPORT).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RecipeError(f"{self.path} has no report.json; run prepare.py first.") from error
        return report

    def shares(self) -> list[tuple[str, float]]:
        """Name and share of each group, by number."""
        return [(str(group["name"]), float(group["share"])) for group in self.report()["groups"]]

    def read(self, name: str) -> GroupedPairs:
        """The pairs of one file of the folder; raises RecipeError."""
        result = GroupedPairs([], [])
        for number, pair in _read(self.path / name):
            result.pairs.append(pair)
            result.groups.append(number)
        return result


def _write(file: TextIO, number: int, pairs: Iterable[TextPair]) -> None:
    file.writelines(f"{number}\t{pair.source}\t{pair.target}\n" for pair in pairs)


def _read(path: Path) -> Iterator[tuple[int, TextPair]]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                number, source, target = line.rstrip("\n").split("\t")
                yield int(number), TextPair(source, target)
    except (OSError, ValueError) as error:
        raise RecipeError(f"{path} cannot be read; run prepare.py again.") from error
