"""What is shown: a view as plain text, and as Block Kit that Slack takes, whatever is in it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.views import View

from governance.words import clip
from handlers.slack import render
from handlers.text import lead, plain
from handlers.views import (
    MESSAGE,
    Block,
    Button,
    Buttons,
    ChannelField,
    Choice,
    ChoiceField,
    DayField,
    Facts,
    Field,
    Form,
    Heading,
    Link,
    ManyField,
    Message,
    Note,
    PersonField,
    Quote,
    Row,
    Rule,
    Scale,
    Span,
    Text,
    When,
    Who,
    Words,
    WordsField,
    bold,
    words,
)
from playground.kit import check_blocks, check_view
from playground.refusal import Refusal

TYPED = st.text(max_size=60) | st.sampled_from(
    ["<!channel> <@U0HANA>", "*bold* _it_ ~no~ `code` &amp;", "👍" * 40, "مرحبا", "<https://x|y>"]
)
SPANS: st.SearchStrategy[Span] = st.one_of(
    st.builds(Words, TYPED, bold=st.booleans(), strike=st.booleans(), code=st.booleans()),
    st.builds(Who, TYPED.filter(bool), st.none() | st.just("U0HANA")),
    st.just(When(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))),
    st.builds(Link, TYPED.filter(bool), st.just("https://northwind-bio.slack.com/archives/C1/p1")),
)
SOME_SPANS = st.lists(SPANS, max_size=4).map(tuple)
BUTTON = st.builds(
    Button, TYPED.filter(str.strip), st.sampled_from(["list.mine", "help.show"]), st.just("tok")
)
BUTTONS = st.lists(BUTTON, min_size=1, max_size=6).map(tuple)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, TYPED.filter(str.strip)),
    st.builds(Text, SOME_SPANS),
    st.builds(Quote, SOME_SPANS),
    st.builds(Note, SOME_SPANS),
    st.builds(Facts, st.lists(st.tuples(TYPED, SOME_SPANS), min_size=1, max_size=5).map(tuple)),
    st.builds(Buttons, BUTTONS),
    st.builds(Row, SOME_SPANS, st.just(()), st.none() | BUTTON),
    st.builds(Row, SOME_SPANS, BUTTONS.filter(lambda menu: len(menu) > 1)),
    st.just(Rule()),
    st.builds(Scale, st.just("pulse.vote"), st.just("tok"), TYPED, TYPED),
)
MESSAGES = st.builds(Message, st.lists(BLOCKS, min_size=1, max_size=8).map(tuple), TYPED)


def takes(blocks: list[dict[str, Any]]) -> None:
    """Slack takes these blocks, by the playground's rules and by the SDK's."""
    try:
        check_blocks(blocks)
    except Refusal as refusal:
        raise AssertionError(refusal.answer()) from refusal
    for block in SlackBlock.parse_all(blocks):
        assert block is not None
        block.validate_json()


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_slack_takes_every_message_whatever_is_typed_in_it(view: Message) -> None:
    body = render.message(view)
    takes(body["blocks"])
    assert body["text"].strip(" ") != "" or not lead(view).strip()
    assert "<" not in body["text"]
    assert not any(part.get("type") in ("broadcast", "usergroup") for part in _parts(body))
    for part in _parts(body):
        if part.get("type") == "mrkdwn":
            assert "<!channel" not in part["text"]
            assert "<@" not in part["text"]
    assert MESSAGE.validate_json(MESSAGE.dump_json(view)) == view


def _parts(node: object) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [part for one in node for part in _parts(one)]
    if isinstance(node, dict):
        return [node, *_parts(list(node.values()))]
    return []


def test_a_long_list_is_cut_to_what_slack_takes() -> None:
    rows = tuple(Row(words(bold("HEL-1 "), "x" * 4000)) for _ in range(60))
    body = render.message(Message((Heading("h" * 400), *rows[:3], Note(words("n" * 4000)))))
    takes(body["blocks"])
    assert len(render.message(Message(rows))["blocks"]) == 50
    assert len(body["text"]) <= 3000


@pytest.mark.parametrize("length", [24, 25, 60])
@pytest.mark.parametrize("letter", ["x", "👍"])
def test_titles_are_cut_in_utf16_units(length: int, letter: str) -> None:
    shown = clip(letter * length, 24)
    assert len(shown.encode("utf-16-le")) // 2 <= 24
    assert "\ufffd" not in shown
    assert shown.endswith("…") == (len((letter * length).encode("utf-16-le")) // 2 > 24)


FIELDS: tuple[Field, ...] = (
    WordsField("text", "What is to be done?", "send it", "A line.", long=True),
    DayField("due", "By when?", date(2026, 11, 27), optional=True),
    PersonField("owner", "Who owns it?", "people.choices", Choice("U0HANA", "Hana Kobayashi")),
    ChoiceField("sees", "Who sees it?", (Choice("joint", "Both firms"),), "joint"),
    ManyField("days", "Days", (Choice("0", "Monday"), Choice("1", "Tuesday")), ("1",)),
    ChannelField("channel", "Which channel?", "C0SHARED"),
)


def test_slack_takes_a_form_with_every_kind_of_field() -> None:
    form = Form("N" * 40, "action_item.create", (Text(words("hello")),), FIELDS, {"a": "b"}, "Go")
    view = render.modal(form)
    check_view(view, "modal")
    View(**view).validate_json()
    values = {block["block_id"]: block["element"] for block in view["blocks"][1:]}
    assert values["text"]["initial_value"] == "send it"
    assert values["due"]["initial_date"] == "2026-11-27"
    assert values["owner"]["initial_option"]["value"] == "U0HANA"
    assert values["sees"]["initial_option"]["value"] == "joint"
    assert [o["value"] for o in values["days"]["initial_options"]] == ["1"]
    assert values["channel"]["initial_conversation"] == "C0SHARED"
    assert "notify_on_close" not in view


def test_a_form_says_how_it_is_closed_and_may_hear_of_it() -> None:
    form = Form("Preview", "x", args={"a": "b"}, submit="Post", close="Not yet", closed="y")
    view = render.modal(form)
    check_view(view, "modal")
    assert view["close"]["text"] == "Not yet"
    assert view["notify_on_close"] is True
    assert json.loads(view["private_metadata"]) == {"a": "b", "closed": "y"}


@settings(max_examples=60, deadline=None)
@given(TYPED, TYPED)
def test_slack_takes_a_form_with_anything_typed_in_it(title: str, text: str) -> None:
    fields = (
        WordsField("text", "What?", text),
        PersonField("owner", "Who?", "people.choices", Choice("U1", text.strip() or "Hana")),
    )
    view = render.modal(Form(title.strip() or "Form", "x", (), fields, {"kept": text}, "Save"))
    check_view(view, "modal")


def test_an_empty_form_and_a_home_are_views_as_well() -> None:
    check_view(render.modal(Form("Empty", "page")), "modal")
    check_view(render.home(Message((Heading("Home"), Rule()))), "home")
    check_view(render.page(Message((Text(words("Not recorded")),))), "modal")


def test_plain_text_says_all_that_is_shown() -> None:
    view = Message(
        (
            Heading("Your action items"),
            Text(words(bold("HEL-1"), " send it to ", Who("Hana", "U0HANA"), ", write `mine`")),
            Quote(words("one\ntwo")),
            Facts((("Owner", words("Hana")), ("Due", words("Fri 27 Nov")))),
            Row(words("HEL-2"), button=Button("Details", "x")),
            Rule(),
            Buttons((Button("Done", "x"), Button("Snooze", "y"))),
            Note(words(Link("where it was said", "https://x.example"), " · ", When(_AT))),
        )
    )
    assert plain(view).splitlines() == [
        "Your action items",
        "HEL-1 send it to Hana, write mine",
        "> one",
        "> two",
        "Owner: Hana",
        "Due: Fri 27 Nov",
        "HEL-2 [Details]",
        "[Done] [Snooze]",
        "where it was said · Mon 23 Nov 2026, 14:30 UTC",
    ]
    assert "[" not in lead(view)
    assert lead(Message(view.blocks, lead="HEL-1 is yours.")) == "HEL-1 is yours."


_AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


def test_small_print_shows_typed_marks_as_typed() -> None:
    [block] = render.message(Message((Note(words("*not bold* <!here> `code`")),)))["blocks"]
    shown = block["elements"][0]["text"]
    assert "&lt;!here&gt;" in shown
    assert "*not bold*" not in shown
    assert "`code`" in shown
