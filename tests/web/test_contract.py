"""The service against its own OpenAPI description: whatever is sent, it answers as described.

Schemathesis makes requests from the description, good and bad ones. No answer is a fault of ours
(5xx), each has a described status and type, and its body is of the described shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from connector.actions.services import Services
from connector.web.app import create_app
from tests.web.conftest import Caller, new_caller

pytestmark = pytest.mark.slow

EXAMPLES = 25
AS_DESCRIBED = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture
def patient(services: Services) -> Services:
    """A service that waits for no job and counts no requests: thousands come in a minute."""
    freed = {"answer_within": 0, "requests_per_key": 10**6, "requests_per_address": 10**6}
    return replace(services, settings=replace(services.settings, **freed))


def of_both_kinds(operation: Any) -> Any:
    """Requests as the description wants them, and others."""
    modes = schemathesis.GenerationMode
    return operation.as_strategy(generation_mode=modes.POSITIVE) | operation.as_strategy(
        generation_mode=modes.NEGATIVE
    )


def test_every_answer_is_as_described(
    patient: Services, record_property: Callable[[str, object], None]
) -> None:
    caller, app = new_caller(patient, "Office"), create_app(patient)
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        _try(operation, caller)
    record_property("requests", len(operations) * EXAMPLES)
    assert len(operations) >= 50


def _try(operation: Any, caller: Caller) -> None:
    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=of_both_kinds(operation))
    def answers_as_described(case: Any) -> None:
        case.call_and_validate(checks=AS_DESCRIBED, headers=caller.headers)

    answers_as_described()
