"""Requests made up from the descriptions of both APIs: nothing fails, and what is answered is what is described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings

from tests.opensonic import described
from tests.unit.server.web.running import Library, Running, asking

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis makes requests up from a description")
openapi = pytest.importorskip("schemathesis.specs.openapi.checks")
pytestmark = pytest.mark.database

EXAMPLES = 12
"""Of each endpoint."""

DESCRIBED = [
    openapi.positive_data_acceptance,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
    openapi.negative_data_rejection,
    schemathesis.checks.not_a_server_error,
]


UNLIKELY = {"/password", "/devices"}
"""Refused what looks right: a password before that is made up, a name of nothing that can be seen."""


@pytest.fixture(scope="module")
def asked(library: Library) -> Iterator[Running]:
    with asking(library) as made:
        yield made


def operations(schema: Any) -> list[Any]:
    return [found.ok() for found in schema.get_all_operations()]


def with_each(schema: Any, ask: Any, examples: int = EXAMPLES) -> list[str]:
    """Ask what is made up for each endpoint of a description; what was wrong with the answers."""
    wrong: list[str] = []
    for operation in operations(schema):

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answered(case: Any) -> None:
            ask(case)

        try:
            answered()
        except (AssertionError, BaseExceptionGroup) as error:
            wrong.append(f"{operation.label}: {error} {getattr(error, 'exceptions', '')}"[:1_000])
    return wrong


def test_the_api_of_the_page_answers_as_it_is_described(asked: Running) -> None:
    address = asked.library.served.address
    schema = schemathesis.openapi.from_dict(httpx.get(f"{address}/api/openapi.json").json())
    schema.config.update(base_url=f"{address}/api")
    statuses: set[int] = set()
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {asked.library.served.keys[asked.ada_id]}"

        def ask(case: Any) -> None:
            answer = case.call(session=session)
            statuses.add(answer.status_code)
            guessed = case.path in UNLIKELY
            case.validate_response(answer, checks=DESCRIBED[guessed:])

        assert with_each(schema, ask) == []
    assert statuses >= {200, 403, 404}


def test_whatever_opensubsonic_describes_is_answered(asked: Running) -> None:
    schema = schemathesis.openapi.from_path(described() / "openapi.json")
    address, key = asked.library.served.address, asked.library.served.keys[asked.ada_id]
    schema.config.update(base_url=address)
    known = {"apiKey": key, "v": "1.16.1", "c": "made up", "f": "json"}
    statuses: set[int] = set()
    with requests.Session() as session:

        def ask(case: Any) -> None:
            if case.method == "POST" and isinstance(case.body, dict):
                case.body = {**case.body, **known}
            else:
                case.query = {**(case.query or {}), **known}
            answer = case.call(session=session)
            statuses.add(answer.status_code)
            assert answer.status_code < 500, answer.text

        assert with_each(schema, ask, examples=3) == []
    assert statuses >= {200}
