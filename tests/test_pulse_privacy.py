"""No published set of figures lets anybody compute one person's answer."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.trust import privacy
from governance.trust.privacy import Figure, figure, may_stand_beside

SCALE = range(1, 6)


def determined(figures: list[Figure], people: list[int], truth: dict[int, int]) -> bool:
    """By trying all answers: whether somebody, knowing their own or none, knows another's."""
    fits = [
        dict(zip(people, answers, strict=True))
        for answers in product(SCALE, repeat=len(people))
        if all(
            one.low
            <= sum(dict(zip(people, answers, strict=True))[p] for p in one.group)
            <= one.high
            for one in figures
        )
    ]
    for watcher in (None, *people):
        seen = [one for one in fits if watcher is None or one[watcher] == truth[watcher]]
        asked = {person for one in figures for person in one.group} - {watcher}
        if any(len({one[person] for one in seen}) == 1 for person in asked):
            return True
    return False


answers_of = st.dictionaries(st.integers(1, 6), st.integers(1, 5), min_size=3, max_size=6)


@given(answers_of)
@settings(max_examples=150)
def test_one_figure_gives_nobody_away(answers: dict[int, int]) -> None:
    assert not determined([figure(answers)], sorted(answers), answers)


@st.composite
def sequences(draw: st.DrawFn) -> tuple[dict[int, int], list[list[int]]]:
    """Answers that stay the same, and who of the roster answered each time."""
    roster = draw(st.dictionaries(st.integers(1, 6), st.integers(1, 5), min_size=4, max_size=6))
    who = st.lists(st.sampled_from(sorted(roster)), min_size=3, unique=True)
    return roster, draw(st.lists(who, min_size=2, max_size=4))


@given(sequences())
@settings(max_examples=150)
def test_the_figures_of_one_question_together_give_nobody_away(
    drawn: tuple[dict[int, int], list[list[int]]],
) -> None:
    roster, times = drawn
    shown: list[Figure] = []
    for group in times:
        new = figure({person: roster[person] for person in group})
        if may_stand_beside(new, shown):
            shown.append(new)
    assert not determined(shown, sorted(roster), roster)


def test_the_same_people_answering_again_have_a_figure_again() -> None:
    first = figure({1: 3, 2: 3, 3: 3, 4: 3})
    assert may_stand_beside(figure({1: 2, 2: 3, 3: 3, 4: 4}), [first])


def test_one_missing_answer_is_not_worked_out() -> None:
    first = figure({1: 3, 2: 3, 3: 3, 4: 4})
    assert not may_stand_beside(figure({1: 3, 2: 3, 3: 3}), [first])


def test_small_firms_are_put_together_or_left_out() -> None:
    sides = {1: 10, 2: 10, 3: 10, 4: 20, 5: 20, 6: 30}
    found = privacy.groups(dict.fromkeys(sides, 4), sides)
    assert [sorted(one) for one in found] == [[1, 2, 3], [4, 5, 6]]
    two = privacy.groups({1: 4, 2: 4, 3: 4, 4: 2}, sides)
    assert [sorted(one) for one in two] == [[1, 2, 3]]
    assert privacy.groups({1: 4, 4: 2}, sides) == []
    assert [sorted(one) for one in privacy.groups({1: 4, 2: 3, 4: 2}, sides)] == [[1, 2, 4]]
