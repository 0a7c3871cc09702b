"""How often a glossary holds, what it does to the rest of a sentence, and what it costs.

    python benchmarks/glossary.py ARTICLES [--glossary FILE] [--pairs FILE.tsv]

Takes from the *.txt of ARTICLES the 100 terms of the glossary that occur most, and 300 sentences
that hold some, and translates them without and with these terms. `applied` counts renderings in
the translation, by the way they got there, beside those that are there without a glossary.
`rest_chrf` compares the translations with each other, all renderings taken out of both: 100 would
say that nothing else has changed. With --pairs (Arabic, tab, English by a person) chrF against the
English is given without and with the whole glossary, on the pairs that hold terms.
`matching_milliseconds` is the time to find 1,000 terms in 3,000 words. The cache is off.
The result goes to `results/glossary.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import MODELS, SEED, sentences_of, write_result
from sacrebleu.metrics.chrf import CHRF

from mujaz.app.glossaries import GlossaryStore, read_entries
from mujaz.app.translate import DocumentTranslator, TranslationConfig
from mujaz.domain.assemble import TranslatedSentence
from mujaz.domain.glossary import Glossary, GlossaryEntry, term_key
from mujaz.domain.glossary_match import find_terms
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.manifest import ModelTask
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.engine.threads import available_core_count, thread_policy

TERM_COUNT = 100
SENTENCE_COUNT = 300
MATCHED_TERMS = 1_000
MATCHED_WORDS = 3_000
LEAST_REPEATS = 5
ARABIC = TranslationConfig(source_language="ar")
NAME = "benchmark"


def frequent_entries(
    entries: Sequence[GlossaryEntry], sentences: Sequence[str]
) -> list[GlossaryEntry]:
    """The entries whose terms occur most, at most TERM_COUNT."""
    glossary = (Glossary(entries),)
    counts = Counter(
        term_key(match.source_text) for each in sentences for match in find_terms(each, glossary)
    )
    by_key = {term_key(entry.source_term): entry for entry in entries}
    return [by_key[key] for key, _ in counts.most_common() if key in by_key][:TERM_COUNT]


def chosen_sentences(entries: Sequence[GlossaryEntry], sentences: Sequence[str]) -> list[str]:
    """Different sentences that hold a term, in an order that is the same in each run."""
    glossary = (Glossary(entries),)
    holding = [each for each in dict.fromkeys(sentences) if find_terms(each, glossary)]
    random.Random(SEED).shuffle(holding)
    return holding[:SENTENCE_COUNT]


async def translate(
    translator: DocumentTranslator, sentences: Sequence[str], config: TranslationConfig
) -> tuple[list[list[TranslatedSentence]], float]:
    """What became of each sentence, and the seconds of processors that all of them took."""
    start = time.process_time()
    translation = await translator.translate("\n".join(sentences), config)
    seconds = time.process_time() - start
    lines: list[list[TranslatedSentence]] = [[] for _ in sentences]
    for sentence in translation.sentences:
        lines[sentence.paragraph_index].append(sentence)
    return lines, seconds


def joined(line: Sequence[TranslatedSentence]) -> str:
    return " ".join(sentence.translated_text for sentence in line)


def holds(text: str, rendering: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(rendering)}s?(?!\w)", text, re.IGNORECASE) is not None


def without(text: str, renderings: Sequence[str]) -> str:
    """A text with these renderings taken out."""
    for rendering in sorted(renderings, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(rendering)}s?(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split())


async def measure_terms(
    translator: DocumentTranslator, sentences: Sequence[str], config: TranslationConfig
) -> dict[str, Any]:
    """Shares applied, chrF of the rest, flags and time, without and with a glossary."""
    plain, plain_seconds = await translate(translator, sentences, ARABIC)
    enforced, seconds = await translate(translator, sentences, config)
    matches = [[m for sentence in line for m in sentence.glossary_matches] for line in enforced]
    ways = Counter(m.way.value if m.way else "missed" for line in matches for m in line)
    count = sum(ways.values())
    before = sum(
        holds(joined(line), m.target_term)
        for line, found in zip(plain, matches, strict=True)
        for m in found
    )
    renderings = [[m.target_term for m in found] for found in matches]
    rest = [
        [without(joined(line), terms) for line, terms in zip(lines, renderings, strict=True)]
        for lines in (enforced, plain)
    ]
    return {
        "sentences": len(sentences),
        "terms_found": count,
        "applied": round(1 - ways["missed"] / count, 4),
        "applied_by": {way: round(ways[way] / count, 4) for way in sorted(ways)},
        "there_without_glossary": round(before / count, 4),
        "sentences_with_all_terms": round(
            sum(all(m.applied for m in found) for found in matches) / len(matches), 4
        ),
        "rest_chrf": round(CHRF().corpus_score(rest[0], [rest[1]]).score, 2),
        "flags_without": flag_shares(plain),
        "flags_with": flag_shares(enforced),
        "processor_seconds_without": round(plain_seconds, 2),
        "processor_seconds_with": round(seconds, 2),
        "processor_time_ratio": round(seconds / plain_seconds, 3),
    }


def flag_shares(lines: Sequence[Sequence[TranslatedSentence]]) -> dict[str, float]:
    """The share of sentences that carry each flag."""
    sentences = [sentence for line in lines for sentence in line]
    flags = Counter(str(flag) for sentence in sentences for flag in sentence.quality_flags)
    return {flag: round(count / len(sentences), 4) for flag, count in sorted(flags.items())}


async def measure_pairs(
    translator: DocumentTranslator, pairs: Sequence[Sequence[str]], config: TranslationConfig
) -> dict[str, Any]:
    """chrF against the English of people, without and with a glossary."""
    sources, targets = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    scores = {}
    for name, each in (("without", ARABIC), ("with", config)):
        translated, _ = await translate(translator, sources, each)
        score = CHRF().corpus_score([joined(line) for line in translated], [targets]).score
        scores[f"chrf_{name}"] = round(score, 2)
    return {"pairs": len(pairs), **scores}


def read_pairs(path: Path, glossary: Glossary) -> list[list[str]]:
    """The pairs of a file whose Arabic holds a term."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t")[:2] for line in lines]
    return [pair for pair in pairs if find_terms(pair[0], (glossary,))]


def measure_matching(entries: Sequence[GlossaryEntry], sentences: Sequence[str]) -> float:
    """Milliseconds to find MATCHED_TERMS terms in MATCHED_WORDS words, the best of some runs."""
    text = " ".join(" ".join(sentences).split()[:MATCHED_WORDS])
    words = sorted({word for each in sentences for word in each.split() if len(word) > 4})
    filler = random.Random(SEED).sample(words, max(0, MATCHED_TERMS - len(entries)))
    made = [GlossaryEntry(f"{word} {word}", "x") for word in filler]
    glossary = (Glossary([*entries, *made]),)
    best = float("inf")
    for _ in range(LEAST_REPEATS):
        start = time.perf_counter()
        for part in sentences_of(text):
            find_terms(part, glossary)
        with_terms = time.perf_counter() - start
        start = time.perf_counter()
        sentences_of(text)
        best = min(best, with_terms - (time.perf_counter() - start))
    return round(best * 1000, 2)


async def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    entries = read_entries(arguments.glossary)
    files = sorted(arguments.articles.glob("*.txt"))
    sentences = [s for file in files for s in sentences_of(file.read_text(encoding="utf-8"))]
    frequent = frequent_entries(entries, sentences)
    cores = available_core_count()
    registry = ModelRegistry.load(MODELS, thread_count=cores)
    scheduler = Scheduler(worker_count=thread_policy(cores).worker_count)
    scheduler.start()
    store = GlossaryStore({NAME: Glossary(frequent), "all": Glossary(entries)})
    translator = DocumentTranslator(
        registry=registry,
        scheduler=scheduler,
        cache=SegmentCache(0),
        detector=LanguageDetector(),
        glossaries=store,
    )
    config = TranslationConfig(source_language="ar", glossaries=(NAME,))
    chosen = chosen_sentences(frequent, sentences)
    await translate(translator, chosen[:20], config)  # the first run warms everything up
    figures = {
        "glossary": arguments.glossary.name,
        "terms": len(frequent),
        "model_revision": next(
            model.revision
            for model in registry.models()
            if model.manifest.task is ModelTask.TRANSLATION
        ),
        **await measure_terms(translator, chosen, config),
        "matching_milliseconds": measure_matching(frequent, sentences),
    }
    if arguments.pairs is not None:
        whole = TranslationConfig(source_language="ar", glossaries=("all",))
        pairs = read_pairs(arguments.pairs, Glossary(entries))
        figures["against_people"] = await measure_pairs(translator, pairs, whole)
    await scheduler.drain(10)
    await scheduler.stop()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--glossary", type=Path, default=MODELS / "glossaries" / "news.tsv")
    parser.add_argument("--pairs", type=Path)
    figures = asyncio.run(measure(parser.parse_args()))
    print(write_result("glossary", figures).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
