"""The mentions of an article, from the table of names that comes with the models."""

from __future__ import annotations

from pathlib import Path

import pytest

from mujaz.app.brief import BriefWriter
from mujaz.app.brief_request import Article, BriefConfig, BriefMethod
from mujaz.app.glossaries import GlossaryStore
from mujaz.app.mentions import BUNDLED_TABLE, MentionFinder, read_names
from mujaz.app.translate import DocumentTranslator, TranslationConfig
from mujaz.domain.glossary import Glossary, GlossaryEntry
from mujaz.domain.name_table import NameKind, NameTable
from mujaz.engine.cache import SegmentCache
from mujaz.engine.language import LanguageDetector
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.scheduler import Scheduler
from mujaz.errors import GlossaryInvalid, GlossaryNotFound
from tests.app.conftest import ROOT

ARABIC = TranslationConfig(source_language="ar")


@pytest.fixture(scope="session")
def names() -> NameTable:
    return read_names(ROOT / "models")


async def test_the_sample_names_raqqa_and_isis_first(names: NameTable) -> None:
    body = (ROOT / "samples" / "raqqa.txt").read_text(encoding="utf-8")

    mentions = await MentionFinder(names).find(body, ARABIC)

    kinds = {mention.name.translated_text: mention.kind for mention in mentions}
    assert kinds["Raqqa"] is NameKind.PLACE
    assert kinds["ISIS"] is NameKind.ORGANIZATION
    assert "Raqqa" in list(kinds)[:3]


async def test_a_glossary_the_server_holds_decides_the_rendering(names: NameTable) -> None:
    store = GlossaryStore({"ours": Glossary([GlossaryEntry("الرقة", "Ar-Raqqah")])})
    config = TranslationConfig(glossaries=("ours",))

    mentions = await MentionFinder(names, store).find("في الرقة", config)

    assert [mention.name.translated_text for mention in mentions] == ["Ar-Raqqah"]
    with pytest.raises(GlossaryNotFound):
        await MentionFinder(names, store).find("في الرقة", TranslationConfig(glossaries=("no",)))


@pytest.mark.model
async def test_a_brief_ends_with_the_mentions_of_its_body(
    names: NameTable, registry: ModelRegistry, scheduler: Scheduler, article: str
) -> None:
    detector = LanguageDetector()
    writer = BriefWriter(
        registry=registry,
        scheduler=scheduler,
        translator=DocumentTranslator(
            registry=registry, scheduler=scheduler, cache=SegmentCache(), detector=detector
        ),
        detector=detector,
        mentions=MentionFinder(names),
    )
    config = BriefConfig(translation=ARABIC, method=BriefMethod.EXTRACTIVE, point_count=1)

    brief = await writer.write(Article(article), config)

    mentions = brief.finished.mentions
    assert "Raqqa" in [mention.name.translated_text for mention in mentions]
    assert all(span.of(article).strip() for mention in mentions for span in mention.source_spans)


@pytest.mark.model
async def test_consistent_names_come_out_as_the_table_says(
    registry: ModelRegistry, scheduler: Scheduler, names: NameTable
) -> None:
    translator = DocumentTranslator(
        registry=registry,
        scheduler=scheduler,
        cache=SegmentCache(),
        detector=LanguageDetector(),
        glossaries=GlossaryStore(last=Glossary(names.entries())),
    )
    text = "دخلت القوات الرقة أمس. وقال الوزير إن الرقة آمنة."

    translation = await translator.translate(text, ARABIC)

    matches = [match for each in translation.sentences for match in each.glossary_matches]
    assert [(match.target_term, match.applied) for match in matches] == [("Raqqa", True)] * 2
    assert all("Raqqa" in each.translated_text for each in translation.sentences)


def test_models_without_a_table_have_no_names(tmp_path: Path) -> None:
    assert len(read_names(tmp_path)) == 0


@pytest.mark.parametrize("content", [b"\xff", "حلب\tAleppo\n".encode()])
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / BUNDLED_TABLE
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(GlossaryInvalid) as failure:
        read_names(tmp_path)

    assert failure.value.metadata["file"] == str(path)
