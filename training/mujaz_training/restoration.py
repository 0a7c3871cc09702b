"""Turns a released model back into a checkpoint to train on from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from .checkpoint import Checkpoint
from .experiment import ModelShape, RecipeError
from .model_binary import Variable, dequantized, read_variables
from .weight_names import POSITION_SCOPES, linear_maps, norms

# Of equal variables CTranslate2 stores the first by name; an alias has no scale beside it.
_EMBEDDING = "decoder/embeddings/weight"


def restore_checkpoint(path: Path, shape: ModelShape) -> Checkpoint:
    """The weights of a `model.bin` that this recipe exported, to within its quantization.

    The optimizers' state is not in it: a run that starts from here warms up anew. Raises
    RecipeError where the model is of another shape.
    """
    variables = read_variables(path)
    _check(variables, shape, path)
    try:
        weights = _weights(variables, shape)
    except (KeyError, ValueError) as error:
        raise RecipeError(
            f"{path} was not exported by this recipe, or with another [model]: {error}"
        ) from error
    return Checkpoint(
        weights={name: torch.from_numpy(value.copy()) for name, value in weights.items()},
        shape=shape,
    )


def _check(variables: Mapping[str, Variable], shape: ModelShape, path: Path) -> None:
    found = {
        "width": _dimension(variables, _EMBEDDING, 1),
        "feed_forward_width": _dimension(variables, "encoder/layer_0/ffn/linear_0/weight", 0),
        "encoder_layer_count": _layers(variables, "encoder"),
        "decoder_layer_count": _layers(variables, "decoder"),
        "head_count": int(variables["encoder/num_heads"])
        if "encoder/num_heads" in variables
        else 0,
        "position_count": _dimension(variables, f"{POSITION_SCOPES[0]}/encodings", 0),
    }
    for name, value in found.items():
        if value != getattr(shape, name):
            raise RecipeError(
                f"{path} has {name} {value}, the experiment {getattr(shape, name)}; make [model] "
                "of the experiment fit the released model."
            )


def _dimension(variables: Mapping[str, Variable], name: str, axis: int) -> int:
    return int(variables[name].shape[axis]) if name in variables else 0


def _layers(variables: Mapping[str, Variable], side: str) -> int:
    scopes = {name.split("/")[1] for name in variables if name.startswith(f"{side}/layer_")}
    return len(scopes - {"layer_norm"})


def _weights(
    variables: Mapping[str, Variable], shape: ModelShape
) -> dict[str, npt.NDArray[np.float32]]:
    weights = {
        "embedding.weight": dequantized(variables, _EMBEDDING),
        "output_bias": dequantized(variables, "decoder/projection/bias"),
    }
    for scope, modules in linear_maps(shape).items():
        for kind in ("weight", "bias"):
            parts = np.split(dequantized(variables, f"{scope}/{kind}"), len(modules))
            for module, part in zip(modules, parts, strict=True):
                weights[f"{module}.{kind}"] = part
    for scope, module in norms(shape).items():
        weights[f"{module}.weight"] = dequantized(variables, f"{scope}/gamma")
        weights[f"{module}.bias"] = dequantized(variables, f"{scope}/beta")
    return weights
