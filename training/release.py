"""Writes the manifest of an exported model and checks that it loads; the last step.

    python training/release.py training/experiments/starter-ar-en.toml --model work/model \
        --scores scores.json --inherit models/ar-en --recipe-revision $(git rev-parse --short HEAD)

Reads what export.py wrote. --scores is JSON: {"scores": {"test-set/metric": number, ...},
"scores_signature": "..."}; leave it out for a model yet to be evaluated, and release it again with
its scores. --inherit names the model whose weights the run started from: its data sources are
listed too. Writes manifest.json, loads the model as the service does, and runs its self-test. With
--install the directory is then copied over another, such as models/ar-en.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click

from mujaz.engine.manifest import MANIFEST_NAME, read_manifest
from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import ThreadPolicy
from mujaz.errors import ModelDamaged
from mujaz_training.command import experiment_argument, recipe_errors
from mujaz_training.experiment import Experiment, RecipeError
from mujaz_training.model_export import MODEL_FILES
from mujaz_training.model_release import Scores, release_model


@click.command(help=__doc__)
@experiment_argument
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Exported model directory.",
)
@click.option("--scores", "scores_file", type=click.Path(exists=True, path_type=Path), help="JSON.")
@click.option(
    "--inherit",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Model directory the run started from.",
)
@click.option("--recipe-revision", default="", help="Commit of the recipe.")
@click.option("--install", type=click.Path(path_type=Path), help="Model directory to replace.")
@recipe_errors
def main(
    experiment: Experiment,
    *,
    model: Path,
    scores_file: Path | None,
    inherit: Path | None,
    recipe_revision: str,
    install: Path | None,
) -> None:
    """Releases and prints the revision that the service will name."""
    try:
        release_model(
            model,
            experiment,
            scores=Scores() if scores_file is None else _scores(scores_file),
            inherited=() if inherit is None else read_manifest(inherit).data_sources,
            recipe_revision=recipe_revision,
        )
        loaded = LoadedModel.load(model, ThreadPolicy(worker_count=1, threads_per_worker=1))
        loaded.self_test()
    except (ModelDamaged, ValueError) as error:
        cause = getattr(error, "metadata", {}).get("cause", "")
        raise RecipeError(f"The model cannot be released: {error} {cause}".strip()) from error
    print(f"{loaded.revision}: {loaded.manifest.architecture}")
    if install is not None:
        install.mkdir(parents=True, exist_ok=True)
        for name in (*MODEL_FILES, MANIFEST_NAME):
            shutil.copyfile(model / name, install / name)
        print(f"installed in {install}")


def _scores(path: Path) -> Scores:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        values = {str(name): float(value) for name, value in document["scores"].items()}
        return Scores(values, str(document["scores_signature"]))
    except (KeyError, TypeError, ValueError) as error:
        raise RecipeError(
            f'{path} must be JSON with "scores", numbers by test-set/metric, and '
            f'"scores_signature": {error}'
        ) from error


if __name__ == "__main__":
    main()
