"""Lines of the page are told from lines of the article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.residue import ResidueKind, residue_kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("طباعة", ResidueKind.CONTROL),
        ("شارك", ResidueKind.CONTROL),
        ("مشاركة عبر: فيسبوك | تويتر | واتساب", ResidueKind.CONTROL),
        ("تغريد", ResidueKind.CONTROL),
        ("إرسال", ResidueKind.CONTROL),
        ("حجم الخط", ResidueKind.CONTROL),
        ("125 مشاركة", ResidueKind.CONTROL),
        ("3 دقائق للقراءة", ResidueKind.CONTROL),
        ("الرئيسية > سياسة > عرب وعالم", ResidueKind.CONTROL),
        ("// انتهى //", ResidueKind.CONTROL),
        ("اقرأ أيضاً:", ResidueKind.RELATED),
        ("إقرأ أيضا| جولة جديدة من المحادثات", ResidueKind.RELATED),
        ("اقرأ المزيد", ResidueKind.RELATED),
        ("المزيد حول هذه القصة", ResidueKind.RELATED),
        ("للمزيد: جولة جديدة من المحادثات", ResidueKind.RELATED),
        ("تابعونا على تويتر", ResidueKind.PROMOTION),
        ("الكلمات المفتاحية: المغرب، الاقتصاد", ResidueKind.TAGS),
        ("#المغرب #الاقتصاد", ResidueKind.TAGS),
        ("التعليقات (0)", ResidueKind.COMMENTS),
        ("مصدر الصورة Getty Images", ResidueKind.CREDIT),
        ("Getty Images", ResidueKind.CREDIT),
        ("(رويترز)", ResidueKind.CREDIT),
        ("*نقلا عن صحيفة محلية", ResidueKind.CREDIT),
        ("جميع الحقوق محفوظة للموقع", ResidueKind.RIGHTS),
        ("editor@example.org", ResidueKind.CONTACT),
        ("كتب: سامي خليل", ResidueKind.BYLINE),
        ("-----------", ResidueKind.ORNAMENT),
    ],
)
def test_lines_of_a_page(line: str, kind: ResidueKind) -> None:
    assert residue_kind(line) is kind


@pytest.mark.parametrize(
    "line",
    [
        "طباعة الكتب في القاهرة تشهد تراجعا للعام الثالث.",
        "شارك في المؤتمر عدد من الوزراء.",
        "وتابع الوزير سير العمل عبر الفيديو.",
        "اشترك في السباق مئتا متسابق.",
        "المزيد من الأزمات في انتظار السوق",
        "حقوق المرأة في المغرب",
        "قراءة الكتب عادة تتراجع",
        "شاهد الرجل الحادث بعينيه.",
        "وأضاف أن جميع الحقوق يجب أن تصان.",
        "2017",
        "كتب محمد إلى صديقه رسالة.",
    ],
)
def test_running_text_with_the_same_words_is_kept(line: str) -> None:
    assert residue_kind(line) is None


@given(st.text(alphabet="1,.:/|- م", max_size=300))
def test_no_line_takes_long(line: str) -> None:
    residue_kind(line)


@given(st.text())
def test_white_space_around_a_line_does_not_matter(line: str) -> None:
    assert residue_kind(f"\t {line} ") is residue_kind(line)
