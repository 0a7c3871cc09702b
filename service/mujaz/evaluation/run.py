"""Evaluates models on test sets: everything one run finds, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mujaz.domain.gazetteer import Gazetteer
from mujaz.engine.manifest import ModelTask, read_manifest
from mujaz.engine.threads import available_core_count
from mujaz.errors import EvaluationInvalid
from mujaz.evaluation.briefs import ModelSummaries, score_briefs
from mujaz.evaluation.decoding import DecodingChoice, Report, open_decoder
from mujaz.evaluation.machine import installed_versions, processor_name
from mujaz.evaluation.results import FORMAT_VERSION, Evaluation, Machine, ModelFacts
from mujaz.evaluation.test_data import ArticleTestSet, ParallelTestSet
from mujaz.evaluation.translation import ModelOutput, TranslationScorer

PACKAGES: Final = ("mujaz", "ctranslate2", "sentencepiece")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate on what. `label` takes the place of the models' versions in tables."""

    models: Sequence[Path]
    translation_sets: Sequence[ParallelTestSet] = ()
    article_sets: Sequence[ArticleTestSet] = ()
    gazetteer: Gazetteer | None = None
    decoding: DecodingChoice = field(default_factory=DecodingChoice)
    label: str = ""
    note: str = ""


async def evaluate(plan: Plan, *, date: str, report: Report) -> Evaluation:
    """Runs each model on the test sets of its task, and scores what it wrote.

    Raises EvaluationInvalid where a model has no test set or a test set no model, and ModelDamaged.
    """
    _check(plan)
    # Made first: a missing package must not cost an hour of decoding.
    scorers = {test.name: TranslationScorer(test, plan.gazetteer) for test in plan.translation_sets}
    facts: list[ModelFacts] = []
    translated: dict[str, list[ModelOutput]] = {test.name: [] for test in plan.translation_sets}
    written: dict[str, list[ModelSummaries]] = {test.name: [] for test in plan.article_sets}
    for directory in plan.models:
        async with open_decoder(directory, plan.decoding) as decoder:
            model = decoder.facts(plan.label)
            facts.append(model)
            name = f"{model.name} {model.label}, {model.quantization}"
            if decoder.task is ModelTask.TRANSLATION:
                for test in plan.translation_sets:
                    lines = await decoder.translate(
                        test.sources, _prefixed(report, f"{name}, {test.name}")
                    )
                    translated[test.name].append(ModelOutput(name, model.size_bytes, lines))
            else:
                for articles in plan.article_sets:
                    summaries = await decoder.summarize(
                        articles.articles, _prefixed(report, f"{name}, {articles.name}")
                    )
                    written[articles.name].append(ModelSummaries(name, model.size_bytes, summaries))
    report("scoring")
    core_count = plan.decoding.core_count or available_core_count()
    return Evaluation(
        format_version=FORMAT_VERSION,
        date=date,
        machine=Machine(processor_name(), core_count, plan.note),
        versions=installed_versions(PACKAGES),
        models=tuple(facts),
        translations=tuple(scorers[name].result(found) for name, found in translated.items()),
        briefs=tuple(
            score_briefs(articles, written[articles.name]) for articles in plan.article_sets
        ),
    )


def _check(plan: Plan) -> None:
    """Refuses a plan that would leave a model or a test set aside without a word."""
    names = [test.name for test in plan.translation_sets]
    names += [articles.name for articles in plan.article_sets]
    if len(set(names)) < len(names):
        raise EvaluationInvalid("Two test sets have the same name; give each its own.")
    if not names:
        raise EvaluationInvalid("There is no test set; give at least one.")
    for directory in plan.models:
        if not directory.is_dir():
            raise EvaluationInvalid(f"{directory}: no such directory; name that of a model.")
    tasks = {read_manifest(directory).task: directory for directory in plan.models}
    for task, sets, kind in (
        (ModelTask.TRANSLATION, plan.translation_sets, "parallel text"),
        (ModelTask.SUMMARIZATION, plan.article_sets, "articles with summaries"),
    ):
        if task in tasks and not sets:
            raise EvaluationInvalid(
                f"{tasks[task]} is a model for {task}; give a test set of {kind}."
            )
        if sets and task not in tasks:
            raise EvaluationInvalid(f"There is no model for {task}; leave {kind} out.")


def _prefixed(report: Report, prefix: str) -> Report:
    return lambda text: report(f"{prefix}: {text}")
