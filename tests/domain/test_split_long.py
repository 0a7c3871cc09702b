"""A sentence too long for the model is cut at its joints, and no word of it is lost."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mujaz.domain.spans import Span, gaps
from mujaz.domain.split_long import split_long

TEXT = st.one_of(st.text(alphabet='ابو قال،؛ 3.5"()\u064b\n', max_size=200), st.text(max_size=120))


class Counted:
    """Counts tokens, and how often it was asked."""

    def __init__(self, count: Callable[[str], int]) -> None:
        self.calls = 0
        self._count = count

    def __call__(self, text: str) -> int:
        self.calls += 1
        return self._count(text)


def words(text: str) -> int:
    return len(text.split())


def split(text: str, limit: int, count: Callable[[str], int] = words) -> list[str]:
    return [span.of(text) for span in split_long(text, count_tokens=count, token_limit=limit)]


@settings(deadline=None)
@given(TEXT, st.integers(1, 12))
def test_every_part_fits_and_only_white_space_is_left_out(text: str, limit: int) -> None:
    spans = split_long(text, count_tokens=len, token_limit=limit)
    assert all(len(span) <= limit for span in spans)
    assert all(span.of(text) == span.of(text).strip() for span in spans)
    assert all(not gap.of(text).strip() for gap in gaps(spans, len(text)))


@settings(deadline=None)
@given(TEXT)
def test_a_text_that_fits_costs_one_call(text: str) -> None:
    count = Counted(len)
    spans = split_long(text, count_tokens=count, token_limit=len(text) + 1)
    assert [span.of(text) for span in spans] == ([text.strip()] if text.strip() else [])
    assert count.calls == len(spans)


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ابتثج،", min_size=1, max_size=9), min_size=20, max_size=400))
def test_calls_grow_with_the_parts_only(vocabulary: list[str]) -> None:
    count = Counted(words)
    parts = split_long(" ".join(vocabulary), count_tokens=count, token_limit=10)
    assert count.calls == 2 * len(parts) - 1
    assert len(parts) <= len(vocabulary) // 3


def test_one_character_over_the_limit_is_a_part_of_its_own() -> None:
    assert split("ابج", 1, lambda text: 5 * len(text)) == ["ا", "ب", "ج"]


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        (
            "أعلن التحالف الدولي أمس، عن اتفاق في المدينة؛ ثم بدأت القوات في إجلاء المدنيين",
            10,
            [
                "أعلن التحالف الدولي أمس، عن اتفاق في المدينة؛",
                "ثم بدأت القوات في إجلاء المدنيين",
            ],
        ),
        (
            "سيطرت القوات النظامية أمس على مدينة الميادين وأكد المصدر أن القوات تطارد فلول التنظيم",
            9,
            [
                "سيطرت القوات النظامية أمس على مدينة الميادين",
                "وأكد المصدر أن القوات تطارد فلول التنظيم",
            ],
        ),
        (
            "التقى الرئيس في العاصمة عددا من كبار المسؤولين حيث بحث معهم آخر تطورات الأزمة السورية",
            9,
            [
                "التقى الرئيس في العاصمة عددا من كبار المسؤولين",
                "حيث بحث معهم آخر تطورات الأزمة السورية",
            ],
        ),
        (
            "زار المدينة أمس رئيس الحكومة برفقة كل من وزير الخارجية ووزير الدفاع في زيارة رسمية",
            10,
            [
                "زار المدينة أمس رئيس الحكومة برفقة كل من وزير الخارجية",
                "ووزير الدفاع في زيارة رسمية",
            ],
        ),
    ],
)
def test_cuts_are_made_where_clauses_meet(text: str, limit: int, expected: list[str]) -> None:
    assert split(text, limit) == expected


def test_a_number_a_short_quotation_and_a_parenthesis_stay_whole() -> None:
    text = (
        'بلغ حجم التداول نحو 12,5 مليون و"قوات سورية، الديموقراطية" قرب مدينة (الرقة، السورية) أمس'
    )
    for limit in range(6, 14):
        parts = split(text, limit)
        for whole in ("12,5", '"قوات سورية، الديموقراطية"', "(الرقة، السورية)"):
            assert any(whole in part for part in parts), (limit, parts)


def test_parts_of_a_plain_text_are_of_like_length() -> None:
    lengths = [words(part) for part in split("كلمة " * 1000, 50)]
    assert min(lengths) >= 25


@given(st.lists(st.sampled_from(["ا\u064b\u0651", "e\u0301", "👨\u200d👩", "❤\ufe0f"]), min_size=8))
def test_a_character_is_not_parted_from_its_marks(characters: list[str]) -> None:
    for part in split("".join(characters), 6, len):
        assert not unicodedata.combining(part[0])
        assert part[0] not in "\u200d\ufe0f"
        assert part[-1] != "\u200d"


@pytest.mark.parametrize(
    "unit", ["ا", "ا ", "ا\u064b", "\u064b", "(", '"ا ', "1,", "😂", "\ud800", "\x00"]
)
def test_the_cost_of_a_huge_text_stays_small(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    count = Counted(lambda part: len(part) // 3 + 1)
    started = time.process_time()
    spans = split_long(text, count_tokens=count, token_limit=100)
    assert time.process_time() - started < 5
    assert count.calls < 3 * len(spans)
    assert spans[0].start == 0


def test_white_space_around_the_text_is_left_out() -> None:
    assert split_long("  نعم \n", count_tokens=words, token_limit=5) == (Span(2, 5),)
    assert split_long(" \n ", count_tokens=words, token_limit=5) == ()
