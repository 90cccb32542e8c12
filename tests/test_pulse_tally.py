"""What people answered, from events that come in any order, more than once, or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from governance.trust.principles import SCALE
from governance.trust.tally import (
    Figures,
    Mark,
    Press,
    Reading,
    Vote,
    figures,
    moved,
    read_stamp,
    reading,
    stamp,
    vote,
)

MONDAY = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
NOTHING = Reading()

Event = tuple[int, bool, int]
"""An emoji's value, whether it was put there, and when."""

events = st.lists(st.tuples(st.sampled_from(SCALE), st.booleans(), st.integers(1, 6)), max_size=12)


def at(moment: int) -> str:
    return stamp(MONDAY + timedelta(seconds=moment))


def marks(heard: list[Event]) -> list[Mark]:
    kept: dict[int, Mark] = {}
    for value, present, moment in heard:
        kept[value] = kept.get(value, Mark(value)).after(present, at(moment))
    return sorted(kept.values(), key=lambda mark: mark.value)


def answered(*heard: Event, presses: tuple[Press, ...] = (), again: Reading = NOTHING) -> Vote:
    return vote(marks(list(heard)), presses, again)


@given(events, st.randoms(use_true_random=False))
def test_every_order_of_events_gives_the_same_tally(heard: list[Event], chance: object) -> None:
    other = [*heard, *heard[: len(heard) // 2]]
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert marks(other) == marks(heard)


@given(st.lists(st.tuples(st.sampled_from(SCALE), st.booleans()), max_size=12))
def test_the_answer_is_what_a_person_sees_below_the_message(taps: list[tuple[int, bool]]) -> None:
    """Events as Slack makes them: nothing is put there twice or taken away unseen."""
    there: list[int] = []
    heard: list[Event] = []
    for moment, (value, put) in enumerate(taps):
        if put == (value in there):
            continue
        there = [*there, value] if put else [one for one in there if one != value]
        heard.append((value, put, moment))
    assert answered(*heard) == (there[-1] if there else None)


@given(events, st.sets(st.sampled_from(SCALE)))
def test_a_reading_in_time_leaves_only_what_was_there(heard: list[Event], there: set[int]) -> None:
    kept = {mark.value: mark for mark in marks(heard)}
    read = [replace(kept.get(v, Mark(v)), read=v in there) for v in SCALE]
    found = vote(read, [], Reading(at(60)))
    assert found in (*there, "unclear") if there else found is None
    if len(there) == 1:
        assert [found] == list(there)


@given(events, st.sets(st.sampled_from(SCALE)))
def test_a_late_reading_never_brings_in_what_no_event_told(
    heard: list[Event], there: set[int]
) -> None:
    kept = {mark.value: mark for mark in marks(heard)}
    read = [replace(kept.get(v, Mark(v)), read=v in there) for v in SCALE]
    found = vote(read, [], Reading(at(60), in_time=False))
    assert found in ("unclear", vote(marks(heard), [], NOTHING))


def test_taken_away_without_having_been_seen_is_nothing() -> None:
    assert answered((3, False, 1)) is None


def test_a_removal_that_is_told_first_still_comes_last() -> None:
    assert answered((3, False, 2), (3, True, 1)) is None
    assert answered((3, False, 1), (3, True, 2)) == 3


def test_two_numbers_in_one_instant_are_unclear_and_an_older_one_does_not_matter() -> None:
    assert answered((3, True, 1), (4, True, 1)) == "unclear"
    assert answered((3, True, 1), (4, True, 1), (5, True, 2)) == 5


def test_put_and_taken_away_in_one_instant_is_unclear_until_something_newer() -> None:
    assert answered((3, True, 1), (3, False, 1)) == "unclear"
    assert answered((3, True, 1), (3, False, 1), (4, True, 2)) == 4
    assert answered((3, True, 1), (3, False, 1), (3, False, 2)) is None
    assert answered((3, True, 1), (3, False, 1), (4, True, 0)) == "unclear"


def test_the_later_of_a_button_and_a_reaction_counts() -> None:
    assert answered((3, True, 1), presses=(Press(5, at(2)),)) == 5
    assert answered((3, True, 3), presses=(Press(5, at(2)),)) == 3
    assert answered((3, True, 3), (3, False, 4), presses=(Press(5, at(2)),)) == 5
    assert answered((3, True, 2), presses=(Press(5, at(2)),)) == "unclear"


def test_what_somebody_says_they_meant_counts_whatever_is_told_afterwards() -> None:
    meant = Press(1, at(2), settles=True)
    assert answered((3, True, 9), (4, True, 9), presses=(meant, Press(2, at(8)))) == 1


def test_one_that_was_missed_counts_alone_and_is_unclear_beside_another() -> None:
    missed = Mark(4, read=True)
    assert vote([missed], [], Reading(at(60))) == 4
    seen = Mark(3, True, at(1), read=True)
    assert vote([missed, seen], [], Reading(at(60))) == "unclear"
    taken = replace(seen, read=False)
    assert vote([missed, taken], [], Reading(at(60))) == 4


def test_what_is_told_after_the_reading_is_newer_than_it() -> None:
    gone = Mark(3, True, at(61), read=False)
    assert vote([gone], [], Reading(at(60))) == 3


def test_a_late_reading_is_no_news_where_an_event_explains_it() -> None:
    late = Reading(at(60), in_time=False)
    assert vote([Mark(3, True, at(1), read=False, late=True)], [], late) == 3
    assert vote([Mark(4, read=True, late=True)], [], late) is None
    assert vote([Mark(4, read=True)], [], late) == "unclear"
    assert vote([Mark(3, True, at(1), read=True)], [], late) == 3


def test_a_reading_tells_little_of_the_seconds_before_it() -> None:
    """The platform's clock is not ours."""
    again = reading(MONDAY, MONDAY + timedelta(seconds=30))
    assert again == Reading(stamp(MONDAY - timedelta(seconds=5)), in_time=True)
    assert not reading(MONDAY, MONDAY - timedelta(seconds=1)).in_time
    assert reading(None, MONDAY) == NOTHING


def test_times_sort_as_text_however_the_platform_writes_them() -> None:
    assert stamp(MONDAY.replace(microsecond=7)) == "1795444200.000007"
    assert read_stamp("1795444200.5") == "1795444200.500000"
    assert read_stamp("999.123456") < read_stamp("1795444200")
    for no_time in ("", "soon", "-1", "1.2.3", "1e9", "12345678901"):
        assert read_stamp(no_time) == ""


def test_figures_are_counted_and_averaged() -> None:
    found = figures([4, 4, 5, 2])
    assert (found.counts, found.people, found.average) == ((0, 1, 0, 2, 1), 4, 3.75)
    assert Figures().average is None
    assert found.plus(figures([1])).people == 5


def test_of_few_answers_a_move_under_a_point_says_nothing() -> None:
    assert moved(figures([4, 4]), figures([3, 4])) == 0
    assert moved(figures([4, 4]), figures([3, 3])) == 1
    assert moved(figures([4] * 8), figures([3, 4] * 4)) == 0.5
    assert moved(Figures(), figures([3])) is None
