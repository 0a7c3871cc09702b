"""Weights on disk, with or without what a run needs to go on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .experiment import ModelShape, RecipeError
from .transformer import Transformer

Weights = Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands, and the state of its optimizers."""

    step: int
    next_round: int
    spent_seconds: float
    optimizers: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The weights of a network by parameter name, its shape, and the progress of an open run."""

    weights: Weights
    shape: ModelShape
    progress: Progress | None = None

    @property
    def vocabulary_size(self) -> int:
        """Pieces the network knows."""
        return int(self.weights["embedding.weight"].shape[0])


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Writes a checkpoint, whole or not at all."""
    progress = checkpoint.progress
    document: dict[str, Any] = {
        "weights": dict(checkpoint.weights),
        "shape": asdict(checkpoint.shape),
    }
    if progress is not None:
        document["progress"] = {
            "step": progress.step,
            "next_round": progress.next_round,
            "spent_seconds": progress.spent_seconds,
            "optimizers": list(progress.optimizers),
        }
    temporary = path.with_suffix(".new")
    torch.save(document, temporary)
    os.replace(temporary, path)


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads what `save_checkpoint` wrote, onto the CPU; raises RecipeError."""
    try:
        document = torch.load(path, map_location="cpu", weights_only=True)
        progress = document.get("progress")
        return Checkpoint(
            weights={name: weight.float() for name, weight in document["weights"].items()},
            shape=ModelShape(**document["shape"]),
            progress=None
            if progress is None
            else Progress(**{**progress, "optimizers": tuple(progress["optimizers"])}),
        )
    except FileNotFoundError as error:
        raise RecipeError(f"There is no checkpoint {path}; run train.py or restore.py.") from error
    except Exception as error:
        raise RecipeError(f"{path} is not a checkpoint of this recipe: {error}") from error


def open_network(checkpoint: Checkpoint) -> Transformer:
    """The network of a checkpoint, in evaluation mode; raises RecipeError."""
    network = Transformer(checkpoint.shape, checkpoint.vocabulary_size)
    load_weights(network, checkpoint.weights)
    return network.eval()


def load_weights(network: Transformer, weights: Weights) -> None:
    """Puts weights into a network of the same shape; raises RecipeError."""
    try:
        network.load_state_dict(dict(weights))
    except RuntimeError as error:
        raise RecipeError(
            "The checkpoint is of another shape than the experiment; make [model] and the "
            f"tokenizer fit it. {error}"
        ) from error


def average(checkpoints: Sequence[Checkpoint]) -> Checkpoint:
    """The mean of the weights of several checkpoints of one run (Junczys-Dowmunt et al. 2016)."""
    if not checkpoints:
        raise RecipeError("There are no checkpoints to average.")
    first = checkpoints[0]
    if any(other.shape != first.shape for other in checkpoints):
        raise RecipeError("Only checkpoints of one shape can be averaged.")
    weights = {
        name: torch.stack([checkpoint.weights[name] for checkpoint in checkpoints]).mean(dim=0)
        for name in first.weights
    }
    return Checkpoint(weights=weights, shape=first.shape)
