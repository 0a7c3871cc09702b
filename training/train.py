"""Trains a network for a fixed time; the third step.

    python training/train.py training/experiments/tiny.toml --prepared work/prepared \
        --run work/run --minutes 120

Reads train.npz and validation.npz, which tokenizer.py wrote. Writes last.pt to go on from,
snapshot-*.pt of the last quarter to average, and final.pt when the time is over. Runs on a GPU
where there is one. SIGTERM or Ctrl-C saves and stops; the same command goes on.

On a processor that others use too, set OMP_WAIT_POLICY=PASSIVE: threads that wait then sleep.
"""

from __future__ import annotations

import json
import signal
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import click
import torch

from mujaz_training.command import experiment_argument, recipe_errors
from mujaz_training.experiment import Experiment
from mujaz_training.packed_pairs import load_packed
from mujaz_training.training_run import TrainingRun


@click.command(help=__doc__)
@experiment_argument
@click.option("--prepared", type=click.Path(path_type=Path), required=True, help="Packed pairs.")
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Output.")
@click.option("--minutes", type=float, help="Time to train; time while stopped does not count.")
@click.option("--until", help="Or the time of day to end at, HH:MM; all time counts.")
@click.option(
    "--initial", type=click.Path(path_type=Path), help="Checkpoint whose weights to start from."
)
@click.option("--threads", type=int, default=2, show_default=True, help="CPU threads.")
@click.option("--compile", "compiled", is_flag=True, help="Compile the network; for GPUs.")
@recipe_errors
def main(
    experiment: Experiment,
    *,
    prepared: Path,
    folder: Path,
    minutes: float | None,
    until: str | None,
    initial: Path | None,
    threads: int,
    compiled: bool,
) -> None:
    """Trains, and ends with exit status 3 where it was stopped before its time was over."""
    torch.set_num_threads(threads)
    folder.mkdir(parents=True, exist_ok=True)
    total_seconds, spent_seconds = _budget(minutes, until, folder)
    run = TrainingRun(
        experiment,
        train=load_packed(prepared / "train.npz"),
        validation=load_packed(prepared / "validation.npz"),
        folder=folder,
        total_seconds=total_seconds,
        spent_seconds=spent_seconds,
        initial=initial,
        compiled=compiled,
        log=lambda line: print(line, flush=True),
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if not run.train(stop):
        raise SystemExit(3)


def _budget(minutes: float | None, until: str | None, folder: Path) -> tuple[float, float | None]:
    """Seconds in all, and seconds spent where the clock on the wall counts."""
    if (minutes is None) == (until is None):
        raise click.UsageError("Give either --minutes or --until.")
    if minutes is not None:
        return minutes * 60, None
    path = folder / "started.json"
    if not path.exists():
        path.write_text(json.dumps({"seconds_since_epoch": time.time()}), encoding="utf-8")
    started = float(json.loads(path.read_text(encoding="utf-8"))["seconds_since_epoch"])
    return _next_time_of_day(str(until), after=started) - started, time.time() - started


def _next_time_of_day(text: str, *, after: float) -> float:
    begin = datetime.fromtimestamp(after)
    try:
        time_of_day = datetime.strptime(text, "%H:%M").time()
    except ValueError as error:
        raise click.UsageError("--until needs a time of day such as 23:30.") from error
    end = datetime.combine(begin.date(), time_of_day)
    return (end if end > begin else end + timedelta(days=1)).timestamp()


if __name__ == "__main__":
    main()
