#!/usr/bin/env python3
"""Builds the table of names in `models/gazetteers` from open tables, and keeps what text bears out.

    python scripts/build_gazetteer.py --tables DIR --glossary models/glossaries/news.tsv \
        --pairs PAIRS.tsv[.xz] --text ARABIC.txt[.xz] --output models/gazetteers/names.tsv

DIR holds tables of Arabic and English with a tab between, named as in SOURCES and WORD_LISTS; word
lists only take names out. PAIRS are sentences and their English by a person or a good model: a name
is in the table where its rendering is in the English of the sentences that have it, and its kind is
read off the words around it there. Nothing of the sentences is in the table. In every fifth line of
TEXT names without such evidence are counted: what is frequent without it is a word.
Entries of the glossary that name something go before all others, with the rendering they have.
"""

from __future__ import annotations

import argparse
import lzma
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mujaz.domain.glossary import step, term_key
from mujaz.domain.glossary_match import Words, find_spans
from mujaz.domain.name_table import Name, NameKind, NameTable, table_lines

PLACES = ("cldr", "whosonfirst", "whosonfirst2")
PEOPLE = ("google_ar2en_names", "netranslit_wikidata_names")
TITLES = "arwikicats_names"  # of encyclopedia categories: places, clubs, people, and other things
SOURCES = (*PLACES, TITLES, *PEOPLE)
WORD_LISTS = ("wiktionary_ar_en", "wiktionary_en_ar")
TEXT_STEP = 5
LONGEST_WORDS = 6
SHORTEST_LETTERS = 3

# How often a rendering must be there: of words that mean something else as well, more often.
LEAST_RATE = {1: 0.6, 2: 0.5}
LEAST_RATE_OF_WORDS, LEAST_RATE_OF_GIVEN_WORDS = 0.9, 0.7
LEAST_COUNT_OF_WORDS = 5
# Behind these stands a place; in front of a capital letter, the first part of a person's name.
PLACE_PREPOSITIONS = frozenset({"in", "near", "at"})
LEAST_PLACE_RATE = 0.12
MOST_CAPITALS_AFTER = 0.15
LEAST_COUNT_ALONE = 3
# Without evidence.
MOST_UNPROVEN_COUNT = 8
SHORTEST_UNPROVEN_LETTERS = 5

_ENGLISH = re.compile(r"[A-Z][A-Za-z'\-.& ]{1,59}")
_TOKEN = re.compile(r"[\w'-]+|[^\w\s]")
_PLACE_WORDS = frozenset(
    "مدينه محافظه ولايه مقاطعه جزيره جزر بحر نهر جبل خليج بحيره مطار مضيق اقليم جمهوريه".split()  # noqa: SIM905
)
_ORGANIZATION_WORDS = frozenset(
    "جامعه نادي وزاره منظمه بنك شركه مجلس اتحاد الاتحاد جمعيه هيئه وكاله صحيفه حركه مؤسسه".split()  # noqa: SIM905
)
_ORGANIZATION_ENGLISH = re.compile(  # but not the United States
    r"\b(United|FC|Fc|University|Ministry|Bank|Council|Union|Club|Agency|Organization|Army"
    r"|Parliament|Madrid|League|Google|Facebook|Twitter|Toyota|Microsoft|Apple|Boeing)\b"
    r"(?! (?:States|Arab|Kingdom))"
)
_DEMONYM = re.compile(
    r".*(?:[aeiou]n|ese|ish|ic|ch|Greek|Turk|Arab|Kurd|Iraqi|Israeli|Saudi|Kuwaiti|Qatari|Emirati"
    r"|Omani|Yemeni|Bahraini|Pakistani|Somali|Bangladeshi|Azerbaijani)s?"
)
_DEMONYM_ARABIC = re.compile(r".*(?:ي|يه|يون|يين|يات)")
_SKELETON_ARABIC = {
    **dict.fromkeys("بپ", "b"), "ت": "t", "ط": "t", "ث": "t", "ج": "g", "غ": "g", "ق": "k",
    "ك": "k", "گ": "g", "چ": "k", "خ": "k", "د": "d", "ذ": "d", "ض": "d", "ر": "r", "ز": "s",
    "س": "s", "ش": "s", "ص": "s", "ظ": "s", "ف": "f", "ڤ": "f", "ل": "l", "م": "m", "ن": "n",
}  # fmt: skip
_SKELETON_ENGLISH = {
    "b": "b", "p": "b", "t": "t", "g": "g", "j": "g", "k": "k", "q": "k", "c": "k", "x": "k",
    "d": "d", "r": "r", "z": "s", "s": "s", "f": "f", "v": "f", "l": "l", "m": "m", "n": "n",
}  # fmt: skip

# The parts of persons' names, and how each may be rendered.
Given = Mapping[str, frozenset[str]]


@dataclass
class Evidence:
    """What the pairs say of one rendering: how often it is there, and what stands around it."""

    hits: int = 0
    inside: int = 0
    after_place_preposition: int = 0
    before_capital: int = 0


@dataclass
class Candidate:
    """A name as the tables have it, by its key."""

    key: str
    sources: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    count: int = 0
    text_count: int = 0
    evidence: dict[str, Evidence] = field(default_factory=lambda: defaultdict(Evidence))

    @property
    def word_count(self) -> int:
        return self.key.count(" ") + 1

    @property
    def best(self) -> str:
        """The rendering with the most evidence; of equals that of the earlier source."""
        return min(
            self.sources,
            key=lambda english: (
                -self.evidence[english].hits,
                min(SOURCES.index(source) for source in self.sources[english]),
                -len(self.sources[english]),
                english,
            ),
        )


class CandidateTable:
    """Finds candidates as `NameTable` finds names."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = frozenset(keys)
        parts = (key.split(" ") for key in self._keys)
        self._beginnings = {" ".join(p[:end]) for p in parts for end in range(1, len(p))}

    def longest_at(self, words: Words, position: int, first: str) -> tuple[int, str] | None:
        found: tuple[int, str] | None = None
        key, end = first, position + 1
        while True:
            if key in self._keys:
                found = end - position, key
            if key not in self._beginnings or end == len(words):
                return found
            key, end = f"{key} {step(words, end)}", end + 1


def table_rows(path: Path) -> Iterator[tuple[str, str]]:
    """Arabic and English of each line of a table."""
    for line in path.read_text(encoding="utf-8").splitlines():
        arabic, _, english = line.partition("\t")
        yield arabic, english.partition("\t")[0].strip()


def text_lines(path: Path) -> Iterator[str]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as stream:
            yield from stream
    else:
        with path.open(encoding="utf-8") as stream:
            yield from stream


def plain_english(text: str) -> str:
    """English as agencies write it: no accents, one kind of apostrophe."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return kept.replace("’", "'").replace("ʻ", "").replace("ʼ", "")


def read_candidates(tables: Path) -> dict[str, Candidate]:
    candidates: dict[str, Candidate] = {}
    for source in SOURCES:
        for arabic, english in table_rows(tables / f"{source}.tsv"):
            rendering, key = plain_english(english), term_key(arabic)
            if not _ENGLISH.fullmatch(rendering) or re.search("[a-zA-Z0-9]", key):
                continue
            if len(key) < SHORTEST_LETTERS or key.count(" ") >= LONGEST_WORDS:
                continue
            candidate = candidates.setdefault(key, Candidate(key))
            candidate.sources[rendering].add(source)
    return candidates


def gather_evidence(candidates: Mapping[str, Candidate], pairs: Path) -> None:
    table = (CandidateTable(candidates),)
    for line in text_lines(pairs):
        arabic, _, english = line.rstrip("\n").partition("\t")
        spaced = f" {' '.join(_TOKEN.findall(plain_english(english)))} "
        for _, key in find_spans(arabic, table):
            candidate = candidates[key]
            candidate.count += 1
            for rendering in candidate.sources:
                _weigh(candidate.evidence[rendering], rendering, spaced)


def _weigh(evidence: Evidence, rendering: str, english: str) -> None:
    at = english.find(f" {rendering}")
    end = at + 1 + len(rendering)
    if at < 0 or english[end] not in " '-":
        return
    evidence.hits += 1
    if at == 0:  # the first word has a capital anyway, and nothing before it
        return
    evidence.inside += 1
    evidence.after_place_preposition += english[:at].rsplit(" ", 1)[-1] in PLACE_PREPOSITIONS
    evidence.before_capital += english[end] == " " and english[end + 1 : end + 2].isupper()


def count_in_text(candidates: Mapping[str, Candidate], text: Path) -> None:
    table = (CandidateTable(candidates),)
    for number, line in enumerate(text_lines(text)):
        if number % TEXT_STEP == 0:
            for _, key in find_spans(line, table):
                candidates[key].text_count += 1


def read_words(tables: Path) -> frozenset[str]:
    """What is a word of the language as well: dictionaries translate it without a capital."""
    return frozenset(
        term_key(arabic)
        for name in WORD_LISTS
        for arabic, english in table_rows(tables / f"{name}.tsv")
        if english[:1].islower()
    )


def is_transliterated(key: str, english: str) -> bool:
    """Whether a rendering sounds like the name: nearly the same consonants in the same order."""
    arabic = [_SKELETON_ARABIC[c] for c in key if c in _SKELETON_ARABIC]
    latin = re.sub("ck|kh|ch", "k", english.lower()).replace("ph", "f").replace("x", "ks")
    other = [_SKELETON_ENGLISH[c] for c in latin if c in _SKELETON_ENGLISH]
    arabic, other = _without_doubles(arabic), _without_doubles(other)
    if arabic and other and arabic[0] == "l" != other[0]:
        arabic = arabic[1:]
    return arabic == other


def _without_doubles(letters: list[str]) -> list[str]:
    return [c for i, c in enumerate(letters) if i == 0 or letters[i - 1] != c]


def name_of(candidate: Candidate, words: frozenset[str], given: frozenset[str]) -> Name | None:
    """The entry a candidate becomes; None where it is not reliable enough."""
    english = candidate.best
    if _DEMONYM.fullmatch(english) and _DEMONYM_ARABIC.fullmatch(candidate.key):
        return None
    if candidate.count:
        kind = _proven_kind(candidate, english, words, given)
    else:
        kind = _unproven_kind(candidate, english, words)
    return None if kind is None else Name(candidate.key, english, kind)


def _proven_kind(
    candidate: Candidate, english: str, words: frozenset[str], given: Given
) -> NameKind | None:
    evidence = candidate.evidence[english]
    rate = evidence.hits / candidate.count
    least = LEAST_RATE[min(2, candidate.word_count)]
    sources = candidate.sources[english]
    kind = _kind(candidate, english, words, given)
    if candidate.key in words:
        is_part = kind is NameKind.GIVEN
        least = LEAST_RATE_OF_GIVEN_WORDS if is_part else LEAST_RATE_OF_WORDS
        if candidate.count < LEAST_COUNT_OF_WORDS:
            return None
    if rate < least or (candidate.count == 1 and candidate.word_count == 1 and len(sources) == 1):
        return None
    return kind


def _kind(
    candidate: Candidate, english: str, words: frozenset[str], given: Given
) -> NameKind | None:
    evidence, sources = candidate.evidence[english], candidate.sources[english]
    parts = candidate.key.split(" ")
    in_place = evidence.after_place_preposition >= LEAST_PLACE_RATE * max(1, evidence.inside)
    if parts[0] in _ORGANIZATION_WORDS or _ORGANIZATION_ENGLISH.search(english):
        kind: NameKind | None = NameKind.ORGANIZATION
    elif parts[0] in _PLACE_WORDS:
        kind = NameKind.PLACE
    elif _is_person(parts, english.split(), given) and not (in_place or sources & set(PLACES)):
        kind = NameKind.PERSON
    elif in_place and evidence.inside and sources & {*PLACES, TITLES}:
        kind = NameKind.PLACE
    elif not sources & set(PEOPLE):
        kind = NameKind.PLACE if "cldr" in sources and evidence.inside else None
    elif len(parts) > 1:
        kind = None
    else:
        kind = _kind_of_part(evidence, is_word=candidate.key in words)
    return kind


def _kind_of_part(evidence: Evidence, *, is_word: bool) -> NameKind:
    """A person where text names one by this part alone, as it does by family names."""
    alone = evidence.before_capital <= MOST_CAPITALS_AFTER * evidence.inside
    often = evidence.inside >= LEAST_COUNT_ALONE
    return NameKind.PERSON if alone and often and not is_word else NameKind.GIVEN


def _is_person(parts: list[str], english: list[str], given: Given) -> bool:
    """Whether each word of a name is a part of persons' names, and rendered as that part."""
    return len(parts) == len(english) > 1 and all(
        word in given.get(part, ()) for part, word in zip(parts, english, strict=True)
    )


def _unproven_kind(candidate: Candidate, english: str, words: frozenset[str]) -> NameKind | None:
    sources, key = candidate.sources[english], candidate.key
    if candidate.text_count > MOST_UNPROVEN_COUNT or key in words:
        return None
    if not is_transliterated(key, english):
        return None
    parts = key.split(" ")
    if len(parts) > 1:
        return NameKind.PLACE if parts[0] in _PLACE_WORDS and "cldr" not in sources else None
    if len(key) < SHORTEST_UNPROVEN_LETTERS or re.fullmatch("ال.*|.*(?:ه|ين|ون|ات|ي|وا|ان)", key):
        return None
    if sources & set(PEOPLE):
        return NameKind.GIVEN if candidate.text_count else None
    return NameKind.PLACE if TITLES in sources else None


def glossary_names(path: Path) -> Iterator[Name]:
    """The entries of a glossary that name something, by its third column."""
    for line in path.read_text(encoding="utf-8").splitlines():
        arabic, english, kind = (*line.split("\t"), "", "", "")[:3]
        if not line.startswith("#") and kind in set(NameKind):
            yield Name(term_key(arabic), english, NameKind(kind))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("tables", "glossary", "pairs", "text", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--additions", type=Path, help="more entries, as in the glossary")
    parser.add_argument("--left-out", type=Path, help="keys that are not names, one a line")
    options = parser.parse_args()
    candidates = read_candidates(options.tables)
    gather_evidence(candidates, options.pairs)
    count_in_text(candidates, options.text)
    words = read_words(options.tables)
    given = {
        key: frozenset(e for e, sources in each.sources.items() if sources & set(PEOPLE))
        for key, each in candidates.items()
    }
    unwanted = options.left_out.read_text(encoding="utf-8").splitlines() if options.left_out else ()
    left_out = frozenset(map(term_key, unwanted))
    names = {
        name.key: name
        for candidate in candidates.values()
        if candidate.key not in left_out and (name := name_of(candidate, words, given)) is not None
    }
    for path in filter(None, (options.additions, options.glossary)):
        names.update((name.key, name) for name in glossary_names(path))
    lines = table_lines(names.values())
    NameTable(lines)
    options.output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    kinds = Counter(name.kind.value for name in names.values())
    print(f"{len(lines):,} names, {options.output.stat().st_size:,} bytes", dict(kinds))


if __name__ == "__main__":
    main()
