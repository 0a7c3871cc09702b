"""What the command lines of all steps share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from .experiment import Experiment, RecipeError, load_experiment

P = ParamSpec("P")
R = TypeVar("R")


def _load(context: click.Context, parameter: click.Parameter, path: Path) -> Experiment:
    try:
        return load_experiment(path)
    except RecipeError as error:
        raise click.BadParameter(str(error), context, parameter) from error


experiment_argument = click.argument("experiment", type=click.Path(path_type=Path), callback=_load)


def recipe_errors(function: Callable[P, R]) -> Callable[P, R]:
    """Ends the command with the message of a RecipeError, without a traceback."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except RecipeError as error:
            raise click.ClickException(str(error)) from error

    return wrapped
