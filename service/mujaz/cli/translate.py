"""`mujaz translate`: texts into English."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import click

from mujaz.cli import quality_flags
from mujaz.cli.connection import Target, target_options
from mujaz.cli.glossary_choice import GlossaryChoice, glossary_option
from mujaz.cli.input_texts import InputText, find_inputs, input_options
from mujaz.cli.page.files import check_output
from mujaz.cli.page.writers import model_licenses
from mujaz.cli.progress import Progress
from mujaz.cli.source_tail import SourceTail
from mujaz.cli.translation_formats import TranslationWriter, open_translation_writer
from mujaz.client import (
    MujazClient,
    StreamTranslateTextResponse,
    TranslateTextChunksResponse,
    TranslationConfig,
    TranslationFinished,
)

# What StreamTranslateText takes; a longer text goes in chunks.
STREAM_CHARACTER_LIMIT = 200_000

Event = StreamTranslateTextResponse | TranslateTextChunksResponse


@click.command(name="translate")
@click.argument("inputs", nargs=-1, metavar="[FILE|DIR|-]...")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json", "html"]),
    default="text",
    show_default=True,
    help="text is the translation alone, its paragraphs kept; json is one object an input, on a "
    "line each where there are several; html is a page to read, both languages side by side.",
)
@click.option(
    "--pairs",
    is_flag=True,
    help="Each sentence with its number, the Arabic, the English and what to check in it; a "
    "table in Markdown.",
)
@click.option("--model", default="", metavar="NAME", help="The model, as models/NAME.")
@click.option(
    "--beam-size",
    type=click.IntRange(1, 5),
    help="How many translations the model weighs; 1 is fastest.  [default: the model's own]",
)
@glossary_option
@input_options
@target_options
def command(
    *,
    inputs: tuple[str, ...],
    format_name: str,
    pairs: bool,
    model: str,
    beam_size: int | None,
    glossaries: GlossaryChoice,
    output: Path | None,
    encoding: str,
    timeout_seconds: float,
    target: Target,
) -> None:
    """Translate Arabic texts into English.

    Takes files, directories (all their .txt files, by name), and - or nothing for standard
    input. Sentences are printed as they are done; standard input is translated while it still
    arrives. Nothing is ever cut, however long the text.

    The page of --format html is one file that needs no network and marks what to check. Of several
    texts it has a section each; with an existing directory as --output each text gets a page of
    its own there.

    \b
    Examples:
      mujaz translate article.txt
      mujaz translate article.txt --pairs
      mujaz translate article.txt --pairs --glossary news --glossary ours.tsv
      cat article.txt | mujaz translate > english.txt
      mujaz translate articles/ --format json --output english.jsonl
      mujaz translate article.txt --format html --output article.html
      mujaz translate old.txt --encoding windows-1256 --server translate.example:50051
    """
    texts = find_inputs(inputs, encoding)
    as_pages = format_name == "html"
    check_output(output, texts, as_pages=as_pages)
    config = TranslationConfig(model=model, beam_size=beam_size)
    target = glossaries.choose(config, target)

    async def translate_all() -> None:
        async with target.connect() as client:
            licenses = await model_licenses(client) if as_pages else {}
            opened = open_translation_writer(
                format_name, output, pairs=pairs, several=len(texts) > 1, licenses=licenses
            )
            with opened as (writer, is_terminal):
                job = _Job(
                    client=client,
                    config=config,
                    timeout_seconds=timeout_seconds,
                    writer=writer,
                    shows_progress=not is_terminal,
                    shows_flags=pairs or format_name in ("json", "html"),
                )
                await target.work_through(texts, job.translate)

    target.run(translate_all())


@dataclass(frozen=True, slots=True)
class _Job:
    """Translates one input after another."""

    client: MujazClient
    config: TranslationConfig
    timeout_seconds: float
    writer: TranslationWriter
    shows_progress: bool
    shows_flags: bool

    async def translate(self, text: InputText) -> None:
        """Translates one input and writes it sentence by sentence."""
        tail = SourceTail()
        progress = Progress(enabled=self.shows_progress)
        finished: TranslationFinished | None = None
        to_check: list[int] = []
        total = ""
        begun = False
        try:
            async with aclosing(self._events(text, tail)) as events:
                async for event in events:
                    if not begun:
                        self.writer.begin(text.name)
                        begun = True
                    if event.HasField("finished"):
                        finished = event.finished
                    elif event.HasField("sentence"):
                        sentence = event.sentence
                        self.writer.sentence(tail.joint_before(sentence), sentence)
                        number = sentence.sentence_index + 1
                        progress.show(f"{text.label}: {number}{total} sentences")
                        if quality_flags.needs_check(sentence.quality_flags):
                            to_check.append(number)
                    elif isinstance(event, StreamTranslateTextResponse):
                        total = f"/{event.started.sentence_count}"
                        if event.started.HasField("detected_language"):
                            self.writer.detected(event.started.detected_language)
        finally:
            progress.clear()
            if begun:
                self.writer.end(finished)
        self._report(text, to_check)

    def _report(self, text: InputText, to_check: list[int]) -> None:
        """Says on standard error which sentences deserve a look: no format may hide it."""
        if not to_check:
            return
        numbers = ", ".join(map(str, to_check[:10])) + (", …" if len(to_check) > 10 else "")
        plural = "s" if len(to_check) > 1 else ""
        why = "" if self.shows_flags else "; --pairs says why"
        click.echo(f"mujaz: {text.label}: check sentence{plural} {numbers}{why}", err=True)

    async def _events(self, text: InputText, tail: SourceTail) -> AsyncGenerator[Event, None]:
        """The events of one input, whatever its length.

        Standard input may never end, and is sent as it arrives.
        """
        async with aclosing(text.pieces()) as pieces:
            head = "" if text.path is None else await _head(pieces)
            events: AsyncGenerator[Event, None]
            if text.path is not None and len(head) <= STREAM_CHARACTER_LIMIT:
                tail.extend(head)
                events = self.client.stream_translate(
                    head, self.config, timeout_seconds=self.timeout_seconds
                )
            else:
                events = self.client.translate_chunks(
                    _chunks(head, pieces, tail), self.config, timeout_seconds=self.timeout_seconds
                )
            async with aclosing(events):
                async for event in events:
                    yield event


async def _head(pieces: AsyncIterator[str]) -> str:
    """The whole text, or so much of it that it is over the limit of one request."""
    head: list[str] = []
    character_count = 0
    async for piece in pieces:
        head.append(piece)
        character_count += len(piece)
        if character_count > STREAM_CHARACTER_LIMIT:
            break
    return "".join(head)


async def _chunks(head: str, pieces: AsyncIterator[str], tail: SourceTail) -> AsyncIterator[str]:
    if head:
        tail.extend(head)
        yield head
    async for piece in pieces:
        tail.extend(piece)
        yield piece
