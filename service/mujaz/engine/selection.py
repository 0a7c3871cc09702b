"""Which model is taken where a request names none: a pure function of the manifests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mujaz.engine.manifest import Manifest, ModelTask

PREFIX = "models/"


def plain_name(name: str) -> str:
    """The name in the manifest, of a resource name (`models/{model}`) or of itself."""
    return name.removeprefix(PREFIX)


def in_order_of_choice(manifests: Iterable[Manifest], defaults: Sequence[str]) -> list[Manifest]:
    """Those named in `defaults` first, in that order, then the others by name."""
    ranks = {plain_name(name): rank for rank, name in reversed(list(enumerate(defaults)))}
    return sorted(manifests, key=lambda each: (ranks.get(each.name, len(defaults)), each.name))


def first_that_serves(
    manifests: Iterable[Manifest], task: ModelTask, source_language: str, target_language: str
) -> Manifest | None:
    """The first for `task` and both languages; an empty language asks for nothing."""
    for manifest in manifests:
        source_fits = _matches(source_language, manifest.source_language)
        target_fits = _matches(target_language, manifest.target_language)
        if manifest.task is task and source_fits and target_fits:
            return manifest
    return None


def taken_instead_of(
    manifest: Manifest, manifests: Iterable[Manifest], defaults: Sequence[str]
) -> Manifest | None:
    """The model that requests for the task and languages of `manifest` get where they name none;
    None where that is the one of `manifest`."""
    first = first_that_serves(
        in_order_of_choice(manifests, defaults),
        manifest.task,
        manifest.source_language,
        manifest.target_language,
    )
    return None if first is None or first.name == manifest.name else first


def _matches(requested: str, served: str) -> bool:
    # RFC 4647, section 3.4: a request for ar-EG is served by ar, one for ar is not by ar-EG.
    return f"{requested}-".lower().startswith(f"{served}-".lower()) or not requested
