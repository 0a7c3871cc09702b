"""How a translation is written."""

from __future__ import annotations

import io
import json

import pytest

from mujaz.cli.output import Output
from mujaz.cli.translation_formats import pair, sentence_row, translation_writer
from mujaz.client import (
    DetectedLanguage,
    GlossaryMatch,
    QualityFlag,
    TextSpan,
    TranslatedSentence,
    TranslationFinished,
)

SENTENCES = [
    ("", TranslatedSentence(
        sentence_index=0, source_text="واحد.", translated_text="One.",
        source_span=TextSpan(start_offset=0, end_offset=5),
    )),
    (" ", TranslatedSentence(
        sentence_index=1, source_text="اثنان.", translated_text="Two|2.",
        quality_flags=[QualityFlag.QUALITY_FLAG_NUMBER_MISMATCH],
    )),
    ("\n\n", TranslatedSentence(
        sentence_index=2, paragraph_index=1, source_text="ثلاثة.", translated_text="Three.",
        quality_flags=[QualityFlag.QUALITY_FLAG_REPETITION, 99],
    )),
]  # fmt: skip


def written(name: str, inputs: list[str], *, pairs: bool = False, finished: bool = True) -> str:
    stream = io.BytesIO()
    output = Output(stream, is_terminal=False)
    writer = translation_writer(name, output, pairs=pairs, several=len(inputs) > 1)
    for input_name in inputs:
        writer.begin(input_name)
        writer.detected(DetectedLanguage(language_code="ar", confidence=0.5))
        for joint, sentence in SENTENCES:
            writer.sentence(joint, sentence)
        writer.end(TranslationFinished() if finished else None)
    return stream.getvalue().decode("utf-8")


def test_text_is_the_translation_alone_with_its_paragraphs() -> None:
    assert written("text", ["a"]) == "One. Two|2.\n\nThree.\n"


def test_several_texts_get_a_header_each() -> None:
    body = "One. Two|2.\n\nThree.\n"
    assert written("text", ["a", "b"]) == f"==> a <==\n{body}\n==> b <==\n{body}"


def test_pairs_give_number_source_english_and_what_to_check() -> None:
    assert written("text", ["a"], pairs=True) == (
        "[1] واحد.\n    One.\n\n"
        "[2] اثنان.\n    Two|2.\n    check: a number differs\n\n"
        "[3] ثلاثة.\n    Three.\n    check: it repeats itself; flag 99\n\n"
    )


def test_markdown_keeps_paragraphs() -> None:
    assert written("markdown", ["a"]) == "One. Two\\|2.\n\nThree.\n"
    assert written("markdown", ["a", "b"]).startswith("# a\n\nOne. Two\\|2.\n\nThree.\n\n# b\n\n")


def test_markdown_pairs_are_a_table() -> None:
    assert written("markdown", ["a"], pairs=True) == (
        "|  | Arabic | English | Check |\n"
        "| --: | --: | :-- | :-- |\n"
        "| 1 | واحد. | One. |  |\n"
        "| 2 | اثنان. | Two\\|2. | a number differs |\n"
        "| 3 | ثلاثة. | Three. | it repeats itself; flag 99 |\n"
    )


def test_json_of_one_text_is_one_object_with_the_names_of_the_contract() -> None:
    answer = json.loads(written("json", ["a"]))
    assert list(answer) == [
        "input", "translated_text", "sentences", "detected_language", "stats"
    ]  # fmt: skip
    assert answer["translated_text"] == "One. Two|2.\n\nThree."
    assert answer["detected_language"] == {"language_code": "ar", "confidence": 0.5}
    first = answer["sentences"][0]
    assert list(first)[:3] == ["sentence_index", "paragraph_index", "source_span"]
    assert list(first["source_span"].items()) == [("start_offset", 0), ("end_offset", 5)]
    assert answer["sentences"][1]["quality_flags"] == ["QUALITY_FLAG_NUMBER_MISMATCH"]


def test_json_of_several_texts_is_one_line_each() -> None:
    lines = written("json", ["a", "b"]).splitlines()
    assert [json.loads(line)["input"] for line in lines] == ["a", "b"]
    assert "واحد" in lines[0]


@pytest.mark.parametrize(("name", "expected"), [("text", "One. Two|2.\n\nThree.\n"), ("json", "")])
def test_a_text_that_failed_ends_its_line_and_gives_no_object(name: str, expected: str) -> None:
    assert written(name, ["a"], finished=False) == expected


def test_terms_stand_with_their_sentence() -> None:
    sentence = TranslatedSentence(
        source_text="داعش والرقة.",
        translated_text="ISIS and Rakka.",
        quality_flags=[QualityFlag.QUALITY_FLAG_GLOSSARY_MISSED],
        glossary_matches=[
            GlossaryMatch(target_term="ISIS", applied=True),
            GlossaryMatch(target_term="Raq|qa"),
        ],
    )
    assert pair(sentence) == (
        "[1] داعش والرقة.\n    ISIS and Rakka.\n    terms: ISIS; missing terms: Raq|qa\n"
        "    check: a glossary term is missing\n"
    )
    assert sentence_row(sentence).endswith(
        "| a glossary term is missing; terms: ISIS; missing terms: Raq\\|qa |\n"
    )
