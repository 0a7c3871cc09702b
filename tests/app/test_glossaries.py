"""The glossaries of a server: read whole or not at all, and chosen by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mujaz.app.glossaries import GlossaryStore, read_entries, read_glossaries
from mujaz.domain.glossary import Glossary, GlossaryEntry
from mujaz.errors import GlossaryInvalid, GlossaryNotFound

ENTRY = GlossaryEntry("قسد", "SDF")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    directory = tmp_path / "models" / "glossaries"
    directory.mkdir(parents=True)
    (directory / "news.tsv").write_text("قسد\tSDF\nالرقة\tRaqqa\n", encoding="utf-8")
    (directory / "README.md").write_text("no glossary", encoding="utf-8")
    return tmp_path / "models"


def test_files_stand_beside_those_of_the_models(models: Path, tmp_path: Path) -> None:
    (tmp_path / "a=b.csv").write_text("قسد,SDF\n", encoding="utf-8")
    glossaries = read_glossaries(models, [f"own={tmp_path}/a=b.csv"])
    assert {name: len(glossary) for name, glossary in glossaries.items()} == {"news": 2, "own": 1}


def test_a_file_takes_the_place_of_one_of_the_same_name(models: Path, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("قسد,SDF\n", encoding="utf-8")
    assert len(read_glossaries(models, [f"news={tmp_path}/own.csv"])["news"]) == 1


def test_models_without_glossaries_have_none(tmp_path: Path) -> None:
    assert read_glossaries(tmp_path) == {}


@pytest.mark.parametrize("file", ["own=absent.tsv", "own=.", "Own=absent.tsv", "=x.tsv"])
def test_what_cannot_be_read_is_named(tmp_path: Path, file: str) -> None:
    with pytest.raises(GlossaryInvalid) as caught:
        read_glossaries(tmp_path, [file])
    assert caught.value.metadata["file"] == file.partition("=")[2]


def test_entries_of_a_file_keep_their_order(models: Path) -> None:
    assert read_entries(models / "glossaries" / "news.tsv")[0] == ENTRY


def test_own_entries_go_before_named_glossaries() -> None:
    one, other = Glossary([ENTRY]), Glossary([GlossaryEntry("الرقة", "Raqqa")])
    store = GlossaryStore({"one": one, "other": other})
    assert store.chosen((), ()) == ()
    assert store.chosen((), ("other", "one", "other")) == (other, one)
    own, named = store.chosen((ENTRY,), ("other",))
    assert (len(own), named) == (1, other)


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(GlossaryNotFound, match="news") as caught:
        GlossaryStore({"news": Glossary([ENTRY])}).chosen((), ("olds",))
    assert caught.value.name == "olds"


def test_a_chosen_glossary_outlives_its_replacement() -> None:
    store = GlossaryStore({"news": Glossary([ENTRY])})
    chosen = store.chosen((), ("news",))
    store.replace({})
    assert store.names == ()
    assert len(chosen[0]) == 1
