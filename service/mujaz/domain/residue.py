"""Page residue: lines that belong to the page around an article and not to the article.

A line is judged whole, against the table below. A sentence of running text that merely holds one of
these words does not match: most patterns must cover the line, and the open ones are short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mujaz.domain.stems import fold


class ResidueKind(StrEnum):
    """What a residue line is on its page."""

    TITLE = "title"
    DATE = "date"
    BYLINE = "byline"
    CONTROL = "control"
    RELATED = "related"
    TAGS = "tags"
    COMMENTS = "comments"
    CREDIT = "credit"
    RIGHTS = "rights"
    PROMOTION = "promotion"
    CONTACT = "contact"
    ORNAMENT = "ornament"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` covers a folded line of at most `max_words` words."""

    kind: ResidueKind
    pattern: re.Pattern[str]
    max_words: int


@dataclass(frozen=True, slots=True)
class FollowRule:
    """How many lines after a bare heading of a kind belong to it, and how long each may be."""

    max_lines: int
    max_words: int


# A bare `اقرأ أيضا` or `الكلمات المفتاحية` stands above its links or tags.
FOLLOWED_KINDS = {
    ResidueKind.RELATED: FollowRule(max_lines=5, max_words=16),
    ResidueKind.TAGS: FollowRule(max_lines=12, max_words=4),
}


def _pattern(text: str) -> str:
    """A pattern written over several lines, as one alternative group."""
    return "(?:" + re.sub(r"\s*\n\s*", "", text) + ")"


# All patterns are written in folded letters (see `stems.fold`).
_PLATFORM = _pattern(
    r"""فيس ?بوك|تويتر|منصه اكس|واتس ?ا?اب|تل[يج]?[غج]رام|تيليغرام|انست[غج]رام|يوتيوب|لينكد ?ا?ن
    |[جغ]و[جغ]ل بلس|[جغ]و[جغ]ل نيوز|اخبار [جغ]و[جغ]ل|بينترست|ماسنجر|سناب شات|تيك توك
    |facebook|twitter|whatsapp|telegram|instagram|youtube|linkedin|google ?\+|google news
    |pinterest|messenger|e-?mail|print|share|tweet|next|previous|x"""
)
_PIECE = r"(?: (?:هذا |هذه )?(?:الخبر|المقال|المقاله|الموضوع|القصه|الصفحه))?"
_CONTROL = _pattern(
    rf"""(?:اطبع|طباعه|شارك|شاركها|انشر|مشاركه|مشاركات|ارسل|ارسال){_PIECE}
    |تغريده?|غرد|ارس[ال]+ (?:الي صديق|لصديق|بالبريد)|(?:ال)?بريد (?:ال)?ا?لكتروني
    |حفظ|احفظ|(?:نسخ|انسخ)(?: الرابط)?|(?:حجم|تكبير|تصغير) الخط|استمع(?: (?:الي|ل)\w+)?
    |اعجبني|اعجاب|(?:عدد )?(?:ال)?(?:مشاهدات|قراءات|زيارات|مشاركات)|مشاهده|قراءه|زياره
    |(?:مده|زمن|وقت) القراءه|(?:دقيقه|دقيقه واحده|دقائق) للقراءه|shares?|views?
    |الرئيسيه|التالي|السابق"""
)
_FILLER = r"(?:من خلال|عبر|علي|و)"
_COUNT = r"\d+(?:[.,]\d+)*[km]?"
_BETWEEN = r"[\s|/·•,،:>»›+\-–—()]*"
_BUTTON = rf"(?:{_CONTROL}|{_PLATFORM})(?!\w)"
_ITEM = rf"(?:{_BUTTON}|(?:{_FILLER}|{_COUNT})(?!\w))"
_AGENCY = _pattern(
    r"""رويترز|ا ?ف ?ب|فرانس برس|اسوشيتد برس|د ?ب ?ا|ا ?ش ?ا|الاناضول|سبوتنيك|شينخوا|واس|وام|قنا
    |كونا|بترا|سانا|وكالات|مواقع|متابعات|صحف|وكالات ومواقع|afp|ap|reuters|epa|getty(?: images)?
    |bbc|cnn|istock|shutterstock|alamy|pa|rex features"""
)
_RELATED = _pattern(
    r"""[اأ]قرا (?:ايضا|المزيد|كذلك)|قد (?:يهمك|يعجبك)(?: ايضا)?|(?:شاهد|طالع|انظر) ايضا
    |(?:ال)?(?:مواضيع|موضوعات|اخبار|مقالات|مواد|روابط) (?:ال)?(?:ذات (?:ال)?صله|متعلقه|مشابهه)
    |(?:مقالات|مواضيع|اخبار) اخري(?: للكاتب)?|ذات صله|اخترنا ل(?:ك|كم)
    |الاكثر (?:قراءه|مشاهده|تداولا|شيوعا)|المزيد (?:حول|عن)(?: \S+){0,4}
    |المزيد من (?:الاخبار|المواضيع|المقالات)|رابط (?:الخبر|المقال|الموضوع|مختصر)\S*"""
)
_TAGS = _pattern(
    r"""(?:ال)?كلمات (?:ال)?(?:مفتاحيه|دلاليه|داله|البحث)|(?:ال)?(?:وسوم|اوسمه|سمات|تاغات|تاجات)
    |الهاشتا[غج]|tags?|keywords"""
)
_SUBSCRIPTION = r"(?:نشره|نشرتنا|النشرات|قناتنا|البريديه|بريدك|خدمه|اشتراكك)"
_OPENING = r"\s*[:|/.…\-–—(«\"]"
_SHORT_REST = r"\S+(?: \S+){0,5}"
_NO_LETTER = re.compile(r"[\W_]+")
_TAG_LINE = re.compile(r"(?:#\w+[\s,،|]*)+")
_EDGES = " \t\xa0*•●■▪◄►<>«»|[]_~="


def _rule(kind: ResidueKind, max_words: int, pattern: str) -> _Rule:
    return _Rule(kind, re.compile(_pattern(pattern)), max_words)


_RULES = (
    _rule(ResidueKind.CONTROL, 14, rf"(?=.*{_BUTTON})(?:{_ITEM}{_BETWEEN})+"),
    _rule(ResidueKind.CONTROL, 8, r"الرئيسيه(?:\s*[>»›/|\\]\s*[\w ]+)+"),
    _rule(ResidueKind.CONTROL, 3, r"[/\s\-]*انتهي(?: وروجع)?[/\s\-]*|نهايه الخبر"),
    _rule(ResidueKind.RELATED, 24, rf"{_RELATED}(?:{_OPENING}.*|\s*)"),
    _rule(ResidueKind.RELATED, 24, rf"(?:اقرا|شاهد|طالع|للمزيد|المزيد){_OPENING}.*"),
    _rule(ResidueKind.RELATED, 3, r"للمزيد|المزيد"),
    _rule(ResidueKind.TAGS, 60, rf"{_TAGS}(?:\s*[:|،,\-#].*|\s*)"),
    _rule(
        ResidueKind.COMMENTS,
        8,
        rf"""(?:{_COUNT} )?(?:ال)?تعليق(?:ات)?(?: القراء)?(?:{_BETWEEN}{_COUNT}{_BETWEEN})?
        |(?:اضف|اكتب|اترك|شارك ب?)\s?(?:تعليق|راي|رد)\w*(?: \S+){{0,2}}
        |لا (?:يوجد|توجد) تعليقات|عدد التعليقات{_BETWEEN}(?:{_COUNT})?{_BETWEEN}""",
    ),
    _rule(
        ResidueKind.CREDIT,
        30,
        r"(?:مصدر|تعليق|صاحب|حقوق|التعليق علي) الصوره.*|image (?:caption|copyright|source).*",
    ),
    _rule(
        ResidueKind.CREDIT,
        10,
        rf"""(?:©|\(c\))?\s*\(?{_AGENCY}(?:{_BETWEEN}{_AGENCY})*\)?|نقلا عن {_SHORT_REST}
        |(?:ال)?مصدر\s*[:/\-–].{{0,60}}|المصدر|صوره (?:ارشيفيه|تعبيريه|من الارشيف)
        |(?:ال)?(?:صوره|تصوير|عدسه)\s*[:/]\s*{_SHORT_REST}""",
    ),
    _rule(
        ResidueKind.RIGHTS,
        16,
        r"""(?:جميع|كافه|كل) (?:ال)?حقوق.* محفوظه.*|حقوق (?:النشر|الطبع)(?: والنشر)? محفوظه.*
        |(?:copyright )?(?:©|\(c\))\s.*|all rights reserved.*""",
    ),
    _rule(
        ResidueKind.PROMOTION,
        14,
        rf"""تابعونا(?: .*)?|تابعوا? .*(?:علي|عبر)(?: \S+){{0,3}} {_PLATFORM}(?!\w).*
        |تابع(?:وا)? (?:\S+ ){{1,4}}علي\s*:|(?:اشترك|سجل)(?:وا)? .*{_SUBSCRIPTION}.*
        |(?:حمل|حملوا|نزل) (?:ال)?تطبيق.*|انضم(?:وا)? الي (?:قناتنا|مجموعتنا|صفحتنا).*
        |.*اضغط هنا\S*""",
    ),
    _rule(ResidueKind.PROMOTION, 30, r"يمكنكم (?:تسلم|استلام|تلقي) (?:ال)?اشعارات .*"),
    _rule(
        ResidueKind.CONTACT,
        24,
        r"""[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@\w+|(?:https?://|www\.)\S+|للتواصل(?: .*|\s*[:/].*)?
        |(?:ال)?(?:بريد الالكتروني|ايميل|e-?mail)\s*:.*""",
    ),
    _rule(
        ResidueKind.BYLINE,
        8,
        rf"""(?:كتبت?|كتبه|بقلم|تحرير|اعداد|ترجمه|حاورته?|حاورها|المحرر)\s*[:/\-–|]\s*{_SHORT_REST}
        |بقلم(?: \S+){{1,5}}""",
    ),
)
_MAX_CHARACTERS = 600
_MAX_WORDS = max(rule.max_words for rule in _RULES)


def residue_kind(line: str) -> ResidueKind | None:
    """What kind of page residue `line` is; None where it may be article text."""
    shape = " ".join(fold(line).split()).strip(_EDGES)
    if _NO_LETTER.fullmatch(shape):
        return ResidueKind.ORNAMENT
    word_count = shape.count(" ") + 1
    if word_count > _MAX_WORDS or len(shape) > _MAX_CHARACTERS:
        return None
    if _TAG_LINE.fullmatch(shape):
        return ResidueKind.TAGS
    return next(
        (
            rule.kind
            for rule in _RULES
            if word_count <= rule.max_words and rule.pattern.fullmatch(shape)
        ),
        None,
    )
