"""How many mentions are right, what finding them costs, and what consistent names cost.

    python benchmarks/names.py ARTICLES [--consistency]

`precision` is of the mentions in 100 sentences of ARTICLES that were judged one by one: right where
extent, kind and rendering are (`data/name_labels.jsonl`: offsets only; files whose digest differs
are left out). With --consistency the first SENTENCES_EACH sentences of each article are translated
without and with the names as a glossary: `consistent` is the share of names in two sentences or
more of an article whose rendering is in all of them; the cache is off. The result goes to
`results/names.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import time
import tracemalloc
from collections import defaultdict
from pathlib import Path
from typing import Any

from harness import MODELS, write_result

from mujaz.app.glossaries import GlossaryStore
from mujaz.app.mentions import BUNDLED_TABLE, read_names
from mujaz.app.translate import DocumentTranslator, TranslationConfig
from mujaz.domain.assemble import TranslatedSentence
from mujaz.domain.glossary import Glossary
from mujaz.domain.mentions import find_mentions
from mujaz.domain.name_table import NameTable
from mujaz.domain.segment import segment
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.engine.threads import available_core_count, thread_policy

LABELS = Path(__file__).parent / "data" / "name_labels.jsonl"
MATCHED_WORDS = 3_000
SENTENCES_EACH = 12
REPEATS = 5
ARABIC = TranslationConfig(source_language="ar")
SOURCE_FILES = "*.txt"


def measure_table(text: str) -> dict[str, Any]:
    """Seconds and bytes to load the table, and seconds to search a text of MATCHED_WORDS."""
    loads = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        names = read_names(MODELS)
        loads.append(time.perf_counter() - start)
    tracemalloc.start()
    names = read_names(MODELS)
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    words = text.split()
    searched = " ".join((words * (MATCHED_WORDS // len(words) + 1))[:MATCHED_WORDS])
    searches = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        find_mentions(searched, names)
        searches.append(time.perf_counter() - start)
    return {
        "names": len(names),
        "file_bytes": (MODELS / BUNDLED_TABLE).stat().st_size,
        "load_milliseconds": round(1000 * min(loads), 1),
        "memory_mebibytes": round(memory / 2**20, 2),
        "search_milliseconds": round(1000 * min(searches), 1),
    }


def measure_precision(articles: Path, names: NameTable) -> dict[str, Any]:
    """Of the mentions in labelled sentences: right, wrong, and found now but never judged."""
    counts: defaultdict[str, int] = defaultdict(int)
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        content = (articles / label["file"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != label["sha256"]:
            continue
        text = content.decode("utf-8")
        judged = {(s, e, kind): right for s, e, kind, right in label["mentions"]}
        for start, end in label["sentences"]:
            counts["sentences"] += 1
            for mention in find_mentions(text[start:end], names):
                for span in mention.source_spans:
                    key = (span.start + start, span.end + start, mention.kind.value)
                    right = judged.get(key)
                    counts["unjudged" if right is None else "right" if right else "wrong"] += 1
    judged_count = counts["right"] + counts["wrong"]
    return {**counts, "precision": round(counts["right"] / max(1, judged_count), 3)}


def holds(text: str, rendering: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(rendering)}s?(?!\w)", text, re.IGNORECASE) is not None


async def translate(
    translator: DocumentTranslator, texts: list[str]
) -> tuple[list[tuple[TranslatedSentence, ...]], float]:
    start = time.process_time()
    results = [(await translator.translate(text, ARABIC)).sentences for text in texts]
    return results, time.process_time() - start


async def measure_consistency(texts: list[str], names: NameTable) -> dict[str, Any]:
    registry = ModelRegistry.load(MODELS, thread_count=available_core_count())
    scheduler = Scheduler(worker_count=thread_policy(available_core_count()).worker_count)
    scheduler.start()
    results = {}
    seconds = {}
    for way, last in (("off", None), ("consistent", Glossary(names.entries()))):
        translator = DocumentTranslator(
            registry=registry,
            scheduler=scheduler,
            cache=SegmentCache(0),
            detector=LanguageDetector(),
            glossaries=GlossaryStore(last=last),
        )
        results[way], seconds[way] = await translate(translator, texts)
    await scheduler.stop()
    repeated = 0
    held = dict.fromkeys(results, 0)
    for off, consistent in zip(results["off"], results["consistent"], strict=True):
        places = defaultdict(set)
        for number, sentence in enumerate(consistent):
            for match in sentence.glossary_matches:
                places[match.target_term].add(number)
        for rendering, numbers in places.items():
            if len(numbers) > 1:
                repeated += 1
                for way, sentences in (("off", off), ("consistent", consistent)):
                    held[way] += all(
                        holds(sentences[n].translated_text, rendering) for n in numbers
                    )
    return {
        "articles": len(texts),
        "sentences": sum(map(len, results["off"])),
        "repeated_names": repeated,
        "consistent": {way: round(count / max(1, repeated), 3) for way, count in held.items()},
        "processor_time_ratio": round(seconds["consistent"] / seconds["off"], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--consistency", action="store_true")
    options = parser.parse_args()
    names = read_names(MODELS)
    bodies = [p.read_text(encoding="utf-8") for p in sorted(options.articles.glob(SOURCE_FILES))]
    result = {
        "table": measure_table("\n".join(bodies)),
        "mentions": measure_precision(options.articles, names),
    }
    if options.consistency:
        texts = [
            "\n".join(each.span.of(body) for each in segment(body)[:SENTENCES_EACH])
            for body in bodies[:40]
        ]
        result["consistency"] = asyncio.run(measure_consistency(texts, names))
    write_result("names", result)


if __name__ == "__main__":
    main()
