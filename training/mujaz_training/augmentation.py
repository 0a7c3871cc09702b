"""Makes more pairs out of good ones: what the few sentences of a corpus show too seldom."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from .experiment import Augmentation
from .terms import TermTable, TermUse
from .text_pair import TextPair

_MOST_REPLACEMENTS = 3
_MOST_JOINED_CHARACTERS = 420
_DICTIONARY_WORD_CHANCE = 0.25
_YEARS = range(1900, 2040)
_NUMBER = re.compile(r"(?<![\w.,:/-])\d{2,7}(?![\w:/-]|[.,]\d)")


def augment(
    pairs: Sequence[TextPair],
    kind: Augmentation,
    *,
    terms: TermTable,
    seed: int,
) -> Iterator[TextPair]:
    """New pairs of one kind out of `pairs`, at most one from each; the same for the same seed."""
    generator = random.Random(f"{seed} {kind}")
    if kind is Augmentation.JOIN:
        yield from _joined(pairs, generator)
        return
    change = _CHANGES[kind]
    for pair in pairs:
        changed = change(pair, terms, generator)
        if changed is not None:
            yield changed


def code_switched(pair: TextPair, terms: TermTable, generator: random.Random) -> TextPair | None:
    """`pair` with some Arabic terms written in English, as the target writes them.

    It teaches the model to copy what is not Arabic. Names are taken first; other words seldom.
    """
    uses = [
        use
        for use in terms.find(pair)
        if pair.target[use.target_start].isupper() or generator.random() < _DICTIONARY_WORD_CHANCE
    ]
    chosen = _some(uses, generator)
    source = pair.source
    for use in sorted(chosen, key=lambda use: -use.source_start):
        rendering = pair.target[use.target_start : use.target_end]
        space = " " if use.proclitic else ""
        source = source[: use.source_start] + space + rendering + source[use.source_end :]
    return TextPair(source, pair.target) if chosen else None


def name_swapped(pair: TextPair, terms: TermTable, generator: random.Random) -> TextPair | None:
    """`pair` with single-word names replaced by others, the same on both sides."""
    # A capital at the start of the sentence proves no name.
    uses = [
        use
        for use in terms.find(pair)
        if use.is_name and use.target_start and pair.target[use.target_start].isupper()
    ]
    chosen = _some(uses, generator)
    if not chosen or not terms.names:
        return None
    names = [generator.choice(terms.names) for _ in chosen]
    source, target = pair.source, pair.target
    by_source = sorted(zip(chosen, names, strict=True), key=lambda item: -item[0].source_start)
    for use, name in by_source:
        source = source[: use.source_start] + name.source + source[use.source_end :]
    by_target = sorted(zip(chosen, names, strict=True), key=lambda item: -item[0].target_start)
    for use, name in by_target:
        target = target[: use.target_start] + name.target + target[use.target_end :]
    return TextPair(source, target)


def number_swapped(pair: TextPair, terms: TermTable, generator: random.Random) -> TextPair | None:
    """`pair` with other digits in each whole number that stands once on both sides."""
    del terms
    shared = {
        number
        for number in _NUMBER.findall(pair.source)
        if len(re.findall(rf"(?<!\d){number}(?!\d)", pair.source)) == 1
        and len(re.findall(rf"(?<!\d){number}(?!\d)", pair.target)) == 1
    }
    if not shared:
        return None
    other = {number: _other_number(number, generator) for number in sorted(shared)}
    pattern = re.compile("|".join(rf"(?<!\d){number}(?!\d)" for number in sorted(shared)))
    return TextPair(
        pattern.sub(lambda match: other[match[0]], pair.source),
        pattern.sub(lambda match: other[match[0]], pair.target),
    )


_CHANGES: Mapping[Augmentation, Callable[[TextPair, TermTable, random.Random], TextPair | None]] = {
    Augmentation.CODE_SWITCH: code_switched,
    Augmentation.NAME_SWAP: name_swapped,
    Augmentation.NUMBER_SWAP: number_swapped,
}


def _joined(pairs: Sequence[TextPair], generator: random.Random) -> Iterator[TextPair]:
    """Pairs of two sentences each, so that the model does not stop after the first."""
    order = list(pairs)
    generator.shuffle(order)
    for first, second in zip(order[::2], order[1::2], strict=False):
        source = f"{first.source} {second.source}"
        if len(source) <= _MOST_JOINED_CHARACTERS and _ends(first):
            yield TextPair(source, f"{first.target} {second.target}")


def _ends(pair: TextPair) -> bool:
    return pair.source.endswith((".", "!", "؟")) and pair.target.endswith((".", "!", "?", '"'))


def _some(uses: Sequence[TermUse], generator: random.Random) -> list[TermUse]:
    count = generator.randint(1, _MOST_REPLACEMENTS)
    return generator.sample(list(uses), min(count, len(uses)))


def _other_number(number: str, generator: random.Random) -> str:
    """As many digits; a year for what may be one."""
    if int(number) in _YEARS:
        return str(generator.choice(_YEARS))
    low = 10 ** (len(number) - 1)
    return str(generator.randrange(low, 10 * low))
