"""The optimizers: Muon for the matrices of the layers, AdamW for everything else."""

from __future__ import annotations

import torch

from .experiment import Optimization
from .transformer import Transformer

_MUON_MOMENTUM = 0.95
_ADAM_BETAS = (0.9, 0.98)
_ADAM_EPSILON = 1e-9


def make_optimizers(
    network: Transformer, choices: Optimization
) -> tuple[torch.optim.Optimizer, ...]:
    """Muon (Jordan et al. 2024) and AdamW (Loshchilov and Hutter 2019) over all parameters.

    Embeddings, norms and biases go to AdamW: Muon orthogonalizes updates, which fits linear maps.
    """
    matrices: list[torch.nn.Parameter] = []
    others: list[torch.nn.Parameter] = []
    for name, weight in network.named_parameters():
        is_matrix = weight.ndim == 2 and "embedding" not in name
        (matrices if is_matrix else others).append(weight)
    return (
        torch.optim.Muon(
            matrices,
            lr=choices.muon_learning_rate,
            weight_decay=choices.weight_decay,
            momentum=_MUON_MOMENTUM,
        ),
        torch.optim.AdamW(
            others,
            lr=choices.adam_learning_rate,
            betas=_ADAM_BETAS,
            eps=_ADAM_EPSILON,
            weight_decay=0.0,
        ),
    )
