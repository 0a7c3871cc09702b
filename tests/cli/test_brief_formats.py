"""How a brief is written."""

from __future__ import annotations

import io
import json

from mujaz.cli.brief_formats import brief_writer
from mujaz.cli.output import Output
from mujaz.client import (
    BilingualText,
    BriefFinished,
    BriefPoint,
    QualityFlag,
    StreamGenerateBriefResponse,
    TextSpan,
    TranslatedSentence,
)
from mujaz.v1.brief_service_pb2 import Mention

EVENTS = [
    StreamGenerateBriefResponse(
        headline=BilingualText(source_text="عنوان", translated_text="A headline")
    ),
    StreamGenerateBriefResponse(
        point=BriefPoint(
            text=BilingualText(source_text="نقطة أولى", translated_text="First point"),
            evidence_sentence_indices=[2, 4],
            quality_flags=[QualityFlag.QUALITY_FLAG_UNSUPPORTED],
        )
    ),
    StreamGenerateBriefResponse(
        point=BriefPoint(
            text=BilingualText(source_text="نقطة ثانية", translated_text="Second point"),
            evidence_sentence_indices=[5],
        )
    ),
    StreamGenerateBriefResponse(
        sentence=TranslatedSentence(
            sentence_index=0, source_text="جملة.", translated_text="A sentence."
        )
    ),
    StreamGenerateBriefResponse(
        finished=BriefFinished(
            publication_date="2017-10-15",
            residue_spans=[TextSpan(start_offset=3, end_offset=8)],
            headline_quality_flags=[QualityFlag.QUALITY_FLAG_LOW_SCORE],
            mentions=[Mention(name=BilingualText(source_text="الرقة", translated_text="Raqqa"))],
        )
    ),
]


def written(name: str, inputs: list[str]) -> str:
    stream = io.BytesIO()
    output = Output(stream, is_terminal=False)
    writer = brief_writer(name, output, several=len(inputs) > 1)
    for input_name in inputs:
        writer.begin(input_name)
        for event in EVENTS:
            writer.event(event)
        assert writer.progress == "2 points, 1 sentences"
        writer.end()
    return stream.getvalue().decode("utf-8")


TEXT = """\
عنوان
A headline

1. نقطة أولى
   First point
   (rests on sentences 3, 5; check: the article does not say so)

2. نقطة ثانية
   Second point
   (rests on sentence 6)

Headline: check: the model is unsure
Published: 2017-10-15
Named: Raqqa (الرقة)
Left out as page residue: 1 part

Full translation

[1] جملة.
    A sentence.
"""


def test_text_has_both_languages_and_the_sentences_each_point_rests_on() -> None:
    assert written("text", ["a"]) == TEXT


def test_several_briefs_get_a_header_each() -> None:
    assert written("text", ["a", "b"]) == f"==> a <==\n\n{TEXT}\n==> b <==\n\n{TEXT}"


def test_markdown_has_a_heading_a_list_and_a_table() -> None:
    assert written("markdown", ["a"]) == (
        "# A headline\n\n## عنوان\n\n"
        "1. First point\n\n   نقطة أولى\n\n"
        "   *(rests on sentences 3, 5; check: the article does not say so)*\n\n"
        "2. Second point\n\n   نقطة ثانية\n\n   *(rests on sentence 6)*\n\n"
        "- Headline: check: the model is unsure\n"
        "- Published: 2017-10-15\n"
        "- Named: Raqqa (الرقة)\n"
        "- Left out as page residue: 1 part\n\n"
        "### Full translation\n\n"
        "|  | Arabic | English | Check |\n| --: | --: | :-- | :-- |\n"
        "| 1 | جملة. | A sentence. |  |\n"
    )


def test_json_has_the_names_of_the_contract() -> None:
    answer = json.loads(written("json", ["a"]))
    assert list(answer) == ["input", "brief", "sentences", "stats"]
    brief = answer["brief"]
    assert brief["headline"] == {"source_text": "عنوان", "translated_text": "A headline"}
    assert [point["evidence_sentence_indices"] for point in brief["points"]] == [[2, 4], [5]]
    assert brief["publication_date"] == "2017-10-15"
    assert brief["residue_spans"] == [{"start_offset": 3, "end_offset": 8}]
    assert [sentence["translated_text"] for sentence in answer["sentences"]] == ["A sentence."]


def test_json_of_several_briefs_is_one_line_each() -> None:
    lines = written("json", ["a", "b"]).splitlines()
    assert [json.loads(line)["input"] for line in lines] == ["a", "b"]
