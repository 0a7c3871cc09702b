"""What of an article is text, and where it lies."""

from __future__ import annotations

import pytest

from mujaz.app.story import read_story
from mujaz.errors import ContentEmpty

LEAD = "أعلنت وزارة التعليم يوم الأحد فتح باب التسجيل في الجامعات الحكومية أمام الطلاب الجدد."
BODY = f"عنوان قصير للخبر\n15 أكتوبر 2017\nطباعة\n{LEAD}\nوقال الوزير إن الجامعات مستعدة."


def test_positions_lead_back_to_the_body() -> None:
    story = read_story(BODY, "")
    assert story.title == "عنوان قصير للخبر"
    assert [span.of(BODY) for span in story.spans(range(len(story.texts)))] == list(story.texts)
    assert story.indices([0, 1]) == (3, 4)
    assert len(story.scores) == len(story.texts) == 2


def test_a_given_title_goes_before_the_title_line() -> None:
    assert read_story(BODY, "عنوان آخر").title == "عنوان آخر"


def test_a_page_without_an_article_is_empty() -> None:
    with pytest.raises(ContentEmpty):
        read_story("طباعة\n15 أكتوبر 2017", "")
