"""What is shown in Teams: cards and dialogs that Teams takes, whatever people typed in them."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from governance.errors import BotError
from handlers.teams import render
from handlers.teams.sealing import is_sealed, opened_words
from handlers.views import FORM as FORM_ADAPTER
from handlers.views import (
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
    say,
    words,
)
from tests.teams.checks import AT, check

Json = dict[str, Any]


def without_seal(data: Json) -> Json:
    return {name: value for name, value in data.items() if name != "seal"}


CUT = "There is more than fits in here."
OPENS = frozenset({"action_item.new"})
HANA = "7faf8ab2-3d56-4244-b585-20c8a42ed2b8"
PRIYA = "0b9c8d70-1111-4222-8333-944455566677"
NASTY = [
    "**bold** _it_ [link](https://x.y) `code` # head\n- list\n1. one",
    "<at>Everyone</at> </at> <at>Hana Kobayashi</at>",
    "{{DATE(2026-11-27T00:00:00Z,SHORT)}} {{TIME(2026-11-27T00:00:00Z)}} ${user} {{",
    "<b>x</b> <script>alert(1)</script> &amp; &lt;",
    "😀👩‍👩‍👧‍👦" * 9,
    "שלום \u202e reversed",
    "null \x00 bell \x07 tab\t line\u2028",
    '{"type": "TextBlock", "text": "x"}',
    "\\ \" ' \\u0000",
]
TYPED = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60) | (
    st.sampled_from(NASTY)
)
SPANS: st.SearchStrategy[Span] = st.one_of(
    st.builds(Words, TYPED, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    st.builds(Who, TYPED, st.sampled_from([None, HANA, PRIYA, PRIYA.upper(), "U0HANA"])),
    st.just(When(datetime(2026, 11, 27, 14, 30, tzinfo=UTC))),
    st.builds(Link, TYPED, TYPED | st.just("https://teams.microsoft.com/l/message/19:c/1")),
)
SOME_SPANS = st.lists(SPANS, max_size=4).map(tuple)
BUTTON = st.builds(
    Button,
    TYPED,
    st.sampled_from(["list.mine", "action_item.new"]),
    TYPED,
    st.sampled_from(["", "primary", "danger"]),
    st.just("") | TYPED,
)
BUTTONS = st.lists(BUTTON, max_size=9).map(tuple)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, TYPED),
    st.builds(Text, SOME_SPANS),
    st.builds(Quote, SOME_SPANS),
    st.builds(Note, SOME_SPANS),
    st.builds(Facts, st.lists(st.tuples(TYPED, SOME_SPANS), max_size=4).map(tuple)),
    st.builds(Buttons, BUTTONS),
    st.builds(Row, SOME_SPANS, BUTTONS, st.none() | BUTTON),
    st.just(Rule()),
    st.builds(Scale, st.just("pulse.vote"), st.just("tok"), TYPED, TYPED),
)
SOME_BLOCKS = st.lists(BLOCKS, max_size=8).map(tuple)
MESSAGES = st.builds(Message, SOME_BLOCKS, st.just("") | TYPED)
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def parts_of(thing: object) -> list[Json]:
    """Everything with a type in a card, a button's data apart."""
    if isinstance(thing, list):
        return [part for one in thing for part in parts_of(one)]
    if isinstance(thing, dict):
        inside = [value for name, value in thing.items() if name not in ("data", "msteams")]
        return [*([thing] if "type" in thing else []), *parts_of(inside)]
    return []


def of_kind(thing: object, kind: str) -> list[Json]:
    return [part for part in parts_of(thing) if part["type"] == kind]


def lines_of(thing: object) -> list[str]:
    """The words of every text, as they are read."""
    return [
        "".join(run["text"] for run in text["inlines"]) for text in of_kind(thing, "RichTextBlock")
    ]


def spans_of(block: Block) -> list[Span]:
    if isinstance(block, Facts):
        return [span for _, spans in block.pairs for span in spans]
    return list(getattr(block, "spans", ()))


def typed_in(message: Message) -> list[str]:
    found = [block.text for block in message.blocks if isinstance(block, Heading)]
    for span in (span for block in message.blocks for span in spans_of(block)):
        found += [span.name] if isinstance(span, Who) else []
        found += [span.text] if isinstance(span, (Words, Link)) else []
    return found


def shown(message: Message, **options: Any) -> Json:
    card = render.card(message, opens=OPENS, **options)
    check(card)
    return card


def content(dialog: Json) -> Json:
    card: Json = dialog["card"]["content"]
    check(card, in_dialog=True)
    return card


@often
@given(MESSAGES)
def test_teams_takes_every_message_and_shows_what_was_typed_as_it_was_typed(view: Message) -> None:
    card = shown(view)
    assume(len(render.pages(view, opens=OPENS)) == 1)
    read = "\n".join(lines_of(card))
    assert all(text in read for text in typed_in(view))
    blocks = of_kind(card, "TextBlock")
    for block in blocks:
        rest = AT.sub("", block["text"])
        assert rest.strip() == ""
        assert not any(mark in block["text"] for mark in "*_[]()#`{}&\\~")
    assert len(blocks) == bool(card["msteams"].get("entities"))
    assert card["fallbackText"] == render.FALLBACK


@often
@given(MESSAGES)
def test_teams_takes_every_message_as_a_dialogs_page(view: Message) -> None:
    card = content(render.page(view))
    assume(CUT not in lines_of(card))
    read = "\n".join(lines_of(card))
    assert all(text in read for text in typed_in(view))
    assert not of_kind(card, "TextBlock")
    assert "entities" not in card["msteams"]


@often
@given(MESSAGES)
def test_a_message_is_a_card_alone_with_a_line_for_the_phone(view: Message) -> None:
    sent = render.activity(view, opens=OPENS)
    assert sent["type"] == "message"
    assert "text" not in sent
    assert sent["summary"].strip()
    assert len(sent["summary"]) <= render.SUMMARY_LIMIT
    [attachment] = sent["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    check(attachment["content"])


def test_half_a_character_is_sent_as_a_mark() -> None:
    card = shown(say("half \ud800 of it", buttons=(Button("\udc00", "list.mine", "\ud800"),)))
    assert lines_of(card) == ["half \ufffd of it"]
    json.dumps(card, ensure_ascii=False).encode()
    content(render.confirmation("\ud800", "\ud800", "list.mine", "\ud800"))
    field = WordsField("text", "\ud800", "\ud800", "\ud800")
    content(render.dialog(Form("\ud800", "a.b", (), (field,), {"x": "\ud800"}, "\ud800")))


def test_what_would_become_a_date_of_teams_own_is_shown_as_typed() -> None:
    card = shown(say("{{DATE(2026-11-27T00:00:00Z,SHORT)}}"))
    runs = [run["text"] for run in of_kind(card, "TextRun")]
    assert runs == ["{", "{DATE(2026-11-27T00:00:00Z,SHORT)}}"]


def test_words_keep_their_look() -> None:
    spans = (bold("b"), Words("i", italic=True), Words("s", strike=True), Words("c", code=True))
    looks = [
        {k: v for k, v in run.items() if k not in ("type", "text")}
        for run in of_kind(shown(Message((Text(spans),))), "TextRun")
    ]
    assert looks == [
        {"weight": "bolder"},
        {"italic": True},
        {"strikethrough": True},
        {"fontType": "monospace"},
    ]


def test_only_addresses_of_the_web_become_links() -> None:
    urls = ("https://a.example/x", "HTTP://a.example", "javascript:alert(1)", "mailto:a@b.c", "")
    card = shown(Message((Text(tuple(Link("here", url) for url in urls)),)))
    linked = ["selectAction" in run for run in of_kind(card, "TextRun")]
    assert linked == [True, True, False, False, False]
    assert lines_of(card) == ["here" * 5]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "Fri 27 Nov, 14:30 UTC"),
        ("Europe/Berlin", "Fri 27 Nov, 15:30 CET"),
        ("Asia/Tokyo", "Fri 27 Nov, 23:30 JST"),
        ("Asia/Dubai", "Fri 27 Nov, 18:30 UTC+04"),
        ("Nowhere/Land", "Fri 27 Nov, 14:30 UTC"),
        ("../etc/passwd", "Fri 27 Nov, 14:30 UTC"),
        ("Europe", "Fri 27 Nov, 14:30 UTC"),
        ("", "Fri 27 Nov, 14:30 UTC"),
    ],
)
def test_a_time_is_told_in_words_with_its_zone(zone: str, said: str) -> None:
    view = say(When(datetime(2026, 11, 27, 14, 30, tzinfo=UTC)))
    assert lines_of(shown(view, zone=zone)) == [said]
    assert lines_of(content(render.page(view, zone=zone))) == [said]


def test_people_of_teams_are_notified_once_each_at_the_end_of_the_card() -> None:
    hana, priya = Who("Hana Kobayashi", HANA), Who("Priya", PRIYA)
    card = shown(say(hana, " and ", Who("Ann"), Who("Mateo", "U0MATEO"), priya, " and ", hana))
    assert lines_of(card) == ["Hana Kobayashi and AnnMateoPriya and Hana Kobayashi"]
    assert card["body"][-1]["text"] == "<at>Hana Kobayashi</at> <at>Priya</at>"
    assert card["body"][-1]["isSubtle"]
    assert [entity["mentioned"] for entity in card["msteams"]["entities"]] == [
        {"id": HANA, "name": "Hana Kobayashi"},
        {"id": PRIYA, "name": "Priya"},
    ]


def test_nobody_is_notified_where_that_is_not_wanted() -> None:
    card = shown(say(Who("Hana", HANA)), mentions=False)
    assert not of_kind(card, "TextBlock")
    assert lines_of(card) == ["Hana"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("O'Brien-Smith, J.", "O'Brien-Smith J."),
        ("</at><at>Everyone</at>", "at at Everyone at"),
        ("**[x](https://y)** {{DATE(", "x https y DATE"),
        ("देवी", "देवी"),
        ("***", "colleague"),
    ],
)
def test_a_name_in_a_mention_is_made_of_no_markup(name: str, written: str) -> None:
    card = shown(say(Who(name, HANA)))
    assert card["body"][-1]["text"] == f"<at>{written}</at>"
    assert lines_of(card) == [name]


def test_two_people_of_one_name_are_both_notified() -> None:
    card = shown(say(Who("Ann Lee", HANA), Who("Ann Lee", PRIYA)))
    assert card["body"][-1]["text"] == "<at>Ann Lee</at> <at>Ann Lee 2</at>"
    assert [e["mentioned"]["id"] for e in card["msteams"]["entities"]] == [HANA, PRIYA]


def test_a_button_says_what_it_runs_and_opens_a_dialog_only_where_one_is_needed() -> None:
    buttons = (
        Button("Done", "action_item.done", "t1", "primary"),
        Button("New", "action_item.new"),
        Button("Close", "alliance.close", "t2", "danger", confirm="Really close it?"),
    )
    actions = of_kind(shown(Message((Buttons(buttons),))), "ActionSet")[0]["actions"]
    assert all(is_sealed(action["data"]) for action in actions)
    assert [action | {"data": without_seal(action["data"])} for action in actions] == [
        {
            "type": "Action.Execute",
            "title": "Done",
            "style": "positive",
            "verb": "action_item.done",
            "data": {"act": "action_item.done", "value": "t1"},
        },
        {
            "type": "Action.Submit",
            "title": "New",
            "data": {"act": "action_item.new", "value": "", "msteams": {"type": "task/fetch"}},
        },
        {
            "type": "Action.Submit",
            "title": "Close",
            "style": "destructive",
            "data": {
                "act": "alliance.close",
                "value": "t2",
                "msteams": {"type": "task/fetch"},
                "confirm": "Really close it?",
                "label": "Close",
            },
        },
    ]


def test_the_seventh_button_and_a_rows_menu_are_behind_the_others() -> None:
    buttons = tuple(Button(f"B{at}", "list.mine", str(at)) for at in range(8))
    [actions] = of_kind(shown(Message((Buttons(buttons),))), "ActionSet")
    assert [a.get("mode") for a in actions["actions"]] == [None] * 6 + ["secondary"] * 2
    both = shown(Message((Row(words("HEL-1"), buttons[:2], buttons[2]),)))
    assert [part["type"] for part in both["body"]] == ["RichTextBlock", "ActionSet"]
    assert [a.get("mode") for a in both["body"][1]["actions"]] == [None, "secondary", "secondary"]


def test_a_rows_button_stands_beside_it() -> None:
    row = Row(words("HEL-1"), button=Button("Show", "action_item.show", "t"))
    [columns] = shown(Message((row,)))["body"]
    assert [column["width"] for column in columns["columns"]] == ["stretch", "auto"]
    assert lines_of(columns["columns"][0]) == ["HEL-1"]
    assert of_kind(columns["columns"][1], "Action.Execute")


def test_a_long_label_is_cut() -> None:
    [button] = of_kind(shown(say("x", buttons=(Button("👍" * 90, "list.mine"),))), "Action.Execute")
    assert len(button["title"].encode("utf-16-le")) <= 150
    assert button["title"].endswith("…")


def test_a_rule_is_a_line_above_what_follows() -> None:
    card = shown(Message((Text(words("a")), Rule(), Text(words("b")), Rule())))
    assert [part.get("separator", False) for part in card["body"]] == [False, True]


def test_facts_are_two_columns_a_line() -> None:
    card = shown(Message((Facts((("Owner", words("Hana")), ("Due", ()))),)))
    assert [len(row["columns"]) for row in card["body"]] == [2, 2]
    assert lines_of(card) == ["Owner", "Hana", "Due", " "]


LONG: list[Message] = [
    Message((Heading("h" * 30_000),)),
    Message((Text(words("word " * 20_000)),), "The lead"),
    Message((Text((bold("x" * 9_000), Words("\x00" * 9_000), Link("l" * 9_000, "https://x.y"))),)),
    Message((Quote(words("ü" * 40_000)), Note(words("👍" * 20_000)))),
    Message((Facts(tuple((f"L{at}", words("v" * 900)) for at in range(60))),)),
    Message((Facts((("Label", words("v " * 20_000)),)),)),
    Message((Text((Who("n" * 30_000, HANA),)),)),
    Message((Row(words("r" * 20_000), button=Button("Show", "action_item.show")),)),
    Message(tuple(Row((Who("Hana", HANA), *words(f"HEL-{at} " + "x" * 200))) for at in range(99))),
    Message((Buttons(tuple(Button("b" * 75, "list.mine", "v" * 900) for _ in range(40))),)),
]


@pytest.mark.parametrize("view", LONG)
def test_a_long_message_goes_on_several_cards_and_loses_nothing(view: Message) -> None:
    sent = render.pages(view, opens=OPENS)
    cards = [activity["attachments"][0]["content"] for activity in sent]
    assert len(cards) > 1
    for card in cards:
        check(card)
    read = "".join(line for card in cards for line in lines_of(card))
    assert all(text in read.replace("Label", "") for text in typed_in(view))
    pressed = [one for card in cards for one in of_kind(card, "Action.Execute")]
    buttons = [b for part in view.blocks if isinstance(part, Buttons) for b in part.buttons]
    rows = [part for part in view.blocks if isinstance(part, Row) and part.button]
    assert len(pressed) == len(buttons) + len(rows)
    assert sum(len(card["msteams"].get("entities", [])) for card in cards) <= 1


@pytest.mark.parametrize("view", LONG)
def test_what_one_card_cannot_hold_is_said_to_be_missing(view: Message) -> None:
    card = shown(view)
    assert lines_of(card)[-1] == CUT
    dialog = content(render.page(view))
    assert lines_of(dialog)[-1] == CUT


def test_many_people_are_all_notified_each_on_one_card() -> None:
    people = [Who("N" * 60, f"7faf8ab2-3d56-4244-b585-{at:012}") for at in range(120)]
    rows = tuple(Row((who,)) for who in (*people, *people))
    cards = [sent["attachments"][0]["content"] for sent in render.pages(Message(rows), opens=OPENS)]
    for card in cards:
        check(card)
    told = [one["mentioned"]["id"] for card in cards for one in card["msteams"].get("entities", [])]
    assert told == [who.user_id for who in people]


def test_the_first_of_several_cards_has_the_lead() -> None:
    first, second, *_ = render.pages(LONG[1], opens=OPENS)
    assert first["summary"] == "The lead"
    assert second["summary"].startswith("word word")


FIELDS: tuple[Field, ...] = (
    WordsField("text", "What is to be done?", "send it", "A line.", long=True),
    DayField("due", "By when?", date(2026, 11, 27), optional=True),
    PersonField("owner", "Who owns it?", "people.choices", Choice(HANA, "Hana Kobayashi")),
    ChoiceField("sees", "Who sees it?", (Choice("joint", "Both"), Choice("own", "Ours")), "joint"),
    ManyField("days", "Days", (Choice("0", "Monday"), Choice("1", "Tuesday")), ("1",)),
    ChannelField("channel", "Which channel?", "19:c@thread.tacv2"),
)
FORM = Form("Record", "action_item.create", (Text(words("hello")),), FIELDS, {"place": "7"}, "Go")


def inputs_of(card: Json) -> dict[str, Json]:
    return {part["id"]: part for part in parts_of(card) if part["type"].startswith("Input.")}


def test_a_form_is_a_dialog_with_every_kind_of_field() -> None:
    dialog = render.dialog(FORM)
    card = content(dialog)
    fields = inputs_of(card)
    assert dialog["title"] == "Record"
    assert list(fields) == ["text", "due", "owner", "sees", "days", "channel"]
    assert fields["text"]["value"] == "send it"
    assert fields["text"]["isMultiline"]
    assert fields["text"]["maxLength"] == 500
    assert fields["due"]["value"] == "2026-11-27"
    assert fields["owner"]["choices"] == [{"title": "Hana Kobayashi", "value": HANA}]
    assert fields["owner"]["value"] == HANA
    assert fields["owner"]["style"] == fields["channel"]["style"] == "filtered"
    datasets = [fields[name]["choices.data"]["dataset"] for name in ("owner", "channel")]
    assert [opened_words(one) for one in datasets] == ["people.choices?place=7", "channels?place=7"]
    assert fields["sees"]["style"] == "compact"
    assert fields["sees"]["value"] == "joint"
    assert fields["days"]["isMultiSelect"]
    assert fields["days"]["value"] == "1"
    assert [name for name, one in fields.items() if not one.get("isRequired")] == ["due", "days"]
    assert "A line." in lines_of(card)


def test_a_form_is_sent_with_what_it_carries() -> None:
    [submit] = content(render.dialog(FORM))["actions"]
    assert submit["title"] == "Go"
    data = without_seal(submit["data"])
    assert FORM_ADAPTER.validate_json(data.pop("shown")) == FORM
    assert data == {
        "act": "action_item.create",
        "form": True,
        "kept": {"place": "7"},
        "fields": {
            "text": "words",
            "due": "day",
            "owner": "person",
            "sees": "choice",
            "days": "many",
            "channel": "channel",
        },
    }


def test_a_long_form_brings_its_fields_along_and_not_what_stands_above_them() -> None:
    long = replace(FORM, blocks=(Text(words("long " * 2_000)),))
    [submit] = content(render.dialog(long))["actions"]
    assert FORM_ADAPTER.validate_json(submit["data"]["shown"]) == replace(FORM, blocks=())


def test_a_form_without_anything_to_carry_asks_for_choices_by_their_name_alone() -> None:
    field = PersonField("owner", "Who?", "people.choices")
    card = content(render.dialog(Form("F", "a.b", (), (field,), {"place": ""}, "Go")))
    dataset = inputs_of(card)["owner"]["choices.data"]["dataset"]
    assert opened_words(dataset) == "people.choices"


def test_a_form_where_closing_is_an_answer_has_a_button_for_it() -> None:
    form = Form("F", "a.b", (), FIELDS[:1], {"x": "1"}, "Go", close="Not now", closed="a.not_yet")
    _, close = content(render.dialog(form))["actions"]
    assert close["title"] == "Not now"
    assert without_seal(close["data"]) == {"act": "a.not_yet", "closed": True, "kept": {"x": "1"}}
    assert close["associatedInputs"] == "none"


def test_a_page_to_read_sends_nothing() -> None:
    dialog = render.page(say("Recorded."), "HEL-1")
    assert dialog["title"] == "HEL-1"
    assert "actions" not in content(dialog)


TYPED_VALUES = {
    "text": "what I typed",
    "due": "2026-12-01",
    "owner": PRIYA,
    "sees": "own",
    "days": "0,1",
    "channel": "19:d@thread.tacv2",
}


def test_a_refused_form_keeps_what_was_typed_and_says_why_above_the_field() -> None:
    error = BotError("That day is over.", field="due")
    card = content(render.dialog(FORM, values=TYPED_VALUES, error=error, names={PRIYA: "Priya"}))
    fields = inputs_of(card)
    assert {name: one.get("value") for name, one in fields.items()} == TYPED_VALUES
    assert {"title": "Priya", "value": PRIYA} in fields["owner"]["choices"]
    assert lines_of(card).count("That day is over.") == 1
    at = next(at for at, part in enumerate(card["body"]) if part.get("id") == "due")
    assert lines_of(card["body"][at - 1]) == ["That day is over."]
    assert card["body"][at - 1]["inlines"][0]["color"] == "attention"


def test_what_is_wrong_with_no_field_stands_on_top_of_the_form() -> None:
    card = content(render.dialog(FORM, error=BotError("It is closed.", field="gone")))
    assert lines_of(card["body"][0]) == ["It is closed."]


def test_what_cannot_be_put_back_is_left_out() -> None:
    values = {"due": "someday", "owner": "", "sees": "nobody", "days": "9", "channel": ""}
    fields = inputs_of(content(render.dialog(FORM, values=values)))
    assert "value" not in {key for name in values for key in fields[name]}
    unknown = inputs_of(content(render.dialog(FORM, values={"owner": PRIYA})))["owner"]
    assert unknown["choices"] == [{"title": "The person chosen so far", "value": PRIYA}]


def test_a_comma_in_a_choice_of_several_is_refused() -> None:
    with pytest.raises(AssertionError):
        render.dialog(
            Form("F", "a.b", (), (ManyField("m", "M", (Choice("a,b", "AB"),)),), {}, "Go")
        )


def test_a_button_of_a_page_stays_in_it_and_says_where_the_form_was_begun() -> None:
    buttons = Buttons((Button("New", "action_item.new", "t", "primary"),))
    form = Form("F", "page", (buttons,), (), {"place": "7", "thread": "", "secret": "x"})
    [button] = of_kind(content(render.dialog(form)), "Action.Submit")
    assert without_seal(button["data"]) == {
        "act": "action_item.new",
        "value": "t",
        "in_page": True,
        "kept": {"place": "7"},
    }
    assert button["style"] == "positive"


def test_a_button_of_a_page_that_asks_first_opens_the_question_below() -> None:
    button = Button("Close", "alliance.close", "t", confirm="Really?")
    [ask] = of_kind(content(render.page(Message((Buttons((button,)),)))), "Action.ShowCard")
    assert lines_of(ask["card"]) == ["Really?"]
    [pressed] = of_kind(ask["card"], "Action.Submit")
    assert pressed["data"]["act"] == "alliance.close"


def test_a_confirmation_carries_the_press_it_asks_about() -> None:
    dialog = render.confirmation("Really close it?", "Close", "alliance.close", "t2", card="170")
    card = content(dialog)
    assert dialog["title"] == "Are you sure?"
    assert lines_of(card) == ["Really close it?"]
    [button] = card["actions"]
    assert button["title"] == "Close"
    assert without_seal(button["data"]) == {
        "act": "alliance.close",
        "value": "t2",
        "confirmed": True,
        "card": "170",
    }


def _spoil(change: Callable[[Json], object]) -> Json:
    view = Message(
        (
            Text((Link("x", "https://x.y"), Who("Hana", HANA))),
            Buttons(tuple(Button(f"B{at}", "list.mine") for at in range(7))),
            Buttons((Button("New", "action_item.new"),)),
        )
    )
    card = copy.deepcopy(shown(view))
    change(card)
    return card


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda card: card.update(type="Card"), "no AdaptiveCard"),
        (lambda card: card.update(version="1.6"), "version"),
        (lambda card: card.pop("fallbackText"), "fallbackText"),
        (lambda card: card.update(body=[]), "empty body"),
        (lambda card: card["body"].append({"type": "Badge"}), "unknown type 'Badge'"),
        (lambda card: card["body"].append({"type": "ColumnSet", "columns": []}), "empty ColumnSet"),
        (lambda card: card["body"][0]["inlines"][0].update(text=""), "empty TextRun"),
        (lambda card: card["body"][0]["inlines"][0].update(text="x" * 14_000), "bytes"),
        (lambda card: card["body"][0]["inlines"][0].update(text="\ud800"), "half a character"),
        (
            lambda card: card["body"][0]["inlines"][0]["selectAction"].update(url="file:///x"),
            "url 'file:///x'",
        ),
        (lambda card: card["body"][1]["actions"][6].pop("mode"), "7 actions"),
        (lambda card: card["body"][1]["actions"][0].update(type="Action.Http"), "unknown type"),
        (lambda card: card["body"][1]["actions"][0].update(title=""), "title"),
        (lambda card: card["body"][1]["actions"][0].update(verb="x"), "verb"),
        (lambda card: card["body"][1]["actions"][0]["data"].pop("act"), "act"),
        (lambda card: card["body"][2]["actions"][0]["data"].pop("msteams"), "must open a dialog"),
        (lambda card: card["body"][2]["actions"][0].update(type="Action.Execute"), "task/fetch"),
        (lambda card: card["body"].pop(), "mentions"),
        (lambda card: card["msteams"].pop("entities"), "mentions"),
    ],
)
def test_a_card_that_teams_would_refuse_is_refused(
    change: Callable[[Json], object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        check(_spoil(change))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda card: card["body"][1].pop("id"), "without id"),
        (lambda card: card["body"][1].update(id="due"), "id twice"),
        (lambda card: card["body"][1].update(id="act"), "id of ours"),
        (lambda card: card["body"][1].pop("label"), "label"),
        (lambda card: card["body"][1].pop("errorMessage"), "errorMessage"),
        (
            lambda card: card["actions"].append(
                {"type": "Action.Execute", "title": "x", "verb": "a", "data": {"act": "a"}}
            ),
            "Action.Execute in a dialog",
        ),
        (
            lambda card: card["actions"][0]["data"].update(msteams={"type": "task/fetch"}),
            "must open a dialog",
        ),
        (
            lambda card: card["actions"].extend(
                [{"type": "Action.Submit", "title": "x", "data": {"act": "a"}}] * 6
            ),
            "7 actions",
        ),
    ],
)
def test_a_dialog_that_teams_would_refuse_is_refused(
    change: Callable[[Json], object], why: str
) -> None:
    card = content(render.dialog(FORM))
    change(card)
    with pytest.raises(ValueError, match=why):
        check(card, in_dialog=True)


def test_a_choice_of_several_with_a_comma_is_refused_in_a_card() -> None:
    card = content(render.dialog(FORM))
    inputs_of(card)["days"]["choices"][0]["value"] = "0,1"
    with pytest.raises(ValueError, match="comma"):
        check(card, in_dialog=True)


def test_a_dialogs_card_is_none_for_a_conversation() -> None:
    with pytest.raises(ValueError, match="must open a dialog"):
        check(content(render.dialog(FORM)))
