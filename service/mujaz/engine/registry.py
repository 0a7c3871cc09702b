"""The models in service, and who is using them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from mujaz.engine.manifest import MANIFEST_NAME, Manifest, ModelTask, verify_files
from mujaz.engine.model import LoadedModel, installed_revision
from mujaz.engine.selection import (
    PREFIX,
    first_that_serves,
    in_order_of_choice,
    plain_name,
    taken_instead_of,
)
from mujaz.engine.threads import thread_policy
from mujaz.errors import LanguageUnsupported, ModelDamaged, ModelNotFound
from mujaz.settings import SettingInvalid


class _Entry:
    """A model in service, or retired with leases still open."""

    __slots__ = ("lease_count", "model", "retired")

    def __init__(self, model: LoadedModel) -> None:
        self.model = model
        self.lease_count = 0
        self.retired = False


class Lease:
    """The right to use a model: until it is closed, the model stays loaded."""

    __slots__ = ("_entry", "_registry", "model")

    def __init__(self, registry: ModelRegistry, entry: _Entry) -> None:
        self.model = entry.model
        self._registry = registry
        self._entry: _Entry | None = entry

    def close(self) -> None:
        """Ends the lease; harmless when repeated."""
        entry, self._entry = self._entry, None
        if entry is not None:
            self._registry._release(entry)

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class ModelRegistry:
    """The models in service, by name. Safe to use from several threads.

    `defaults` names the models to take first where a request names none.
    """

    def __init__(self, models: Iterable[LoadedModel], *, defaults: Sequence[str] = ()) -> None:
        self._lock = threading.Lock()
        self._defaults = tuple(defaults)
        self._entries = {model.name: _Entry(model) for model in models}

    @classmethod
    def load(
        cls, directory: Path, *, thread_count: int, defaults: Sequence[str] = ()
    ) -> ModelRegistry:
        """Loads and self-tests the model of each subdirectory that has a manifest. Blocks.

        Raises ModelDamaged where there is none, where one is damaged, and where two share a name,
        SettingInvalid where one of `defaults` is none of them.
        """
        models = _load_models(directory, thread_count, kept={}, defaults=defaults)
        return cls(models, defaults=defaults)

    def load_again(self, directory: Path, *, thread_count: int) -> list[LoadedModel]:
        """The models that `directory` now holds, for `replace`; raises as `load` does. Blocks.

        Those of an unchanged revision are the ones in service, their files verified again.
        """
        kept = {model.revision: model for model in self.models()}
        return _load_models(directory, thread_count, kept=kept, defaults=self._defaults)

    def replace(self, models: Iterable[LoadedModel]) -> None:
        """Makes `models` the ones in service; the others are unloaded when their leases end."""
        with self._lock:
            before = self._entries
            self._entries = {}
            for model in models:
                entry = before.get(model.name)
                if entry is None or entry.model is not model:
                    entry = _Entry(model)
                self._entries[model.name] = entry
            retired = [e for name, e in before.items() if self._entries.get(name) is not e]
            for entry in retired:
                entry.retired = True
            idle = [entry.model for entry in retired if entry.lease_count == 0]
        for model in idle:
            model.unload()

    def models(self) -> tuple[LoadedModel, ...]:
        """The models in service, sorted by name."""
        with self._lock:
            return tuple(entry.model for _, entry in sorted(self._entries.items()))

    def is_default(self, model: LoadedModel) -> bool:
        """Whether requests for its task and languages that name no model get this one."""
        manifests = [each.manifest for each in self.models()]
        return taken_instead_of(model.manifest, manifests, self._defaults) is None

    @property
    def loaded_tasks(self) -> frozenset[ModelTask]:
        """What the models in service can do."""
        return frozenset(model.manifest.task for model in self.models())

    def lease(
        self,
        task: ModelTask,
        *,
        name: str = "",
        source_language: str = "",
        target_language: str = "",
    ) -> Lease:
        """A model for `task`: the named one (`models/{model}`), else the first that serves the
        languages, the defaults before the others; an empty language asks for nothing.

        Raises ModelNotFound and LanguageUnsupported.
        """
        with self._lock:
            manifests = [entry.model.manifest for entry in self._entries.values()]
            chosen = _select(
                in_order_of_choice(manifests, self._defaults),
                task,
                name=name,
                languages=(source_language, target_language),
            )
            entry = self._entries[f"{PREFIX}{chosen.name}"]
            entry.lease_count += 1
        return Lease(self, entry)

    def _release(self, entry: _Entry) -> None:
        with self._lock:
            entry.lease_count -= 1
            unused = entry.retired and entry.lease_count == 0
        if unused:
            entry.model.unload()


def _select(
    manifests: list[Manifest], task: ModelTask, *, name: str, languages: tuple[str, str]
) -> Manifest:
    able = [manifest for manifest in manifests if manifest.task is task]
    named = [manifest for manifest in able if name in ("", f"{PREFIX}{manifest.name}")]
    if not named:
        loaded = ", ".join(sorted(f"{PREFIX}{manifest.name}" for manifest in able)) or "none"
        raise ModelNotFound(
            f"No {task} model of that name is loaded; loaded for {task}: {loaded}.",
            name=name or f"{PREFIX}-",
        )
    chosen = first_that_serves(named, task, *languages)
    if chosen is not None:
        return chosen
    pairs = {f"{manifest.source_language}→{manifest.target_language}" for manifest in named}
    raise LanguageUnsupported(
        "No loaded model serves these languages; choose a supported pair.",
        source=languages[0],
        target=languages[1],
        supported=", ".join(sorted(pairs)),
    )


def _load_models(
    directory: Path,
    thread_count: int,
    *,
    kept: Mapping[str, LoadedModel],
    defaults: Sequence[str],
) -> list[LoadedModel]:
    """The models of `directory`; those whose revision is in `kept` are not loaded again."""
    threads = thread_policy(thread_count)
    models: dict[str, LoadedModel] = {}
    for path in _model_directories(directory):
        model = kept.get(installed_revision(path))
        if model is None:
            model = LoadedModel.load(path, threads)
        else:
            # In memory it is sound, but the next start would fail.
            verify_files(path, model.manifest)
        if model.name in models:
            raise ModelDamaged(
                "Two model directories have the same name in their manifests; remove one.",
                directory=str(path),
                model=model.name,
            )
        if model.revision not in kept:
            model.self_test()
        models[model.name] = model
    _check_defaults(defaults, list(models.values()))
    return list(models.values())


def _check_defaults(defaults: Sequence[str], models: list[LoadedModel]) -> None:
    names = [model.manifest.name for model in models]
    for name in defaults:
        if plain_name(name) not in names:
            raise SettingInvalid(
                f"default_model: there is no model {name}; there are {', '.join(sorted(names))}"
            )


def _model_directories(directory: Path) -> list[Path]:
    try:
        paths = sorted(path for path in directory.iterdir() if path.is_dir())
    except OSError as error:
        raise ModelDamaged(
            "The directory of models cannot be read; check its path and permissions.",
            directory=str(directory),
            cause=error.strerror or type(error).__name__,
        ) from error
    found = [path for path in paths if (path / MANIFEST_NAME).is_file()]
    if not found:
        raise ModelDamaged(
            f"No model was found: no subdirectory has a {MANIFEST_NAME}; "
            "point to a directory of converted models.",
            directory=str(directory),
            without_manifest=", ".join(path.name for path in paths) or "none",
        )
    return found
