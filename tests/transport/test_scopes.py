from __future__ import annotations

import pytest

from mujaz.transport.scopes import METHOD_SCOPES, Scope, allows, scope_of
from mujaz.v1 import brief_service_pb2, model_service_pb2, translation_service_pb2

CONTRACT = [
    f"/{service.full_name}/{method.name}"
    for module in (brief_service_pb2, model_service_pb2, translation_service_pb2)
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
]


def test_every_method_of_the_contract_has_a_scope_and_nothing_else_has() -> None:
    assert len(CONTRACT) >= 9
    assert set(METHOD_SCOPES) == set(CONTRACT)


def test_a_method_without_a_scope_needs_the_highest() -> None:
    assert scope_of("/mujaz.v1.New/Method") is Scope.ADMIN


@pytest.mark.parametrize("needed", Scope)
def test_admin_includes_every_scope_and_the_others_only_themselves(needed: Scope) -> None:
    assert allows({Scope.ADMIN}, needed)
    for held in set(Scope) - {Scope.ADMIN}:
        assert allows({held}, needed) == (held is needed)
    assert not allows(set(), needed)
