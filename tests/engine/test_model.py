from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import ctranslate2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mujaz.engine.digests import describe_files
from mujaz.engine.manifest import (
    MANIFEST_NAME,
    SelfTest,
    TokenizerScheme,
    TokenizerSettings,
    revision,
    write_manifest,
)
from mujaz.engine.model import LoadedModel
from mujaz.engine.protocols import Decoded, DecodingOptions, SequenceModel
from mujaz.engine.threads import ThreadPolicy
from mujaz.errors import ModelDamaged
from tests.tiny_model import POSITION_COUNT, TOKENIZER_FILE, write_tiny_model

STARTER_MODEL = Path(__file__).parents[2] / "models" / "ar-en"
NEVER_ENDS = -1e4
ONE_THREAD = ThreadPolicy(1, 1)
GREEDY = DecodingOptions(beam_size=1)
SENTENCES = (
    "قال الرئيس إن الوضع جيد.",
    "أعلنت وزارة الصحة تسجيل عشر إصابات جديدة في العاصمة يوم الأحد.",
    "القاهرة",
)


def tiny_model(directory: Path, **options: Any) -> LoadedModel:
    write_tiny_model(directory / "tiny", **options)
    return LoadedModel.load(directory / "tiny", ONE_THREAD)


def decode_one(
    model: LoadedModel, tokens: tuple[str, ...], options: DecodingOptions = GREEDY
) -> Decoded:
    return model.decode_batch([tokens], options)[0]


def test_translates_and_summarizes_by_the_same_call(
    translator: LoadedModel, summarizer: LoadedModel
) -> None:
    for model in (translator, summarizer):
        sequence_model: SequenceModel = model
        tokens = sequence_model.encode(SENTENCES[1])
        output = sequence_model.decode_batch([tokens], model.manifest.decoding)[0]
        assert output.text
        assert not output.hit_limit
        assert output.score < 0


def test_starter_models_pass_their_self_test(
    translator: LoadedModel, summarizer: LoadedModel
) -> None:
    translator.self_test()
    summarizer.self_test()


def test_names_its_exact_weights(tiny_directory: Path) -> None:
    model = LoadedModel.load(tiny_directory, ONE_THREAD)
    digits = revision((tiny_directory / MANIFEST_NAME).read_bytes())
    assert model.name == "models/tiny"
    assert model.revision == f"models/tiny@{digits}"
    assert model.revision_id == digits
    assert model.compute_type == "float32"
    assert model.max_source_token_count == model.manifest.max_source_token_count
    assert model.load_time.tzinfo is not None


def test_summarizer_reads_its_prefix_and_text_cannot_forge_it(summarizer: LoadedModel) -> None:
    assert summarizer.encode("<sum> مرحبا").count("<sum>") == 1
    assert summarizer.encode("مرحبا")[0] == "<sum>"


@given(text=st.text(st.characters(exclude_characters="▁")))
def test_encoding_keeps_all_of_the_prepared_text(translator: LoadedModel, text: str) -> None:
    tokens = translator.encode(text)
    assert translator.count_tokens(text) == len(tokens)
    assert translator._tokenizer.decode(tokens) == translator.prepare(text)


@pytest.mark.parametrize("text", ["", " \n", "\u200f\u0640"])
def test_text_with_nothing_to_read_gives_no_tokens(summarizer: LoadedModel, text: str) -> None:
    assert summarizer.encode(text) == ()
    assert summarizer.count_tokens(text) == 0


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(len(SENTENCES))))
def test_answers_come_in_the_order_of_the_batch(translator: LoadedModel, order: list[int]) -> None:
    batch = [translator.encode(SENTENCES[i]) for i in order]
    alone = [decode_one(translator, tokens).text for tokens in batch]
    together = [output.text for output in translator.decode_batch(batch, GREEDY)]
    # Padding changes the last digits, so long outputs may differ; the first word tells them apart.
    assert [text.split()[0] for text in together] == [text.split()[0] for text in alone]


def test_an_empty_batch_has_no_answers(translator: LoadedModel) -> None:
    assert translator.decode_batch([], GREEDY) == []


def test_an_empty_sequence_is_refused(translator: LoadedModel) -> None:
    with pytest.raises(ValueError, match="empty"):
        translator.decode_batch([translator.encode(SENTENCES[0]), ()], GREEDY)


def test_a_sequence_fills_all_positions_and_not_one_more(tmp_path: Path) -> None:
    model = tiny_model(tmp_path)
    # CTranslate2 adds the end token to the source.
    full = ("▁",) * (POSITION_COUNT - 1)
    assert decode_one(model, full).text
    with pytest.raises(ValueError, match=f"{POSITION_COUNT} tokens"):
        decode_one(model, (*full, "▁"))


def test_an_output_the_limit_ended_says_so(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, end_bias=NEVER_ENDS)
    tokens = model.encode("قال الرئيس")
    output = decode_one(model, tokens)
    assert output.hit_limit
    assert output.token_count == -(-len(tokens) * 3 // 2) + 8


def test_an_output_never_runs_past_the_positions(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, end_bias=NEVER_ENDS, target_token_ratio=100.0)
    output = decode_one(model, model.encode("قال الرئيس"))
    assert output.hit_limit
    assert output.token_count == POSITION_COUNT


@pytest.mark.parametrize("beam_size", [1, 4])
def test_the_score_is_a_mean_whatever_the_length_penalty(
    translator: LoadedModel, beam_size: int
) -> None:
    tokens = translator.encode(SENTENCES[2])
    outputs = [
        decode_one(translator, tokens, DecodingOptions(beam_size, length_penalty=penalty))
        for penalty in (0.0, 0.5, 1.0, 2.0)
    ]
    by_text = {output.text: output.score for output in outputs}
    for output in outputs:
        assert output.score == pytest.approx(by_text[output.text], abs=1e-4)


def test_the_score_is_the_mean_log_probability_of_the_tokens(translator: LoadedModel) -> None:
    tokens = translator.encode(SENTENCES[0])
    output = decode_one(translator, tokens)
    target = translator.encode(output.text)
    scored = translator._translator.score_batch([list(tokens)], [list(target)])[0].log_probs
    assert output.token_count == len(scored)
    assert output.score == pytest.approx(sum(scored) / len(scored), abs=1e-3)


def test_a_target_prefix_is_neither_output_nor_scored(tmp_path: Path) -> None:
    tokenizer = write_tiny_model(tmp_path / "plain").tokenizer
    tokenizer = replace(tokenizer, target_prefix=("<2en>",))
    model = tiny_model(tmp_path, end_bias=NEVER_ENDS, tokenizer=tokenizer)
    tokens = model.encode("قال الرئيس")
    output = decode_one(model, tokens, DecodingOptions(beam_size=1, length_penalty=0.7))

    engine, length = model._translator, output.token_count + 1
    prefix, *target = engine.translate_batch(
        [list(tokens)], target_prefix=[["<2en>"]], beam_size=1, max_decoding_length=length
    )[0].hypotheses[0]
    scored = engine.score_batch([list(tokens)], [[prefix, *target]])[0].log_probs[1:length]
    assert prefix == "<2en>"
    assert output.text == model._tokenizer.decode(target)
    assert output.score == pytest.approx(sum(scored) / len(scored), abs=1e-3)


def test_a_model_of_many_languages_reads_its_language_tokens(tmp_path: Path) -> None:
    tokenizer = TokenizerSettings(
        scheme=TokenizerScheme.NLLB,
        source_file=TOKENIZER_FILE,
        target_file=TOKENIZER_FILE,
        source_prefix=("<2ar>",),
        source_suffix=("</s>",),
        target_prefix=("<2en>",),
    )
    model = tiny_model(tmp_path, adds_source_end=False, tokenizer=tokenizer)
    tokens = model.encode("قال الرئيس")
    assert (tokens[0], tokens[-1]) == ("<2ar>", "</s>")
    first, second = model.decode_batch([tokens, tokens], DecodingOptions(beam_size=2))
    assert first == second
    assert "<2en>" not in first.text
    # The source ends itself, so it may fill every position.
    assert decode_one(model, ("<2ar>", *("▁",) * (POSITION_COUNT - 2), "</s>")).text


def test_a_prefix_the_vocabulary_lacks_is_refused(tmp_path: Path) -> None:
    tokenizer = write_tiny_model(tmp_path / "plain").tokenizer
    with pytest.raises(ModelDamaged) as caught:
        tiny_model(tmp_path, tokenizer=replace(tokenizer, source_prefix=("<2xx>",)))
    assert caught.value.metadata["token"] == "<2xx>"


def test_several_threads_share_the_weights(translator: LoadedModel) -> None:
    batch = [translator.encode(sentence) for sentence in SENTENCES]
    expected = translator.decode_batch(batch, GREEDY)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: translator.decode_batch(batch, GREEDY), range(8)))
    assert all(result == expected for result in results)


def test_an_unloaded_model_no_longer_decodes(tmp_path: Path) -> None:
    model = tiny_model(tmp_path)
    tokens = model.encode("قال الرئيس")
    model.unload()
    with pytest.raises(RuntimeError):
        decode_one(model, tokens)


class TestDamage:
    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """What CTranslate2 was asked to open."""
        calls: list[Any] = []
        monkeypatch.setattr(ctranslate2, "Translator", lambda *args, **_: calls.append(args))
        return calls

    def test_is_found_before_the_engine_reads_a_byte(
        self, tiny_directory: Path, opened: list[Any]
    ) -> None:
        path = tiny_directory / "model.bin"
        content = bytearray(path.read_bytes())
        content[100] ^= 1
        path.write_bytes(content)
        with pytest.raises(ModelDamaged) as caught:
            LoadedModel.load(tiny_directory, ONE_THREAD)
        assert caught.value.metadata["file"] == str(path)
        assert opened == []

    def test_of_the_tokenizer_is_found_as_well(
        self, tiny_directory: Path, opened: list[Any]
    ) -> None:
        path = tiny_directory / "sentencepiece.model"
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(ModelDamaged):
            LoadedModel.load(tiny_directory, ONE_THREAD)
        assert opened == []

    def test_that_the_digests_agree_with_is_the_engines_to_find(self, tmp_path: Path) -> None:
        manifest = write_tiny_model(tmp_path / "tiny")
        path = tmp_path / "tiny" / "model.bin"
        path.write_bytes(path.read_bytes()[:2000])
        files = describe_files(tmp_path / "tiny", manifest.files)
        write_manifest(tmp_path / "tiny", replace(manifest, files=files))
        with pytest.raises(ModelDamaged, match="cannot open"):
            LoadedModel.load(tmp_path / "tiny", ONE_THREAD)

    @pytest.mark.parametrize("content", ["{", "[]"])
    def test_of_a_listed_configuration_is_found(self, tmp_path: Path, content: str) -> None:
        directory = tmp_path / "tiny"
        manifest = write_tiny_model(directory)
        (directory / "config.json").write_text(content)
        files = describe_files(directory, manifest.files)
        write_manifest(directory, replace(manifest, files=files))
        with pytest.raises(ModelDamaged) as caught:
            LoadedModel.load(directory, ONE_THREAD)
        assert caught.value.metadata["file"] == str(directory / "config.json")

    def test_a_source_ended_twice_is_refused(self, tmp_path: Path) -> None:
        tokenizer = write_tiny_model(tmp_path / "plain").tokenizer
        with pytest.raises(ModelDamaged, match="add_source_eos"):
            tiny_model(tmp_path, tokenizer=replace(tokenizer, source_suffix=("</s>",)))

    @pytest.mark.parametrize(
        ("options", "cause"),
        [
            ({"end_bias": NEVER_ENDS}, "does not end"),
            ({"self_test": SelfTest("قال الرئيس", minimum_character_count=500)}, "too short"),
            ({"self_test": SelfTest("قال الرئيس", pattern="^president$")}, "pattern"),
            ({"self_test": SelfTest("قال " * 100)}, "over the model's"),
            ({"self_test": SelfTest("\u200f")}, "empty sequence"),
        ],
    )
    def test_shows_in_the_self_test(
        self, tmp_path: Path, options: dict[str, Any], cause: str
    ) -> None:
        model = tiny_model(tmp_path, **options)
        with pytest.raises(ModelDamaged) as caught:
            model.self_test()
        assert caught.value.metadata["model"] == model.revision
        assert cause in caught.value.metadata["cause"]


def test_only_the_workers_compute() -> None:
    script = f"""
import os
from pathlib import Path
from mujaz.engine.model import LoadedModel
from mujaz.engine.threads import ThreadPolicy

model = LoadedModel.load(Path({str(STARTER_MODEL)!r}), ThreadPolicy(3, 1))
model.self_test()
print(len(os.listdir("/proc/self/task")))
"""
    environment = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
    output = subprocess.check_output([sys.executable, "-c", script], env=environment)
    assert int(output) == 1 + 3
