"""Which weights of the network go where in a CTranslate2 model.

CTranslate2 keeps the maps that read the same input as one: query, key and value of self-attention,
key and value of attention over the source. Each name here is a scope of the CTranslate2 model; the
value has the names of the network's modules, in the order in which their rows are joined.
"""

from __future__ import annotations

from .experiment import ModelShape

EMBEDDING_SCOPES = ("encoder/embeddings_0", "decoder/embeddings")
PROJECTION_SCOPE = "decoder/projection"
POSITION_SCOPES = ("encoder/position_encodings", "decoder/position_encodings")


def linear_maps(shape: ModelShape) -> dict[str, tuple[str, ...]]:
    """The linear maps of all layers; each has `weight` and `bias` on both sides."""
    maps: dict[str, tuple[str, ...]] = {}
    for number in range(shape.encoder_layer_count):
        scope, module = f"encoder/layer_{number}", f"encoder.{number}"
        maps |= _self_attention(scope, f"{module}.attention")
        maps |= _feed_forward(scope, module)
    for number in range(shape.decoder_layer_count):
        scope, module = f"decoder/layer_{number}", f"decoder.{number}"
        maps |= _self_attention(scope, f"{module}.self_attention")
        across = f"{module}.cross_attention"
        maps[f"{scope}/attention/linear_0"] = (f"{across}.query",)
        maps[f"{scope}/attention/linear_1"] = (f"{across}.key", f"{across}.value")
        maps[f"{scope}/attention/linear_2"] = (f"{across}.output",)
        maps |= _feed_forward(scope, module)
    return maps


def norms(shape: ModelShape) -> dict[str, str]:
    """The layer norms; `gamma` and `beta` there are `weight` and `bias` of the network's."""
    names = {
        "encoder/layer_norm": "encoder_norm",
        "decoder/layer_norm": "decoder_norm",
    }
    for number in range(shape.encoder_layer_count):
        scope, module = f"encoder/layer_{number}", f"encoder.{number}"
        names[f"{scope}/self_attention/layer_norm"] = f"{module}.norm1"
        names[f"{scope}/ffn/layer_norm"] = f"{module}.norm2"
    for number in range(shape.decoder_layer_count):
        scope, module = f"decoder/layer_{number}", f"decoder.{number}"
        names[f"{scope}/self_attention/layer_norm"] = f"{module}.norm1"
        names[f"{scope}/attention/layer_norm"] = f"{module}.norm2"
        names[f"{scope}/ffn/layer_norm"] = f"{module}.norm3"
    return names


def _self_attention(scope: str, module: str) -> dict[str, tuple[str, ...]]:
    return {
        f"{scope}/self_attention/linear_0": (
            f"{module}.query",
            f"{module}.key",
            f"{module}.value",
        ),
        f"{scope}/self_attention/linear_1": (f"{module}.output",),
    }


def _feed_forward(scope: str, module: str) -> dict[str, tuple[str, ...]]:
    return {
        f"{scope}/ffn/linear_0": (f"{module}.ffn.up",),
        f"{scope}/ffn/linear_1": (f"{module}.ffn.down",),
    }
