"""The names that families of models give to languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

# ISO 639-3 and script as in FLORES-200, which NLLB uses. Where a code names a macrolanguage, its
# standard variety.
_FLORES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "arb_Arab",
        "ar-EG": "arz_Arab",
        "ar-IQ": "acm_Arab",
        "ar-JO": "ajp_Arab",
        "ar-LB": "apc_Arab",
        "ar-MA": "ary_Arab",
        "ar-PS": "ajp_Arab",
        "ar-SA": "ars_Arab",
        "ar-SY": "apc_Arab",
        "ar-TN": "aeb_Arab",
        "ar-YE": "acq_Arab",
        "ckb": "ckb_Arab",
        "de": "deu_Latn",
        "en": "eng_Latn",
        "es": "spa_Latn",
        "fa": "pes_Arab",
        "fr": "fra_Latn",
        "he": "heb_Hebr",
        "hi": "hin_Deva",
        "id": "ind_Latn",
        "it": "ita_Latn",
        "ja": "jpn_Jpan",
        "ko": "kor_Hang",
        "ku": "kmr_Latn",
        "nl": "nld_Latn",
        "pl": "pol_Latn",
        "ps": "pbt_Arab",
        "pt": "por_Latn",
        "ru": "rus_Cyrl",
        "so": "som_Latn",
        "sv": "swe_Latn",
        "sw": "swh_Latn",
        "tr": "tur_Latn",
        "uk": "ukr_Cyrl",
        "ur": "urd_Arab",
        "vi": "vie_Latn",
        "zh": "zho_Hans",
        "zh-TW": "zho_Hant",
    }
)
_MACROLANGUAGES: Mapping[str, str] = MappingProxyType({"ar": "ara", "fa": "fas", "ku": "kur"})


def language_token(code: str, vocabulary: Collection[str]) -> str | None:
    """The token of `vocabulary` that names the language of a BCP-47 code; None where none does.

    Knows the tokens of M2M100 (`__ar__`), NLLB (`arb_Arab`) and mBART (`ar_AR`).
    """
    known = frozenset(vocabulary)
    for token in _candidates(code):
        if token in known:
            return token
    language = code.partition("-")[0]
    regional = sorted(token for token in known if re.fullmatch(f"{language}_[A-Z]{{2}}", token))
    return regional[0] if len(regional) == 1 else None


def target_tag(code: str, vocabulary: Collection[str]) -> str | None:
    """The token before a source that chooses the target language: `>>eng<<` of OPUS-MT or `<2en>`
    of MADLAD; None where there is none for a BCP-47 code."""
    known = frozenset(vocabulary)
    language = code.partition("-")[0]
    flores = _FLORES.get(code, _FLORES.get(language, language))
    names = (code, language, _MACROLANGUAGES.get(language), flores, flores.partition("_")[0])
    for name in filter(None, names):
        for tag in (f">>{name}<<", f"<2{name}>"):
            if tag in known:
                return tag
    return None


def is_target_tag(token: str) -> bool:
    """Whether a token chooses a target language in OPUS-MT."""
    return token.startswith(">>") and token.endswith("<<") and len(token) > 4


def _candidates(code: str) -> Iterator[str]:
    language, _, rest = code.partition("-")
    yield f"__{language}__"
    if code in _FLORES:
        yield _FLORES[code]
    if rest:
        yield f"{language}_{rest}"
    if language in _FLORES:
        yield _FLORES[language]
