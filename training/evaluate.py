"""Evaluates the starter models on the fixed list of test sets, and keeps docs/models.md true.

    python training/evaluate.py models/ar-en models/ar-brief --name 0.3.0 \
        --translation-data DIR --brief-data DIR [--systems DIR] [--gazetteer FILE.tsv ...]
    python training/evaluate.py --render docs/models.md
    python training/evaluate.py --check docs/models.md

DIR of `--translation-data` holds NAME.ar and NAME.en for each name in TRANSLATION_SETS, that of
`--brief-data` NAME.jsonl for each in ARTICLE_SETS, that of `--systems` the outputs of other systems
for SYSTEMS_SET, a file each. The result goes to `training/results/NAME.json`; tables are rendered
from all results, in the order of their names.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mujaz.engine.manifest import ModelTask, read_manifest
from mujaz.errors import MujazError
from mujaz.evaluation.results import read_evaluation, to_json
from mujaz.evaluation.run import Plan, evaluate
from mujaz.evaluation.tables import markdown
from mujaz.evaluation.test_data import (
    ArticleTestSet,
    ParallelTestSet,
    read_articles,
    read_gazetteer,
    read_parallel,
)

RESULTS = Path(__file__).parent / "results"
TRANSLATION_SETS = (
    "flores101-devtest",
    "flores200-devtest",
    "flores101-dev",
    "tico19",
    "tatoeba-v2021-08-07",
)
SYSTEMS_SET = "flores101-devtest"
ARTICLE_SETS = ("news-ar-test",)
BEGIN = "<!-- The tables from here on come from training/evaluate.py --render. -->"
END = "<!-- The tables end here. -->"


def translation_sets(
    directory: Path, systems: Path | None, names: Sequence[str]
) -> list[ParallelTestSet]:
    """The named test sets; SYSTEMS_SET has the outputs of other systems beside it."""
    sets = []
    for name in names:
        files = [directory / f"{name}.ar", directory / f"{name}.en"]
        if name == SYSTEMS_SET and systems is not None:
            files += sorted(systems.glob("*.en"))
        sets.append(read_parallel(f"{name}={','.join(map(str, files))}"))
    return sets


def article_sets(directory: Path) -> list[ArticleTestSet]:
    """The articles with summaries."""
    return [read_articles(directory / f"{name}.jsonl") for name in ARTICLE_SETS]


def plan_of(arguments: argparse.Namespace) -> Plan:
    """What to run: the test sets of the tasks that the models have. Raises MujazError."""
    tasks = {read_manifest(directory).task for directory in arguments.models}
    return Plan(
        models=arguments.models,
        translation_sets=(
            translation_sets(arguments.translation_data, arguments.systems, arguments.only)
            if ModelTask.TRANSLATION in tasks
            else ()
        ),
        article_sets=(
            article_sets(arguments.brief_data) if ModelTask.SUMMARIZATION in tasks else ()
        ),
        gazetteer=read_gazetteer(arguments.gazetteer) if arguments.gazetteer else None,
        label=arguments.label,
        note=arguments.note,
    )


def report_to_terminal(text: str) -> None:
    """Progress on standard error: a line that changes on a terminal, the ends of sets elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    else:
        count, _, total = text.rpartition(": ")[2].partition("/")
        if not total or total.startswith(f"{count} "):
            print(text, file=sys.stderr, flush=True)


def tables() -> str:
    """The tables of all kept results, between their markers."""
    evaluations = [read_evaluation(path) for path in sorted(RESULTS.glob("*.json"))]
    return f"{BEGIN}\n\n{markdown(evaluations)}\n{END}"


def rendered(page: str) -> str:
    """The page with the tables of all kept results in place of those it has."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"The page needs these two lines around its tables:\n{BEGIN}\n{END}")
    return before + tables() + after


def parse_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The command line; what does not go together ends the program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL_DIR")
    parser.add_argument("--translation-data", type=Path, metavar="DIR")
    parser.add_argument("--brief-data", type=Path, metavar="DIR")
    parser.add_argument("--systems", type=Path, metavar="DIR")
    parser.add_argument("--gazetteer", type=Path, nargs="+", default=(), metavar="FILE.tsv")
    parser.add_argument("--only", nargs="+", default=TRANSLATION_SETS, choices=TRANSLATION_SETS)
    parser.add_argument("--name", help="of the result; its file takes the place of an earlier one")
    parser.add_argument("--label", default="", help="in tables, in place of the models' version")
    parser.add_argument("--note", default="", help="what else the machine did meanwhile")
    parser.add_argument("--render", type=Path, metavar="PAGE.md")
    parser.add_argument("--check", type=Path, metavar="PAGE.md")
    arguments = parser.parse_args(words)
    if arguments.models and not (
        arguments.name and arguments.translation_data and arguments.brief_data
    ):
        parser.error("models need --name, --translation-data and --brief-data")
    if not (arguments.models or arguments.render or arguments.check):
        parser.error("give models, --render or --check")
    return arguments


def main(words: Sequence[str] | None = None) -> None:
    """Evaluates, renders, or checks."""
    arguments = parse_arguments(sys.argv[1:] if words is None else words)
    try:
        if arguments.models:
            work = evaluate(
                plan_of(arguments), date=time.strftime("%Y-%m-%d"), report=report_to_terminal
            )
            evaluation = asyncio.run(work)
            path = RESULTS / f"{arguments.name}.json"
            path.write_text(to_json(evaluation), encoding="utf-8")
            print(f"{markdown([evaluation])}\n{path}")
        for page in filter(None, (arguments.render, arguments.check)):
            text = page.read_text(encoding="utf-8")
            if page == arguments.render:
                page.write_text(rendered(text), encoding="utf-8")
            elif rendered(text) != text:
                raise SystemExit(
                    f"{page} is not what the results say: python training/evaluate.py "
                    f"--render {page}"
                )
    except MujazError as error:
        raise SystemExit(f"evaluate.py: {error.message} {error.metadata or ''}") from error


if __name__ == "__main__":
    main()
