"""The model reads what it was trained on, and each of its characters leads back to the source."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mujaz.domain import normalize as module
from mujaz.domain.normalize import NormalizationOptions, normalize, normalized
from mujaz.domain.spans import Span

# What news text is made of, and what breaks naive pipelines.
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآؤئء"
MARKS = "\u064b\u064e\u0651\u0653\u0654\u0670\u0640\u06d6\u0301\u0308"
SIGNS = "٠٣٩۴٪٫٬،؛؟۔«»“”„‘’`–—\"'.,:!?-…"
INVISIBLE = "\u200b\u200d\u200f\u202e\u2067\ufeff\u00ad"
SPACES = " \t\n\u00a0\u2009\u3000\u0085\x1c"
COMPATIBILITY = "ﷺﻻﺒﻰ½ﬁ①㎏Ａ\ufe70\ufe71\u0344\uff9e\u2126"
HANGUL = "각\u1100\u1161\u11a8ㅏㄱ"
MIXED_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(ARABIC + MARKS + SIGNS + INVISIBLE + SPACES + COMPATIBILITY + HANGUL),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
)
ANY_TEXT = st.one_of(MIXED_TEXT, st.text(alphabet=st.characters(), max_size=40))
OPTIONS = st.builds(
    NormalizationOptions, st.booleans(), st.booleans(), st.booleans(), st.booleans()
)

_TRAINING_DIACRITICS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_TRAINING_CONTROLS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")
_TRAINING_SIGNS = str.maketrans(
    dict(
        zip(
            "“”„«»‘’`–—٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪٫٬",
            '"""""\'\'\'--01234567890123456789%.,',
            strict=True,
        )
    )
)


def training_text(text: str) -> str:
    """What the training data of the starter models went through."""
    text = _TRAINING_CONTROLS.sub("", unicodedata.normalize("NFKC", text))
    text = _TRAINING_DIACRITICS.sub("", text).translate(_TRAINING_SIGNS)
    return " ".join(text.split())


@given(MIXED_TEXT)
def test_text_is_normalized_as_the_training_data_was(text: str) -> None:
    expected = training_text(text)
    assume(not any(unicodedata.category(character) == "Cc" for character in expected))
    assume(not re.search(r"([^\w\s])\1{3}", expected))
    assert normalized(text, NormalizationOptions()) == expected


@settings(deadline=None)
@given(ANY_TEXT, OPTIONS)
def test_the_text_with_a_map_is_the_text_without(text: str, options: NormalizationOptions) -> None:
    assert normalize(text, options).text == normalized(text, options)


@settings(deadline=None)
@given(ANY_TEXT, OPTIONS)
def test_the_map_is_ordered_and_stays_within_the_text(
    text: str, options: NormalizationOptions
) -> None:
    result = normalize(text, options)
    assert len(result.offsets) == len(result.text)
    spans = [result.offsets.to_source(Span(i, i + 1)) for i in range(len(result.text))]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    assert [span.end for span in spans] == sorted(span.end for span in spans)


@settings(deadline=None)
@given(ANY_TEXT, OPTIONS)
def test_all_that_is_kept_lies_under_the_whole_span(
    text: str, options: NormalizationOptions
) -> None:
    result = normalize(text, options)
    covered = result.offsets.to_source(Span(0, len(result.text)))
    if result.text:
        assert normalized(text[: covered.start], options) == ""
        assert normalized(covered.of(text), options) == result.text


@given(ANY_TEXT, OPTIONS)
def test_the_result_is_one_line_that_any_tokenizer_takes(
    text: str, options: NormalizationOptions
) -> None:
    result = normalized(text, options)
    result.encode()
    assert result == " ".join(result.split())
    assert not any(unicodedata.category(character) == "Cc" for character in result)


@given(st.text(alphabet=ARABIC + " ", max_size=40))
def test_letters_are_never_folded(text: str) -> None:
    assert normalized(text, NormalizationOptions()) == " ".join(text.split())


def test_a_word_leads_back_to_its_vowelled_and_stretched_spelling() -> None:
    text = "قال  الـمُـحَـرِّر:\u200f نعم"
    result = normalize(text, NormalizationOptions())
    assert result.text == "قال المحرر: نعم"
    start = result.text.index("المحرر")
    assert result.offsets.to_source(Span(start, start + 6)).of(text) == "الـمُـحَـرِّر"


def test_each_character_of_a_ligature_leads_back_to_it() -> None:
    result = normalize("النبي ﷺ قال", NormalizationOptions())
    assert result.text == "النبي صلى الله عليه وسلم قال"
    assert result.offsets.to_source(Span(6, 9)) == Span(6, 7)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (NormalizationOptions(strip_diacritics=False), 'بَلَغَ 3.5% - "لا"'),
        (NormalizationOptions(ascii_digits=False), 'بلغ ٣٫٥٪ - "لا"'),
        (NormalizationOptions(ascii_punctuation=False), "بلغ 3.5% – «لا»"),
        (NormalizationOptions(compatibility=False), 'بلغ 3.5% - "ﻻ"'),
    ],
)
def test_each_option_settles_one_thing(options: NormalizationOptions, expected: str) -> None:
    assert normalized("بَلَغَ ٣٫٥٪ – «ﻻ»", options) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!!!!!!!!", "!!!"),
        ("نعم........", "نعم..."),
        ("ــــــــ", ""),
        ("ههههههه", "ههههههه"),
        ("a\x00b\x1bc", "abc"),
        ("\ud800نعم\udfff", "\ufffdنعم\ufffd"),
        ("\ufffd", "\ufffd"),
        ("ha\u202eha", "haha"),
        (" \n\t ", ""),
        ("", ""),
    ],
)
def test_junk_is_settled(text: str, expected: str) -> None:
    assert normalized(text, NormalizationOptions()) == expected
    assert normalize(text, NormalizationOptions()).text == expected


def test_pieces_begin_only_where_nothing_before_can_change_them() -> None:
    seconds = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}
    for code in range(0x110000):
        decomposition = unicodedata.decomposition(chr(code)).split()
        if len(decomposition) == 2 and not decomposition[0].startswith("<"):
            seconds.add(int(decomposition[1], 16))
    boundary = re.compile(f"[{module._BOUNDARY}]")
    for code in range(0x110000):
        if boundary.match(chr(code)):
            first = unicodedata.normalize("NFKD", chr(code))[0]
            assert not unicodedata.combining(first), hex(code)
            assert not {code, ord(first)} & seconds, hex(code)


# More marks in a row than any script writes; some of them decompose into several.
MARK_RUNS = st.text(
    alphabet=st.sampled_from("\u0301\u0316\u0323\u0344\u064e\u0651\u0f71\u0f73\u0f81اa\u1161"),
    min_size=32,
    max_size=120,
)


@given(MARK_RUNS, st.booleans())
def test_any_number_of_marks_come_in_the_order_of_the_standard(
    text: str, compatibility: bool
) -> None:
    options = NormalizationOptions(compatibility, False, False, False)
    assert normalized(text, options) == unicodedata.normalize(options.form, text)
    assert normalize(text, options).text == normalized(text, options)
