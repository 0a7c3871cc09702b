"""The table of names that comes with the models."""

from __future__ import annotations

from pathlib import Path

from mujaz.app.mentions import BUNDLED_TABLE
from mujaz.domain.glossary import term_key
from mujaz.domain.name_table import NameKind, NameTable

MODELS = Path(__file__).resolve().parents[2] / "models"
LINES = (MODELS / BUNDLED_TABLE).read_text(encoding="utf-8").splitlines()
FEWEST_NAMES = 5_000


def test_the_table_is_sorted_and_each_line_is_a_name() -> None:
    assert len(NameTable(LINES)) > FEWEST_NAMES


def test_keys_are_folded_and_renderings_plain_english() -> None:
    for line in LINES:
        key, english, _ = line.split("\t")
        assert term_key(key) == key
        assert english.isascii()
        assert english == " ".join(english.split())


def test_names_of_the_news_glossary_have_its_rendering_and_kind() -> None:
    table = {line.split("\t")[0]: line.split("\t")[1:] for line in LINES}
    news = (MODELS / "glossaries" / "news.tsv").read_text(encoding="utf-8").splitlines()
    entries = [line.split("\t") for line in news if not line.startswith("#")]
    names = [entry for entry in entries if len(entry) > 2 and entry[2] in set(NameKind)]
    assert names
    for arabic, english, kind, *_ in names:
        assert table[term_key(arabic)] == [english, kind]
