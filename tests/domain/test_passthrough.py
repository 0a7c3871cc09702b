"""Addresses, handles, code, mark-up and emoji are found whole, and nothing else is."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.passthrough import latin_runs, passthrough_spans

ADDRESSES = ["https://x.org/a?b=1", "a@b.co", "@user", "#Syria", "<p>", "&nbsp;", "`ls`", "😂"]
WORDS = ["قال", "و", "الرئيس", "#الرقة", "Apple", "2017", " ", " ", "، ", ".", "(", ")", '"', "\n"]
FRAGMENTS = st.sampled_from([*ADDRESSES, *WORDS])
TEXT = st.one_of(st.lists(FRAGMENTS, max_size=12).map("".join), st.text(max_size=60))


def found(text: str) -> list[str]:
    return [span.of(text) for span in passthrough_spans(text)]


@given(TEXT)
def test_spans_are_ordered_disjoint_and_hold_something(text: str) -> None:
    for spans in (passthrough_spans(text), latin_runs(text)):
        assert all(len(span) for span in spans)
        assert all(before.end <= after.start for before, after in pairwise(spans))


@given(
    st.text(alphabet='ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآؤئء ،.؟!:"()«»0123456789٠١٢-', max_size=80)
)
def test_plain_arabic_text_has_none(text: str) -> None:
    assert passthrough_spans(text) == ()
    assert latin_runs(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "زوروا https://ar.wikipedia.org/wiki/الرقة_(سوريا)، اليوم.",
            ["https://ar.wikipedia.org/wiki/الرقة_(سوريا)"],
        ),
        ("(انظر http://x.com/a).", ["http://x.com/a"]),
        ("على www.aljazeera.net/news.", ["www.aljazeera.net/news"]),
        ("الموقعhttp://localhost:8080/x?y=1#z", ["http://localhost:8080/x?y=1#z"]),
        ("رابط http://x.comقال", ["http://x.com"]),
        ("راسلوا ahmed.ali@mail.example.co.uk.", ["ahmed.ali@mail.example.co.uk"]),
        ("x.me@example.com", ["x.me@example.com"]),
        ("كتب @user_1 و@خالد: نعم", ["@user_1", "@خالد"]),
        ("وسم #Syria2017 اليوم", ["#Syria2017"]),
        ("شغّل `rm -rf x` الآن", ["`rm -rf x`"]),
        ("في /usr/local/bin و C:\\Users\\x.txt", ["/usr/local/bin", "C:\\Users\\x.txt"]),
        ("الملف report_2017.PDF.", ["report_2017.PDF"]),
        ("<p class='x'>نعم&nbsp;</p>&#1575;", ["<p class='x'>", "&nbsp;", "</p>", "&#1575;"]),
        ("جميل 😂😂 👨\u200d👩\u200d👧 ❤️ 1️⃣", ["😂😂", "👨\u200d👩\u200d👧", "❤️", "1️⃣"]),
    ],
)
def test_what_no_model_should_touch_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "وسم #الرقة_تذبح_بصمت اليوم",
        "في 15/10/2017 و/أو 14.10.2017",
        "بلغ 3.5 في المئة",
        "المركز #1",
        "قال د. أحمد م. علي",
        "5 < 6 & 7 > 3",
        "شركة U.S. Steel وشركة Apple",
        "@ # & ` / \\ < .",
    ],
)
def test_what_belongs_to_the_sentence_is_left_in_it(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أطلقت Apple iPhone 15. أمس", ["Apple iPhone 15"]),
        ("فيروس COVID-19 وشبكة 5G", ["COVID-19", "5G"]),
        ("شركتا AT&T و Johnson & Johnson", ["AT&T", "Johnson & Johnson"]),
        ("طائرة Boeing 737-800 عام 2017", ["Boeing 737-800"]),
    ],
)
def test_latin_names_keep_the_numbers_that_belong_to_them(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in latin_runs(text)] == expected


LETTERS = ["a", "a.", "a-", "a@", "a@a.", "a 1 ", "_", "ا", "1.1", "😂", "\ud800"]
OPENINGS = ["/a", "<a", "@", "#", "`a", "&a", "C:\\", "http://", "https://x.com/)"]


@pytest.mark.parametrize("unit", [*LETTERS, *OPENINGS])
def test_the_cost_grows_with_the_length_only(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    passthrough_spans(text)
    passthrough_spans("https://x.com/" + text)
    latin_runs(text)
    assert time.process_time() - started < 5
