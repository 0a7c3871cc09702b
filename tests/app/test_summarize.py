"""Candidate points: nothing of an article is left unread, and bad outputs are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mujaz.app.summarize import plan_parts, write_points
from mujaz.domain.checks import QualityFlag
from mujaz.engine.batch import Priority
from mujaz.engine.manifest import Manifest, ModelTask
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import Decoded, DecodingOptions
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler

SENTENCE = "أعلنت الوزارة يوم الأحد فتح باب التسجيل في الجامعات الحكومية أمام الطلاب الجدد."
LONG = "وقال الوزير إن العمل مستمر في كل المراكز، " * 60
LOOP = "قال الوزير " * 20


@pytest.fixture(scope="module")
def summarizer(registry: ModelRegistry) -> LoadedModel:
    (model,) = [m for m in registry.models() if m.manifest.task is ModelTask.SUMMARIZATION]
    return model


@dataclass
class ScriptedModel:
    """The starter summarizer, but what it writes is given: one text a decoding setting."""

    model: LoadedModel
    outputs: Sequence[Decoded]
    manifest: Manifest

    @property
    def revision(self) -> str:
        return self.model.revision

    @property
    def max_source_token_count(self) -> int:
        return self.model.max_source_token_count

    def encode(self, text: str) -> tuple[str, ...]:
        return self.model.encode(text)

    def count_tokens(self, text: str) -> int:
        return self.model.count_tokens(text)

    def decode_batch(
        self, batch: Sequence[Sequence[str]], options: DecodingOptions
    ) -> list[Decoded]:
        return [self.outputs[options == self.manifest.retry_decoding]] * len(batch)


def scripted(
    model: LoadedModel, *texts: str, score: float = -0.1, hit: bool = False
) -> LoadedModel:
    outputs = [Decoded(text, len(text.split()), score, hit_limit=hit) for text in texts]
    manifest = replace(model.manifest, score_floor=-0.5)
    return ScriptedModel(model, outputs, manifest)  # type: ignore[return-value]  # same shape


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(st.lists(st.sampled_from([SENTENCE, LONG, "نعم.", "…"]), max_size=12))
def test_every_sentence_is_read_within_the_limit(
    summarizer: LoadedModel, sentences: list[str]
) -> None:
    parts = plan_parts(sentences, summarizer)
    assert all(len(part.tokens) <= summarizer.max_source_token_count for part in parts)
    assert {p for part in parts for p in part.positions} == set(range(len(sentences)))
    prefix = len(summarizer.manifest.tokenizer.source_prefix)
    read = [token for part in parts for token in part.tokens[prefix:]]
    assert read == [token for s in sentences for token in summarizer.encode(s)[prefix:]]


async def test_sentences_of_the_output_become_points(
    summarizer: LoadedModel, scheduler: Scheduler
) -> None:
    model = scripted(summarizer, "فتحت الوزارة باب التسجيل. والجامعات مستعدة.")
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        summary = await write_points(model, ticket, [SENTENCE])
    assert [p.text for p in summary.points] == ["فتحت الوزارة باب التسجيل.", "والجامعات مستعدة."]
    assert all(point.positions == range(1) for point in summary.points)
    assert all(point.quality_flags == () for point in summary.points)
    assert summary.source_token_count == summarizer.count_tokens(SENTENCE)


@pytest.mark.parametrize(
    ("model_arguments", "flag"),
    [
        ({"score": -0.6}, QualityFlag.LOW_SCORE),
        ({"hit": True}, QualityFlag.TRUNCATED),
    ],
)
async def test_what_is_wrong_with_an_output_is_marked(
    summarizer: LoadedModel,
    scheduler: Scheduler,
    model_arguments: dict[str, float],
    flag: QualityFlag,
) -> None:
    model = scripted(summarizer, SENTENCE, **model_arguments)  # type: ignore[arg-type]  # by name
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        (point,) = (await write_points(model, ticket, [SENTENCE])).points
    assert point.quality_flags == (flag,)


async def test_a_loop_is_decoded_again(summarizer: LoadedModel, scheduler: Scheduler) -> None:
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        better = await write_points(scripted(summarizer, LOOP, SENTENCE), ticket, [SENTENCE])
        same = await write_points(scripted(summarizer, LOOP, LOOP), ticket, [SENTENCE])
        worse = await write_points(scripted(summarizer, LOOP, ""), ticket, [SENTENCE])
    assert [(point.text, point.quality_flags) for point in better.points] == [(SENTENCE, ())]
    for summary in (same, worse):
        assert [point.quality_flags for point in summary.points] == [(QualityFlag.REPETITION,)]


async def test_a_model_that_writes_nothing_gives_no_points(
    summarizer: LoadedModel, scheduler: Scheduler
) -> None:
    with scheduler.open(token_count=0, priority=Priority.INTERACTIVE) as ticket:
        summary = await write_points(scripted(summarizer, "", " "), ticket, [SENTENCE])
    assert summary.points == ()
