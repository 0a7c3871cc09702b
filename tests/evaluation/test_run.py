"""A run decodes as the service does, and leaves nothing aside without a word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mujaz.engine.manifest import ModelTask
from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.decoding import DecodingChoice, open_decoder
from mujaz.evaluation.results import Evaluation
from mujaz.evaluation.run import Plan, evaluate
from mujaz.evaluation.test_data import ArticleTestSet, ParallelTestSet, SummarizedArticle
from tests.conftest import MODELS
from tests.tiny_model import write_tiny_model

SOURCES = (
    "قال الرئيس إن الوضع في المدينة جيد.",
    "أعلنت الوزارة أن عدد المصابين بلغ 12 شخصا. وأضافت أن حالتهم مستقرة.",
    "",
    "https://example.org",
)
REFERENCES = (
    "The president said the situation in the city is good.",
    "The ministry announced that 12 people were injured. It added that their condition is stable.",
    "",
    "https://example.org",
)
SENTENCES = ParallelTestSet("sentences", SOURCES, REFERENCES)
ARTICLES = ArticleTestSet(
    "articles",
    [
        SummarizedArticle(
            title="خطة جديدة لدعم التعليم",
            text="أعلنت الوزارة عن خطة جديدة لدعم التعليم في البلاد.\nوقال الوزير إن الخطة تبدأ "
            "العام المقبل.\nوتشمل الخطة بناء 30 مدرسة في المدن والقرى.",
            summary="وزارة التعليم تعلن خطة جديدة تشمل بناء 30 مدرسة.",
        )
    ],
)


def ignore(_: str) -> None:
    pass


async def run(**plan: Any) -> Evaluation:
    return await evaluate(Plan(**plan), date="2026-01-02", report=ignore)


@pytest.mark.model
async def test_the_starter_models_are_evaluated() -> None:
    told: list[str] = []
    plan = Plan(
        models=[MODELS / "ar-en", MODELS / "ar-brief"],
        translation_sets=[SENTENCES],
        article_sets=[ARTICLES],
        note="idle",
    )
    evaluation = await evaluate(plan, date="2026-01-02", report=told.append)

    assert [model.name for model in evaluation.models] == ["ar-en", "ar-brief"]
    assert (evaluation.date, evaluation.machine.note) == ("2026-01-02", "idle")
    (translation,) = evaluation.translations
    row = translation.rows[0]
    assert row.name.startswith("ar-en ")
    assert row.bleu is not None
    assert row.bleu > 5
    assert row.chrf is not None
    assert row.chrf > 30
    assert row.numbers.count == 1
    assert row.speed is not None
    assert row.speed.source_words_per_second > 0
    assert row.size_bytes == sum(
        path.stat().st_size for path in (MODELS / "ar-en").iterdir() if path.name != "manifest.json"
    )
    (brief,) = evaluation.briefs
    assert brief.summaries[0].rouge1 > 0
    assert any("sentences: 1/4 lines" in text for text in told)
    assert any("articles: 1/1 articles" in text for text in told)


@pytest.mark.model
async def test_each_line_gets_the_output_the_service_gives_it() -> None:
    async with open_decoder(MODELS / "ar-en", DecodingChoice()) as decoder:
        translated = await decoder.translate(SOURCES, ignore)
    assert len(translated.lines) == len(translated.flags) == len(SOURCES)
    assert translated.lines[2:] == ["", "https://example.org"]
    assert "12" in translated.lines[1]


@pytest.mark.model
async def test_the_choice_takes_the_place_of_the_manifest() -> None:
    choice = DecodingChoice(beam_size=1, split=False, retry=False, core_count=1)
    async with open_decoder(MODELS / "ar-en", choice) as decoder:
        facts = decoder.facts("")
        assert facts.decoding.beam_size == 1
        assert facts.max_source_token_count == 1023
        assert facts.retry is False
        assert facts.label == facts.version
        assert (await decoder.translate(SOURCES[:1], ignore)).speed.worker_count == 1


async def test_a_model_beside_another_has_its_own_row(tmp_path: Path) -> None:
    for name, seed in (("first", 1), ("second", 2)):
        write_tiny_model(tmp_path / name, name=name, seed=seed)
    evaluation = await run(
        models=[tmp_path / "first", tmp_path / "second"], translation_sets=[SENTENCES], label="x"
    )
    names = [row.name for row in evaluation.translations[0].rows]
    assert names == ["first x, float32", "second x, float32", "reference"]


@pytest.mark.parametrize(
    ("task", "sets", "problem"),
    [
        (ModelTask.TRANSLATION, {}, "no test set"),
        (ModelTask.TRANSLATION, {"article_sets": [ARTICLES]}, "give a test set of parallel text"),
        (ModelTask.SUMMARIZATION, {"translation_sets": [SENTENCES]}, "no model for translation"),
        (ModelTask.TRANSLATION, {"translation_sets": [SENTENCES] * 2}, "the same name"),
    ],
)
async def test_a_plan_that_leaves_something_aside_is_refused(
    tmp_path: Path, task: ModelTask, sets: dict[str, Sequence[Any]], problem: str
) -> None:
    write_tiny_model(tmp_path / "tiny", task=task)
    with pytest.raises(EvaluationInvalid, match=problem):
        await run(models=[tmp_path / "tiny"], **sets)


async def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationInvalid, match="none: no such directory"):
        await run(models=[tmp_path / "none"], translation_sets=[SENTENCES])
