"""The manifests in deploy/kustomize say nothing that the server does not know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from mujaz.cli import configuration
from mujaz.transport.health import LIVENESS

KUSTOMIZE = Path(__file__).resolve().parents[2] / "deploy" / "kustomize"
KUBECTL = Path(sys.executable).parent / "kubectl"
VARIANTS = ["base", "overlays/tls", "overlays/slim", "overlays/scaled"]
Manifests = dict[str, dict[str, Any]]


@pytest.fixture(params=VARIANTS, scope="module")
def manifests(request: pytest.FixtureRequest) -> Manifests:
    """What kubectl would apply, by kind."""
    rendered = subprocess.run(
        [KUBECTL, "kustomize", KUSTOMIZE / request.param],
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout
    return {manifest["kind"]: manifest for manifest in yaml.safe_load_all(rendered)}


def _pod(manifests: Manifests) -> dict[str, Any]:
    pod: dict[str, Any] = manifests["Deployment"]["spec"]["template"]["spec"]
    return pod


def _container(manifests: Manifests) -> dict[str, Any]:
    (container,) = _pod(manifests)["containers"]
    return dict(container)


def _variables(manifests: Manifests) -> dict[str, str]:
    return {each["name"]: each["value"] for each in _container(manifests)["env"]}


def test_every_variable_is_a_setting_and_together_they_start_a_server(manifests: Manifests) -> None:
    variables = _variables(manifests)
    settings = configuration.load({}, variables)
    for variable in variables:
        assert hasattr(settings, variable.removeprefix("MUJAZ_").lower()), variable


def test_ports_are_those_the_server_listens_on(manifests: Manifests) -> None:
    settings = configuration.load({}, _variables(manifests))
    ports = {each["name"]: each["containerPort"] for each in _container(manifests)["ports"]}
    listens = {
        "grpc": settings.listen,
        "health": settings.health_listen or "",
        "metrics": settings.metrics_listen or "",
    }
    assert ports == {name: int(address.rpartition(":")[2]) for name, address in listens.items()}
    for port in manifests["Service"]["spec"]["ports"]:
        assert port["port"] == ports[port["targetPort"]]


def test_probes_ask_the_health_port_and_only_liveness_restarts(manifests: Manifests) -> None:
    container = _container(manifests)
    health = {each["name"]: each["containerPort"] for each in container["ports"]}["health"]
    assert container["startupProbe"]["grpc"] == {"port": health}
    assert container["readinessProbe"]["grpc"] == {"port": health}
    assert container["livenessProbe"]["grpc"] == {"port": health, "service": LIVENESS}


def test_the_pod_is_ended_after_the_drain_and_not_before(manifests: Manifests) -> None:
    settings = configuration.load({}, _variables(manifests))
    drain = settings.drain_delay_seconds + settings.drain_grace_seconds
    assert _pod(manifests)["terminationGracePeriodSeconds"] == drain + 10


def test_every_selector_finds_the_pods(manifests: Manifests) -> None:
    labels = manifests["Deployment"]["spec"]["template"]["metadata"]["labels"].items()
    assert manifests["Service"]["spec"]["selector"].items() <= labels
    for kind, key in [
        ("Deployment", "selector"),
        ("PodDisruptionBudget", "selector"),
        ("NetworkPolicy", "podSelector"),
    ]:
        assert manifests[kind]["spec"][key]["matchLabels"].items() <= labels


def test_volumes_are_mounted_read_only_and_hold_the_files_that_settings_name(
    manifests: Manifests,
) -> None:
    mounts = {each["name"]: each for each in _container(manifests).get("volumeMounts", [])}
    assert mounts.keys() == {each["name"] for each in _pod(manifests).get("volumes", [])}
    assert all(mount["readOnly"] for mount in mounts.values())
    folders = {mount["mountPath"] for mount in mounts.values()}
    settings = configuration.load({}, _variables(manifests))
    files = [settings.tls_cert, settings.tls_key, settings.tokens]
    assert {str(file.parent) for file in files if file is not None} <= folders


def test_the_pod_has_no_rights_to_spare(manifests: Manifests) -> None:
    pod, container = _pod(manifests), _container(manifests)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_autoscaler_asks_for_what_the_adapter_makes_of_a_metric_of_ours() -> None:
    scaled = KUSTOMIZE / "overlays" / "scaled"
    autoscaler = yaml.safe_load((scaled / "autoscaler.yaml").read_text(encoding="utf-8"))
    (rule,) = yaml.safe_load((scaled / "adapter-rule.yaml").read_text(encoding="utf-8"))["rules"]
    (metric,) = autoscaler["spec"]["metrics"]
    assert metric["pods"]["metric"]["name"] == rule["name"]["as"]
    series = rule["seriesQuery"].partition("{")[0].removesuffix("_bucket")
    sources = (KUSTOMIZE.parents[1] / "service" / "mujaz" / "transport").rglob("*.py")
    assert any(f'"{series}"' in source.read_text(encoding="utf-8") for source in sources)
