"""Whether sentences of other languages are passed by and Arabic of all kinds is translated.

    python benchmarks/languages.py
    python benchmarks/languages.py --arabic flores=flores.ar --articles DIR

Counts are over tests/golden/languages.jsonl: what the service would translate, and which language
DetectLanguage names. `--arabic` are files with an Arabic sentence a line, `--articles` a directory
of Arabic articles: what is not taken for Arabic there is a false alarm, if it has Arabic words.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from harness import ROOT, sentences_of, write_result

from mujaz.domain.language import is_arabic_sentence
from mujaz.engine.language import LanguageDetector

GOLDEN = ROOT / "tests" / "golden" / "languages.jsonl"
# Modern Standard, Egyptian, Levantine, Gulf, Maghrebi and Iraqi Arabic, by ISO 639-3.
ARABIC = ("ar", "arz", "apc", "afb", "ary", "acm")


def golden_report() -> dict[str, dict[str, object]]:
    """By language: how many are treated rightly, those held out too, and what they are named."""
    cases = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    detector = LanguageDetector()
    report: dict[str, dict[str, object]] = {}
    for language in dict.fromkeys(case["language"] for case in cases):
        own = [case for case in cases if case["language"] == language]
        held_out = [case["text"] for case in own if case.get("held_out")]
        texts = [case["text"] for case in own]
        report[language] = {
            "count": len(texts),
            "right": _right(texts, language),
            "held_out_count": len(held_out),
            "held_out_right": _right(held_out, language),
            "named": dict(Counter(detector.detect(text)[0].code for text in texts).most_common()),
        }
    return report


def arabic_report(name: str, sentences: Sequence[str]) -> dict[str, object]:
    """How many Arabic sentences would be passed by; those without Arabic letters do not count."""
    written = [text for text in sentences if any("ء" <= letter <= "ي" for letter in text)]
    passed = [text for text in written if not is_arabic_sentence(text)]
    return {
        "name": name,
        "sentence_count": len(written),
        "passed_by": len(passed),
        "false_alarm_rate": round(len(passed) / max(1, len(written)), 5),
    }


def _right(texts: Iterable[str], language: str) -> int:
    return sum(is_arabic_sentence(text) == (language in ARABIC) for text in texts)


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--arabic", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--articles", type=Path, help="directory of *.txt")
    options = parser.parse_args()
    files = [item.split("=", 1) for item in options.arabic]
    arabic = [
        arabic_report(name, Path(file).read_text(encoding="utf-8").splitlines())
        for name, file in files
    ]
    if options.articles is not None:
        texts = [
            file.read_text(encoding="utf-8") for file in sorted(options.articles.glob("*.txt"))
        ]
        sentences = [sentence for text in texts for sentence in sentences_of(text)]
        arabic.append(arabic_report("articles", sentences))
    report = {"golden": golden_report(), "arabic": arabic}
    print(json.dumps(report, ensure_ascii=False, indent=2))
    write_result("languages", report)


if __name__ == "__main__":
    main()
