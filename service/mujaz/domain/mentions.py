"""The people, places and organizations that an article names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mujaz.domain.bilingual_text import BilingualText
from mujaz.domain.glossary import Glossary, fold_text, term_key
from mujaz.domain.glossary_match import find_spans, find_terms
from mujaz.domain.name_table import Name, NameKind, NameTable
from mujaz.domain.spans import Span

# A longer run of parts of names is a list of people.
LONGEST_PERSON_PARTS: Final = 4

# What may stand between two parts of one name, and what it puts before the second in English.
_JOINED = {" ": "", " بن ": "bin ", " بنت ": "bint "}
# The name behind "son of" is not that of the person who is meant.
_SON_LETTERS = 5
_SON = re.compile(r"(?:\A|\s)(?:بن|ابن|بنت|آل)\s\Z")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in both languages, what it names, and where it stands in the text."""

    name: BilingualText
    kind: NameKind
    source_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    name: Name


def find_mentions(
    text: str, names: NameTable, glossaries: Sequence[Glossary] = ()
) -> tuple[Mention, ...]:
    """The names in `text` that `names` knows, most frequent first, of equals as they stand in it.

    Parts of a person's name that stand side by side are one person; a given name alone is nobody.
    Where a term of `glossaries` is the name, its rendering is taken.
    """
    found = list(_persons_joined(text, find_spans(text, (names,))))
    terms = find_terms(text, glossaries) if glossaries else ()
    renderings = {match.span: match.target_term for match in terms}
    groups: defaultdict[tuple[str, NameKind], list[_Found]] = defaultdict(list)
    for each in found:
        english = renderings.get(each.span, each.name.english)
        groups[english, each.name.kind].append(each)
    mentions = (
        Mention(
            BilingualText(_written(text, group), english),
            kind,
            tuple(each.span for each in group),
        )
        for (english, kind), group in groups.items()
    )
    return tuple(sorted(mentions, key=lambda mention: -len(mention.source_spans)))


def _persons_joined(text: str, found: Iterable[tuple[Span, Name]]) -> Iterator[_Found]:
    run: list[_Found] = []
    for span, name in found:
        is_part = name.kind in (NameKind.GIVEN, NameKind.PERSON)
        joined = _JOINED.get(text[run[-1].span.end : span.start]) if run and is_part else None
        if run and joined is None:
            yield from _person(text, run)
            run = []
        if not is_part:
            yield _Found(span, name)
        elif joined or not _SON.search(text[max(0, span.start - _SON_LETTERS) : span.start]):
            run.append(_Found(span, replace(name, english=f"{joined or ''}{name.english}")))
    if run:
        yield from _person(text, run)


def _person(text: str, run: Sequence[_Found]) -> Iterator[_Found]:
    """The person that parts side by side name; none where that cannot be told."""
    parts = [part for each in run for part in each.name.english.split()]
    if len(run) == 1 or len(run) > LONGEST_PERSON_PARTS or len(set(parts)) < len(parts):
        yield from (each for each in run if each.name.kind is NameKind.PERSON)
        return
    span = Span(run[0].span.start, run[-1].span.end)
    key, english = span.of(text), " ".join(each.name.english for each in run)
    yield _Found(span, Name(key, english, NameKind.PERSON))


def _written(text: str, group: Sequence[_Found]) -> str:
    """The form in which a name stands most often; with its article where "to the" took its alef."""
    counts: Counter[str] = Counter()
    for each in group:
        written = each.span.of(text)
        article_cut = each.name.key.startswith("ال") and fold_text(written).text.startswith("ل")
        lacks_article = article_cut and term_key(written) != each.name.key
        counts[f"ا{written}" if lacks_article else written] += 1
    return counts.most_common(1)[0][0]
