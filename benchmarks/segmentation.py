"""How well sentence ends are found: ours, sentencex, pysbd, and the expression EasyNMT uses.

    python benchmarks/segmentation.py
    python benchmarks/segmentation.py --articles DIR [--reference FILE]

Scores precision, recall and F1 over sentence ends on tests/golden/sentences.jsonl and, with
--articles, on those raw articles in DIR that the reference has offsets for. They were set by hand:
every mark that could end a sentence was judged, and ends without a mark (headlines run into the
text) were added, before the segmenter was written. The end of a text is not scored: every system
finds it. Each competitor gets the text as a user would pass it, whole, and once more line by line
("by line"), which hands it every line end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import sentencex

from mujaz.domain.segment import SEGMENTER_VERSION, segment

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pysbd has invalid escapes in its own patterns
    import pysbd

BENCHMARKS = Path(__file__).resolve().parent
GOLDEN = BENCHMARKS.parent / "tests" / "golden" / "sentences.jsonl"
REFERENCE = BENCHMARKS / "data" / "article_boundaries.jsonl"
RESULTS = BENCHMARKS / "results" / "segmentation.json"

Segmenter = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and where its sentences end, the end of the text left out."""

    name: str
    category: str
    text: str
    ends: frozenset[int]
    is_held_out: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """How many sentence ends are right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def ours(text: str) -> list[str]:
    """The sentences of this project."""
    return [sentence.span.of(text) for sentence in segment(text)]


def with_sentencex(text: str) -> list[str]:
    """The sentences of sentencex for Arabic."""
    return list(sentencex.segment("ar", text))


def with_pysbd(text: str) -> list[str]:
    """The sentences of pysbd for Arabic."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [str(part) for part in pysbd.Segmenter(language="ar", clean=False).segment(text)]


def with_easynmt(text: str) -> list[str]:
    """The sentences of the regular expression in EasyNMT's `sentence_splitting` for Arabic."""
    return re.findall(r"[^!?。\.]+[!?。\.]*", text)


def by_line(segmenter: Segmenter) -> Segmenter:
    """The same segmenter, given one line at a time."""
    return lambda text: [part for line in text.splitlines() for part in segmenter(line)]


SEGMENTERS: dict[str, Segmenter] = {
    "ours": ours,
    "sentencex": with_sentencex,
    "sentencex, by line": by_line(with_sentencex),
    "pysbd": with_pysbd,
    "pysbd, by line": by_line(with_pysbd),
    "EasyNMT": with_easynmt,
    "EasyNMT, by line": by_line(with_easynmt),
}


def sentence_ends(text: str, sentences: Iterable[str]) -> frozenset[int]:
    """Where the sentences end in `text`, found in order; white space and the last end left out.

    Some systems change white space, so a sentence is looked for by its characters that are none.
    """
    positions = [index for index, character in enumerate(text) if not character.isspace()]
    solid = "".join(text[index] for index in positions)
    ends: set[int] = set()
    reached = 0
    for sentence in sentences:
        characters = "".join(sentence.split())
        found = solid.find(characters, reached) if characters else -1
        if found < 0:
            continue
        reached = found + len(characters)
        ends.add(positions[reached - 1] + 1)
    return frozenset(ends - {len(text.rstrip())})


def golden_samples(path: Path = GOLDEN) -> list[Sample]:
    """The hand-made cases."""
    samples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        samples.append(
            Sample(
                case["id"],
                case["category"],
                case["text"],
                sentence_ends(case["text"], case["sentences"]),
                case.get("held_out", False),
            )
        )
    return samples


def article_samples(directory: Path, reference: Path) -> list[Sample]:
    """The articles of `directory` that the reference covers; exits if one differs from it."""
    samples = []
    for line in reference.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        path = directory / entry["file"]
        if not path.exists():
            continue
        raw = path.read_bytes()
        if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
            sys.exit(f"{entry['file']} is not the text that the reference was made for.")
        text = raw.decode("utf-8")
        ends = frozenset(entry["boundaries"]) - {len(text.rstrip())}
        samples.append(Sample(entry["file"], "article", text, ends))
    return samples


def score(segmenter: Segmenter, samples: Iterable[Sample]) -> Score:
    """The summed score of a segmenter over samples."""
    total = Score()
    for sample in samples:
        found = sentence_ends(sample.text, segmenter(sample.text))
        total += Score(len(found & sample.ends), len(found - sample.ends), len(sample.ends - found))
    return total


def measure(groups: dict[str, Sequence[Sample]]) -> list[dict[str, object]]:
    """One row for each group of samples and each segmenter."""
    rows: list[dict[str, object]] = []
    for group, samples in groups.items():
        for name, segmenter in SEGMENTERS.items():
            result = score(segmenter, samples)
            figures = {
                figure: round(getattr(result, figure), 4)
                for figure in ("precision", "recall", "f1")
            }
            rows.append({"samples": group, "segmenter": name, **figures, **asdict(result)})
    return rows


def by_category(samples: Sequence[Sample]) -> dict[str, float]:
    """Our F1 in each category of the golden file."""
    categories = sorted({sample.category for sample in samples})
    return {
        category: round(score(ours, [s for s in samples if s.category == category]).f1, 4)
        for category in categories
    }


def main() -> None:
    """Print the table and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=Path, help="folder with the raw articles")
    parser.add_argument("--reference", type=Path, default=REFERENCE)
    parser.add_argument("--output", type=Path, default=RESULTS)
    arguments = parser.parse_args()

    golden = golden_samples()
    groups: dict[str, Sequence[Sample]] = {
        "golden": golden,
        "golden, held out": [sample for sample in golden if sample.is_held_out],
    }
    if arguments.articles:
        groups["articles"] = article_samples(arguments.articles, arguments.reference)
    rows = measure(groups)
    print(f"{'samples':18} {'segmenter':20} {'precision':>9} {'recall':>9} {'F1':>9}")
    for row in rows:
        print(
            f"{row['samples']:18} {row['segmenter']:20}"
            f" {row['precision']:9.4f} {row['recall']:9.4f} {row['f1']:9.4f}"
        )
    report = {
        "versions": {
            "python": platform.python_version(),
            "mujaz segmenter": SEGMENTER_VERSION,
            "pysbd": version("pysbd"),
            "sentencex": version("sentencex"),
            "EasyNMT": "sentence_splitting for ar, commit d9db97f",
        },
        "samples": {
            group: {"texts": len(samples), "sentence_ends": sum(len(s.ends) for s in samples)}
            for group, samples in groups.items()
        },
        "results": rows,
        "our_f1_by_category": by_category(golden),
    }
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(
        json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
