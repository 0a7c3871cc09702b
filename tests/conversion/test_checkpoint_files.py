from __future__ import annotations

import pytest

from mujaz.conversion.checkpoint_files import checkpoint_files, holds_pickle
from mujaz.conversion.repository import RemoteFile, Repository
from mujaz.errors import CheckpointNotFound

SMALL = ("config.json", "source.spm", "target.spm", "vocab.json", "tokenizer_config.json")


def repository(*names: str) -> Repository:
    files = tuple(RemoteFile(name, 1, "0" * 40) for name in names)
    return Repository("owner/tiny", "0" * 40, None, None, files)


def chosen(*names: str) -> set[str]:
    return {file.name for file in checkpoint_files(repository(*names))}


def test_one_format_of_the_weights_is_taken_and_no_pickle_where_it_can_be_avoided() -> None:
    both = ("model.safetensors", "pytorch_model.bin", "tf_model.h5", "rust_model.ot")
    assert chosen(*SMALL, *both) == {*SMALL, "model.safetensors"}
    assert not holds_pickle(checkpoint_files(repository(*SMALL, *both)))
    assert chosen(*SMALL, *both[1:]) == {*SMALL, "pytorch_model.bin"}
    assert holds_pickle(checkpoint_files(repository(*SMALL, *both[1:])))


def test_weights_in_parts_come_with_their_index() -> None:
    parts = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
    index = "model.safetensors.index.json"
    assert chosen(*SMALL, *parts, index, "pytorch_model.bin") == {*SMALL, *parts, index}
    # An index alone is no weights.
    assert chosen(*SMALL, index, "pytorch_model.bin") == {*SMALL, "pytorch_model.bin"}


def test_nothing_is_taken_that_could_be_run_or_lies_deeper() -> None:
    others = ("modeling_x.py", "training_args.bin", "onnx/config.json", "../x/config.json")
    assert chosen(*SMALL, "model.safetensors", *others, "model-q4k.gguf") == {
        *SMALL,
        "model.safetensors",
    }


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        ("config.json", "config.json"),
        ("spiece.model", "SentencePiece"),
        ("model.safetensors", "weights"),
    ],
)
def test_what_cannot_be_converted_is_told_before_it_is_downloaded(missing: str, what: str) -> None:
    names = {"config.json", "spiece.model", "model.safetensors"} - {missing}
    with pytest.raises(CheckpointNotFound, match=f"owner/tiny cannot be converted: .*{what}"):
        checkpoint_files(repository(*names))
