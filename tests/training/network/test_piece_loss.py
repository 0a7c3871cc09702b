from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mujaz_training.piece_loss import piece_loss


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("count", [1, 256, 600])
def test_loss_and_gradients_are_those_of_cross_entropy(smoothing: float, count: int) -> None:
    generator = torch.Generator().manual_seed(3)
    states = torch.randn(count, 8, generator=generator)
    weight = torch.randn(50, 8, generator=generator)
    bias = torch.randn(50, generator=generator)
    gold = torch.randint(0, 50, (count,), generator=generator)
    results = []
    for blockwise in (True, False):
        inputs = [tensor.clone().requires_grad_() for tensor in (states, weight, bias)]
        if blockwise:
            loss = piece_loss(*inputs, gold=gold, smoothing=smoothing)
        else:
            scores = F.linear(*inputs)
            loss = F.cross_entropy(scores, gold, label_smoothing=smoothing)
        torch.autograd.backward(3 * loss)
        results.append([loss.detach(), *(tensor.grad for tensor in inputs)])
    for ours, theirs in zip(*results, strict=True):
        assert ours is not None
        assert theirs is not None
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)
