"""Summaries and headlines are scored beside what takes no model."""

from __future__ import annotations

import pytest

from mujaz.app.story import read_story
from mujaz.domain.drafts import WrittenPoint
from mujaz.domain.rouge import SIGNATURE
from mujaz.evaluation.briefs import ModelSummaries, score_briefs
from mujaz.evaluation.decoding import Summaries, Summary
from mujaz.evaluation.results import RougeRow, RowKind, Speed
from mujaz.evaluation.test_data import ArticleTestSet, SummarizedArticle

SENTENCES = (
    "أعلنت الوزارة توقيع عقد قيمته 35 مليون دولار لبناء مصنع جديد قرب الميناء.",
    "وقال مدير الشركة إن المصنع يوفر فرص عمل لسكان المدينة والقرى المجاورة.",
    "وتراجعت أسعار القمح في الأسواق العالمية بعد موسم حصاد جيد.",
    "ونشرت الجامعة دراسة عن هجرة الطيور فوق البحر المتوسط.",
)
ARTICLE = SummarizedArticle(
    title="عقد لبناء مصنع جديد قرب الميناء", text="\n".join(SENTENCES), summary=SENTENCES[0]
)
SHORT = SummarizedArticle(title="القمح", text=SENTENCES[2], summary="تراجع القمح")
TEST_SET = ArticleTestSet("news", (ARTICLE, SHORT))


def model(*written: str) -> ModelSummaries:
    """A model that wrote one text for each article."""
    stories = [read_story(article.text, article.title) for article in TEST_SET.articles]
    summaries = [
        Summary(story, (WrittenPoint(text, range(len(story.texts))),), text)
        for story, text in zip(stories, written, strict=True)
    ]
    return ModelSummaries("ours", 13, Summaries(summaries, Speed(1.0, 10.0, 2, 384)))


def summaries(*models: ModelSummaries) -> dict[str, RougeRow]:
    return {row.name: row for row in score_briefs(TEST_SET, models).summaries}


def test_baselines_need_no_model() -> None:
    rows = summaries()
    assert list(rows) == [
        "first sentence",
        "first 2 sentences",
        "first 3 sentences",
        "random 3 sentences",
        "title",
    ]
    assert {row.kind for row in rows.values()} == {RowKind.BASELINE}
    assert rows["first sentence"].rouge1 == pytest.approx((100 + 100 * 2 / 10) / 2, abs=5)
    assert rows["first sentence"].rouge1 > rows["first 3 sentences"].rouge1


def test_random_sentences_are_drawn_alike_each_time() -> None:
    assert summaries()["random 3 sentences"] == summaries()["random 3 sentences"]


def test_a_model_that_writes_the_summaries_scores_100() -> None:
    row = summaries(model(ARTICLE.summary, SHORT.summary))["ours, as written"]
    assert (row.rouge1, row.rouge2, row.rouge_l) == (100.0, 100.0, 100.0)
    assert (row.kind, row.size_bytes) == (RowKind.MODEL, 13)
    assert row.speed is not None


def test_a_model_that_writes_of_something_else_scores_0_and_its_points_are_not_used() -> None:
    rows = summaries(model("طقس مشمس غدا", "طقس غائم غدا"))
    assert rows["ours, as written"].rouge1 == 0.0
    brief = rows["ours, brief of 1 point"]
    assert brief.written_share == 0.0
    assert brief.rouge1 > 0.0


def test_readable_source_sentences_stand_before_what_a_model_writes() -> None:
    rows = summaries(model("توقيع عقد قيمته 35 مليون دولار لبناء مصنع", "تراجعت أسعار القمح"))
    assert rows["ours, brief of 1 point"].written_share == 0.0
    assert rows["ours, brief of 3 points"].written_share == 0.0


def test_a_supported_point_stands_for_a_sentence_too_long_to_read() -> None:
    told = f"{SENTENCES[0].rstrip('.')} {' و'.join(['المخازن الكبيرة والطرق المؤدية إليه'] * 8)}"
    article = SummarizedArticle(ARTICLE.title, "\n".join([told, *SENTENCES[1:]]), SENTENCES[0])
    story = read_story(article.text, article.title)
    written = "أعلنت الوزارة توقيع عقد قيمته 35 مليون دولار لبناء مصنع جديد والمخازن والطرق"
    summary = Summary(story, (WrittenPoint(written, range(len(story.texts))),), written)
    models = [ModelSummaries("ours", 13, Summaries([summary], Speed(1.0, 10.0, 2, 384)))]
    result = score_briefs(ArticleTestSet("news", (article,)), models)
    rows = {row.name: row for row in result.summaries}
    assert rows["ours, brief of 1 point"].written_share == 1.0
    assert rows["ours, brief of 3 points"].written_share == 0.5


def test_headlines_are_scored_against_titles() -> None:
    result = score_briefs(TEST_SET, [model("عقد لبناء مصنع جديد قرب الميناء", "أسعار القمح")])
    ours, first = result.headlines
    assert (ours.name, ours.kind) == ("ours", RowKind.MODEL)
    assert (first.name, first.kind) == ("first sentence, shortened", RowKind.BASELINE)
    assert ours.rouge1 > first.rouge1


def test_the_result_says_how_it_was_counted() -> None:
    result = score_briefs(TEST_SET, [])
    assert result.signature.startswith(SIGNATURE)
    assert (result.test_set, result.article_count) == ("news", 2)
