"""Nothing of one firm's own reaches another, whatever people do: many random stories, told to the
real bot over HTTP, and everything it says looked at."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.leaks.actions import stories
from tests.leaks.search import Search, search

STORIES = int(os.environ.get("LEAK_STORIES", "150"))
LONGEST = int(os.environ.get("LEAK_ACTIONS", "16"))


@pytest.fixture(scope="module")
def told() -> Iterator[Search]:
    with search() as begun:
        yield begun
        print(f"\n{begun.report()}")


@settings(
    max_examples=STORIES, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(actions=stories(LONGEST))
def test_nothing_of_one_firm_reaches_another(told: Search, actions: list[object]) -> None:
    told.tell(actions)
