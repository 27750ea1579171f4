"""Every call that the description allows, and many that it does not, is answered as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from tests.sampling import EVERY, some

from tieline.api.routes import API
from tieline.core.agreement.viewer import Role

from .scene import As, Known, stand_in

pytestmark = pytest.mark.any_database

EXAMPLES: Final = 6 if EVERY == 1 else 3
"""Of each call, for each role, within the description and outside of it; more in `make soak`."""
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
TRIED: Final = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
CALLS: Final = [
    (about["operationId"], method.upper(), path)
    for path, methods in API.get_openapi_schema()["paths"].items()
    for method, about in methods.items()
]


@pytest.fixture(scope="module", autouse=True)
def connections_stay() -> Iterator[None]:
    """As Django's own test client has it: what a test wrote is in its transaction alone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def described(connections_stay: None) -> Any:
    """The description as a program reads it, and the application behind it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def numbers(known: Known) -> dict[str, Any]:
    """For each part of an address, numbers that there are, among others that cannot be."""
    there = [known.event, known.subject, known.case, known.person, known.hidden, known.sealed]
    return {
        "number": st.sampled_from([*there, known.absent]),
        "system": st.sampled_from(["patrol", "investigations", "partner"]),
    }


@pytest.mark.parametrize(("name", "method", "path"), CALLS, ids=[one[0] for one in CALLS])
def test_each_call_of_each_role_is_answered_as_described(
    as_: As, known: Known, described: Any, name: str, method: str, path: str
) -> None:
    operation = described[path][method]
    there = numbers(known)
    for role in some(Role, name, every=3):
        headers = as_(stand_in(role, "investigations")).headers
        for mode in GenerationMode:
            try:
                answered(operation, there, headers, mode)
            except BaseException as error:
                error.add_note(f"{name}, called by {role}, {mode} data")
                raise


def answered(
    operation: Any, there: dict[str, Any], headers: dict[str, str], mode: GenerationMode
) -> None:
    """Call it with examples, some of them of records that there are."""
    # Of a question behind the address an example may be empty, and so never be asked.
    checks = [*CHECKS, negative_data_rejection] if operation.method.upper() == "POST" else CHECKS
    cases = operation.as_strategy(generation_mode=mode)

    @TRIED
    @given(case=cases, numbers=st.fixed_dictionaries(there), is_there=st.booleans())
    def tried(case: Any, numbers: dict[str, str], is_there: bool) -> None:
        if is_there and mode is GenerationMode.POSITIVE:
            case.path_parameters = {one: numbers[one] for one in case.path_parameters}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=checks, headers=headers)

    tried()
