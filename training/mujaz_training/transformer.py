"""A pre-norm encoder-decoder Transformer (Vaswani et al. 2017) that CTranslate2 can run.

Source, target and output share one embedding matrix, positions are sinusoidal, the feed-forward
is ReLU: the plain choices, which CTranslate2's kernels for the CPU run fastest.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .experiment import ModelShape
from .tokenization import PAD


def sinusoidal_positions(length: int, width: int) -> Tensor:
    """The fixed table of positions, [length, width]: sines in the first half, then cosines."""
    position = torch.arange(length, dtype=torch.float32)[:, None]
    exponent = torch.arange(width // 2, dtype=torch.float32) / (width // 2 - 1)
    angle = position * torch.exp(-math.log(10000.0) * exponent)[None, :]
    return torch.cat([angle.sin(), angle.cos()], dim=1)


class Attention(nn.Module):
    """Attention of several heads, of `x` [batch, length, width] over `memory`."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.head_count = shape.head_count
        self.query = nn.Linear(shape.width, shape.width)
        self.key = nn.Linear(shape.width, shape.width)
        self.value = nn.Linear(shape.width, shape.width)
        self.output = nn.Linear(shape.width, shape.width)

    def forward(
        self, x: Tensor, memory: Tensor, mask: Tensor | None, *, causal: bool = False
    ) -> Tensor:
        attended = F.scaled_dot_product_attention(
            self._heads(self.query(x)),
            self._heads(self.key(memory)),
            self._heads(self.value(memory)),
            attn_mask=mask,
            is_causal=causal,
        )
        joined: Tensor = self.output(attended.transpose(1, 2).reshape(x.shape))
        return joined

    def _heads(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.head_count, width // self.head_count).transpose(1, 2)


class FeedForward(nn.Module):
    """Two linear maps with a ReLU between them."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.up = nn.Linear(shape.width, shape.feed_forward_width)
        self.down = nn.Linear(shape.feed_forward_width, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.down(F.relu(self.up(x)))
        return result


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward, each after its norm and around a residual."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.attention, self.ffn = Attention(shape), FeedForward(shape)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        normed = self.norm1(x)
        x = x + self.drop(self.attention(normed, normed, mask))
        result: Tensor = x + self.drop(self.ffn(self.norm2(x)))
        return result


class DecoderLayer(nn.Module):
    """Causal self-attention, attention over the source, feed-forward."""

    def __init__(self, shape: ModelShape) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(shape.width)
        self.norm2 = nn.LayerNorm(shape.width)
        self.norm3 = nn.LayerNorm(shape.width)
        self.self_attention, self.cross_attention = Attention(shape), Attention(shape)
        self.ffn = FeedForward(shape)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, memory: Tensor, memory_mask: Tensor) -> Tensor:
        normed = self.norm1(x)
        x = x + self.drop(self.self_attention(normed, normed, None, causal=True))
        x = x + self.drop(self.cross_attention(self.norm2(x), memory, memory_mask))
        result: Tensor = x + self.drop(self.ffn(self.norm3(x)))
        return result


class Transformer(nn.Module):
    """The whole network; calling it gives decoder states, which `logits` maps to the pieces."""

    positions: Tensor

    def __init__(self, shape: ModelShape, vocabulary_size: int) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(vocabulary_size, shape.width)
        self.output_bias = nn.Parameter(torch.zeros(vocabulary_size))
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layer_count))
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layer_count))
        self.encoder_norm = nn.LayerNorm(shape.width)
        self.decoder_norm = nn.LayerNorm(shape.width)
        self.drop = nn.Dropout(shape.dropout)
        table = sinusoidal_positions(shape.position_count, shape.width)
        self.register_buffer("positions", table, persistent=False)
        self._initialize()

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Decoder states [batch, target length, width] for ids [batch, length]."""
        memory, mask = self.encode(source)
        return self.decode(target, memory, mask)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Encoder states, and the mask that hides padding from attention over them."""
        mask = (source != PAD)[:, None, None, :]
        x = self._embed(source)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x), mask

    def decode(self, target: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Decoder states of `target`, which begins with the start token."""
        x = self._embed(target)
        for layer in self.decoder:
            x = layer(x, memory, mask)
        states: Tensor = self.decoder_norm(x)
        return states

    def logits(self, states: Tensor) -> Tensor:
        """Scores of every piece, not normalized."""
        return F.linear(states, self.embedding.weight, self.output_bias.to(states.dtype))

    def _embed(self, ids: Tensor) -> Tensor:
        x = self.embedding(ids) * math.sqrt(self.shape.width) + self.positions[: ids.shape[1]]
        dropped: Tensor = self.drop(x)
        return dropped

    def _initialize(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.embedding.weight, std=self.shape.width**-0.5)
