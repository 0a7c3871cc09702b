"""The structure of an article: title, date, residue, text; and nothing lost."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mujaz.domain.article import ArticleStructure, parse_article
from mujaz.domain.residue import ResidueKind
from mujaz.domain.segment import segment

SAMPLE = (Path(__file__).parents[2] / "samples" / "raqqa.txt").read_text(encoding="utf-8")
LEAD = "أعلنت وزارة التعليم يوم الأحد فتح باب التسجيل في الجامعات الحكومية أمام الطلاب الجدد."
SECOND = "وقالت الوزارة إن التسجيل يستمر أسبوعين، وإن النتائج تعلن في نهاية الشهر."
LINES = st.sampled_from(
    [
        LEAD,
        SECOND,
        "عنوان قصير للخبر",
        "طباعة",
        "15 أكتوبر 2017",
        "اقرأ أيضا:",
        "",
        "  ",
        "؟!",
        "خبر",
    ]
)


def parse(body: str, title: str = "") -> ArticleStructure:
    return parse_article(body, segment(body), title=title)


def content(body: str, title: str = "") -> list[str]:
    sentences = segment(body)
    structure = parse_article(body, sentences, title=title)
    return [sentences[index].span.of(body) for index in structure.content_indices]


def kinds(body: str, title: str = "") -> list[tuple[str, ResidueKind]]:
    return [(each.span.of(body), each.kind) for each in parse(body, title).residue]


def test_the_sample_article() -> None:
    lines = SAMPLE.split("\n")
    structure = parse(SAMPLE)
    assert structure.title_span is not None
    assert structure.title_span.of(SAMPLE) == lines[0]
    assert structure.dateline is not None
    assert structure.dateline.span.of(SAMPLE) == lines[1]
    assert structure.publication_date == "2017-10-15"
    assert kinds(SAMPLE) == [("طباعة", ResidueKind.CONTROL)]
    assert "".join(content(SAMPLE)).replace(" ", "") == "".join(lines[3:]).replace(" ", "")


@given(st.lists(LINES, max_size=12), st.sampled_from(["", "عنوان قصير للخبر", LEAD]))
def test_every_word_of_a_body_is_accounted_for(lines: list[str], title: str) -> None:
    body = "\n".join(lines)
    sentences = segment(body)
    structure = parse_article(body, sentences, title=title)
    spans = [sentences[index].span for index in structure.content_indices]
    spans += structure.residue_spans
    spans += [structure.title_span] if structure.title_span else []
    spans.sort()
    assert all(left.end <= right.start for left, right in pairwise(spans))
    covered = sum(sum(map(str.isalnum, span.of(body))) for span in spans)
    assert covered == sum(map(str.isalnum, body))


@given(st.text())
def test_any_text_has_a_structure(body: str) -> None:
    structure = parse(body)
    assert list(structure.content_indices) == sorted(set(structure.content_indices))


def test_a_title_line_needs_a_body() -> None:
    assert parse("زلزال يضرب جنوب البلاد").title_span is None
    assert content("زلزال يضرب جنوب البلاد") == ["زلزال يضرب جنوب البلاد"]


def test_a_first_line_that_ends_like_a_sentence_is_text() -> None:
    body = f"أعلنت الوزارة موعد الامتحانات.\n{LEAD}"
    assert parse(body).title_span is None
    assert len(content(body)) == 2


def test_a_given_title_repeated_in_the_body_is_residue() -> None:
    body = f"فتح باب التسجيل في الجامعات\n{LEAD}"
    assert kinds(body, "فتح باب التسجيل في الجامعات!") == [
        ("فتح باب التسجيل في الجامعات", ResidueKind.TITLE)
    ]
    assert content(body, "فتح باب التسجيل في الجامعات!") == [LEAD]


def test_with_a_given_title_no_other_line_is_taken_for_one() -> None:
    body = f"مستجدات التعليم\n{LEAD}"
    assert parse(body, "عنوان آخر").title_span is None
    assert content(body, "عنوان آخر") == ["مستجدات التعليم", LEAD]


def test_an_agency_dateline_belongs_to_its_sentence() -> None:
    body = f"عنوان قصير للخبر\nبيروت (رويترز) - {LEAD}"
    assert content(body) == [f"بيروت (رويترز) - {LEAD}"]


def test_a_date_in_running_text_is_no_dateline() -> None:
    body = f"عنوان قصير للخبر\n{LEAD}\nووقع الاتفاق في 15 أكتوبر 2017.\n10 أكتوبر\n{SECOND}"
    assert parse(body).dateline is None
    assert "10 أكتوبر" in content(body)


def test_the_line_between_title_and_date_is_a_byline() -> None:
    body = f"عنوان قصير للخبر\nسامي خليل\n15 أكتوبر 2017\n{LEAD}"
    assert kinds(body) == [("سامي خليل", ResidueKind.BYLINE)]


def test_a_second_stamp_is_residue_and_the_publication_counts() -> None:
    body = f"عنوان قصير للخبر\nآخر تحديث: 16 أكتوبر 2017\nنشر في 15 أكتوبر 2017\n{LEAD}"
    assert parse(body).publication_date == "2017-10-15"
    assert kinds(body) == [("آخر تحديث: 16 أكتوبر 2017", ResidueKind.DATE)]


def test_links_and_tags_under_a_bare_heading_are_residue() -> None:
    body = f"{LEAD}\nاقرأ أيضا\nجولة جديدة من المحادثات\n{SECOND}\nالوسوم\nتعليم\nجامعات"
    assert content(body) == [LEAD, SECOND]
    assert [kind for _, kind in kinds(body)] == [ResidueKind.RELATED] * 2 + [ResidueKind.TAGS] * 3


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n", "\u2028"])
def test_any_line_end_will_do(newline: str) -> None:
    body = newline.join(["عنوان قصير للخبر", "15 أكتوبر 2017", "طباعة", LEAD, SECOND])
    assert content(body) == [LEAD, SECOND]
    assert parse(body).publication_date == "2017-10-15"
