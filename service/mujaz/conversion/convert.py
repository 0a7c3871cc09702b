"""From a checkpoint to a model directory that has passed its self-test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mujaz.conversion.checkpoint import Checkpoint, CheckpointKind, read_checkpoint
from mujaz.conversion.description import describe
from mujaz.conversion.layout import Layout, layout_of
from mujaz.conversion.model_card import ModelCard, read_model_card
from mujaz.conversion.request import ConversionRequest, check_fields
from mujaz.conversion.staging import check_output, staged
from mujaz.conversion.weights import convert_weights, marian_vocabulary, require_packages
from mujaz.engine.manifest import ModelTask, write_manifest
from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import thread_policy
from mujaz.errors import ConversionFailed, FieldInvalid, ModelDamaged

_TASKS = {
    CheckpointKind.MARIAN_NATIVE: ModelTask.TRANSLATION,
    CheckpointKind.MARIAN: ModelTask.TRANSLATION,
    CheckpointKind.M2M100: ModelTask.TRANSLATION,
    CheckpointKind.NLLB: ModelTask.TRANSLATION,
    CheckpointKind.PEGASUS: ModelTask.SUMMARIZATION,
}


def convert(request: ConversionRequest, *, report: Callable[[str], None]) -> Path:
    """Makes the model directory `request.output` of the checkpoint `request.source`. Blocks.

    `report` is told of each long step. The directory appears once it is complete and the model in
    it has passed its self-test. Raises FieldInvalid for what the caller has to choose otherwise,
    ConversionFailed for everything else; then nothing is left of the attempt.
    """
    check_fields(
        name=request.name,
        source_language=request.source_language,
        target_language=request.target_language,
    )
    check_output(request.output, force=request.force)
    checkpoint = read_checkpoint(request.source)
    card = read_model_card(request.source)
    license = _license(request, card)
    task = _task(request, checkpoint, card)
    request = replace(request, target_language=_target(request, task))
    report(f"{request.source}: {checkpoint.kind} checkpoint, {task}, {license}")
    require_packages(checkpoint.kind, request.quantization)
    is_native = checkpoint.kind is CheckpointKind.MARIAN_NATIVE
    vocabulary = marian_vocabulary(checkpoint) if is_native else ()
    layout = layout_of(checkpoint, request, task=task, native_vocabulary=vocabulary)
    with staged(request.output, force=request.force) as directory:
        report(f"converting the weights to {request.quantization}")
        facts = convert_weights(checkpoint, layout, directory, quantization=request.quantization)
        files = _copy_pieces(layout, directory)
        manifest = describe(
            checkpoint,
            request,
            directory=directory,
            layout=layout,
            facts=facts,
            task=task,
            license=license,
            tokenizer_files=files,
        )
        write_manifest(directory, manifest)
        report("testing the model")
        _self_test(directory)
    return request.output


def _license(request: ConversionRequest, card: ModelCard) -> str:
    license = request.license or card.license
    if not license:
        raise FieldInvalid(
            "the checkpoint states no licence; read its terms, and name them with --license",
            field="license",
        )
    return license


def _task(request: ConversionRequest, checkpoint: Checkpoint, card: ModelCard) -> ModelTask:
    stated = checkpoint.config.get("task_specific_params") or {}
    named = [task for task in ModelTask if any(key.startswith(task.value) for key in stated)]
    guess = _TASKS.get(checkpoint.kind) or card.task
    task = request.task or guess or (named[0] if len(named) == 1 else None)
    if task is None:
        raise FieldInvalid(
            "the checkpoint does not say what it does; name it with --task", field="task"
        )
    return task


def _target(request: ConversionRequest, task: ModelTask) -> str:
    if request.target_language:
        return request.target_language
    return request.source_language if task is ModelTask.SUMMARIZATION else "en"


def _copy_pieces(layout: Layout, directory: Path) -> tuple[str, str]:
    """Copies the SentencePiece files; the names they get, source and target."""
    if layout.source_pieces == layout.target_pieces:
        names = ("sentencepiece.model", "sentencepiece.model")
    else:
        names = ("source.spm", "target.spm")
    for name, path in zip(names, (layout.source_pieces, layout.target_pieces), strict=True):
        shutil.copyfile(path, directory / name)
    return names


def _self_test(directory: Path) -> None:
    try:
        model = LoadedModel.load(directory, thread_policy(1))
        model.self_test()
    except ModelDamaged as error:
        raise ConversionFailed(
            "The converted model does not work; check the languages and the task, or give another "
            "self-test sentence.",
            cause=error.metadata.get("cause") or error.message,
        ) from error
