"""The whole recipe on sentences written for it: from text to a model that the service loads."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import click
import ctranslate2
import numpy as np
import pytest
import sentencepiece
import torch
from click.testing import CliRunner

from mujaz.engine.manifest import read_manifest
from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import ThreadPolicy
from mujaz_training.checkpoint import Checkpoint, load_checkpoint, open_network
from mujaz_training.experiment import load_experiment
from mujaz_training.packed_pairs import load_packed
from mujaz_training.training_run import TrainingRun
from training.backtranslate import main as backtranslate
from training.export import main as export
from training.prepare import main as prepare
from training.release import main as release
from training.restore import main as restore
from training.tokenizer import main as tokenizer

pytestmark = pytest.mark.training

TRAINING = Path(__file__).resolve().parents[3] / "training"
EXPERIMENT = TRAINING / "experiments" / "tiny.toml"
HELD_OUT = "The minister said that the old school in the large city of Tunis will open its doors."

SPEAKERS = [
    ("الوزير", "minister"),
    ("المعلم", "teacher"),
    ("الطبيب", "doctor"),
    ("التاجر", "trader"),
]
SUBJECTS = [
    ("المدرسة", "school"),
    ("السوق", "market"),
    ("المستشفى", "hospital"),
    ("المكتبة", "library"),
]
NAMES = [
    ("القاهرة", "Cairo"),
    ("تونس", "Tunis"),
    ("بغداد", "Baghdad"),
    ("عمان", "Amman"),
    ("مراكش", "Marrakesh"),
]
FRAMES = [
    ("قال {0} إن {1} في {2}.", "The {0} said the {1} is in {2}."),
    ("زار {0} {1} في {2} عام {3}.", "The {0} visited the {1} in {2} in {3}."),
    ("فتح {0} {1} الجديدة في {2}.", "The {0} opened the new {1} in {2}."),
]


def run(command: click.Command, *arguments: object) -> str:
    result = CliRunner().invoke(
        command, [str(argument) for argument in arguments], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Corpora, prepared and packed."""
    folder = tmp_path_factory.mktemp("recipe")
    data = folder / "data"
    data.mkdir()
    lines = [
        f"{frame[0].format(who[0], what[0], where[0], year)}\t"
        f"{frame[1].format(who[1], what[1], where[1], year)}\n"
        for year, (who, what, where, frame) in enumerate(
            itertools.product(SPEAKERS, SUBJECTS, NAMES, FRAMES), start=1900
        )
    ]
    lines.append(f"قال الوزير إن المدرسة القديمة ستفتح أبوابها.\t{HELD_OUT}\n")
    (data / "sentences.tsv").write_text("".join(lines), encoding="utf-8")
    (data / "names.tsv").write_text(
        "".join(f"{arabic}\t{english}\n" for arabic, english in NAMES), encoding="utf-8"
    )
    (data / "test.en").write_text(HELD_OUT + "\n", encoding="utf-8")
    prepared = folder / "prepared"
    run(prepare, EXPERIMENT, "--data", data, "--test-sets", data / "test.en", "--out", prepared)
    run(tokenizer, EXPERIMENT, "--prepared", prepared)
    return folder


@pytest.fixture(scope="module")
def final(work: Path) -> Path:
    """A finished checkpoint, of a run that was interrupted once and resumed.

    The clock moves a second at each look, so that the number of steps is the same everywhere.
    """
    experiment = load_experiment(EXPERIMENT)
    for stop_after_lines in (3, None):
        stop = threading.Event()
        lines: list[str] = []

        def log(
            line: str,
            *,
            limit: int | None = stop_after_lines,
            lines: list[str] = lines,
            stop: threading.Event = stop,
        ) -> None:
            lines.append(line)
            if limit is not None and len(lines) >= limit:
                stop.set()

        clock = itertools.count(0.0)
        training = TrainingRun(
            experiment,
            train=load_packed(work / "prepared" / "train.npz"),
            validation=load_packed(work / "prepared" / "validation.npz"),
            folder=work,
            total_seconds=2400,
            clock=clock.__next__,
            log=log,
        )
        assert training.train(stop) is (stop_after_lines is None)
    spent = float(lines[0].split(" of ")[0].split()[-1])
    assert spent > 1, "the second run goes on where the first stopped"
    return work / "final.pt"


@pytest.fixture(scope="module")
def exported(work: Path, final: Path) -> Path:
    """The final checkpoint as an int8 model directory, without a manifest."""
    snapshots = sorted(work.glob("snapshot-*.pt"))
    assert len(snapshots) == load_experiment(EXPERIMENT).optimization.snapshot_count
    directory = work / "model"
    run(
        export, final, snapshots[-1],
        "--tokenizer", work / "prepared" / "sentencepiece.model", "--out", directory,
    )  # fmt: skip
    return directory


def test_the_report_says_what_was_kept_and_why_the_rest_was_not(work: Path) -> None:
    report = json.loads((work / "prepared" / "report.json").read_text(encoding="utf-8"))
    assert report["corpora"]["sentences"] == {"clean": 240, "kept": 240, "test_line": 1}
    assert report["augmented"]["sentences/name_swap"] == 220
    assert HELD_OUT not in (work / "prepared" / "pairs.tsv").read_text(encoding="utf-8")


def test_the_network_learns(work: Path, final: Path) -> None:
    experiment = load_experiment(EXPERIMENT)
    validation = load_packed(work / "prepared" / "validation.npz")
    losses = [
        TrainingRun(
            experiment,
            train=validation,
            validation=validation,
            folder=work / "none",
            total_seconds=1,
            initial=initial,
        ).validate()
        for initial in (None, final)
    ]
    assert losses[1] < losses[0] / 2


def test_the_exported_model_decodes_as_the_trained_one(work: Path, final: Path) -> None:
    model = work / "float32"
    spm = work / "prepared" / "sentencepiece.model"
    run(export, final, "--tokenizer", spm, "--out", model, "--quantization", "float32")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(spm))
    translator = ctranslate2.Translator(str(model), compute_type="float32", intra_threads=1)
    checkpoint = load_checkpoint(final)
    lines = (work / "data" / "sentences.tsv").read_text(encoding="utf-8").splitlines()[::12]
    for line in lines:
        ids = pieces.encode(line.split("\t")[0])
        result = translator.translate_batch(
            [[pieces.id_to_piece(number) for number in ids]], beam_size=1, max_decoding_length=40
        )[0]
        expected = greedy_ids(checkpoint, ids, longest=40)
        assert result.hypotheses[0] == [pieces.id_to_piece(number) for number in expected]


def greedy_ids(checkpoint: Checkpoint, source: list[int], *, longest: int) -> list[int]:
    network = open_network(checkpoint)
    output = [2]
    with torch.no_grad():
        memory, mask = network.encode(torch.tensor([[*source, 3]]))
        while len(output) <= longest:
            states = network.decode(torch.tensor([output]), memory, mask)
            number = int(network.logits(states[:, -1]).argmax())
            if number == 3:
                break
            output.append(number)
    return output[1:]


def test_restored_weights_are_those_exported_to_within_a_quantization_step(
    work: Path, exported: Path
) -> None:
    run(restore, EXPERIMENT, "--model", exported, "--out", work / "restored.pt")
    restored = load_checkpoint(work / "restored.pt")
    again = work / "again"
    spm = work / "prepared" / "sentencepiece.model"
    run(export, work / "restored.pt", "--tokenizer", spm, "--out", again)
    assert (again / "model.bin").stat().st_size == (exported / "model.bin").stat().st_size
    final, snapshot = (
        load_checkpoint(path) for path in (work / "final.pt", sorted(work.glob("snapshot-*"))[-1])
    )
    assert restored.weights.keys() == final.weights.keys()
    for name, weight in restored.weights.items():
        original = (final.weights[name] + snapshot.weights[name]) / 2
        step = original.abs().amax(dim=-1, keepdim=True) / 127
        assert bool(((weight - original).abs() <= 0.51 * step + 1e-6).all()), name


def test_a_released_model_loads_in_the_service_and_is_installed(work: Path, exported: Path) -> None:
    scores = work / "scores.json"
    scores.write_text(
        json.dumps({"scores": {"test/chrf": 41.5}, "scores_signature": "sacreBLEU"}),
        encoding="utf-8",
    )
    installed = work / "models" / "tiny"
    output = run(
        release, EXPERIMENT, "--model", exported, "--scores", scores,
        "--recipe-revision", "0a1b2c3", "--install", installed,
    )  # fmt: skip
    model = LoadedModel.load(installed, ThreadPolicy(1, 1))
    model.self_test()
    assert model.revision in output
    manifest = read_manifest(installed)
    assert manifest.version == "0.0.1+0a1b2c3"
    assert manifest.scores == {"test/chrf": 41.5}
    assert [source.name for source in manifest.data_sources] == ["names", "sentences"]


def test_a_released_model_makes_synthetic_pairs(work: Path, exported: Path) -> None:
    run(release, EXPERIMENT, "--model", exported)
    text = work / "monolingual.txt"
    text.write_text("قال الوزير إن السوق في بغداد.\n\n" + "كلمة " * 90 + "\n", encoding="utf-8")
    output = work / "synthetic.tsv"
    printed = run(backtranslate, exported, "--text", text, "--out", output, "--score-floor", -9)
    assert "1 of 3 sentences" in printed
    source, _, target = output.read_text(encoding="utf-8").rstrip("\n").partition("\t")
    assert source == "قال الوزير إن السوق في بغداد."
    assert target


def test_sigterm_saves_and_ends_with_status_3(work: Path) -> None:
    folder = work / "stopped"
    process = subprocess.Popen(
        [
            sys.executable, TRAINING / "train.py", EXPERIMENT,
            "--prepared", work / "prepared", "--run", folder, "--minutes", "30", "--threads", "1",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert "parameters" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    assert process.returncode == 3
    assert "the same command goes on" in rest
    progress = load_checkpoint(folder / "last.pt").progress
    assert progress is not None
    assert 0 < progress.spent_seconds < 1800


def test_weights_of_another_shape_are_refused(work: Path, exported: Path) -> None:
    changed = work / "wide.toml"
    text = EXPERIMENT.read_text(encoding="utf-8").replace("width = 32", "width = 64", 1)
    changed.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(
        restore, [str(changed), "--model", str(exported), "--out", str(work / "none.pt")]
    )
    assert result.exit_code == 1
    assert "has width 32, the experiment 64" in result.output


def test_sources_are_cut_for_a_summarizer_and_prefixed(work: Path) -> None:
    text = EXPERIMENT.read_text(encoding="utf-8").replace(
        "maximum_source_pieces = 100",
        'maximum_source_pieces = 6\ncut_source = true\nsource_prefix = ["<sum>"]',
    )
    summarizer = work / "summarizer.toml"
    summarizer.write_text(text, encoding="utf-8")
    spm = work / "prepared" / "sentencepiece.model"
    run(tokenizer, summarizer, "--prepared", work / "prepared", "--model", spm)
    packed = load_packed(work / "prepared" / "train.npz")
    prefix = sentencepiece.SentencePieceProcessor(model_file=str(spm)).piece_to_id("<sum>")
    assert np.all(packed.source[packed.source_offsets[:-1]] == prefix)
    assert packed.source_lengths.max() == 6
