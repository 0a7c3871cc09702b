"""The glossary that comes with the models can be trusted with any text."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from mujaz.app.glossaries import read_glossaries
from mujaz.domain.glossary import Glossary, GlossaryEntry, fold_final, fold_text, term_key
from mujaz.domain.glossary_match import find_terms
from mujaz.domain.stems import is_content_word
from tests.conftest import MODELS

PATH = MODELS / "glossaries" / "news.tsv"
ARABIC = re.compile(r"[\u0621-\u064a0-9 -]+")
ENGLISH = re.compile(r"[A-Za-z0-9 .'&-]+")
KINDS = {"place", "person", "organization", "term"}

# Words of everyday Arabic that are names as well; none may be a term by itself.
COMMON_WORDS = """
    سورية السعودية العربية تدمر دوما حمص مارب الرمادي سرت سبها حماس فتح امل القاعدة النهضة النصرة
    الكتائب الجزيرة العربية الحياة النهار الوطن عمان قطر تونس الجزائر المغرب حماة صور صيدا زحلة
    الجيش النظام الرئيس الحكومة الوزير المجلس التحالف المرصد التنظيم القوات الشباب الاخوان الحشد
    المدينة المحافظة المعارضة الفصائل الحرس الوفاق الانتقالي المؤقتة اللجنة السيادة الاحتلال عون
    سلام بري سعيد حفتر هادي صالح الصدر الاسد البشير تميم فرحان يونس بدر تعاون هدنة غارة سلطة
"""


def rows() -> list[list[str]]:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


@pytest.fixture(scope="module")
def news() -> Glossary:
    return read_glossaries(MODELS)["news"]


def test_it_has_terms_of_every_kind() -> None:
    kinds = Counter(row[2] for row in rows())
    assert set(kinds) == KINDS
    assert sum(kinds.values()) >= 400


def test_every_line_has_two_terms_in_their_own_letters() -> None:
    for row in rows():
        assert len(row) in (3, 4)
        assert ARABIC.fullmatch(row[0]), row
        assert ENGLISH.fullmatch(row[1]), row
        assert all(cell == " ".join(cell.split()) for cell in row)


def test_no_term_comes_twice(news: Glossary) -> None:
    counts = Counter(term_key(row[0]) for row in rows())
    assert [key for key, count in counts.items() if count > 1] == []
    assert len(news) == len(counts)


def test_no_single_word_is_a_common_one() -> None:
    common = {fold_final(fold_text(word).text) for word in COMMON_WORDS.split()}
    for row in rows():
        key = term_key(row[0])
        if " " not in key:
            assert len(key) >= 3, row
            assert key not in common, row
            assert key.removeprefix("ال") not in common, row
            assert is_content_word(key), row


def test_one_term_has_one_rendering_however_it_is_joined(news: Glossary) -> None:
    for source, target, *_ in rows():
        for particles in ("", "و", "ب"):
            [match] = find_terms(f"قال إن {particles}{source} أمس", (news,))
            assert match.target_term == target


def test_the_terms_of_the_sample_are_found(news: Glossary) -> None:
    text = (MODELS.parent / "samples" / "raqqa.txt").read_text(encoding="utf-8")
    counts = Counter(match.target_term for match in find_terms(text, (news,)))
    assert counts["Syrian Observatory for Human Rights"] == 1
    assert counts["ISIS"] == text.count("داعش")
    assert counts["SDF"] == text.count("قسد")
    raqqa = [count for term, count in counts.items() if term.startswith("Raqqa")]
    assert sum(raqqa) == text.count("الرقة")


def test_every_rendering_is_one_the_service_takes() -> None:
    for source, target, *_ in rows():
        assert len(Glossary([GlossaryEntry(source, target)])) == 1
