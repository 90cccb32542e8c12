"""The grammar of what people type: verbs, references, owners and helpers. Pure."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.acts import ACTS
from handlers.commands import (
    MARK,
    VERBS,
    WORDS,
    Command,
    Task,
    Unknown,
    clean,
    mark,
    nearest,
    parse,
    parse_task,
)

ANYTHING = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("\ufffc0123 \n\t:@-<>&|`HEL\u202e\u0000"), st.just(" ")
    ),
    max_size=200,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Command("help.show")),
        ("   \n ", Command("help.show")),
        ("HELP", Command("help.show")),
        ("action send it by Fri", Command("action_item.capture", "send it by Fri")),
        ("Todo: send it", Command("action_item.capture", "send it")),
        ("action", Command("action_item.capture")),
        ("action\nsend it", Command("action_item.capture", "send it")),
        ("internal send it", Command("action_item.capture_private", "send it")),
        ("action internal send it", Command("action_item.capture_private", "send it")),
        ("action Internal: send it", Command("action_item.capture_private", "send it")),
        ("action internally agree", Command("action_item.capture", "internally agree")),
        ("done hel-12", Command("action_item.done", "", "HEL-12")),
        ("done HEL-12.", Command("action_item.done", "", "HEL-12")),
        ("hel-12 done", Command("action_item.done", "", "HEL-12")),
        ("HEL-12", Command("action_item.show", "", "HEL-12")),
        ("OUR-3 snooze until fri", Command("action_item.snooze", "until fri", "OUR-3")),
        ("move HEL-12 to fri", Command("action_item.move", "to fri", "HEL-12")),
        ("done", Command("action_item.done")),
        ("mine", Command("list.mine")),
        ("open 2", Command("list.open", "2")),
        ("away until 3 Dec", Command("reminders.show", "away until 3 Dec")),
        ("payload HEL-12", Unknown("payload", None)),
        ("overdeu", Unknown("overdeu", "overdue")),
        ("remiders off", Unknown("remiders", "reminders")),
        ("HEL-12 dnoe", Unknown("dnoe", "done")),
    ],
)
def test_what_is_typed_is_understood(typed: str, meant: Command | Unknown) -> None:
    assert parse(typed) == meant


def test_every_word_leads_to_an_act_that_exists_and_to_one_only() -> None:
    for verb in VERBS.values():
        assert verb.act in ACTS
        assert parse(verb.usage) != Unknown(verb.usage, None)
    words = [word for name, verb in VERBS.items() for word in (name, *verb.also)]
    assert len(words) == len(set(words)) == len(WORDS)


@given(st.sampled_from(sorted(VERBS)), st.data())
def test_a_word_with_one_letter_wrong_is_answered_with_its_command(
    word: str, data: st.DataObject
) -> None:
    if len(word) < 5:
        return
    at = data.draw(st.integers(0, len(word) - 1))
    typed = word[:at] + "q" + word[at + 1 :]
    assert nearest(typed) in (word, word.removesuffix("s"))


@given(ANYTHING)
@example("\ufffc9\ufffc")
@example("done \ufffc0\ufffc HEL-12")
def test_nothing_that_is_typed_breaks_the_grammar(typed: str) -> None:
    meant = parse(clean(typed))
    if isinstance(meant, Command):
        assert meant.act in {verb.act for verb in VERBS.values()}
        assert meant.reference == meant.reference.upper()
        assert meant.words == meant.words.strip()
    else:
        assert meant.word
        assert len(meant.word) <= 40
    assert "\ufffc" not in clean(typed)
    assert "\u0000" not in clean(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("send it", Task("send it")),
        (f"{mark(0)} send it", Task("send it", 0)),
        (f"for {mark(0)}: send it", Task("send it", 0)),
        (f"{mark(0)} to send it", Task("send it", 0)),
        (f"{mark(0)}, {mark(1)} and {mark(2)} send it", Task("send it", 0, (1, 2))),
        (f"send it to {mark(0)}", Task(f"send it to {mark(0)}", 0)),
        (f"{mark(1)} ask {mark(0)}", Task(f"ask {mark(0)}", 1, (0,))),
        (f"{mark(0)} {mark(0)} send it", Task("send it", 0)),
        (
            "for Hana Kobayashi: send it",
            Task("send it", None, (), "Hana Kobayashi", True, "send it"),
        ),
        ("@hana send it", Task("send it", None, (), "hana", True, "send it")),
        ("send it for Hana", Task("send it for Hana", None, (), "Hana", False, "send it")),
        ("wait for the board", Task("wait for the board")),
        ("prepare for launch", Task("prepare for launch")),
    ],
)
def test_owner_and_helpers_are_taken_from_the_words(typed: str, meant: Task) -> None:
    assert parse_task(typed) == meant


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=5),
    st.text(alphabet="abc ", min_size=1, max_size=20),
)
def test_the_first_mention_owns_and_every_other_helps_once(people: list[int], text: str) -> None:
    task = parse_task(" ".join(map(mark, people)) + f" x{text}x")
    assert task.owner == people[0]
    assert set(task.helpers) == set(people) - {people[0]}
    assert len(task.helpers) == len(set(task.helpers))
    assert task.text == f"x{text}x"


@given(ANYTHING)
def test_words_without_mentions_are_never_lost(typed: str) -> None:
    """Whatever is not a name stays: nothing that was promised disappears."""
    words = clean(typed)
    task = parse_task(words)
    assert task.owner is None
    assert task.helpers == ()
    if not task.named:
        assert task.text == words
    else:
        assert task.without_name
        assert task.without_name in words
    assert not MARK.search(task.text)
