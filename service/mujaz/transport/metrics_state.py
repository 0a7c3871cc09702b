"""Metrics that are read at the moment they are asked for: queue, cache, models, state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from mujaz.transport.backend import Backend

_STATUS_FILE: Final = Path("/proc/self/status")


class StateCollector(Collector):
    """Reads the state of a service; runs in the thread that answers a scrape.

    What belongs to the engine is left out until the models are loaded, and after the drain.
    """

    def __init__(
        self,
        *,
        backend: Callable[[], Backend | None],
        is_ready: Callable[[], bool],
        is_draining: Callable[[], bool],
        certificate_ends_at: Callable[[], float | None],
    ) -> None:
        self._backend = backend
        self._is_ready = is_ready
        self._is_draining = is_draining
        self._certificate_ends_at = certificate_ends_at

    def collect(self) -> Iterator[Metric]:
        """Every family, each time anew."""
        yield _gauge(
            "mujaz_ready", "1 where the server takes work, as health says.", self._is_ready()
        )
        yield _gauge("mujaz_draining", "1 from the signal to end on.", self._is_draining())
        yield _gauge("mujaz_threads", "Threads of the process, native ones too.", thread_count())
        ends_at = self._certificate_ends_at()
        if ends_at is not None:
            yield _gauge(
                "mujaz_certificate_expiry_timestamp_seconds",
                "When the first of the server's certificates ends; only with TLS.",
                ends_at,
            )
        backend = self._backend()
        if backend is not None:
            yield from _engine(backend)
            yield from _cache(backend)
            yield _models(backend)

    def describe(self) -> Iterator[Metric]:
        """Nothing: names are checked when the metrics are read."""
        return iter(())


def _gauge(name: str, help: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help, value=float(value))


def _engine(backend: Backend) -> Iterator[Metric]:
    state, limits = backend.scheduler.state, backend.scheduler.limits
    yield _gauge(
        "mujaz_engine_threads", "Engine threads, one batch each.", backend.scheduler.worker_count
    )
    yield _gauge("mujaz_queue_tokens", "Source tokens that wait.", state.queued_tokens)
    yield _gauge(
        "mujaz_queue_limit_tokens", "The setting queue_token_limit.", limits.queue_token_limit
    )
    yield _gauge("mujaz_queue_sequences", "Sequences that wait.", state.queued_sequences)
    yield _gauge(
        "mujaz_running_sequences", "Sequences in the batches that run.", state.running_sequences
    )
    yield _gauge(
        "mujaz_admitted_requests", "Requests and articles at the engine.", state.open_tickets
    )


def _cache(backend: Backend) -> Iterator[Metric]:
    cache = backend.cache
    yield CounterMetricFamily(
        "mujaz_cache_hits", "Sequences answered from the cache.", value=cache.hit_count
    )
    yield CounterMetricFamily(
        "mujaz_cache_misses", "Sequences the cache had no answer for.", value=cache.miss_count
    )
    yield _gauge("mujaz_cache_entries", "Answers in the cache.", len(cache))
    yield _gauge("mujaz_cache_bytes", "Memory the answers take.", cache.size_bytes)
    yield _gauge("mujaz_cache_limit_bytes", "The setting cache_bytes.", cache.capacity_bytes)


def _models(backend: Backend) -> Metric:
    family = GaugeMetricFamily(
        "mujaz_model_info",
        "Always 1: a model in service.",
        labels=["name", "revision", "task", "compute_type"],
    )
    for model in backend.registry.models():
        labels = [
            model.name,
            model.revision.rpartition("@")[2],
            model.manifest.task.value,
            model.compute_type,
        ]
        family.add_metric(labels, 1.0)
    return family


def thread_count() -> int:
    """Threads of this process as the kernel counts them; 0 where it does not say."""
    try:
        lines = _STATUS_FILE.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Threads:")), 0)
