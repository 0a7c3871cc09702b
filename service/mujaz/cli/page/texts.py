"""Views of texts: their language, their direction, and what flags say of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mujaz.cli import quality_flags
from mujaz.cli.page.pieces import TermSpan, pieces
from mujaz.cli.page.views import PairView, TextView
from mujaz.client import BilingualText, DetectedLanguage

ENGLISH: Final = "en"
# In what language a text is that was passed through, nobody knows.
UNKNOWN: Final = ""

_RIGHT_TO_LEFT: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur"})
_LANGUAGE_CODE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def text_view(text: str, language: str, terms: Iterable[TermSpan] = ()) -> TextView:
    """The view of a text in `language` with its glossary terms."""
    primary = language.partition("-")[0].lower()
    direction = "rtl" if primary in _RIGHT_TO_LEFT else "ltr" if primary == ENGLISH else "auto"
    return TextView(pieces(text, terms), language, direction)


def pair_view(text: BilingualText, source_language: str) -> PairView:
    """The view of a text in both languages."""
    return PairView(
        source=text_view(text.source_text, source_language),
        translation=text_view(text.translated_text, ENGLISH),
    )


def source_language(detected: DetectedLanguage | None) -> str:
    """The language of an input: Arabic, which is what the models read, unless told otherwise."""
    code = detected.language_code if detected else "ar"
    return code if _LANGUAGE_CODE.fullmatch(code) else UNKNOWN


def checks(flags: Iterable[int]) -> tuple[str, ...]:
    """What a reader should check, in words."""
    return quality_flags.words_of(flag for flag in flags if quality_flags.needs_check([flag]))
