from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mujaz.engine.manifest import ModelTask, SelfTest
from mujaz.engine.model import LoadedModel
from mujaz.engine.registry import ModelRegistry
from mujaz.engine.threads import ThreadPolicy
from mujaz.errors import LanguageUnsupported, ModelDamaged, ModelNotFound
from mujaz.settings import SettingInvalid
from tests.tiny_model import write_tiny_model

ONE_THREAD = ThreadPolicy(1, 1)
TRANSLATION, SUMMARIZATION = ModelTask.TRANSLATION, ModelTask.SUMMARIZATION


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two translators of one pair, one of another, and a summarizer."""
    path = tmp_path / "models"
    write_tiny_model(path / "second", name="second")
    write_tiny_model(path / "first", name="first")
    write_tiny_model(
        path / "english", name="english-french", source_language="en", target_language="fr"
    )
    write_tiny_model(path / "brief", name="brief", task=SUMMARIZATION, target_language="ar")
    return path


@pytest.fixture
def registry(directory: Path) -> ModelRegistry:
    return ModelRegistry.load(directory, thread_count=1)


def is_loaded(model: LoadedModel) -> bool:
    try:
        model.decode_batch([model.encode("قال")], model.manifest.decoding)
    except RuntimeError:
        return False
    return True


def test_starter_models_are_loaded_and_tested() -> None:
    registry = ModelRegistry.load(Path(__file__).parents[2] / "models", thread_count=1)
    assert [model.name for model in registry.models()] == ["models/ar-brief", "models/ar-en"]
    assert registry.loaded_tasks == {TRANSLATION, SUMMARIZATION}


def test_models_are_listed_by_name(registry: ModelRegistry) -> None:
    names = ["models/brief", "models/english-french", "models/first", "models/second"]
    assert [model.name for model in registry.models()] == names


class TestLease:
    def test_takes_the_first_model_of_a_pair(self, registry: ModelRegistry) -> None:
        with registry.lease(TRANSLATION, source_language="ar", target_language="en") as lease:
            assert lease.model.name == "models/first"

    def test_takes_the_named_model(self, registry: ModelRegistry) -> None:
        with registry.lease(TRANSLATION, name="models/second") as lease:
            assert lease.model.name == "models/second"

    def test_takes_a_model_of_the_task(self, registry: ModelRegistry) -> None:
        with registry.lease(SUMMARIZATION, source_language="ar") as lease:
            assert lease.model.name == "models/brief"

    @pytest.mark.parametrize("code", ["ar", "AR", "ar-EG", "ar-Arab-EG"])
    def test_serves_the_regions_of_a_language(self, registry: ModelRegistry, code: str) -> None:
        with registry.lease(TRANSLATION, source_language=code) as lease:
            assert lease.model.manifest.source_language == "ar"

    @pytest.mark.parametrize("code", ["arz", "a", "fr", "en-GB-x-ar"])
    def test_does_not_mistake_one_language_for_another(
        self, registry: ModelRegistry, code: str
    ) -> None:
        with pytest.raises(LanguageUnsupported) as caught:
            registry.lease(TRANSLATION, source_language=code, target_language="en")
        assert caught.value.metadata == {
            "source": code,
            "target": "en",
            "supported": "ar→en, en→fr",
        }

    def test_of_a_named_model_checks_its_languages(self, registry: ModelRegistry) -> None:
        with pytest.raises(LanguageUnsupported) as caught:
            registry.lease(TRANSLATION, name="models/first", source_language="en")
        assert caught.value.metadata["supported"] == "ar→en"

    @pytest.mark.parametrize("name", ["models/third", "first", "models/brief"])
    def test_of_an_unknown_name_says_what_is_loaded(
        self, registry: ModelRegistry, name: str
    ) -> None:
        with pytest.raises(ModelNotFound) as caught:
            registry.lease(TRANSLATION, name=name)
        assert caught.value.name == name
        assert "models/english-french, models/first, models/second" in caught.value.message

    def test_of_a_task_no_model_does_is_refused(self, directory: Path) -> None:
        shutil.rmtree(directory / "brief")
        registry = ModelRegistry.load(directory, thread_count=1)
        with pytest.raises(ModelNotFound, match="loaded for summarization: none"):
            registry.lease(SUMMARIZATION)


class TestReload:
    def test_keeps_models_that_did_not_change(
        self, registry: ModelRegistry, directory: Path
    ) -> None:
        before = registry.models()
        registry.replace(registry.load_again(directory, thread_count=1))
        assert all(new is old for new, old in zip(registry.models(), before, strict=True))
        assert all(is_loaded(model) for model in before)

    def test_swaps_a_changed_model_and_frees_the_old_one_after_its_last_lease(
        self, registry: ModelRegistry, directory: Path
    ) -> None:
        first, second = (registry.lease(TRANSLATION, name="models/first") for _ in range(2))
        old = first.model
        shutil.rmtree(directory / "first")
        write_tiny_model(directory / "first", name="first", seed=8)

        registry.replace(registry.load_again(directory, thread_count=1))

        with registry.lease(TRANSLATION, name="models/first") as lease:
            assert lease.model.revision != old.revision
        first.close()
        first.close()
        assert is_loaded(old)
        second.close()
        assert not is_loaded(old)

    def test_frees_an_unused_model_that_is_gone(
        self, registry: ModelRegistry, directory: Path
    ) -> None:
        with registry.lease(SUMMARIZATION) as lease:
            old = lease.model
        shutil.rmtree(directory / "brief")
        registry.replace(registry.load_again(directory, thread_count=1))
        assert registry.loaded_tasks == {TRANSLATION}
        assert not is_loaded(old)

    def test_changes_nothing_where_a_new_model_is_damaged(
        self, registry: ModelRegistry, directory: Path
    ) -> None:
        before = registry.models()
        write_tiny_model(directory / "third", name="third", self_test=SelfTest("قال", pattern="Z"))
        with pytest.raises(ModelDamaged):
            registry.replace(registry.load_again(directory, thread_count=1))
        assert registry.models() == before
        assert all(is_loaded(model) for model in before)

    def test_never_drops_a_call_in_flight(self, registry: ModelRegistry, directory: Path) -> None:
        stop = threading.Event()

        def call_until_stopped() -> int:
            count = 0
            while not stop.is_set() or count == 0:
                with registry.lease(TRANSLATION, name="models/first") as lease:
                    assert is_loaded(lease.model)
                count += 1
            return count

        with ThreadPoolExecutor(2) as pool:
            callers = [pool.submit(call_until_stopped) for _ in range(2)]
            for seed in range(20, 25):
                shutil.rmtree(directory / "first")
                write_tiny_model(directory / "first", name="first", seed=seed)
                registry.replace(registry.load_again(directory, thread_count=1))
            stop.set()
            assert all(caller.result() > 0 for caller in callers)


def test_replacing_all_models_by_none_frees_them(registry: ModelRegistry) -> None:
    models = registry.models()
    registry.replace(())
    assert registry.models() == ()
    assert not any(is_loaded(model) for model in models)


class TestRefusal:
    def test_of_a_directory_without_models_names_what_is_there(self, tmp_path: Path) -> None:
        (tmp_path / "ar-en").mkdir()
        with pytest.raises(ModelDamaged) as caught:
            ModelRegistry.load(tmp_path, thread_count=1)
        assert caught.value.metadata == {
            "directory": str(tmp_path),
            "without_manifest": "ar-en",
        }

    def test_of_a_directory_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ModelDamaged, match="cannot be read"):
            ModelRegistry.load(tmp_path / "missing", thread_count=1)

    def test_of_two_models_with_one_name(self, tmp_path: Path) -> None:
        for seed, name in enumerate(("a", "b")):
            write_tiny_model(tmp_path / name, name="same", seed=seed)
        with pytest.raises(ModelDamaged, match="same name"):
            ModelRegistry.load(tmp_path, thread_count=1)

    def test_of_a_model_that_fails_its_self_test(self, tmp_path: Path) -> None:
        write_tiny_model(tmp_path / "endless", end_bias=-1e4)
        with pytest.raises(ModelDamaged, match="self-test"):
            ModelRegistry.load(tmp_path, thread_count=1)


class TestDefaults:
    def test_come_before_the_first_by_name_and_after_a_name(self, directory: Path) -> None:
        registry = ModelRegistry.load(directory, thread_count=1, defaults=["second", "brief"])
        with registry.lease(TRANSLATION, source_language="ar") as lease:
            assert lease.model.name == "models/second"
        with registry.lease(TRANSLATION, name="models/first") as lease:
            assert lease.model.name == "models/first"
        with registry.lease(TRANSLATION, source_language="en") as lease:
            assert lease.model.name == "models/english-french"
        defaults = [model.name for model in registry.models() if registry.is_default(model)]
        assert defaults == ["models/brief", "models/english-french", "models/second"]

    def test_that_are_not_there_are_refused_with_those_that_are(self, directory: Path) -> None:
        message = "there is no model third; there are brief, english-french, first, second"
        with pytest.raises(SettingInvalid, match=message):
            ModelRegistry.load(directory, thread_count=1, defaults=["first", "third"])

    def test_hold_after_a_reload_and_keep_the_old_models_where_they_are_gone(
        self, directory: Path
    ) -> None:
        registry = ModelRegistry.load(directory, thread_count=1, defaults=["second"])
        write_tiny_model(directory / "another", name="another")
        registry.replace(registry.load_again(directory, thread_count=1))
        with registry.lease(TRANSLATION, source_language="ar") as lease:
            assert lease.model.name == "models/second"
        shutil.rmtree(directory / "second")
        with pytest.raises(SettingInvalid, match="no model second"):
            registry.load_again(directory, thread_count=1)
        with registry.lease(TRANSLATION, source_language="ar") as lease:
            assert lease.model.name == "models/second"


def test_a_file_damaged_since_the_start_is_found_at_the_reload(
    registry: ModelRegistry, directory: Path
) -> None:
    weights = directory / "first" / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ModelDamaged) as caught:
        registry.load_again(directory, thread_count=1)
    assert caught.value.metadata["file"] == str(weights)
