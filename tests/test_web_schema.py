"""schemathesis asks the API what its own description allows, and looks whether the answers are as described."""

from typing import Any

import pytest
from web_items import filled

pytest.importorskip("fastapi")
pytest.importorskip("schemathesis")
import hypothesis
import schemathesis

from communique.web.app import SCHEMA, inner
from communique.web.settings import Settings

pytestmark = pytest.mark.slow

LEFT_OUT = ("positive_data_acceptance", "negative_data_rejection")
"""A filter may name an actor or a day that there is none of, which is a sentence (400) no schema can foresee; and
whoever asks with a parameter that nobody knows is answered, as HTTP has it."""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = inner(Settings(filled(tmp_path_factory.mktemp("schema") / "ledger")))
    return schemathesis.openapi.from_asgi(SCHEMA, app)


def test_answers_are_as_described(schema: Any) -> None:
    checks = [one for one in schemathesis.checks.CHECKS.get_all() if one.__name__ not in LEFT_OUT]
    asked = []
    for operation in schema.get_all_operations():

        @hypothesis.settings(
            max_examples=40, derandomize=True, database=None, deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )  # fmt: skip
        @hypothesis.given(case=operation.ok().as_strategy())
        def each(case: Any) -> None:
            asked.append(case)
            case.call_and_validate(checks=checks)

        each()
    assert len(asked) > 200
