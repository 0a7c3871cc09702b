"""Which language a text is in, from its script, its letters and its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

UNDETERMINED = "und"
UNDETERMINED_LATIN = "und-Latn"


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """A BCP-47 code and a confidence from 0 to 1."""

    code: str
    confidence: float


# More text than this would not change the answer.
_SAMPLE_CHARACTERS = 20_000
_LEAST_CONFIDENCE = 0.01

_LATIN_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_ARABIC_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    "\u08a0-\u08c9\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc"
)
# The language a script stands for; Arabic and Latin letters are looked at more closely.
_SCRIPTS: Mapping[str, str] = {
    "ar": _ARABIC_LETTERS,
    UNDETERMINED_LATIN: _LATIN_LETTERS,
    "ru": "\u0400-\u052f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u05d0-\u05ea",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "ja": "\u3041-\u3096\u30a1-\u30fa",
    "ko": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "hi": "\u0904-\u0939\u0958-\u0961",
    "bn": "\u0985-\u09b9",
    "ta": "\u0b85-\u0bb9",
    "th": "\u0e01-\u0e30",
    "hy": "\u0531-\u0556\u0561-\u0587",
    "ka": "\u10a0-\u10ff",
    "am": "\u1200-\u135a",
}
_SCRIPT_LANGUAGES = tuple(_SCRIPTS)
_RUN = re.compile("|".join(f"([{letters}]+)" for letters in _SCRIPTS.values()))
_ARABIC_WORD = re.compile(f"[{_ARABIC_LETTERS}]+")
_LATIN_WORD = re.compile(f"[{_LATIN_LETTERS}]+")
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")

# Persian keyboards and old Persian pages write these two letters differently.
_KEYBOARD: Mapping[int, str] = {ord("ک"): "ك", ord("ی"): "ي"}


def _common_words(words: str) -> frozenset[str]:
    return frozenset(words.translate(_KEYBOARD).split())


# Words of each language that the others hardly have.
_COMMON_WORDS: Mapping[str, frozenset[str]] = {
    "ar": _common_words(
        "في على إلى عن التي الذي الذين هذا هذه ذلك تلك أن إن كان كانت قال قالت أو ثم لم لن قد بعد"
        " قبل بين خلال حول عند مع منذ حتى كما لكن غير أكثر أكد أعلن أنه أنها وفي ومن فيه فيها هو هي"
        " كل ما لا اللي مش مو ليش ليه شو وين فين هسه هلق الحين هاي هذي هاد دي ده عم رح بدي عايز"
        " ابي اريد شنو منو شلون شلونك اكو ماكو انا انت احنا عندي كتير هواية"
    ),
    "fa": _common_words(
        "است از در که این را با برای آن شد شده کرد کرده می نمی های ها خود یک بود بودند دارد دارند"
        " کند کنند گفت گفته باشد شود هستند نیست اما نیز هم دیگر چه اگر تا وی"
        " همه داریم نداریم هستیم هستم خواهد خواهند باید تواند اند همچنین درباره توسط بسیار بیشتر"
        " یافت امروز دیروز فردا کشور کردند کنیم کنید نخست ادامه خوب"
    ),
    "ur": _common_words("کے کی کا میں ہے ہیں سے کو نے پر اور یہ نہیں تھا تھی گیا کیا ہو اس بھی تو"),
    "ckb": _common_words("لە بە کە بۆ ئەو ئەم لەگەڵ دەکات هەر لەسەر بوو بەڵام کرد دا یەک ئەوە"),
    "ps": _common_words("په چې کې له سره دی دي شوي شوی کړی هغه او ته نه څخه وو کوي لري"),
}
_COMMON_WORD_WEIGHT = 2.0
# What a letter or a beginning within a word says: for which languages, and how much. What Persian
# shares with the others says less for them, as they have letters of their own besides.
_EVIDENCE = (
    (("ar",), re.compile("[ةأإ]|^[وفبك]?ال|^لل"), 1.0),
    (("ar",), re.compile("[كي]"), 0.25),
    (("fa",), re.compile("[پچژگ]"), 1.0),
    (("fa",), re.compile("..های$|..هایی$"), 1.5),
    (("fa",), re.compile("[کی]"), 0.25),
    (("ur", "ckb", "ps"), re.compile("[پچژگکی]"), 0.25),
    (("ur",), re.compile("[ٹڈڑںےۓھہۂ]"), 1.5),
    (("ckb",), re.compile("[ۆێڕڵە]"), 1.5),
    (("ps",), re.compile("[ټډړږښڼېۍځڅګ]"), 1.5),
)
# Where little tells, Arabic script is Arabic.
_PRIOR: Mapping[str, float] = {"ar": 1.0, "fa": 0.1, "ur": 0.1, "ckb": 0.1, "ps": 0.1}
_PRIOR_OF_ARABIC_LETTERS: Mapping[str, float] = {**_PRIOR, "ar": 3.0}
_FOREIGN_LETTER = re.compile("[پچژگکیٹڈڑںےۓھہۂۆێڕڵەټډړږښڼېۍځڅګ]")
_ARABIC_SIGN = re.compile("ة|ال")
# An Arabic sentence typed on a Persian keyboard still has articles and these letters.
_ARABIC_SPELLING = re.compile("[ةأإىئؤ]|\\bو?[فبكک]?ال|\\bلل")
_PERSIAN_KEYBOARD = re.compile("[کی]")
_LEAST_PERSIAN_WORDS = 2

_LATIN_COMMON_WORDS = _common_words(
    "the of and to in is for with that was on are by as at from be has have had it its this an"
    " de la le les des et un une du der die und das el los las que"
)
# How many Latin words an Arabic sentence may hold for each of its own.
_MOST_LATIN_NAMES, _MOST_LATIN_WORDS = 6, 3
_QUOTED = re.compile(r"\"[^\"]*\"|«[^»]*»|“[^”]*”|\([^)]*\)")
_LEAST_FRAME_WORDS = 3


def detect_languages(text: str) -> tuple[LanguageGuess, ...]:
    """The languages of `text`, most likely first; the confidences add up to at most 1.

    Each script has its share of the letters; within Arabic script, letters and common words tell
    Arabic, Persian, Urdu, Sorani Kurdish and Pashto apart. Latin script is `und-Latn`, and a text
    without letters is `und` with confidence 0. Only the first 20,000 characters are read.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    shares = _script_shares(sample)
    if not shares:
        return (LanguageGuess(UNDETERMINED, 0.0),)
    if "ar" in shares:
        share = shares.pop("ar")
        shares |= {code: share * part for code, part in _arabic_script_languages(sample).items()}
    ranked = sorted(shares.items(), key=lambda item: item[1], reverse=True)
    return tuple(LanguageGuess(code, share) for code, share in ranked if share >= _LEAST_CONFIDENCE)


def is_arabic_sentence(text: str) -> bool:
    """Whether one sentence is for a model that reads Arabic; names in Latin letters may be in it.

    Where nothing tells Arabic from another language of its script, it is Arabic.
    """
    if not _ARABIC_WORD.search(text):
        return False
    if _LATIN_WORD.search(text) and _only_quotes_arabic(text):
        return False
    if _LATIN_WORD.search(text) and _is_mostly_latin(text):
        return False
    if not _FOREIGN_LETTER.search(text) and _ARABIC_SIGN.search(text):
        return True
    likely = _arabic_script_languages(text)
    return likely["ar"] == max(likely.values())


def latin_text(text: str) -> str:
    """The words of `text` in Latin letters, for a closer look at their language."""
    return " ".join(_LATIN_WORD.findall(text[:_SAMPLE_CHARACTERS]))


def _script_shares(text: str) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for run in _RUN.finditer(text):
        counts[_SCRIPT_LANGUAGES[(run.lastindex or 1) - 1]] += run.end() - run.start()
    if counts["ja"]:
        counts["ja"] += counts.pop("zh", 0)
    if counts["ru"] and _UKRAINIAN.search(text) and not _RUSSIAN.search(text):
        counts["uk"] = counts.pop("ru")
    total = counts.total()
    return {code: count / total for code, count in counts.items() if count}


def _arabic_script_languages(text: str) -> dict[str, float]:
    """How likely each language of Arabic script is; the values add up to 1."""
    scores = dict(_PRIOR if _FOREIGN_LETTER.search(text) else _PRIOR_OF_ARABIC_LETTERS)
    for word, count in Counter(_ARABIC_WORD.findall(_MARKS.sub("", text))).items():
        plain = word.translate(_KEYBOARD)
        for code, common in _COMMON_WORDS.items():
            if plain in common:
                scores[code] += _COMMON_WORD_WEIGHT * count
        for codes, pattern, weight in _EVIDENCE:
            if pattern.search(word):
                for code in codes:
                    scores[code] += weight * count
    if not _ARABIC_SPELLING.search(text):
        typed = sum(1 for word in _ARABIC_WORD.findall(text) if _PERSIAN_KEYBOARD.search(word))
        if typed >= _LEAST_PERSIAN_WORDS:
            scores["fa"] += _COMMON_WORD_WEIGHT
    total = sum(score * score for score in scores.values())
    return {code: score * score / total for code, score in scores.items()}


def _only_quotes_arabic(text: str) -> bool:
    """Whether a sentence in Latin script has its Arabic words in quotation marks or brackets."""
    frame = _QUOTED.sub(" ", text)
    latin_words = len(_LATIN_WORD.findall(frame))
    return latin_words >= _LEAST_FRAME_WORDS and not _ARABIC_WORD.search(frame)


def _is_mostly_latin(text: str) -> bool:
    arabic_words = len(_ARABIC_WORD.findall(text))
    latin_words = _LATIN_WORD.findall(text)
    if len(latin_words) <= _MOST_LATIN_WORDS * arabic_words:
        return False
    common = sum(word.lower() in _LATIN_COMMON_WORDS for word in latin_words)
    return common >= 2 or len(latin_words) > _MOST_LATIN_NAMES * arabic_words
