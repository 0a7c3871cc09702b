"""Words by which Arabic carries a sentence on after a mark that could have ended it.

The lists were read off what follows closing quotation marks and dots in Arabic news.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# After a quotation these carry on the sentence that reports it.
_REPORTING = _words(
    """ثم قبل حين عندما بعدما مما ما لكنه لكنها علما بهذه بهذا وفق وفقا بحسب حسب حسبما طبقا نقلا
    قائلا قائلة مضيفا مضيفة مؤكدا مؤكدة مشيرا مشيرة موضحا موضحة معتبرا معتبرة لافتا لافتة مبينا
    مبينة مشددا مشددة متسائلا متسائلة متابعا متابعة داعيا داعية محذرا محذرة مطالبا مطالبة متهما
    متهمة نافيا نافية معربا معربة معلقا معلقة مرفقا مستشهدا منوها مستدركا مستطردا
    ليرد لترد ليجيب ليجيبه لتجيب"""
)
# After dots these too: what they open cannot stand alone.
_DEPENDENT = _REPORTING | _words(
    """إلى من عن على في مع منذ حتى بعد خلال لدى عند نحو ضد بين وسط تحت أمام وراء أثناء مثل سوى إلا
    غير وإلى ومن وعن وعلى وفي ومع وحتى منها منه منهم بينها بينهم فيها فيه بسبب بفضل بهدف بناء بشأن
    رغم بل لكن ولكن لكنهم لكنني أو أم أي إذ حيث بينما فيما لأن لأنه لأنها لكي كي وإن أن وأن بأن بأنه
    وبأن لا ولا إلخ وهو وهي وهم وهذا وهذه وذلك الذي التي الذين خاصة خصوصا لاسيما ولاسيما الموافق
    بدءا إضافة بالإضافة سعيا تمهيدا ردا استنادا نظرا تزامنا"""
)
_DEPENDENT_PREFIXES = ("وال", "ولل", "وبال", "لل", "بال", "كال", "ف")
_DEPENDENT_PHRASE = re.compile(r"الأمر الذي\b")
_ASKING = re.compile(r"(?:[يت]سأل|[يت]تساءل|سأل|تساءل)(?:ت|وا)?(?:ه|ها|هم|نا)?\Z")

_WORD = re.compile(r"[^\W\d_][\w\u064b-\u0652]*")
_DIACRITIC = re.compile("[\u0640\u064b-\u0652]")


def without_diacritics(text: str) -> str:
    """`text` without vowel marks and tatweel."""
    return _DIACRITIC.sub("", text)


def first_word(text: str) -> str:
    """The word `text` begins with, without diacritics; empty where it begins otherwise."""
    match = _WORD.match(text)
    return without_diacritics(match[0]) if match else ""


def reports(following: str) -> bool:
    """Whether `following` goes on with the sentence that the quotation before it stands in."""
    return first_word(following) in _REPORTING


def depends(following: str) -> bool:
    """Whether `following` cannot stand as a sentence of its own."""
    word = first_word(following)
    return (
        word in _DEPENDENT
        or (len(word) > 2 and word.startswith(_DEPENDENT_PREFIXES))
        or _DEPENDENT_PHRASE.match(following) is not None
    )


def asks(following: str) -> bool:
    """Whether `following` names who asked the question before it."""
    return _ASKING.match(first_word(following)) is not None


def opens(following: str) -> bool:
    """Whether `following` begins as most Arabic news sentences do: with و and a verb."""
    word = first_word(following)
    return len(word) > 2 and word[0] == "و" and not word.startswith(("وال", "ولل"))
