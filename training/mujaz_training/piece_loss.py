"""Cross entropy over all pieces, computed in blocks, so that no table of all scores is kept."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_BLOCK_TOKENS = 256


def piece_loss(
    states: Tensor, weight: Tensor, bias: Tensor, *, gold: Tensor, smoothing: float
) -> Tensor:
    """Mean negative log likelihood of `gold` [tokens] given decoder states [tokens, width].

    The scores are `states @ weight.T + bias`, multiplied in the type of `states` and summed up in
    float32. Labels are smoothed over all pieces (Szegedy et al. 2016): the same as
    `torch.nn.functional.cross_entropy`.
    """
    # PyTorch gives `apply` no types.
    loss: Tensor = _PieceLoss.apply(  # type: ignore[no-untyped-call]
        states, weight, bias, gold, smoothing
    )
    return loss


class _PieceLoss(torch.autograd.Function):
    """Takes the gradients on the way forward, while the scores of a block are at hand."""

    @staticmethod
    def forward(  # noqa: PLR0917 - `apply` passes by position
        context: Any, states: Tensor, weight: Tensor, bias: Tensor, gold: Tensor, smoothing: float
    ) -> Tensor:
        matrix, offset = weight.to(states.dtype), bias.to(states.dtype)
        state_gradient = torch.empty_like(states)
        weight_gradient = torch.zeros_like(weight)
        bias_gradient = torch.zeros_like(bias)
        loss = torch.zeros((), device=states.device)
        count, piece_count = len(states), len(weight)
        for start in range(0, count, _BLOCK_TOKENS):
            block = slice(start, start + _BLOCK_TOKENS)
            scores = torch.addmm(offset, states[block], matrix.T).float()
            correct = scores.gather(1, gold[block, None])
            normalizer = torch.logsumexp(scores, dim=1, keepdim=True)
            loss += (normalizer - (1 - smoothing) * correct).sum()
            loss -= smoothing * scores.mean(dim=1).sum()
            # In place, scores become their gradient: the likelihood less the smoothed label.
            scores.sub_(normalizer).exp_().sub_(smoothing / piece_count)
            ones = torch.full_like(correct, smoothing - 1)
            scores.scatter_add_(1, gold[block, None], ones).div_(count)
            bias_gradient += scores.sum(dim=0)
            gradient = scores.to(states.dtype)
            state_gradient[block] = gradient @ matrix
            weight_gradient += gradient.T @ states[block]
        context.save_for_backward(state_gradient, weight_gradient, bias_gradient)
        return loss / count

    @staticmethod
    def backward(context: Any, *outer: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        states, weight, bias = context.saved_tensors
        factor = outer[0]
        return states * factor, weight * factor, bias * factor, None, None
