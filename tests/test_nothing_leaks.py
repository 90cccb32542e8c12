"""Nothing of one firm's own reaches another, whatever people do: random stories are told to the
real bot over HTTP, on Slack and on Teams, and everything it says is looked at, with who could read
it at that moment.

The same stories each time; LEAK_STORIES asks for that many others.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.leaks.actions import stories
from tests.leaks.defects import DEFECTS, Break
from tests.leaks.search import LONGEST, Search, first_leak, search
from tests.leaks.stage import Stage
from tests.leaks.story import Action
from tests.leaks.teams_stage import TeamsStage

ASKED = os.environ.get("LEAK_STORIES", "")
STORIES = int(ASKED or 150)
SOON = 60
"""Stories within which each planted defect is found."""


@pytest.fixture(scope="module", params=[Stage, TeamsStage], ids=["slack", "teams"])
def told(request: pytest.FixtureRequest) -> Iterator[Search]:
    with search(request.param) as begun:
        yield begun


def test_nothing_of_one_firm_reaches_another(told: Search) -> None:
    most = STORIES if isinstance(told.stage, Stage) or ASKED else STORIES // 2

    @settings(
        max_examples=most,
        derandomize=not ASKED,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(stories(LONGEST))
    def tell(actions: list[Action]) -> None:
        told.tell(actions)

    tell()
    print(f"\n{told.report()}")
    assert told.tally.stories >= most


@pytest.mark.parametrize("broken", DEFECTS, ids=lambda broken: broken.__name__)
def test_a_gate_that_breaks_is_found(
    told: Search, monkeypatch: pytest.MonkeyPatch, broken: Break
) -> None:
    broken(monkeypatch)
    assert first_leak(told, SOON, DEFECTS[broken]), "nobody noticed"
