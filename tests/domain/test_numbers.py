"""A number is the same number however either language writes it, and a wrong one is noticed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.numbers import number_mismatch, number_retention

GOLDEN = Path(__file__).parent.parent / "golden" / "numbers.jsonl"
CASES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
TO_ARABIC = str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫٬")
TO_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
VALUES = st.lists(st.integers(3, 10**9).map(str), min_size=1, max_size=6)


@given(VALUES.flatmap(lambda values: st.tuples(st.just(values), st.permutations(values))))
def test_the_same_numbers_in_any_order_and_digits_match(
    orders: tuple[list[str], list[str]],
) -> None:
    source = " و ".join(orders[0])
    target = " and ".join(f"{int(value):,}" for value in orders[1])
    assert not number_mismatch(source.translate(TO_ARABIC), target)
    assert not number_mismatch(source.translate(TO_PERSIAN), target)
    assert not number_mismatch(target, source)


@given(VALUES, st.integers(10**10, 10**12))
def test_a_number_on_one_side_only_is_a_mismatch(values: list[str], extra: int) -> None:
    source = " و ".join(values)
    assert number_mismatch(source, f"{source} and {extra}")
    assert number_mismatch(f"{source} و {extra}", source)


PARTS = [
    "مليون",
    "ألف",
    " و",
    "و",
    "5",
    "9" * 400,
    "1,",
    "12:30",
    " GMT",
    "²",
    " ",
    "3.5",
    "٫٥",
    "000",
]
FRAGMENTS = st.lists(st.sampled_from([*PARTS, "half", " million", "نصف"]), max_size=12)
TEXT = st.one_of(st.text(max_size=60), FRAGMENTS.map("".join))


@given(TEXT, TEXT)
def test_any_text_is_answered(source: str, target: str) -> None:
    number_mismatch(source, target)
    assert not number_mismatch(source, source)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("قتل ٥ أشخاص", "Five people were killed"),
        ("قتل خمسة وعشرون شخصا", "25 people were killed"),
        ("في القرن الحادي والعشرين", "In the 21st century"),
        ("المركزين الثامن عشر والتاسع عشر", "18th and 19th place"),
        ("الأحد 15/أكتوبر/2017 - 09:56 م", "Sunday, October 15, 2017 - 9:56 p.m."),
        ("الأحد 15/10/2017", "Sunday, October 15, 2017"),
        ("يوم 14 تشرين الثاني", "on November 14"),
        ("في 11 سبتمبر", "On 9/11"),
        ("الساعة 09:56 مساء", "at 21:56"),
        ("الساعة 11,00 (09,00 ت غ)", "at 11:00 (0900 GMT)"),
        ("الساعة العاشرة والنصف", "at 10:30"),
        ("نحو 5 ملايين دولار", "about $5,000,000"),
        ("5,012,345 دولارا", "about 5 million dollars"),
        ("مليون و260 ألف دينار", "1.26 million dinars"),
        ("ثلاثة آلاف وخمسمئة", "3,500"),
        ("مليون ونصف المليون", "1.5 million"),
        ("150 ألف شخص", "150,000 people"),
        ("بين 8 إلى 9 آلاف دينار", "between 8,000 and 9,000 dinars"),
        ("7 آلاف و367 مرشحا", "7,367 candidates"),
        ("من 38 مليار دولار في 2016 إلى 50 مليار", "from $38 billion in 2016 to $50 billion"),
        ("نسبة 5,3 في المئة", "3.5 percent"),
        ("0،125 ثانية", "0.125 seconds"),
        ("مؤشره عند 98.2725 نقطة", "its index at 2,725.98 points"),
        ("5ر1 دينار", "1.5 dinars"),
        ("1 500 دينار", "1,500 dinars"),
        ("في تسعينيات القرن الماضي", "in the 1990s"),
        ("فاز بثلاثية نظيفة", "won 3-0"),
        ("8-صفر", "8-0"),
        ("دور ثمن النهائي", "the round of 16"),
        ("بعد يومين وبهدف لمثله", "after 2 days, 1-1"),
        ("مرض كورونا", "COVID-19"),
        ("نصف ساعة", "half an hour"),
        ("الموسم 66-1967", "the 1966-1967 season"),
    ],
)
def test_one_number_written_in_two_ways_matches(source: str, target: str) -> None:
    assert not number_mismatch(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("عام 2017", "in 2018"),
        ("عام 2017", "in 20177"),
        ("عام 1992", "that year"),
        ("أكثر من 100.000 شخص", "more than 10.00 people"),
        ("بنسبة 3.5 في المئة", "by 3 percent"),
        ("بلغ 0.27%", "reached 0.7%"),
        ("نقلت 14 حافلة", "carried buses"),
        ("نقلت حافلات", "carried 14 buses"),
        ("ثماني مباريات", "1980 matches"),
        ("15,230 شخصا", "15,320 people"),
        ("نحو 5 ملايين", "about 5 billion"),
        ("5 مليارات دولار", "5 million dollars"),
        ("5 ملايين دولار", "$5"),
        ("83 في المئة", "80 percent"),
    ],
)
def test_a_wrong_number_is_a_mismatch(source: str, target: str) -> None:
    assert number_mismatch(source, target)


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1 000 ", "1,", "12:30 ", "مليون و5 ", "مليون ", "9" * 400 + " "]
)
def test_the_cost_grows_with_the_length_only(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    number_mismatch(text + " قال 70001", text + " said 80002")
    assert time.process_time() - started < 10


@given(VALUES)
def test_numbers_in_either_digits_are_kept_by_the_same_numbers(values: list[str]) -> None:
    source = " ثم ".join(values)
    for digits in (source, source.translate(TO_ARABIC), source.translate(TO_PERSIAN)):
        assert number_retention(digits, " then ".join(values)) == (len(values), len(values))


@given(VALUES)
def test_a_text_without_numbers_keeps_none(values: list[str]) -> None:
    assert number_retention(" ثم ".join(values), "then and then") == (len(values), 0)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("قتل ٥ وأصيب ١٢", "5 killed, 13 injured", (2, 1)),
        ("قتل ٥ أشخاص", "Five people were killed", (1, 1)),
        ("بلغ 5 ملايين", "It reached 5,000,000", (1, 1)),
        ("لا أرقام هنا", "12 of 30", (0, 0)),
    ],
)
def test_numbers_are_kept_in_words_and_scales(
    source: str, target: str, expected: tuple[int, int]
) -> None:
    assert number_retention(source, target) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_never_more_numbers_are_kept_than_there_were(source: str, target: str) -> None:
    count, kept = number_retention(source, target)
    assert 0 <= kept <= count


@pytest.mark.parametrize(
    ("cases", "least_precision", "least_recall"),
    [
        ([case for case in CASES if not case.get("held_out")], 0.985, 0.985),
        ([case for case in CASES if case.get("held_out")], 0.95, 0.97),
    ],
    ids=["tuned", "held out"],
)
def test_wrong_numbers_are_noticed_and_right_ones_are_not_blamed(
    cases: list[dict[str, str]], least_precision: float, least_recall: float
) -> None:
    wrong = [bool(case["mismatch"]) for case in cases]
    noticed = [number_mismatch(case["source"], case["target"]) for case in cases]
    hits = sum(map(min, wrong, noticed))
    assert hits / sum(noticed) >= least_precision
    assert hits / sum(wrong) >= least_recall
