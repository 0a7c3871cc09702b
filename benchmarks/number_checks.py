"""How well wrong numbers are noticed, how often right ones are blamed, and what a model gets wrong.

    python benchmarks/number_checks.py
    python benchmarks/number_checks.py --pairs flores=flores.ar,flores.en --articles DIR

Precision and recall are over the pairs of tests/golden/numbers.jsonl, and once more over those that
were held out while the rules were tuned. `--pairs` are translations by people, whose numbers are
right, so that what is flagged there is a false alarm (or a fault of theirs). With `--articles`,
sentences with numbers are translated by the model without and with the second decoding.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness import MODELS, ROOT, SEED, sentences_of, write_result

from mujaz.domain.checks import QualityFlag
from mujaz.domain.numbers import number_mismatch
from mujaz.evaluation.decoding import DecodingChoice, TranslatedLines, open_decoder

GOLDEN = ROOT / "tests" / "golden" / "numbers.jsonl"
# Digits, or the beginning of a number word or month: the same sentences in every version.
HAS_NUMBER = re.compile(
    r"[0-9٠-٩]|(?<!\w)[وبلف]?(?:ال)?(?:ثلاث|أربع|خمس|سبع|ثمان|تسع|عشر|ست[ةو ]|واحد|[أا]ول|ثاني|اثن"
    r"|نصف|ربع|ثلث|م[ئا]ئ?ة|مئات|ألف|آلاف|مليون|ملايين|مليار|يناير|فبراير|مارس|[أا]بريل|مايو|يوني"
    r"|يولي|[أا]غسطس|سبتمبر|[أا]كتوبر|نوفمبر|ديسمبر|تشرين|كانون|شباط|آذار|نيسان|حزيران|تموز|أيلول)"
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many wrong pairs are noticed and missed, and right pairs are blamed and passed."""

    noticed: int
    missed: int
    blamed: int
    passed: int

    def report(self) -> dict[str, float]:
        """The counts with precision and recall."""
        return {
            "noticed": self.noticed,
            "missed": self.missed,
            "blamed": self.blamed,
            "passed": self.passed,
            "precision": round(self.noticed / max(1, self.noticed + self.blamed), 4),
            "recall": round(self.noticed / max(1, self.noticed + self.missed), 4),
        }


def judge(cases: Iterable[dict[str, object]]) -> Count:
    """What the check says of labelled pairs."""
    verdicts = [
        (bool(case["mismatch"]), number_mismatch(str(case["source"]), str(case["target"])))
        for case in cases
    ]
    return Count(*(verdicts.count(kind) for kind in ((True, True), (True, False), (False, True))),
                 verdicts.count((False, False)))  # fmt: skip


def golden_report() -> dict[str, object]:
    """Precision and recall on the golden file: all, held out, and by category."""
    cases = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    categories = dict.fromkeys(case["category"] for case in cases)
    return {
        "all": judge(cases).report(),
        "held_out": judge(case for case in cases if case.get("held_out")).report(),
        "by_category": {
            name: judge(case for case in cases if case["category"] == name).report()
            for name in categories
        },
    }


def pairs_report(specification: str, limit: int) -> dict[str, object]:
    """The share of translations by people that the check objects to, and what a check costs."""
    name, files = specification.split("=", 1)
    sides = [Path(file).read_text(encoding="utf-8").splitlines() for file in files.split(",")]
    pairs = [pair for pair in zip(*sides, strict=True) if all(pair)]
    pairs = random.Random(SEED).sample(pairs, min(limit, len(pairs)))
    began = time.process_time()
    flagged = sum(number_mismatch(source, target) for source, target in pairs)
    microseconds = 1e6 * (time.process_time() - began) / len(pairs)
    return {
        "name": name,
        "pair_count": len(pairs),
        "flagged": flagged,
        "false_alarm_rate": round(flagged / len(pairs), 4),
        "microseconds_per_pair": round(microseconds),
    }


def sentences_with_numbers(directory: Path, count: int) -> list[str]:
    """`count` sentences of the articles that state a number, the same ones in every run."""
    found = [
        sentence
        for file in sorted(directory.glob("*.txt"))
        for sentence in sentences_of(file.read_text(encoding="utf-8"))
        if HAS_NUMBER.search(sentence) and re.search(r"[^\W\d_]{2}", sentence)
    ]
    return random.Random(SEED).sample(found, min(count, len(found)))


async def translate(model: Path, sentences: Sequence[str], *, retry: bool) -> TranslatedLines:
    """The sentences as the service translates them."""
    async with open_decoder(model, DecodingChoice(retry=retry)) as decoder:
        return await decoder.translate(sentences, lambda _: None)


def model_report(
    model: Path, directory: Path, count: int, examples: Path | None
) -> dict[str, object]:
    """Shares of sentences whose numbers differ: as first decoded, and as answered."""
    sentences = sentences_with_numbers(directory, count)
    first = asyncio.run(translate(model, sentences, retry=False))
    second = asyncio.run(translate(model, sentences, retry=True))
    if examples is not None:
        lines = zip(sentences, first.lines, second.lines, strict=True)
        rows = [dict(zip(("source", "first", "answered"), line, strict=True)) for line in lines]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        examples.write_text(text, encoding="utf-8")
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    return {
        "model": f"{manifest['name']} {manifest['version']}",
        "sentence_count": len(sentences),
        "mismatch_before_retry": _share(first, QualityFlag.NUMBER_MISMATCH),
        "retried": _share(second, QualityFlag.RETRIED),
        "mismatch_flagged_after_retry": _share(second, QualityFlag.NUMBER_MISMATCH),
        "seconds_without_retry": first.speed.seconds,
        "seconds_with_retry": second.speed.seconds,
    }


def _share(translated: TranslatedLines, flag: QualityFlag) -> float:
    return round(sum(flag in flags for flags in translated.flags) / len(translated.flags), 4)


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", action="append", default=[], metavar="NAME=SOURCE,TARGET")
    parser.add_argument("--pair-limit", type=int, default=2000)
    parser.add_argument("--articles", type=Path, help="directory of *.txt")
    parser.add_argument("--sentences", type=int, default=500)
    parser.add_argument("--model", type=Path, default=MODELS / "ar-en")
    parser.add_argument("--examples", type=Path, help="where to write the translations")
    options = parser.parse_args()
    report: dict[str, object] = {
        "golden": golden_report(),
        "people": [pairs_report(pairs, options.pair_limit) for pairs in options.pairs],
    }
    if options.articles is not None:
        report["model"] = model_report(
            options.model, options.articles, options.sentences, options.examples
        )
    print(json.dumps(report, ensure_ascii=False, indent=2))
    write_result("number_checks", report)


if __name__ == "__main__":
    main()
