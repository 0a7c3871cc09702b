"""One run of training: by the clock, resumable, on the CPU or a GPU, in bfloat16."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from .batches import Batch, Prefetcher, make_batches
from .checkpoint import (
    Checkpoint,
    Progress,
    load_checkpoint,
    load_weights,
    save_checkpoint,
)
from .experiment import Experiment
from .mixture import Mixture
from .optimization import make_optimizers
from .packed_pairs import PackedPairs
from .piece_loss import piece_loss
from .time_budget import Clock, TimeBudget, learning_rate_factor
from .transformer import Transformer

LAST = "last.pt"
FINAL = "final.pt"

_ROUND_BATCHES = 150
_REPORT_SECONDS = 60.0
_SAVE_SECONDS = 300.0
_SNAPSHOTS_FROM = 0.75
_GPU_LENGTH_MULTIPLE = 8
_GPU_ATTENTION = (
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
)


@dataclass(slots=True)
class _Meter:
    """Losses and tokens since the last report."""

    began: float
    losses: list[Tensor] = field(default_factory=list)
    target_tokens: int = 0


class TrainingRun:
    """A run in the folder `folder`, which goes on where it stopped if it has a `last.pt`.

    Without `spent_seconds` only the time spent training counts, as saved in `last.pt`. Raises
    RecipeError where `initial` or `last.pt` do not fit the experiment. `log` gets a line a minute;
    no text of the corpora is in it.
    """

    def __init__(
        self,
        experiment: Experiment,
        *,
        train: PackedPairs,
        validation: PackedPairs,
        folder: Path,
        total_seconds: float,
        spent_seconds: float | None = None,
        initial: Path | None = None,
        compiled: bool = False,
        clock: Clock = time.monotonic,
        log: Callable[[str], None] = print,
    ) -> None:
        torch.manual_seed(experiment.seed)
        self._experiment, self._choices = experiment, experiment.optimization
        self._train, self._validation = train, validation
        self._folder, self._clock, self._log = folder, clock, log
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # For sentences, the fused kernel of the CPU costs a quarter more time a token (README).
        is_gpu = self._device.type == "cuda"
        self._attention = list(_GPU_ATTENTION) if is_gpu else [SDPBackend.MATH]
        self._network = Transformer(experiment.model, train.vocabulary_size)
        progress = self._load(initial)
        self._network.to(self._device).train()
        self._forward = torch.compile(self._network, dynamic=True) if compiled else self._network
        self._optimizers = make_optimizers(self._network, self._choices)
        self._base_rates = [
            [group["lr"] for group in optimizer.param_groups] for optimizer in self._optimizers
        ]
        self._step, self._round = 0, 0
        if progress is not None:
            self._step, self._round = progress.step, progress.next_round
            for optimizer, state in zip(self._optimizers, progress.optimizers, strict=True):
                optimizer.load_state_dict(dict(state))
        if spent_seconds is None:
            spent_seconds = 0.0 if progress is None else progress.spent_seconds
        self._budget = TimeBudget(total_seconds, spent_seconds, clock(), clock)
        self._mixture = Mixture(
            train,
            round_target_tokens=_ROUND_BATCHES * self._choices.batch_tokens,
            seed=experiment.seed,
        )

    def train(self, stop: threading.Event) -> bool:
        """Trains until the budget is spent or `stop` is set, and saves; whether it is finished."""
        self._log(self._description())
        saved_at = self._clock()
        snapshots = iter(self._snapshot_fractions())
        next_snapshot = next(snapshots, 2.0)
        meter = _Meter(self._clock())
        while self._budget.fraction() < 1 and not stop.is_set():
            batches = Prefetcher(self._batches)
            try:
                for batch in batches:
                    if self._budget.fraction() >= 1 or stop.is_set():
                        break
                    self._train_batch(batch, meter)
                    meter = self._report(meter)
            finally:
                batches.close()
            self._round += 1
            if self._clock() - saved_at > _SAVE_SECONDS:
                self._log(f"validation loss {self.validate():.4f}")
                self._save(LAST)
                saved_at = self._clock()
            if self._budget.fraction() >= next_snapshot:
                self._save_weights(f"snapshot-{next_snapshot:.3f}.pt")
                next_snapshot = next(snapshots, 2.0)
        self._save(LAST)
        if stop.is_set():
            self._log("stopped and saved; the same command goes on from here")
            return False
        self._log(f"finished: {self._step} steps, validation loss {self.validate():.4f}")
        self._save_weights(FINAL)
        return True

    def validate(self) -> float:
        """Mean negative log likelihood of a target token of the held-out pairs, in nats."""
        self._network.eval()
        total, count = 0.0, 0
        batches = make_batches(
            self._validation,
            np.arange(len(self._validation)),
            batch_tokens=self._choices.batch_tokens,
            generator=np.random.default_rng(0),
        )
        with torch.no_grad():
            for batch in batches:
                loss, tokens = self._loss(batch, smoothing=0.0)
                total, count = total + loss.item() * tokens, count + tokens
        self._network.train()
        return total / max(1, count)

    def _batches(self) -> Iterator[Batch]:
        return make_batches(
            self._train,
            self._mixture.round(self._round),
            batch_tokens=self._choices.batch_tokens,
            generator=np.random.default_rng((self._experiment.seed, self._round)),
            multiple=_GPU_LENGTH_MULTIPLE if self._device.type == "cuda" else 1,
        )

    def _train_batch(self, batch: Batch, meter: _Meter) -> None:
        factor = learning_rate_factor(self._budget.fraction(), self._choices)
        for optimizer, rates in zip(self._optimizers, self._base_rates, strict=True):
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
        loss, tokens = self._loss(batch, smoothing=self._choices.label_smoothing)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(
            self._network.parameters(), self._choices.gradient_norm_limit
        )
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self._step += 1
        meter.losses.append(loss.detach())
        meter.target_tokens += tokens

    def _loss(self, batch: Batch, *, smoothing: float) -> tuple[Tensor, int]:
        source = torch.from_numpy(batch.source).to(self._device, non_blocking=True)
        target = torch.from_numpy(batch.target).to(self._device, non_blocking=True)
        gold = target[:, 1:]
        kept = gold != 0
        with torch.autocast(self._device.type, torch.bfloat16), sdpa_kernel(self._attention):
            states = self._forward(source, target[:, :-1])
        loss = piece_loss(
            states[kept].to(torch.bfloat16),
            self._network.embedding.weight,
            self._network.output_bias,
            gold=gold[kept],
            smoothing=smoothing,
        )
        return loss, int((batch.target[:, 1:] != 0).sum())

    def _report(self, meter: _Meter) -> _Meter:
        now = self._clock()
        if now - meter.began < _REPORT_SECONDS:
            return meter
        loss = torch.stack(meter.losses).mean().item()
        self._log(
            f"{self._budget.spent() / 60:6.1f} min  {self._budget.fraction():4.0%}  "
            f"round {self._round}  step {self._step}  loss {loss:.3f}  "
            f"{meter.target_tokens / (now - meter.began):.0f} target tokens/s"
        )
        return _Meter(now)

    def _snapshot_fractions(self) -> list[float]:
        count = self._choices.snapshot_count
        span = 1 - _SNAPSHOTS_FROM
        fractions = [_SNAPSHOTS_FROM + span * number / count for number in range(count)]
        return [fraction for fraction in fractions if fraction > self._budget.fraction()]

    def _load(self, initial: Path | None) -> Progress | None:
        last = self._folder / LAST
        if initial is None and not last.exists():
            return None
        is_resumed = last.exists()
        checkpoint = load_checkpoint(last if is_resumed or initial is None else initial)
        load_weights(self._network, checkpoint.weights)
        return checkpoint.progress if is_resumed else None

    def _save(self, name: str) -> None:
        progress = Progress(
            step=self._step,
            next_round=self._round,
            spent_seconds=self._budget.spent(),
            optimizers=tuple(optimizer.state_dict() for optimizer in self._optimizers),
        )
        save_checkpoint(self._folder / name, self._checkpoint(progress))

    def _save_weights(self, name: str) -> None:
        save_checkpoint(self._folder / name, self._checkpoint(None))

    def _checkpoint(self, progress: Progress | None) -> Checkpoint:
        return Checkpoint(self._network.state_dict(), self._experiment.model, progress)

    def _description(self) -> str:
        million = sum(weight.numel() for weight in self._network.parameters()) / 1e6
        return (
            f"{million:.1f}M parameters, {len(self._train)} pairs, "
            f"{len(self._train.target) / 1e6:.1f}M target tokens, {self._device}, "
            f"{self._budget.spent() / 60:.1f} of {self._budget.total_seconds / 60:.1f} minutes "
            "spent"
        )
