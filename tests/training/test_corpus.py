from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from mujaz_training.corpus import read_corpus
from mujaz_training.experiment import Corpus, CorpusFormat, RecipeError
from mujaz_training.text_pair import TextPair

TITLE = "الوزير يفتتح مدرسة في القاهرة"
SUMMARY = "افتتح وزير التعليم يوم الأحد مدرسة جديدة في القاهرة."


def corpus(files: str, corpus_format: CorpusFormat = CorpusFormat.PAIRS) -> Corpus:
    return Corpus(name="corpus", license="CC0-1.0", files=(files,), format=corpus_format)


def write_article(folder: Path, **changes: Any) -> None:
    article = {"title": TITLE, "text": "نص المقال.", "summary": SUMMARY, "summary_kind": "lead"}
    (folder / "news.jsonl").write_text(json.dumps(article | changes) + "\n", encoding="utf-8")


def test_pairs_come_normalized_from_plain_and_compressed_files(tmp_path: Path) -> None:
    (tmp_path / "one.tsv").write_text("مُدَرِّس ١٢\t“Teacher” 12\textra\n", encoding="utf-8")
    with lzma.open(tmp_path / "two.tsv.xz", "wt", encoding="utf-8") as file:
        file.write("بلا ترجمة\n")
    assert list(read_corpus(corpus("*.tsv*"), tmp_path)) == [
        TextPair("مدرس 12", '"Teacher" 12'),
        TextPair("بلا ترجمة", ""),
    ]


def test_an_article_teaches_its_headline_and_its_whole_summary(tmp_path: Path) -> None:
    write_article(tmp_path)
    headlines = read_corpus(corpus("*.jsonl", CorpusFormat.HEADLINES), tmp_path)
    assert list(headlines) == [TextPair("نص المقال.", TITLE)]
    summaries = read_corpus(corpus("*.jsonl", CorpusFormat.SUMMARIES), tmp_path)
    assert list(summaries) == [TextPair("نص المقال.", SUMMARY)]


@pytest.mark.parametrize(
    "changes", [{"summary_kind": "lead_truncated"}, {"summary": None, "summary_kind": None}]
)
def test_a_summary_that_breaks_off_or_is_missing_teaches_nothing(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    write_article(tmp_path, **changes)
    assert list(read_corpus(corpus("*.jsonl", CorpusFormat.SUMMARIES), tmp_path)) == []


def test_a_point_is_paired_with_the_sentences_it_rests_on(tmp_path: Path) -> None:
    brief = {
        "sentences": ["جملة أولى.", "جملة ثانية.", "جملة ثالثة."],
        "points": [{"text": "نقطة أولى.", "evidence": [1]}, {"text": "ثانية.", "evidence": [2, 3]}],
    }
    (tmp_path / "briefs.jsonl").write_text(json.dumps(brief) + "\n", encoding="utf-8")
    assert list(read_corpus(corpus("*.jsonl", CorpusFormat.BRIEFS), tmp_path)) == [
        TextPair("جملة أولى. جملة ثانية. جملة ثالثة.", "نقطة أولى. ثانية."),
        TextPair("جملة أولى.", "نقطة أولى."),
        TextPair("جملة ثانية. جملة ثالثة.", "ثانية."),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [("not JSON", "is not JSON"), ("[]", "not a JSON object"), ("{}", "does not fit")],
)
def test_a_bad_line_names_the_file(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "news.jsonl").write_text(content + "\n", encoding="utf-8")
    with pytest.raises(RecipeError, match=rf"news\.jsonl.*{message}"):
        list(read_corpus(corpus("*.jsonl", CorpusFormat.HEADLINES), tmp_path))


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"news\.tsv"):
        list(read_corpus(corpus("news.tsv"), tmp_path))
