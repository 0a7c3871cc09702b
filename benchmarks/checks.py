"""How far the flags of a sentence can be trusted: precision and recall on labelled outputs.

    python benchmarks/checks.py
    python benchmarks/checks.py --pairs flores=dev.ar,dev.en --served flores=dev.ar,dev.en

Measured on the outputs of the starter model in tests/golden/outputs.jsonl, labelled by the rules of
docs/quality-checks.md. `--pairs` are translations by people, where each flag is a false alarm (or a
fault of theirs). The sources of `--served` are translated by the model as the service does it, with
and without the rules for echoes and days of the week.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import sacrebleu
from harness import MODELS, ROOT, write_result

from mujaz.domain.checks import QualityFlag, check_translation, is_repetitive
from mujaz.domain.echoes import has_echo
from mujaz.domain.numbers import number_mismatch
from mujaz.domain.weekdays import weekday_mismatch
from mujaz.evaluation.decoding import DecodingChoice, TranslatedLines, open_decoder

GOLDEN = ROOT / "tests" / "golden" / "outputs.jsonl"
FIRST_DECODING = "manifest"
# What each flag is meant to find, and what else it is right to point at.
AIMS = {
    QualityFlag.REPETITION: ("looped", ()),
    QualityFlag.LENGTH_RATIO: ("cut", ("looped",)),
    QualityFlag.UNTRANSLATED: ("untranslated", ()),
    QualityFlag.NUMBER_MISMATCH: ("wrong_number", ()),
    QualityFlag.TRUNCATED: ("cut", ("looped",)),
    QualityFlag.LOW_SCORE: (
        "hallucinated",
        ("looped", "cut", "untranslated", "wrong_number", "wrong_meaning"),
    ),
}
FLOORS = (-1.05, -1.0, -0.95, -0.9, -0.85, -0.8, -0.75, -0.7)
_NORMAL_QUANTILE = 1.96  # for 95 %


@dataclass(frozen=True, slots=True)
class Output:
    """A labelled output, and the flags it earns."""

    source: str
    target: str
    decoding: str
    score: float
    hit_limit: bool
    labels: frozenset[str]
    flags: frozenset[QualityFlag]

    @property
    def is_faulty(self) -> bool:
        """Whether any fault was found by reading."""
        return "good" not in self.labels

    @property
    def is_held_out(self) -> bool:
        """Whether it belongs to the half that no rule was tuned on; by its source."""
        return int(hashlib.sha256(self.source.encode()).hexdigest(), 16) % 2 == 1


def read_outputs(score_floor: float | None) -> list[Output]:
    """The labelled outputs with the flags of today's checks."""
    outputs = []
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        flags = check_translation(
            row["source"],
            row["target"],
            score=row["score"],
            hit_limit=row["hit_limit"],
            score_floor=score_floor,
        )
        fields = ("source", "target", "decoding", "score", "hit_limit")
        outputs.append(
            Output(
                **{name: row[name] for name in fields},
                labels=frozenset(row["labels"]),
                flags=frozenset(flags),
            )
        )
    return outputs


def flags_before(output: Output) -> frozenset[QualityFlag]:
    """The flags without the rules for echoes and days of the week."""
    flags = set(output.flags)
    if not is_repetitive(output.target) or is_repetitive(output.source):
        flags.discard(QualityFlag.REPETITION)
    if not number_mismatch(output.source, output.target):
        flags.discard(QualityFlag.NUMBER_MISMATCH)
    return frozenset(flags)


def share(part: int, whole: int) -> dict[str, Any]:
    """A share with its 95 % interval by Wilson; none of an empty whole."""
    if whole == 0:
        return {"count": part, "of": whole, "share": None, "interval": None}
    z2 = _NORMAL_QUANTILE**2 / whole
    middle = (part / whole + z2 / 2) / (1 + z2)
    half = math.sqrt(z2 * part / whole * (1 - part / whole) + z2**2 / 4) / (1 + z2)
    interval = [round(max(0.0, middle - half), 3), round(min(1.0, middle + half), 3)]
    return {"count": part, "of": whole, "share": round(part / whole, 3), "interval": interval}


def judge(
    outputs: Sequence[Output],
    flags_of: Callable[[Output], frozenset[QualityFlag]] = lambda output: output.flags,
) -> dict[str, Any]:
    """Precision and recall of each flag, and of any flag for any fault."""
    report: dict[str, Any] = {"rows": len(outputs), "flags": {}}
    for flag, (aim, others) in AIMS.items():
        flagged = [output for output in outputs if flag in flags_of(output)]
        aimed = [output for output in outputs if aim in output.labels]
        right = [each for each in flagged if not each.labels.isdisjoint((aim, *others))]
        found = [each for each in aimed if flag in flags_of(each)]
        report["flags"][flag.value] = {
            "precision": share(len(right), len(flagged)),
            "recall": share(len(found), len(aimed)),
        }
    flagged = [output for output in outputs if flags_of(output)]
    faulty = [output for output in outputs if output.is_faulty]
    both = sum(output.is_faulty for output in flagged)
    report["any"] = {
        "precision": share(both, len(flagged)),
        "recall": share(both, len(faulty)),
    }
    report["found_by_any"] = {
        label: share(sum(bool(flags_of(each)) for each in with_label), len(with_label))
        for label in sorted({label for each in outputs for label in each.labels})
        if (with_label := [each for each in outputs if label in each.labels])
    }
    return report


def floor_report(outputs: Iterable[Output]) -> list[dict[str, Any]]:
    """What LOW_SCORE would find at each floor, on both halves."""
    rows = []
    for half, is_held_out in (("tuned", False), ("held_out", True)):
        members = [output for output in outputs if output.is_held_out == is_held_out]
        faulty = sum(output.is_faulty for output in members)
        for floor in FLOORS:
            below = [output for output in members if output.score < floor]
            right = sum(output.is_faulty for output in below)
            rows.append(
                {
                    "half": half,
                    "floor": floor,
                    "precision": share(right, len(below)),
                    "recall": share(right, faulty),
                }
            )
    return rows


def read_pairs(specification: str) -> tuple[str, list[tuple[str, str]]]:
    """The name and the pairs of lines that NAME=SOURCE,TARGET names."""
    name, files = specification.split("=", 1)
    source, target = (
        Path(file).read_text(encoding="utf-8").splitlines() for file in files.split(",")
    )
    return name, [pair for pair in zip(source, target, strict=True) if all(pair)]


def people_report(specification: str) -> dict[str, Any]:
    """How many translations by people each flag objects to, and what a check costs."""
    name, pairs = read_pairs(specification)
    began = time.process_time()
    flags = [
        check_translation(source, target, score=0.0, hit_limit=False, score_floor=None)
        for source, target in pairs
    ]
    microseconds = 1e6 * (time.process_time() - began) / len(pairs)
    counts = Counter(flag.value for each in flags for flag in each)
    return {
        "name": name,
        "pairs": len(pairs),
        "flagged": share(sum(map(bool, flags)), len(pairs)),
        "by_flag": dict(sorted(counts.items())),
        "microseconds_per_pair": round(microseconds),
    }


async def translate(model: Path, sources: Sequence[str], *, retry: bool) -> TranslatedLines:
    """The sources as the service translates them."""
    async with open_decoder(model, DecodingChoice(retry=retry)) as decoder:
        return await decoder.translate(sources, lambda _: None)


def served_report(specification: str, model: Path) -> dict[str, Any]:
    """The flags of first decodings and of answers, and what the answers score, by both rules."""
    name, pairs = read_pairs(specification)
    sources, references = [source for source, _ in pairs], [target for _, target in pairs]
    report: dict[str, Any] = {"name": name, "lines": len(pairs)}
    for rules in ("before", "now"):
        # Stands for the time without them: they are functions that the checks look up.
        changed = {"has_echo": _never, "weekday_mismatch": _never} if rules == "before" else {}
        with mock.patch.multiple("mujaz.domain.checks", **changed) if changed else nullcontext():
            first = asyncio.run(translate(model, sources, retry=False))
            answered = asyncio.run(translate(model, sources, retry=True))
        lines = list(zip(sources, answered.lines, strict=True))
        report[rules] = {
            "first": _flag_counts(first),
            "answered": _flag_counts(answered),
            "answers_with_an_echo": sum(has_echo(*line) for line in lines),
            "answers_with_another_day": sum(weekday_mismatch(*line) for line in lines),
            "chrf": round(sacrebleu.corpus_chrf(list(answered.lines), [references]).score, 2),
        }
    return report


def _never(_source: str, _target: str) -> bool:
    return False


def _flag_counts(translated: TranslatedLines) -> dict[str, int]:
    counts = Counter(flag.value for flags in translated.flags for flag in flags)
    faulty = sum(bool(set(flags) - {QualityFlag.RETRIED}) for flags in translated.flags)
    return {**dict(sorted(counts.items())), "any": faulty}


def measure(outputs: Sequence[Output]) -> dict[str, Any]:
    """Everything that the labelled outputs tell."""
    first = [output for output in outputs if output.decoding == FIRST_DECODING]
    groups = {
        "manifest": first,
        "other": [output for output in outputs if output.decoding != FIRST_DECODING],
        "manifest_held_out": [output for output in first if output.is_held_out],
        "all_tuned": [output for output in outputs if not output.is_held_out],
        "all_held_out": [output for output in outputs if output.is_held_out],
    }
    return {
        "labels": {
            name: dict(sorted(Counter(label for each in rows for label in each.labels).items()))
            for name, rows in groups.items()
        },
        "decodings": dict(sorted(Counter(output.decoding for output in outputs).items())),
        "now": {name: judge(rows) for name, rows in groups.items()},
        "before": {name: judge(rows, flags_before) for name, rows in groups.items()},
        "score_floors": floor_report(first),
    }


def table(measured: dict[str, Any]) -> str:
    """The table of docs/quality-checks.md."""
    lines = ["| flag | rows | precision | recall | before: recall |", "|---|---|---|---|---|"]
    for group, title in (("manifest", "as served"), ("other", "other decodings")):
        now, before = measured["now"][group], measured["before"][group]
        rows = [(name, each, before["flags"][name]) for name, each in now["flags"].items()]
        for name, each, old in [*rows, ("any flag, any fault", now["any"], before["any"])]:
            cells = (each["precision"], each["recall"])
            old_cell = f"{old['recall']['count']} of {old['recall']['of']}"
            lines.append(f"| {name} | {title} | {' | '.join(map(_cell, cells))} | {old_cell} |")
    return "\n".join(lines)


def _cell(value: dict[str, Any]) -> str:
    if value["share"] is None:
        return "none"
    low, high = value["interval"]
    return f"{value['count']} of {value['of']} ({low:.0%} to {high:.0%})"


def main() -> None:
    """Measure, print the table, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", action="append", default=[], metavar="NAME=SOURCE,TARGET")
    parser.add_argument("--served", action="append", default=[], metavar="NAME=SOURCE,TARGET")
    options = parser.parse_args()
    manifest = json.loads((MODELS / "ar-en" / "manifest.json").read_text(encoding="utf-8"))
    measured = measure(read_outputs(manifest["score_floor"]))
    print(table(measured))
    people = [people_report(pairs) for pairs in options.pairs]
    served = [served_report(pairs, MODELS / "ar-en") for pairs in options.served]
    print(json.dumps({"people": people, "served": served}, indent=2))
    figures = {"score_floor": manifest["score_floor"], **measured}
    write_result("checks", {**figures, "people": people, "served": served})


if __name__ == "__main__":
    main()
