"""`mujaz brief`: articles into short bilingual briefs."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import click

from mujaz.cli.brief_formats import open_brief_writer
from mujaz.cli.brief_options import ARTICLE_CHARACTER_LIMIT, brief_options
from mujaz.cli.connection import Target, target_options
from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.cli.glossary_choice import GlossaryChoice, glossary_option
from mujaz.cli.input_texts import InputText, find_inputs, input_options
from mujaz.cli.page.files import check_output
from mujaz.cli.page.writers import model_licenses
from mujaz.cli.progress import Progress
from mujaz.client import Article, BriefConfig, Priority


@click.command(name="brief")
@click.argument("inputs", nargs=-1, metavar="[FILE|DIR|-]...")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json", "html"]),
    default="text",
    show_default=True,
    help="json is one object an input, on a line each where there are several; html is a page to "
    "read, with the whole article in both languages side by side.",
)
@click.option("--title", default="", help="The headline, where the text does not begin with it.")
@brief_options(priority=Priority.PRIORITY_INTERACTIVE)
@glossary_option
@input_options
@target_options
def command(
    *,
    inputs: tuple[str, ...],
    format_name: str,
    title: str,
    config: BriefConfig,
    glossaries: GlossaryChoice,
    output: Path | None,
    encoding: str,
    timeout_seconds: float,
    target: Target,
) -> None:
    """Write short briefs of Arabic articles, in Arabic and English.

    Takes files of one article each, directories (all their .txt files, by name), and - or
    nothing for standard input. Every point names the sentences of the article it rests on, as
    --with-translation and `mujaz translate --pairs` number them.

    The page of --format html is one file that needs no network: points lead to their sentences,
    and what to check, glossary terms and page residue are marked. Of several articles it has a
    section each; with an existing directory as --output each article gets a page of its own there.

    \b
    Examples:
      mujaz brief article.txt
      mujaz brief article.txt --points 5 --with-translation
      mujaz brief article.txt --glossary news
      mujaz brief articles/ --format markdown --output briefs.md
      mujaz brief article.txt --format html --output brief.html
      mujaz brief articles/ --format html --output pages/
      cat article.txt | mujaz brief --format json
    """
    articles = find_inputs(inputs, encoding)
    target = glossaries.choose(config.translation, target)
    if title and len(articles) > 1:
        raise click.UsageError("--title goes with one article only")
    as_pages = format_name == "html"
    check_output(output, articles, as_pages=as_pages)
    config.include_translation |= as_pages

    async def brief_all() -> None:
        async with target.connect() as client:
            licenses = await model_licenses(client) if as_pages else {}
            opened = open_brief_writer(
                format_name, output, several=len(articles) > 1, licenses=licenses
            )
            with opened as (writer, is_terminal):

                async def write_brief(text: InputText) -> None:
                    article = Article(title=title, body=await _article_body(text))
                    progress = Progress(enabled=not is_terminal)
                    events = client.stream_brief(article, config, timeout_seconds=timeout_seconds)
                    try:
                        async with aclosing(events):
                            async for event in events:
                                if event.HasField("headline"):
                                    writer.begin(text.name)
                                writer.event(event)
                                progress.show(f"{text.label}: {writer.progress}")
                    finally:
                        progress.clear()
                    writer.end()

                await target.work_through(articles, write_brief)

    target.run(brief_all())


async def _article_body(text: InputText) -> str:
    """The text of an input, if the service takes it as one article."""
    body = ""
    async for piece in text.pieces():
        body += piece
        if len(body) > ARTICLE_CHARACTER_LIMIT:
            raise CommandFailed(
                f"{text.label}: longer than {ARTICLE_CHARACTER_LIMIT:,} characters, which is the "
                "most one article may have; split it into its articles",
                ExitCode.BAD_INPUT,
            )
    return body
