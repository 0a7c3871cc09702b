"""`mujaz batch`: briefs of many articles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import click

from mujaz.cli.answer_file import AnswerFile, open_answer_file
from mujaz.cli.article_lines import ArticleLine, count_lines, read_article_lines
from mujaz.cli.brief_options import brief_options
from mujaz.cli.connection import Target, target_options
from mujaz.cli.exit_codes import CommandFailed, ExitCode
from mujaz.cli.glossary_choice import GlossaryChoice, glossary_option
from mujaz.cli.input_texts import STANDARD_INPUT, InputText
from mujaz.cli.progress import Progress
from mujaz.client import (
    OPEN_TIMEOUT_SECONDS,
    Article,
    BriefConfig,
    Priority,
    ProcessArticlesResponse,
    failure_of_status,
    to_plain,
)


@click.command(name="batch")
@click.argument("articles", metavar="IN.jsonl")
@click.argument("answers", metavar="OUT.jsonl", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--window",
    type=click.IntRange(1, 256),
    default=8,
    show_default=True,
    help="Articles in work at a time.",
)
@click.option("--retry-failed", is_flag=True, help="Tries again what has an error in OUT.jsonl.")
@brief_options(priority=Priority.PRIORITY_BULK)
@glossary_option
@target_options
def command(
    *,
    articles: str,
    answers: Path,
    window: int,
    retry_failed: bool,
    config: BriefConfig,
    glossaries: GlossaryChoice,
    target: Target,
) -> None:
    """Write briefs of many articles, one JSON object a line.

    Each line of IN.jsonl (- for standard input) is {"article_id": ..., "title": ..., "body": ...};
    only body is required, and a line without an id is called line-NUMBER. OUT.jsonl gets one line
    an article as each is done: its brief, or an error that says why there is none.

    A batch that was stopped goes on where it was when the same command is run again: what has an
    answer in OUT.jsonl is left alone. Exit code 3 says that OUT.jsonl holds errors.

    \b
    Examples:
      mujaz batch articles.jsonl briefs.jsonl
      mujaz batch articles.jsonl briefs.jsonl --server translate.example:50051 --window 32
      mujaz batch articles.jsonl briefs.jsonl --glossary news
      mujaz batch articles.jsonl briefs.jsonl --retry-failed
    """
    text = InputText(None if articles == STANDARD_INPUT else Path(articles), "utf-8")
    _check_files(text.path, answers)
    target = glossaries.choose(config.translation, target)

    async def write_all() -> None:
        with open_answer_file(answers, retry_failed=retry_failed) as file:
            job = _Batch(text, file)
            try:
                async with target.connect() as client:
                    stream = client.process_articles(
                        job.articles(), config, window=window, timeout_seconds=OPEN_TIMEOUT_SECONDS
                    )
                    async with aclosing(stream):
                        async for answer in stream:
                            job.record(answer)
            finally:
                job.report()
            if file.failed:
                raise CommandFailed(
                    f"{len(file.failed)} articles have an error in {answers}", ExitCode.SOME_FAILED
                )

    target.run(write_all())


def _check_files(articles: Path | None, answers: Path) -> None:
    """Refuses, before anything is written, what can only be a mistake."""
    if articles is None:
        return
    if not articles.exists():
        raise CommandFailed(f"{articles}: No such file or directory", ExitCode.BAD_INPUT)
    if answers.exists() and answers.samefile(articles):
        raise click.UsageError("IN.jsonl and OUT.jsonl are the same file")


class _Batch:
    """Feeds the articles that have no answer yet, and records the answers."""

    def __init__(self, text: InputText, file: AnswerFile) -> None:
        self._text = text
        self._file = file
        self._progress = Progress(enabled=True)
        self._total = ""
        if self._progress.enabled and text.path is not None and text.path.is_file():
            self._total = f" of {count_lines(text.path)}"
        self._skipped_count = 0
        self._new_count = 0
        self._in_work: dict[str, ArticleLine] = {}
        self._seen: set[str] = set()

    async def articles(self) -> AsyncIterator[Article]:
        """The articles to send; lines that hold none get their error at once."""
        earlier = self._file.answered | self._file.failed
        async with aclosing(read_article_lines(self._text)) as lines:
            async for line in lines:
                if line.article_id in earlier:
                    self._skipped_count += 1
                elif line.article_id in self._seen:
                    self._refuse(line, "another line before it has the same article_id")
                elif line.article is None:
                    self._refuse(line, line.problem)
                else:
                    self._in_work[line.article.article_id] = line
                    yield line.article
                self._seen.add(line.article_id)

    def record(self, answer: ProcessArticlesResponse) -> None:
        """Writes one answer."""
        line = self._in_work.pop(answer.article_id)
        if answer.WhichOneof("result") == "error":
            failure = failure_of_status(answer.error)
            self._write_error(line, failure.code.name, failure.reason, message=failure.message)
        else:
            self._write(line, to_plain(answer.brief))

    def report(self) -> None:
        """Says on standard error what this run did."""
        self._progress.clear()
        click.echo(f"mujaz: {self._summary()}", err=True)

    def _refuse(self, line: ArticleLine, problem: str) -> None:
        message = f"line {line.number}: {problem}"
        self._write_error(line, "INVALID_ARGUMENT", "LINE_INVALID", message=message)

    def _write_error(self, line: ArticleLine, code: str, reason: str, *, message: str) -> None:
        self._write(line, {"error": {"code": code, "reason": reason, "message": message}})

    def _write(self, line: ArticleLine, answer: dict[str, object]) -> None:
        self._file.append(line.article_id, answer)
        self._new_count += 1
        self._progress.show(self._summary())

    def _summary(self) -> str:
        before = f", {self._skipped_count} left as they were" if self._skipped_count else ""
        done = f"{self._new_count}{self._total} articles answered{before}"
        return f"{done}, {len(self._file.failed)} errors"
