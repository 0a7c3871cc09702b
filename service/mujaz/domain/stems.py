"""Light stemming of Arabic words, for comparing texts only.

The folding joins letters that a search engine joins (alef forms, final ya, ta marbuta). It destroys
meaning, so what it gives is compared and counted, never shown or translated. The affixes follow
light10 (Larkey, Ballesteros and Connell, 2007), with the one-letter prepositions added. They are
stripped until nothing changes, so that a word with and without its article ends as the same stem.
"""

from __future__ import annotations

import re

_MARKS = dict.fromkeys(
    [0x640, 0x670, *range(0x610, 0x61B), *range(0x64B, 0x660), *range(0x6D6, 0x6EE)]
)
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىی", "ي"),
        "ة": "ه",
        "ک": "ك",
        "٫": ".",
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
        **_MARKS,
    }
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")

_ARTICLE = re.compile(r"\A(?:[وف]?[بك]?ال|[وف]?لل)(?=\w{3})")
# One-letter words written together with the next, and how many letters must remain: what looks
# like a preposition is often part of the word.
_PREFIXES = (("و", 3), ("ف", 3), ("ب", 4), ("ل", 4), ("ك", 4), ("س", 4))
_SUFFIXES = ("هما", "ها", "هم", "هن", "كم", "نا", "ان", "ات", "ون", "ين", "وا", "يه", *"هيات")
_SHORTEST_STEM = 3

_FUNCTION_WORDS = """
    من في على عن الى حتى منذ مع بين عند لدى نحو ضد حول خلال بعد قبل فوق تحت امام خلف دون بدون
    ان انه انها انهم اذ اذا لو لان لانه لكن لكنه لكنها بل ثم او ام اما الا كما كي لم لن لا ما ليس
    غير قد سوف هل كل بعض اي ايه جميع هذا هذه ذلك تلك هؤلاء هنا هناك هو هي هم هن هما انا نحن
    الذي التي الذين اللذين اللتين اللاتي من ماذا متي اين كيف كم حيث حين حينما عندما بينما فيما مما
    عما بما كان كانت كانوا يكون تكون كون ايضا فقط مثل عبر به بها بهم له لها لهم فيه فيها عليه عليها
    منه منها منهم عنه عنها اليه اليها لديه لديها وفق وفقا حسب بحسب ضمن سواء رغم اثر وهو وهي وان
    وانه وانها وقد ولم ولا ولن وما ومن وفي وعلي والي وعن ومع فان فانه انما لقد وكان وكانت كذلك وكذلك
"""


def fold(text: str) -> str:
    """`text` with marks dropped and look-alike letters, digits and case joined."""
    return text.translate(_FOLDED).casefold()


# Folding the list keeps it readable above and comparable below.
_STOP_WORDS = frozenset(fold(_FUNCTION_WORDS).split())


def words(text: str) -> list[str]:
    """The folded words and numbers of `text`, in order."""
    return _WORD.findall(fold(text))


def stem(word: str) -> str:
    """The stem of one folded word; a number, and a word of up to three letters, is its own."""
    if word[:1].isdigit():
        return word
    return _strip_prefixes(_strip_suffixes(_ARTICLE.sub("", word)))


def is_content_word(word: str) -> bool:
    """Whether a folded word carries meaning of its own: no function word, no single letter."""
    return word not in _STOP_WORDS and (len(word) > 1 or word.isdigit())


def content_stems(text: str) -> list[str]:
    """The stems of the content words of `text`, in order, repeated as they are there."""
    return [stem(word) for word in words(text) if is_content_word(word)]


def _strip_prefixes(word: str) -> str:
    stripped = True
    while stripped:
        stripped = False
        for prefix, remaining in _PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= remaining:
                word, stripped = word[len(prefix) :], True
                break
    return word


def _strip_suffixes(word: str) -> str:
    stripped = True
    while stripped:
        stripped = False
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
                word, stripped = word[: -len(suffix)], True
                break
    return word
