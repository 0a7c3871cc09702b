"""How a translation is written: text, pairs of source and English, Markdown, JSON, a page."""

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
from mujaz.cli.page.writers import PageTranslation
from mujaz.client import DetectedLanguage, TranslatedSentence, TranslationFinished, to_plain


class TranslationWriter(Protocol):
    """Writes one translation after another, each sentence as it arrives."""

    def begin(self, name: str) -> None:
        """A new input, by its name."""
        ...

    def detected(self, language: DetectedLanguage) -> None:
        """The language of the input, where it was detected."""
        ...

    def sentence(self, joint: str, sentence: TranslatedSentence) -> None:
        """The next sentence, and what joins it to the one before in the translation."""
        ...

    def end(self, finished: TranslationFinished | None) -> None:
        """The input is done, or it failed: None."""
        ...


class PlainText:
    """Only the translation, its paragraphs kept; several inputs get a header line each."""

    def __init__(self, output: Output, *, several: bool) -> None:
        self._output = output
        self._several = several
        self._input_count = 0
        self._in_line = False

    def begin(self, name: str) -> None:
        self._input_count += 1
        if self._several:
            self._output.write(f"{chr(10) if self._input_count > 1 else ''}==> {name} <==\n")

    def detected(self, language: DetectedLanguage) -> None:
        pass

    def sentence(self, joint: str, sentence: TranslatedSentence) -> None:
        self._output.write(joint + sentence.translated_text)
        self._in_line = True

    def end(self, finished: TranslationFinished | None) -> None:
        if self._in_line:
            self._output.write("\n")
        self._in_line = False


class Pairs(PlainText):
    """Each sentence with its number, its source and below it the English."""

    def sentence(self, joint: str, sentence: TranslatedSentence) -> None:
        self._output.write(pair(sentence) + "\n")


class Markdown(PlainText):
    """The translation as paragraphs."""

    def begin(self, name: str) -> None:
        self._input_count += 1
        self._paragraph_index = -1
        if self._several:
            self._output.write(f"{chr(10) if self._input_count > 1 else ''}# {escape(name)}\n\n")

    def sentence(self, joint: str, sentence: TranslatedSentence) -> None:
        if self._in_line:
            same = sentence.paragraph_index == self._paragraph_index
            self._output.write(" " if same else "\n\n")
        self._output.write(escape(sentence.translated_text))
        self._paragraph_index = sentence.paragraph_index
        self._in_line = True


class MarkdownPairs(Markdown):
    """A table of sentences side by side."""

    def begin(self, name: str) -> None:
        super().begin(name)
        self._output.write(table_row(("", "Arabic", "English", "Check")))
        self._output.write(table_row(("--:", "--:", ":--", ":--")))

    def sentence(self, joint: str, sentence: TranslatedSentence) -> None:
        self._output.write(sentence_row(sentence))


class JsonObjects:
    """One object an input: indented where there is one input, else one a line."""

    def __init__(self, output: Output, *, several: bool) -> None:
        self._output = output
        self._indent = None if several else 2
        self._answer: dict[str, Any] = {}
        self._parts: list[str] = []

    def begin(self, name: str) -> None:
        self._answer = {"input": name, "translated_text": "", "sentences": []}
        self._parts = []

    def detected(self, language: DetectedLanguage) -> None:
        self._answer["detected_language"] = to_plain(language)

    def sentence(self, joint: str, sentence: TranslatedSentence) -> None:
        self._parts += (joint, sentence.translated_text)
        self._answer["sentences"].append(to_plain(sentence))

    def end(self, finished: TranslationFinished | None) -> None:
        if finished is None:
            return
        self._answer["translated_text"] = "".join(self._parts)
        self._answer["stats"] = to_plain(finished.stats)
        text = json.dumps(self._answer, ensure_ascii=False, indent=self._indent)
        self._output.write(text + "\n")


def translation_writer(
    name: str, output: Output, *, pairs: bool, several: bool
) -> TranslationWriter:
    """The writer of `--format NAME`."""
    if name == "json":
        return JsonObjects(output, several=several)
    if name == "markdown":
        return (MarkdownPairs if pairs else Markdown)(output, several=several)
    return (Pairs if pairs else PlainText)(output, several=several)


@contextmanager
def open_translation_writer(
    name: str, path: Path | None, *, pairs: bool, several: bool, licenses: Mapping[str, str]
) -> Iterator[tuple[TranslationWriter, bool]]:
    """The writer of `--format NAME` to `--output`, and whether that is a terminal."""
    if name == "html":
        with open_pages(path) as pages:
            yield PageTranslation(pages, licenses), pages.is_terminal
        return
    with open_output(path) as output:
        writer = translation_writer(name, output, pairs=pairs, several=several)
        yield writer, output.is_terminal


def pair(sentence: TranslatedSentence) -> str:
    """The lines of one sentence: number and source, the English, its terms, what to check."""
    number = f"[{sentence.sentence_index + 1}]"
    lines = [
        sentence.translated_text,
        glossary_choice.in_words(sentence.glossary_matches),
        quality_flags.in_words(sentence.quality_flags),
    ]
    indent = " " * (len(number) + 1)
    below = "".join(f"{indent}{line}\n" for line in lines if line)
    return f"{number} {sentence.source_text}\n{below}"


def sentence_row(sentence: TranslatedSentence) -> str:
    """The row of one sentence in a Markdown table of number, Arabic, English and check."""
    notes = (
        quality_flags.in_words(sentence.quality_flags).removeprefix("check: "),
        escape(glossary_choice.in_words(sentence.glossary_matches)),
    )
    return table_row(
        (
            str(sentence.sentence_index + 1),
            escape(sentence.source_text),
            escape(sentence.translated_text),
            "; ".join(note for note in notes if note),
        )
    )
