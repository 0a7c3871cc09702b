"""The manifests in deploy/kustomize say nothing that the server does not know."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import mujaz
from mujaz.cli import configuration
from mujaz.settings import SettingInvalid
from mujaz.transport.health import LIVENESS
from mujaz.transport.metrics import ServiceMetrics

KUSTOMIZE = Path(__file__).resolve().parents[2] / "deploy" / "kustomize"
KUBECTL = Path(sys.executable).parent / "kubectl"
VARIANTS = [
    "base",
    "overlays/tls",
    "overlays/mounted-models",
    "overlays/scaled",
    "overlays/complete",
]
# `overlays/tls` and what has it within.
ENCRYPTED = ["overlays/tls", "overlays/complete"]
SECRET_FILES = ("MUJAZ_TLS_KEY", "MUJAZ_TOKENS")
# As the Dockerfile says; a test below compares.
IMAGE_USER = 65532
Manifests = dict[str, dict[str, Any]]


@functools.cache
def _render(variant: str) -> Manifests:
    rendered = subprocess.run(
        [KUBECTL, "kustomize", KUSTOMIZE / variant], check=True, capture_output=True, timeout=60
    ).stdout
    objects = list(yaml.safe_load_all(rendered))
    by_kind = {each["kind"]: each for each in objects}
    assert len(by_kind) == len(objects), "the tests find objects by kind"
    return by_kind


@pytest.fixture(params=VARIANTS, scope="module")
def manifests(request: pytest.FixtureRequest) -> Manifests:
    """What kubectl would apply, by kind."""
    return _render(request.param)


def _pod(manifests: Manifests) -> dict[str, Any]:
    pod: dict[str, Any] = manifests["Deployment"]["spec"]["template"]["spec"]
    return pod


def _container(manifests: Manifests) -> dict[str, Any]:
    (container,) = _pod(manifests)["containers"]
    return dict(container)


def _variables(manifests: Manifests) -> dict[str, str]:
    (source,) = _container(manifests)["envFrom"]
    assert source == {"configMapRef": {"name": manifests["ConfigMap"]["metadata"]["name"]}}
    data: dict[str, str] = manifests["ConfigMap"]["data"]
    return data


def test_every_overlay_is_tested() -> None:
    overlays = {f"overlays/{each.name}" for each in (KUSTOMIZE / "overlays").iterdir()}
    assert {"base", *overlays} == set(VARIANTS)
    complete = yaml.safe_load((KUSTOMIZE / "overlays/complete/kustomization.yaml").read_text())
    components = {Path(each).name for each in complete["components"]}
    assert components == {each.name for each in (KUSTOMIZE / "components").iterdir()}


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
    files = [settings.tls_cert, settings.tls_key, settings.tokens, settings.client_ca]
    assert {str(file.parent) for file in files if file is not None} <= folders


def test_the_pod_has_no_rights_to_spare(manifests: Manifests) -> None:
    pod, container = _pod(manifests), _container(manifests)
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": IMAGE_USER,
        "runAsGroup": IMAGE_USER,
        "fsGroup": IMAGE_USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & pod.keys()
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_user_is_the_one_of_the_image() -> None:
    dockerfile = (KUSTOMIZE.parents[1] / "Dockerfile").read_text(encoding="utf-8")
    assert f"\nUSER {IMAGE_USER}:{IMAGE_USER}\n" in dockerfile


def test_the_image_is_of_this_version_and_without_models_where_they_are_mounted(
    manifests: Manifests,
) -> None:
    has_models_mounted = any(
        each["mountPath"] == "/models" for each in _container(manifests).get("volumeMounts", [])
    )
    tag = mujaz.__version__ + ("-slim" if has_models_mounted else "")
    assert _container(manifests)["image"] == f"mujaz:{tag}"
    assert str(configuration.load({}, _variables(manifests)).models) == "/models"


def test_the_processor_limit_is_whole_and_memory_has_a_limit(manifests: Manifests) -> None:
    resources = _container(manifests)["resources"]
    assert resources["requests"].keys() == resources["limits"].keys() == {"cpu", "memory"}
    assert int(resources["limits"]["cpu"]) >= 1


def test_secrets_are_mounted_and_in_no_configuration(manifests: Manifests) -> None:
    for name, value in _variables(manifests).items():
        if name in SECRET_FILES:
            assert re.fullmatch(r"/etc/mujaz(/[a-z.]+)+", value), name
        assert "PRIVATE KEY" not in value
        assert not re.search(r"[0-9A-Za-z+/_-]{32,}={0,2}", value), name
    assert "Secret" not in manifests
    secrets = [each["secret"] for each in _pod(manifests).get("volumes", []) if "secret" in each]
    assert all(each["defaultMode"] == 0o440 for each in secrets)


@pytest.mark.parametrize("variant", ENCRYPTED)
def test_with_tls_the_server_does_not_start_in_plain_text(variant: str) -> None:
    variables = dict(_variables(_render(variant)))
    settings = configuration.load({}, variables)
    assert settings.tls_cert
    assert settings.tokens
    assert not settings.insecure_any
    for name in ("MUJAZ_TLS_CERT", "MUJAZ_TLS_KEY", "MUJAZ_CLIENT_CA"):
        variables.pop(name, None)
    with pytest.raises(SettingInvalid, match=r"listen: .* not encrypted"):
        configuration.load({}, variables)


def test_the_start_waits_two_minutes_for_the_models(manifests: Manifests) -> None:
    probe = _container(manifests)["startupProbe"]
    assert probe["failureThreshold"] * probe["periodSeconds"] == 120


def test_the_service_gives_the_address_of_every_pod(manifests: Manifests) -> None:
    assert manifests["Service"]["spec"]["clusterIP"] == "None"
    assert "publishNotReadyAddresses" not in manifests["Service"]["spec"]


def test_only_labelled_clients_and_the_monitoring_get_in_and_nothing_gets_out(
    manifests: Manifests,
) -> None:
    policy = manifests["NetworkPolicy"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert "egress" not in policy
    calls, scrapes = policy["ingress"]
    assert calls == {
        "from": [{"podSelector": {"matchLabels": {"mujaz-client": "true"}}}],
        "ports": [{"port": "grpc"}],
    }
    monitoring = {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}
    assert scrapes == {
        "from": [{"namespaceSelector": monitoring}],
        "ports": [{"port": "metrics"}],
    }


def test_a_replica_is_always_left(manifests: Manifests) -> None:
    deployment = manifests["Deployment"]["spec"]
    autoscaler = manifests.get("HorizontalPodAutoscaler")
    # Both at once would undo each other.
    assert ("replicas" in deployment) is (autoscaler is None)
    least = autoscaler["spec"]["minReplicas"] if autoscaler else deployment["replicas"]
    assert manifests["PodDisruptionBudget"]["spec"]["maxUnavailable"] < least
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


@pytest.mark.parametrize("variant", ["overlays/scaled", "overlays/complete"])
def test_the_monitor_reads_the_metrics_port_of_the_service(variant: str) -> None:
    manifests = _render(variant)
    monitor, service = manifests["ServiceMonitor"]["spec"], manifests["Service"]
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    (endpoint,) = monitor["endpoints"]
    assert endpoint["port"] in {each["name"] for each in service["spec"]["ports"]}


def test_the_autoscaler_asks_for_what_the_adapter_makes_of_a_metric_of_ours() -> None:
    rule_file = KUSTOMIZE / "components" / "autoscaling" / "adapter-rule.yaml"
    (rule,) = yaml.safe_load(rule_file.read_text(encoding="utf-8"))["rules"]
    autoscaler = _render("overlays/scaled")["HorizontalPodAutoscaler"]["spec"]
    deployment = _render("overlays/scaled")["Deployment"]
    assert autoscaler["scaleTargetRef"] == {
        "apiVersion": deployment["apiVersion"],
        "kind": deployment["kind"],
        "name": deployment["metadata"]["name"],
    }
    (metric,) = autoscaler["metrics"]
    assert metric["pods"]["metric"]["name"] == rule["name"]["as"]
    series = rule["seriesQuery"].partition("{")[0]
    samples = {
        sample.name for family in ServiceMetrics().registry.collect() for sample in family.samples
    }
    assert series in samples
