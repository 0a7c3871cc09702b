"""Languages are told apart by script first, then by letters and common words."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.language import (
    UNDETERMINED,
    UNDETERMINED_LATIN,
    detect_languages,
    is_arabic_sentence,
    latin_text,
)

GOLDEN = Path(__file__).parent.parent / "golden" / "languages.jsonl"
CASES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
# Modern Standard, Egyptian, Levantine, Gulf, Maghrebi and Iraqi Arabic, by ISO 639-3.
ARABIC = ("ar", "arz", "apc", "afb", "ary", "acm")

ARABIC_SENTENCES = [
    "أعلن التحالف الدولي بقيادة واشنطن عن اتفاق على عملية إجلاء عناصر التنظيم",
    "ليفربول مهدد بخسارة سلاحه السري",
    "مقتل 3 جنود",
    "كيف حالك",
    "نعم",
    "اعلنت وزاره الداخليه",
    "بَحَثَ الوَزِيرُ",
    # Letters that dialects and names borrow, and a Persian keyboard.
    "قال رئيس الوزراء عراقچي إن بلاده",
    "مهاجم چلسي يسجل هدفين",
    "گوگل تطلق هاتفا جديدا",
    "وزیر الخارجیة الایرانی عباس عراقجی یلتقی نظیره العراقی فی بغداد",
    # Names in Latin letters.
    "Apple iPhone 15 Pro Max في السوق",
    "فيلم The Lord of the Rings يفوز",
    "أعلنت شركة Taiwan Semiconductor Manufacturing Company أمس",
]
OTHERS = {
    "fa": [
        "ترامپ: ایران نباید سلاح هسته‌ای داشته باشد",
        "دولت ایران گفت که این توافق را قبول ندارد",
        "دولت ايران گفت كه اين توافق را قبول ندارد",
    ],
    "ur": ["پاکستان کے وزیر اعظم نے کہا ہے", "یہ ایک اچھا دن ہے"],
    "ckb": ["سەرۆکی هەرێمی کوردستان لەگەڵ وەزیری دەرەوە کۆبووەوە"],
    "ps": ["د افغانستان حکومت وايي چې دوی به له طالبانو سره خبرې وکړي"],
    UNDETERMINED_LATIN: ['The word "سلام" means peace in Arabic', "Le président de la République"],
    "ru": ["Президент России заявил"],
    "uk": ["Київ є столицею України"],
    "el": ["Γεια σου κόσμε"],
    "he": ["שלום עולם"],
    "zh": ["你好世界"],
    "ja": ["こんにちは世界"],
    "ko": ["안녕하세요"],
    "hi": ["नमस्ते दुनिया"],
    "th": ["สวัสดีชาวโลก"],
    "am": ["ሰላም ዓለም"],
}


@pytest.mark.parametrize("text", ARABIC_SENTENCES)
def test_an_arabic_sentence_is_known(text: str) -> None:
    assert is_arabic_sentence(text)


@pytest.mark.parametrize("text", ARABIC_SENTENCES[:11])
def test_arabic_is_the_likeliest_language_of_arabic(text: str) -> None:
    assert detect_languages(text)[0].code == "ar"


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in OTHERS.items() for text in texts]
)
def test_another_language_is_known_and_is_not_arabic(code: str, text: str) -> None:
    assert detect_languages(text)[0].code == code
    assert not is_arabic_sentence(text)


@pytest.mark.parametrize(
    "text", ["", " \n", "2017", "٢٠١٧", "😂", "...", "\x00", "\u202e", "\ud800"]
)
def test_a_text_without_letters_has_no_language(text: str) -> None:
    guess, *others = detect_languages(text)
    assert (guess.code, guess.confidence, others) == (UNDETERMINED, 0.0, [])
    assert not is_arabic_sentence(text)


@given(st.text(max_size=80))
def test_confidences_fall_and_add_up_to_at_most_one(text: str) -> None:
    confidences = [guess.confidence for guess in detect_languages(text)]
    assert confidences == sorted(confidences, reverse=True)
    assert 0 <= sum(confidences) <= 1.000001


@given(st.text(alphabet="abc XYZ é 12", max_size=30), st.text(alphabet="حصط 12", max_size=30))
def test_only_a_text_with_arabic_letters_can_be_arabic(latin: str, arabic: str) -> None:
    assert not is_arabic_sentence(latin)
    assert is_arabic_sentence(arabic) == any(character.isalpha() for character in arabic)


def test_scripts_share_a_mixed_text_by_their_letters() -> None:
    guesses = {guess.code: guess.confidence for guess in detect_languages("السلام hello")}
    assert guesses[UNDETERMINED_LATIN] == pytest.approx(5 / 11)
    assert guesses["ar"] == pytest.approx(6 / 11, abs=0.05)


def test_the_latin_words_are_taken_out_of_a_mixed_text() -> None:
    assert latin_text("قال Président Élysée 2017 أمس") == "Président Élysée"


@pytest.mark.parametrize("unit", ["ا", "پ", "a", "a ا ", "پ "])
def test_a_huge_text_costs_little(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    detect_languages(text)
    is_arabic_sentence(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("language", ["en", "fr", "fa", "ur", "ckb", *ARABIC])
def test_arabic_of_all_kinds_is_translated_and_nothing_else(language: str) -> None:
    texts = [case["text"] for case in CASES if case["language"] == language]
    right = sum(is_arabic_sentence(text) == (language in ARABIC) for text in texts)
    least = {"fa": 22, "acm": 24}.get(language, len(texts))
    assert right >= least
