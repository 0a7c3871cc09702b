"""The Envoy example spreads calls, asks for health, and never repeats a refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    text = (DEPLOY / "envoy" / "envoy.yaml").read_text(encoding="utf-8")
    static: dict[str, Any] = yaml.safe_load(text)["static_resources"]
    return static


@pytest.fixture(scope="module")
def cluster(resources: dict[str, Any]) -> dict[str, Any]:
    (cluster,) = resources["clusters"]
    return dict(cluster)


@pytest.fixture(scope="module")
def route(resources: dict[str, Any]) -> dict[str, Any]:
    (chain,) = resources["listeners"][0]["filter_chains"]
    (host,) = chain["filters"][0]["typed_config"]["route_config"]["virtual_hosts"]
    (route,) = host["routes"]
    return dict(route["route"])


def test_only_calls_that_no_replica_has_seen_are_sent_again(route: dict[str, Any]) -> None:
    conditions = set(route["retry_policy"]["retry_on"].split(","))
    assert conditions == {"connect-failure", "reset-before-request"}


def test_the_deadline_is_the_callers(route: dict[str, Any]) -> None:
    assert route["timeout"] == "0s"
    assert route["max_stream_duration"] == {"grpc_timeout_header_max": "0s"}


def test_calls_go_to_the_port_of_the_service_in_turn(
    cluster: dict[str, Any], route: dict[str, Any]
) -> None:
    assert route["cluster"] == cluster["name"]
    assert cluster["lb_policy"] == "ROUND_ROBIN"
    assert cluster["type"] == "STRICT_DNS"
    (group,) = cluster["load_assignment"]["endpoints"]
    (endpoint,) = group["lb_endpoints"]
    address = endpoint["endpoint"]["address"]["socket_address"]
    text = (DEPLOY / "kustomize" / "base" / "service.yaml").read_text(encoding="utf-8")
    service = yaml.safe_load(text)
    ports = {each["name"]: each["port"] for each in service["spec"]["ports"]}
    assert address == {"address": service["metadata"]["name"], "port_value": ports["grpc"]}


def test_a_replica_is_left_out_by_health_and_broken_connections_and_never_by_statuses(
    cluster: dict[str, Any],
) -> None:
    (check,) = cluster["health_checks"]
    assert check["grpc_health_check"] == {}
    detection = cluster["outlier_detection"]
    assert detection["split_external_local_origin_errors"] is True
    assert detection["max_ejection_percent"] < 100
    enforced = {name for name, value in detection.items() if "enforcing" in name and value}
    assert enforced == {"enforcing_consecutive_local_origin_failure"}
