"""What the model reads instead of the text as sent, and the way back to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from mujaz.domain.spans import OffsetMap


@dataclass(frozen=True, slots=True)
class NormalizationOptions:
    """What a model's manifest says of its training text.

    `compatibility` chooses NFKC over NFC (UAX #15). `ascii_digits` also covers the Arabic percent,
    decimal and thousands signs; `ascii_punctuation` is for quotation marks and dashes.
    """

    compatibility: bool = True
    strip_diacritics: bool = True
    ascii_digits: bool = True
    ascii_punctuation: bool = True

    @property
    def form(self) -> Literal["NFC", "NFKC"]:
        """The Unicode normalization form."""
        return "NFKC" if self.compatibility else "NFC"


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """Text for the model, and the map from it back to the text it was made from."""

    text: str
    offsets: OffsetMap


# Zero-width and bidi controls, soft hyphen, byte order mark, C0 and C1 except white space, tatweel.
_INVISIBLE = "".join(
    chr(code)
    for first, last in (
        (0x00, 0x08),
        (0x0E, 0x1B),
        (0x7F, 0x84),
        (0x86, 0x9F),
        (0xAD, 0xAD),
        (0x640, 0x640),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2066, 0x2069),
        (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)
_STRAY = re.compile(f"[{_INVISIBLE}\ud800-\udfff]")
# A lone surrogate has no UTF-8 form, so no tokenizer takes it.
_STRAY_TABLE: Mapping[int, str | None] = {
    **dict.fromkeys(map(ord, _INVISIBLE)),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}

# The marks that standard spelling leaves out: honorifics, harakat, dagger alef, Quranic signs.
_DIACRITIC = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")

_DIGIT = re.compile("[٠-٩۰-۹٪٫٬]")
_DIGIT_TABLE: Mapping[int, str] = dict(
    zip(map(ord, "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪٫٬"), "01234567890123456789%.,", strict=True)
)

_PUNCTUATION = re.compile("[“”„«»‘’`–—]")
_PUNCTUATION_TABLE: Mapping[int, str] = dict(
    zip(map(ord, "“”„«»‘’`–—"), '"""""\'\'\'--', strict=True)
)

_LONGEST_RUN = 3
_REPEATABLE = r"!-/:-@\[-`{-~¡-¿،؛؟٪-٭۔‐-‧‰-⁞"
_REPEATED = re.compile(rf"([{_REPEATABLE}])\1{{{_LONGEST_RUN},}}")
_REPEATABLE_CHARACTER = re.compile(f"[{_REPEATABLE}]")

# Characters that never change with what stands before them (UAX #15, "stable" boundaries): a text
# may be normalized in pieces that each begin with one, and the pieces joined.
_BOUNDARY = (
    "\x00-\u02ff\u0370-\u0482\u048a-\u0590\u05d0-\u05f4\u0600-\u060f\u061b-\u064a\u0660-\u066f"
    "\u0671-\u06d5\u06ee-\u070d\u0904-\u0939\u0e01-\u0e30\u10a0-\u10ff\u1e00-\u20cf\u2100-\u2c7f"
    "\u3000-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufb1d\ufb50-\ufdff"
    "\ufe70-\uff9d\U0001f000-\U0001faff"
)
_CLUSTER = re.compile(f"[{_BOUNDARY}][^{_BOUNDARY}]*|[^{_BOUNDARY}]+")
# The standard library puts marks in order with an insertion sort: for more of them than any script
# writes over one letter (UAX #15 allows 30), that takes quadratic time.
_MARK_RUN = re.compile(f"[^{_BOUNDARY}]{{31,}}")


def normalized(text: str, options: NormalizationOptions) -> str:
    """`text` as the model was trained to read it, on one line.

    Presentation forms, invisible controls, tatweel, white space and long runs of one punctuation
    mark are settled; diacritics, digits and quotation marks as `options` say. Letters are never
    folded into others.
    """
    text = _in_form(text, options.form)
    if _STRAY.search(text):
        text = text.translate(_STRAY_TABLE)
    if options.strip_diacritics:
        text = _DIACRITIC.sub("", text)
    if options.ascii_digits and _DIGIT.search(text):
        text = text.translate(_DIGIT_TABLE)
    if options.ascii_punctuation and _PUNCTUATION.search(text):
        text = text.translate(_PUNCTUATION_TABLE)
    if _REPEATED.search(text):
        text = _REPEATED.sub(_shortened, text)
    return " ".join(text.split())


def normalize(text: str, options: NormalizationOptions) -> NormalizedText:
    """The same as `normalized`, with the map back; slower, as it follows each character."""
    table = _table(options)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for raw, start, end in _composed(text, options.form):
        character = table.get(ord(raw), raw)
        if character is None or (options.strip_diacritics and _DIACRITIC.match(raw)):
            continue
        if character.isspace():
            if not characters:
                continue
            if characters[-1] == " ":
                ends[-1] = end
                continue
            character = " "
        elif _is_surplus(character, characters):
            ends[-1] = end
            continue
        characters.append(character)
        starts.append(start)
        ends.append(end)
    if characters and characters[-1] == " ":
        del characters[-1], starts[-1], ends[-1]
    return NormalizedText("".join(characters), OffsetMap(starts, ends, len(text)))


def _in_form(text: str, form: Literal["NFC", "NFKC"]) -> str:
    """`text` in a normal form, in linear time whatever its marks."""
    if _MARK_RUN.search(text):
        text = _MARK_RUN.sub(_ordered, text)
    return unicodedata.normalize(form, text)


def _ordered(run: re.Match[str]) -> str:
    """Marks in canonical order; each group between two starters is sorted by itself."""
    groups = groupby(run[0], key=lambda mark: unicodedata.combining(mark) > 0)
    return "".join(
        "".join(sorted(group, key=unicodedata.combining) if are_marks else group)
        for are_marks, group in groups
    )


def _shortened(run: re.Match[str]) -> str:
    return run[1] * _LONGEST_RUN


def _table(options: NormalizationOptions) -> dict[int, str | None]:
    table = dict(_STRAY_TABLE)
    if options.ascii_digits:
        table.update(_DIGIT_TABLE)
    if options.ascii_punctuation:
        table.update(_PUNCTUATION_TABLE)
    return table


def _composed(text: str, form: Literal["NFC", "NFKC"]) -> Iterator[tuple[str, int, int]]:
    """Each character of the normal form, with the source range it came from."""
    for match in _CLUSTER.finditer(text):
        cluster = match[0]
        composed = _in_form(cluster, form)
        start, end = match.span()
        if composed == cluster:
            for position, character in enumerate(cluster, start):
                yield character, position, position + 1
        else:
            for character in composed:
                yield character, start, end


def _is_surplus(character: str, before: list[str]) -> bool:
    return (
        before[-_LONGEST_RUN:] == [character] * _LONGEST_RUN
        and _REPEATABLE_CHARACTER.match(character) is not None
    )
