"""Full stops that belong to a word."""

from __future__ import annotations

import pytest

from mujaz.domain.abbreviations import is_agency, joins, owns_mark, owns_stop


@pytest.mark.parametrize(
    ("before", "following"),
    [
        ("التقى د", "سامي"),
        ("حضر ود", "رجاء"),
        ("(أ.د", "ليلى"),
        ("المهندس م", "وليد"),
        ("ص.ب", "1185"),
        ("عام 450 ق.م", "تقريبا"),
        ("على بعد 15 كم", "عن المدينة"),
        ("1437 هـ", "الموافق"),
        ("(ج", "12"),
        ("شركة Apple Inc", "أرباحها"),
        ("J", "K"),
        ("Mr", "Smith"),
        ("U.S", "Steel"),
        ("وكالة د.ب.أ", "عن مصدر"),
    ],
)
def test_a_stop_after_an_abbreviation_does_not_end_the_sentence(
    before: str, following: str
) -> None:
    assert owns_stop(before, following)


@pytest.mark.parametrize(
    ("before", "following"),
    [
        ("وصل الوفد", "وقال"),
        ("هدية له", "وهو"),
        ("فيتامين د", "وينصح"),
        ("على عمق 15 كم", "ولم"),
        ("عام 2016م", "ونشر"),
        ("القرن الثالث ق.م", "وقد"),
        ("المتهم ج", "وأضاف"),
        ("لفظ ﷺ", "فقد"),
        ("نظام U.S", "وأعلنت"),
        ("انتهى ", "وقال"),
        ("", "وقال"),
    ],
)
def test_other_stops_end_it(before: str, following: str) -> None:
    assert not owns_stop(before, following)


@pytest.mark.parametrize(("left", "right"), [("سي", "إن"), ("العربية", "نت"), ("د", "محمد")])
def test_a_stop_without_a_space_joins_names(left: str, right: str) -> None:
    assert joins(left, right)


@pytest.mark.parametrize(("left", "right"), [("القرار", "وقال"), ("2030", "ولفت")])
def test_a_stop_without_a_space_may_end_a_sentence(left: str, right: str) -> None:
    assert not joins(left, right)


def test_agencies_and_names_with_a_mark_are_known() -> None:
    assert is_agency("أ ف ب")
    assert is_agency("رويترز")
    assert not is_agency("محافظة")
    assert owns_mark("Yahoo")
    assert not owns_mark("مبروك")
