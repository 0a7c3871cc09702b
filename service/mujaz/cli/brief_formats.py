"""How a brief is written: text, Markdown, JSON, a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from mujaz.cli import glossary_choice, quality_flags
from mujaz.cli.markdown import escape, table_row
from mujaz.cli.output import Output, open_output
from mujaz.cli.page.files import open_pages
from mujaz.cli.page.writers import PageBrief
from mujaz.cli.translation_formats import pair, sentence_row
from mujaz.client import (
    BilingualText,
    BriefFinished,
    BriefPoint,
    StreamGenerateBriefResponse,
    TranslatedSentence,
    to_plain,
)


class BriefWriter(Protocol):
    """Writes one brief after another, each part as it arrives."""

    def begin(self, name: str) -> None:
        """A new article, by the name of its input."""
        ...

    @property
    def progress(self) -> str:
        """How far the current brief is."""
        ...

    def event(self, event: StreamGenerateBriefResponse) -> None:
        """The next event of the stream."""
        ...

    def end(self) -> None:
        """The brief is whole."""
        ...


class TextBrief:
    """Headline and points in both languages, with the numbers of the sentences they rest on."""

    def __init__(self, output: Output, *, several: bool) -> None:
        self._output = output
        self._several = several
        self._input_count = 0
        self._point_count = 0
        self._sentences: list[TranslatedSentence] = []
        self._finished = BriefFinished()

    def begin(self, name: str) -> None:
        self._input_count += 1
        self._point_count = 0
        self._sentences = []
        if self._several:
            self._write(f"{chr(10) if self._input_count > 1 else ''}{self._title(name)}\n")

    def event(self, event: StreamGenerateBriefResponse) -> None:
        match event.WhichOneof("event"):
            case "headline":
                self._write(self._headline(event.headline) + "\n")
            case "point":
                self._point_count += 1
                self._write(self._point(self._point_count, event.point) + "\n")
            case "sentence":
                self._sentences.append(event.sentence)
            case "finished":
                self._finished = event.finished

    @property
    def progress(self) -> str:
        return _progress(self._point_count, len(self._sentences))

    def end(self) -> None:
        self._write(self._closing(self._finished))
        if self._sentences:
            self._write(self._translation(self._sentences))

    def _write(self, text: str) -> None:
        self._output.write(text)

    def _title(self, name: str) -> str:
        return f"==> {name} <==\n"

    def _headline(self, headline: BilingualText) -> str:
        return f"{headline.source_text}\n{headline.translated_text}\n"

    def _point(self, number: int, point: BriefPoint) -> str:
        indent = " " * (len(str(number)) + 2)
        lines = [point.text.translated_text, _notes(point)]
        below = "".join(f"{indent}{line}\n" for line in lines if line)
        return f"{number}. {point.text.source_text}\n{below}"

    def _closing(self, finished: BriefFinished) -> str:
        return "".join(f"{line}\n" for line in _facts(finished))

    def _translation(self, sentences: list[TranslatedSentence]) -> str:
        return "\nFull translation\n\n" + "\n".join(pair(sentence) for sentence in sentences)


class MarkdownBrief(TextBrief):
    """The same as Markdown."""

    def _title(self, name: str) -> str:
        return f"<!-- {name.replace('--', '- -')} -->\n"

    def _headline(self, headline: BilingualText) -> str:
        return f"# {escape(headline.translated_text)}\n\n## {escape(headline.source_text)}\n"

    def _point(self, number: int, point: BriefPoint) -> str:
        indent = " " * (len(str(number)) + 2)
        lines = [escape(point.text.source_text), f"*{escape(_notes(point))}*"]
        below = "".join(f"\n{indent}{line}\n" for line in lines)
        return f"{number}. {escape(point.text.translated_text)}\n{below}"

    def _closing(self, finished: BriefFinished) -> str:
        return "".join(f"- {escape(line)}\n" for line in _facts(finished))

    def _translation(self, sentences: list[TranslatedSentence]) -> str:
        head = table_row(("", "Arabic", "English", "Check")) + table_row(
            ("--:", "--:", ":--", ":--")
        )
        return "\n### Full translation\n\n" + head + "".join(map(sentence_row, sentences))


class JsonBriefs:
    """One object an input, as in GenerateBriefResponse: indented if there is one, else a line."""

    def __init__(self, output: Output, *, several: bool) -> None:
        self._output = output
        self._indent = None if several else 2
        self._answer: dict[str, Any] = {}

    def begin(self, name: str) -> None:
        self._answer = {"input": name, "brief": {"points": []}, "sentences": [], "stats": {}}

    def event(self, event: StreamGenerateBriefResponse) -> None:
        brief = self._answer["brief"]
        match event.WhichOneof("event"):
            case "headline":
                brief["headline"] = to_plain(event.headline)
            case "point":
                brief["points"].append(to_plain(event.point))
            case "sentence":
                self._answer["sentences"].append(to_plain(event.sentence))
            case "finished":
                finished = to_plain(event.finished)
                self._answer["stats"] = finished.pop("stats", {})
                brief.update(finished)

    @property
    def progress(self) -> str:
        return _progress(len(self._answer["brief"]["points"]), len(self._answer["sentences"]))

    def end(self) -> None:
        text = json.dumps(self._answer, ensure_ascii=False, indent=self._indent)
        self._output.write(text + "\n")


def brief_writer(name: str, output: Output, *, several: bool) -> BriefWriter:
    """The writer of `--format NAME`."""
    if name == "json":
        return JsonBriefs(output, several=several)
    return (MarkdownBrief if name == "markdown" else TextBrief)(output, several=several)


@contextmanager
def open_brief_writer(
    name: str, path: Path | None, *, several: bool, licenses: Mapping[str, str]
) -> Iterator[tuple[BriefWriter, bool]]:
    """The writer of `--format NAME` to `--output`, and whether that is a terminal."""
    if name == "html":
        with open_pages(path) as pages:
            yield PageBrief(pages, licenses), pages.is_terminal
        return
    with open_output(path) as output:
        yield brief_writer(name, output, several=several), output.is_terminal


def _progress(point_count: int, sentence_count: int) -> str:
    sentences = f", {sentence_count} sentences" if sentence_count else ""
    return f"{point_count} points{sentences}"


def _notes(point: BriefPoint) -> str:
    """What a point rests on, its glossary terms, and what to check."""
    numbers = ", ".join(str(index + 1) for index in point.evidence_sentence_indices)
    plural = "s" if len(point.evidence_sentence_indices) > 1 else ""
    rests_on = f"rests on sentence{plural} {numbers}" if numbers else "rests on no sentence"
    terms = glossary_choice.in_words(point.glossary_matches)
    check = quality_flags.in_words(point.quality_flags)
    return f"({'; '.join(note for note in (rests_on, terms, check) if note)})"


def _facts(finished: BriefFinished) -> list[str]:
    """What is known of the article besides its points."""
    facts = []
    if check := quality_flags.in_words(finished.headline_quality_flags):
        facts.append(f"Headline: {check}")
    if terms := glossary_choice.in_words(finished.headline_glossary_matches):
        facts.append(f"Headline: {terms}")
    if finished.publication_date:
        facts.append(f"Published: {finished.publication_date}")
    if finished.mentions:
        names = [f"{m.name.translated_text} ({m.name.source_text})" for m in finished.mentions]
        facts.append(f"Named: {', '.join(names)}")
    if count := len(finished.residue_spans):
        facts.append(f"Left out as page residue: {count} part{'s' if count > 1 else ''}")
    return facts
