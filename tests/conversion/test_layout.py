"""What stands around the pieces, family by family, from the files of a checkpoint alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mujaz.conversion.checkpoint import Checkpoint, read_checkpoint
from mujaz.conversion.layout import Layout, layout_of
from mujaz.engine.manifest import ModelTask, TokenizerScheme
from mujaz.errors import ConversionFailed, FieldInvalid
from tests.conversion.conversion_request import request_for
from tests.conversion.pieces import names, pieces

T5_PIECES = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}


def write_checkpoint(
    directory: Path,
    *,
    model: bytes | None = None,
    file: str = "sentencepiece.bpe.model",
    tokenizer: dict[str, Any] | None = None,
    added: dict[str, int] | None = None,
    **config: Any,
) -> Checkpoint:
    """A checkpoint whose weights are empty; the vocabulary has 10 rows more than it needs."""
    model = pieces() if model is None else model
    settings = {"vocab_size": len(names(model)) + 200, **config}
    (directory / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    (directory / "tokenizer_config.json").write_text(json.dumps(tokenizer or {}), encoding="utf-8")
    (directory / "added_tokens.json").write_text(json.dumps(added or {}), encoding="utf-8")
    (directory / "model.safetensors").touch()
    (directory / file).write_bytes(model)
    return read_checkpoint(directory)


def layout(checkpoint: Checkpoint, **changes: Any) -> Layout:
    task = changes.pop("task", ModelTask.TRANSLATION)
    request = request_for(checkpoint.directory, Path("unused"), **changes)
    return layout_of(checkpoint, request, task=task)


def t5(directory: Path, **options: Any) -> Checkpoint:
    model = options.pop("model", pieces(**T5_PIECES))
    return write_checkpoint(directory, file="spiece.model", model=model, model_type="t5", **options)


def test_bart_has_a_start_and_an_end_around_the_pieces(tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path, model_type="bart", decoder_start_token_id=2)
    made = layout(checkpoint)
    assert made.scheme is TokenizerScheme.BART
    assert (made.source_prefix, made.source_suffix) == (("<s>",), ("</s>",))
    assert (made.target_prefix, made.start_token) == ((), "</s>")


def test_a_token_outputs_are_forced_to_begin_with_is_their_prefix(tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path, model_type="bart", forced_bos_token_id=0)
    assert layout(checkpoint).target_prefix == ("<s>",)


@pytest.mark.parametrize("number", [-1, 100_000, "2", 1.0])
def test_a_start_token_that_is_none_of_the_vocabulary_is_refused(
    tmp_path: Path, number: Any
) -> None:
    checkpoint = write_checkpoint(tmp_path, model_type="bart", decoder_start_token_id=number)
    with pytest.raises(ConversionFailed, match="decoder_start_token_id"):
        layout(checkpoint)


def test_fairseq_numbers_its_own_tokens_first(tmp_path: Path) -> None:
    model = pieces()
    vocabulary = layout(write_checkpoint(tmp_path, model_type="bart")).vocabulary
    assert vocabulary[:4] == ("<s>", "<pad>", "</s>", "<unk>")
    assert vocabulary[4:10] == tuple(names(model)[3:9])
    assert vocabulary[len(names(model)) + 1] == "<mask>"
    assert vocabulary[-1] == f"<unused_{len(vocabulary) - 1}>"


def test_pieces_that_have_fairseqs_order_keep_their_numbers(tmp_path: Path) -> None:
    model = pieces(bos_id=0, pad_id=1, eos_id=2, unk_id=3)
    vocabulary = layout(write_checkpoint(tmp_path, model=model, model_type="bart")).vocabulary
    assert vocabulary[: len(names(model))] == tuple(names(model))


def test_added_tokens_have_the_rows_their_files_name(tmp_path: Path) -> None:
    row = len(names(pieces())) + 100
    checkpoint = write_checkpoint(
        tmp_path,
        model_type="bart",
        added={"<news>": row},
        tokenizer={"added_tokens_decoder": {str(row + 1): {"content": "<sport>"}}},
    )
    assert layout(checkpoint).vocabulary[row : row + 2] == ("<news>", "<sport>")


def test_tokens_than_rows_are_of_another_model(tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path, model_type="bart", vocab_size=100)
    with pytest.raises(ConversionFailed, match="not of the same model"):
        layout(checkpoint)


def test_pegasus_has_103_tokens_before_its_pieces(tmp_path: Path) -> None:
    model = pieces(**T5_PIECES)
    made = layout(
        write_checkpoint(tmp_path, file="spiece.model", model=model, model_type="pegasus")
    )
    assert made.vocabulary[:5] == ("<pad>", "</s>", "<mask_1>", "<mask_2>", "<unk_2>")
    assert made.vocabulary[104:107] == ("<unk_102>", "<unk>", names(model)[3])
    assert (made.source_suffix, made.start_token) == (("</s>",), "<pad>")


def test_the_sentinels_of_t5_count_down_behind_its_pieces(tmp_path: Path) -> None:
    made = layout(t5(tmp_path))
    count = len(names(pieces(**T5_PIECES)))
    assert made.vocabulary[count] == "<extra_id_99>"
    assert made.vocabulary[count + 99] == "<extra_id_0>"
    assert made.start_token == "<pad>"


@pytest.mark.parametrize(
    ("stated", "given", "expected"),
    [
        ("summarize: ", None, "▁summarize:"),
        ("", None, ""),
        ("summarize: ", "", ""),
        ("", "in brief:", "▁in▁brief:"),
    ],
)
def test_a_prefix_is_the_one_given_or_stated(
    tmp_path: Path, stated: str, given: str | None, expected: str
) -> None:
    checkpoint = t5(tmp_path, task_specific_params={"summarization": {"prefix": stated}})
    made = layout(checkpoint, task=ModelTask.SUMMARIZATION, prefix=given)
    assert "".join(made.source_prefix) == expected


def test_madlad_is_told_the_target_language(tmp_path: Path) -> None:
    model = pieces(user_defined_symbols="<2en>,<2fr>")
    checkpoint = t5(tmp_path, model=model, decoder_start_token_id=0)
    made = layout(checkpoint, target_language="fr")
    assert made.source_prefix == ("▁", "<2fr>")
    assert made.start_token == "<unk>"


def test_opus_mt_with_several_targets_is_told_the_one(tmp_path: Path) -> None:
    for name in ("source.spm", "target.spm"):
        (tmp_path / name).write_bytes(pieces())
    (tmp_path / "decoder.yml").write_text("models: [a.npz]\nvocabs: [v]\n", encoding="utf-8")
    checkpoint = read_checkpoint(tmp_path)
    vocabulary = ("</s>", "<unk>", ">>eng<<", ">>fra<<", *names(pieces())[3:])

    def prefix(**changes: Any) -> tuple[str, ...]:
        request = request_for(tmp_path, Path("unused"), **changes)
        task = ModelTask.TRANSLATION
        made = layout_of(checkpoint, request, task=task, native_vocabulary=vocabulary)
        return made.source_prefix

    assert prefix() == (">>eng<<",)
    assert prefix(target_language="fr") == (">>fra<<",)
    assert prefix(target_language="de", prefix=">>fra<<") == (">>fra<<",)
    assert prefix(target_language="de", prefix="") == ()
    with pytest.raises(FieldInvalid, match="--prefix"):
        prefix(target_language="de")


def test_other_tokenizers_are_refused(tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path, file="merges.txt", model_type="bart")
    with pytest.raises(ConversionFailed, match="byte-level BPE"):
        layout(checkpoint)


def test_a_vocabulary_without_an_end_is_refused(tmp_path: Path) -> None:
    model = pieces(eos_piece="<end>", bos_piece="<begin>")
    checkpoint = t5(tmp_path, model=model)
    with pytest.raises(ConversionFailed, match="no </s>"):
        layout(checkpoint)
