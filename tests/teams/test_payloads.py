"""What Teams sends, read as plain facts: who asks for what, where, and when it is a repeat."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.commands import MARK, mark
from handlers.doors import Asked
from handlers.teams import activities, payloads, render
from handlers.teams.activities import Account, Misshapen, read
from handlers.teams.sealing import sealed_words
from handlers.views import (
    Button,
    Buttons,
    ChannelField,
    ChoiceField,
    Form,
    ManyField,
    Message,
    PersonField,
    Rule,
    WordsField,
)

Json = dict[str, Any]

APP = "11111111-1111-1111-1111-111111111111"
BOT = f"28:{APP}"
ANN = "7faf8ab2-3d56-4244-b585-20c8a42ed2b8"
BOB = "0b9c8d70-1111-4222-8333-944455566677"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
CHANNEL = "19:chan@thread.tacv2"
ROOT = "1700000000001"
GROUP = "19:group@thread.v2"
PERSONAL = "a:1personal"
PLACES: dict[str, Json] = {
    "personal": {"conversationType": "personal", "id": PERSONAL},
    "group": {"conversationType": "groupChat", "id": GROUP},
    "channel": {"conversationType": "channel", "id": f"{CHANNEL};messageid={ROOT}"},
}


def activity(kind: str, place: str = "channel", **more: Any) -> Json:
    return {
        "type": kind,
        "id": "1700000000002",
        "localTimezone": "Europe/London",
        "serviceUrl": "https://smba.trafficmanager.net/emea/T/",
        "channelId": "msteams",
        "from": {"id": "29:1aUser", "name": "Ann Lee", "aadObjectId": ANN.upper()},
        "conversation": {"tenantId": TENANT, **PLACES[place]},
        "recipient": {"id": BOT, "name": "Alliance"},
        "entities": [
            {"type": "clientInfo", "country": "GB", "timezone": "Europe/Paris", "locale": "en-GB"}
        ],
        "channelData": {
            "channel": {"id": CHANNEL},
            "team": {"id": "19:team@thread.tacv2", "aadGroupId": "f3ec8cd2"},
            "tenant": {"id": TENANT},
        },
    } | more


def mentioned(who: str, name: str, **more: str) -> Json:
    text = f"<at>{name}</at>"
    return {"type": "mention", "mentioned": {"id": who, "name": name, **more}, "text": text}


def invoke(name: str, value: Json, place: str = "channel", **more: Any) -> activities.Activity:
    return read(activity("invoke", place, name=name, value=value, **{"id": "f:1", **more}))


def said(text: str, *mentions: Json, place: str = "group", **more: Any) -> Asked:
    sent = activity("message", place, text=text, entities=list(mentions), **more)
    return payloads.message(read(sent), BOT)


def test_an_activity_says_who_did_it_and_where() -> None:
    found = read(activity("message", text="x"))
    assert (found.kind, found.id, found.person) == ("message", "1700000000002", ANN)
    assert (found.account, found.name, found.user_id) == ("29:1aUser", "Ann Lee", ANN)
    assert (found.tenant, found.conversation, found.thread) == (TENANT, CHANNEL, ROOT)
    assert (found.place, found.bot, found.country) == ("channel", BOT, "GB")
    assert found.service_url == "https://smba.trafficmanager.net/emea/T/"
    assert not found.targeted
    assert not found.is_from_bot


def test_a_zone_is_that_of_the_activity_or_else_of_the_app() -> None:
    sent = activity("message")
    assert read(sent).zone == "Europe/London"
    del sent["localTimezone"]
    assert read(sent).zone == "Europe/Paris"
    assert read(sent | {"entities": []}).zone == ""


def test_an_invoke_is_called_by_its_name() -> None:
    assert invoke("task/fetch", {}).kind == "task/fetch"
    assert read({"type": "invoke"}).kind == "invoke"
    assert read({"type": "event", "name": "x"}).kind == "event"


@pytest.mark.parametrize(
    ("conversation", "place"),
    [
        ({"id": "19:a@thread.tacv2;messageid=1"}, "channel"),
        ({"id": "19:a@thread.skype"}, "channel"),
        ({"id": "19:a@thread.v2"}, "group"),
        ({"id": "19:meeting_a@thread.v2"}, "group"),
        ({"id": "a:1x"}, "dm"),
        ({"id": "19:a_b@unq.gbl.spaces"}, "dm"),
        ({"id": "a:1x", "conversationType": "channel"}, "channel"),
    ],
)
def test_a_conversation_is_told_by_its_id_where_its_kind_is_not_said(
    conversation: Json, place: str
) -> None:
    assert read({"type": "x", "conversation": conversation}).place == place


def test_a_reply_in_a_channel_belongs_to_its_root() -> None:
    bare = {"conversationType": "channel", "id": CHANNEL}
    reply = activity("message", conversation=bare, replyToId="1699")
    assert read(reply).thread == "1699"
    assert read(activity("message", "group", replyToId="1699")).thread is None
    pressed = invoke("adaptiveCard/action", {}, conversation=bare, replyToId="1699")
    assert (pressed.thread, pressed.reply_to) == (None, "1699")


@pytest.mark.parametrize("raw", [None, [], "x", 7, {}, {"type": None}, {"type": ["message"]}])
def test_what_is_no_activity_is_refused(raw: object) -> None:
    with pytest.raises(Misshapen):
        read(raw)


def test_what_nobody_did_is_refused_where_somebody_is_needed() -> None:
    found = read({"type": "message", "text": "mine"})
    with pytest.raises(Misshapen):
        payloads.message(found, BOT)
    assert payloads.waiting(found, receipt="r") is None


def test_a_bot_is_known_by_its_id_or_role() -> None:
    assert read(activity("message") | {"from": {"id": "28:other"}}).is_from_bot
    other = read(activity("message") | {"from": {"id": "29:x", "role": "bot"}})
    assert other.is_from_bot
    assert not payloads.is_from_a_person(other)
    assert payloads.is_from_a_person(read(activity("message")))


def test_a_message_in_a_channel_is_a_mention_with_a_link_to_it() -> None:
    asked = said(
        "<at>Alliance</at> action <at>Bob Ray</at> MSA by Fri\n",
        mentioned(BOT, "Alliance"),
        mentioned("29:1bBob", "Bob Ray"),
        place="channel",
    )
    assert asked.act == "action_item.capture"
    assert asked.args["words"] == f"{mark(0)} MSA by Fri"
    assert asked.people == ("29:1bBob",)
    assert (asked.door, asked.user_id) == ("mention", ANN)
    assert (asked.channel, asked.channel_kind, asked.thread) == (CHANNEL, "channel", ROOT)
    assert asked.message_ts == "1700000000002"
    assert asked.receipt == f"message:{CHANNEL}:1700000000002"
    assert asked.args["link"] == (
        f"https://teams.microsoft.com/l/message/{CHANNEL}/1700000000002?tenantId={TENANT}"
        f"&groupId=f3ec8cd2&parentMessageId={ROOT}&createdTime=1700000000002"
    )


def test_a_message_in_a_personal_chat_is_direct() -> None:
    asked = said("mine", place="personal")
    assert (asked.act, asked.door, asked.channel, asked.channel_kind) == (
        "list.mine",
        "dm",
        PERSONAL,
        "dm",
    )
    assert (asked.thread, asked.message_ts) == (None, None)
    assert "link" not in asked.args


def test_a_message_in_a_group_chat_has_no_thread() -> None:
    asked = said("mine")
    assert (asked.door, asked.channel_kind, asked.thread) == ("mention", "channel", None)
    assert asked.args["link"].startswith(f"https://teams.microsoft.com/l/message/{GROUP}/17")
    assert "context=%7B%22contextType%22%3A%22chat%22%7D" in asked.args["link"]


def test_the_first_message_of_a_channels_thread_is_its_root() -> None:
    bare = {"conversationType": "channel", "id": CHANNEL}
    assert said("mine", place="channel", conversation=bare).thread == "1700000000002"


def test_a_message_that_only_the_bot_sees_is_a_command() -> None:
    asked = said("/alliance mine", recipient={"id": BOT, "isTargeted": True})
    assert (asked.act, asked.door, asked.message_ts) == ("list.mine", "command", None)
    assert "link" not in asked.args


@pytest.mark.parametrize("text", ["mine", "/mine", "/alliance mine", "/Alliance  mine", " / mine"])
def test_a_slash_before_a_command_is_left_out(text: str) -> None:
    assert said(text).act == "list.mine"


def test_only_the_bots_own_word_is_left_out() -> None:
    assert said("/alliances").args["word"] == "alliances"
    assert said("action and/or").args["words"] == "and/or"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("action&nbsp;send&nbsp;it", "send it"),
        ("action\u00a0send it", "send it"),
        ("action a &amp; b &lt;c&gt;", "a & b <c>"),
        ("action one<br/>two", "one\ntwo"),
        ("action one\r\ntwo", "one\ntwo"),
        ("action <at>Nobody</at> x", "Nobody x"),
        ("action \ufffc0\ufffc &#65532;1&#65532;", "0 1"),
        ("action \x00\x07bell\ud800", "bell"),
    ],
)
def test_what_was_typed_becomes_plain_words(text: str, words: str) -> None:
    asked = said(text)
    assert asked.args["words"] == words
    assert asked.people == ()


def test_people_are_marked_in_the_order_they_are_mentioned_and_not_by_name() -> None:
    asked = said(
        "action <at>Ann</at> and <at>Ann</at> with <at>Bob</at>",
        mentioned("29:first", "Ann"),
        mentioned("29:second", "Ann"),
        mentioned("29:third", "Bob", aadObjectId=BOB.upper()),
    )
    assert asked.people == ("29:first", "29:second", BOB)
    assert asked.args["words"] == f"{mark(0)} and {mark(1)} with {mark(2)}"


def test_a_name_in_two_mentions_is_one_person() -> None:
    asked = said(
        "action <at>Bob</at> <at>Ray</at> MSA",
        mentioned("29:b", "Bob"),
        mentioned("29:b", "Ray"),
    )
    assert asked.people == ("29:b",)
    assert asked.args["words"] == f"{mark(0)} MSA"


def test_a_tag_a_channel_and_another_bot_are_only_words() -> None:
    asked = said(
        "action <at>Legal</at> <at>General</at> <at>Polly</at> x",
        mentioned("t1", "Legal", type="tag"),
        mentioned(CHANNEL, "General", type="channel"),
        mentioned("28:other", "Polly"),
    )
    assert asked.people == ()
    assert asked.args["words"] == "@Legal @General @Polly x"


def test_a_mention_that_is_not_in_the_text_marks_nobody() -> None:
    asked = said("action x", mentioned("29:b", "Bob"), {"type": "mention"}, {"type": 7})
    assert asked.people == ()
    assert asked.args["words"] == "x"


def button(place: str = "channel", **data: Any) -> activities.Activity:
    value = {"action": {"type": "Action.Execute", "verb": data["act"], "data": data}}
    return invoke("adaptiveCard/action", value | {"trigger": "manual"}, place, replyToId="1700")


def test_a_press_says_what_is_asked_and_on_which_message() -> None:
    found = button(act="action_item.done", value="tok")
    assert payloads.purpose(found) == "press"
    asked = payloads.pressed(found)
    assert (asked.act, dict(asked.args)) == ("action_item.done", {"value": "tok"})
    assert (asked.door, asked.user_id, asked.message_ts) == ("button", ANN, "1700")
    assert (asked.channel, asked.thread, asked.in_page) == (CHANNEL, ROOT, False)
    assert asked.receipt == f"invoke:{CHANNEL}:f:1"


def test_a_press_that_opens_a_dialog_says_the_same() -> None:
    data = {"msteams": {"type": "task/fetch"}, "act": "action_item.new", "value": "t"}
    found = invoke("task/fetch", {"data": data}, "personal", replyToId="1700")
    assert payloads.purpose(found) == "press"
    asked = payloads.pressed(found)
    assert (asked.act, asked.args["value"], asked.message_ts) == ("action_item.new", "t", "1700")
    assert (asked.channel, asked.channel_kind) == (PERSONAL, "dm")


def test_a_press_that_an_old_teams_sends_as_a_message_is_a_press() -> None:
    found = read(activity("message", value={"act": "list.mine", "value": "t"}, replyToId="1700"))
    assert payloads.purpose(found) == "press"
    assert payloads.pressed(found).message_ts == "1700"


def test_a_card_that_refreshes_by_itself_asks_for_nothing() -> None:
    action = {"action": {"verb": "list.mine", "data": {}}, "trigger": "automatic"}
    assert payloads.purpose(invoke("adaptiveCard/action", action)) == ""
    assert payloads.purpose(invoke("task/fetch", {"data": {}})) == ""


def actions_of(thing: Any) -> list[Json]:
    if isinstance(thing, list):
        return [action for one in thing for action in actions_of(one)]
    if not isinstance(thing, dict):
        return []
    mine = [thing] if str(thing.get("type")).startswith("Action.") else []
    return [*mine, *actions_of(list(thing.values()))]


def press(dialog: Json, title: str, typed: Json, **more: Any) -> activities.Activity:
    """A button of a dialog, pressed with this in its inputs."""
    [data] = [one["data"] for one in actions_of(dialog["card"]) if one["title"] == title]
    return invoke("task/submit", {"data": {**typed, **data}}, **more)


def test_a_press_that_is_asked_about_first_is_carried_out_as_on_its_message() -> None:
    ask = Button("Close", "alliance.close", "t", confirm="Really close it?")
    card = render.card(Message((Buttons((ask,)),)), opens=())
    found = invoke("task/fetch", {"data": actions_of(card)[0]["data"]}, replyToId="1700")
    assert payloads.purpose(found) == "confirm"
    confirm = payloads.to_confirm(found)
    assert (confirm.text, confirm.label) == ("Really close it?", "Close")
    dialog = render.confirmation(
        confirm.text, confirm.label, confirm.act, confirm.value, card=confirm.card
    )
    again = press(dialog, "Close", {}, id="f:2")
    assert payloads.purpose(again) == "confirmed"
    asked = payloads.pressed(again)
    assert (asked.act, asked.args["value"]) == ("alliance.close", "t")
    assert (asked.message_ts, asked.in_page, asked.channel) == ("1700", False, CHANNEL)


FORM = Form(
    "Record",
    "action_item.create",
    (Rule(), Buttons((Button("Look", "action_item.show", "t"),))),
    (
        WordsField("text", "What?"),
        ChoiceField("sees", "Who?", ()),
        PersonField("owner", "Owner", "people.choices", optional=True),
        ManyField("days", "Days", ()),
    ),
    {"source": "s", "text": "what it was", "place": "7", "thread": "99"},
    "Go",
    close="Not now",
    closed="alliance.not_yet",
)


def test_a_form_brings_what_it_carried_and_what_was_typed() -> None:
    typed = {"text": " send\x00 it ", "sees": "joint", "days": "0,2"}
    found = press(render.dialog(FORM), "Go", typed)
    assert payloads.purpose(found) == "form"
    asked = payloads.submitted(found)
    assert (asked.act, asked.door) == ("action_item.create", "form")
    assert asked.args == {
        "source": "s",
        "place": "7",
        "thread": "99",
        "text": "send it",
        "sees": "joint",
        "owner": "",
        "days": "0,2",
    }
    assert (asked.place, asked.thread, asked.channel) == ("7", "99", "")


def test_what_was_emptied_in_a_form_is_empty() -> None:
    assert payloads.submitted(press(render.dialog(FORM), "Go", {})).args["text"] == ""


def test_a_form_that_was_begun_nowhere_else_is_carried_out_where_it_is() -> None:
    form = Form("F", "a.b", (), (WordsField("text", "T"),), {}, "Go")
    asked = payloads.submitted(press(render.dialog(form), "Go", {"text": "x"}))
    assert (asked.place, asked.channel, asked.thread) == ("", CHANNEL, ROOT)


def test_a_form_in_which_a_channel_is_chosen_is_carried_out_there() -> None:
    fields = (WordsField("name", "N"), ChannelField("channel", "Which?"))
    form = Form("F", "a.b", (), fields, {"place": "7", "thread": "99"}, "Go")
    other = "19:other@thread.tacv2"
    found = press(render.dialog(form), "Go", {"name": "x", "channel": other})
    asked = payloads.submitted(found)
    assert (asked.channel, asked.place, asked.thread) == (other, "", None)
    assert (asked.args["name"], asked.args["channel"]) == ("x", "")
    assert payloads.filled_in(found) == {"name": "x", "channel": other}


def test_a_form_that_does_not_say_its_fields_brings_all_that_was_typed() -> None:
    data = {"act": "a.b", "form": True, "kept": {"x": "1"}, "note": "n", "value": "v", "n": 7}
    asked = payloads.submitted(invoke("task/submit", {"data": data}))
    assert asked.args == {"x": "1", "note": "n", "n": ""}


def test_a_forms_button_is_pressed_in_its_page_where_the_form_was_begun() -> None:
    asked = payloads.pressed(press(render.dialog(FORM), "Look", {}, replyToId="1700"))
    assert (asked.act, asked.args) == ("action_item.show", {"value": "t"})
    assert (asked.in_page, asked.message_ts) == (True, None)
    assert (asked.place, asked.thread, asked.channel) == ("7", "99", "")


def test_a_form_that_is_closed_by_its_button_says_so() -> None:
    found = press(render.dialog(FORM), "Not now", {})
    assert payloads.purpose(found) == "closed"
    asked = payloads.closed(found)
    assert (asked.act, asked.door, asked.args["source"]) == ("alliance.not_yet", "event", "s")


def test_a_field_asks_for_choices_with_what_its_form_carries() -> None:
    [field] = [p for p in _inputs(render.dialog(FORM)) if p["id"] == "owner"]
    dataset = field["choices.data"]["dataset"]
    found = invoke("application/search", {"queryText": " bo ", "dataset": dataset})
    source, words, asked = payloads.searched(found)
    assert (source, words, asked.act, asked.place) == ("people.choices", "bo", "", "7")
    assert asked.args == FORM.args
    bare = invoke("application/search", {"dataset": sealed_words("people.choices")})
    source, words, asked = payloads.searched(bare)
    assert (source, words, asked.channel, asked.args) == ("people.choices", "", CHANNEL, {})
    for forged in ("people.choices?place=8", dataset.replace("place=7", "place=8")):
        source, _, asked = payloads.searched(invoke("application/search", {"dataset": forged}))
        assert (source, asked.args) == ("", {})


def test_what_comes_back_otherwise_than_it_was_put_is_told() -> None:
    card = render.card(
        Message((Buttons((Button("Done", "action_item.done", "t1"),)),)), opens=frozenset()
    )
    action = actions_of(card)[0]
    put = invoke("adaptiveCard/action", {"action": action, "trigger": "manual"})
    assert payloads.is_as_put(put)
    for change in ({"value": "t2"}, {"act": "people.step_in"}, {"seal": "0"}, {"kept": {"a": "b"}}):
        data = action["data"] | change
        forged = {"action": action | {"data": data}, "trigger": "manual"}
        assert not payloads.is_as_put(invoke("adaptiveCard/action", forged))
    typed = {"action": action | {"data": action["data"] | {"reason": "typed"}}}
    assert payloads.is_as_put(invoke("adaptiveCard/action", typed)), "what is typed is not sealed"


def _inputs(dialog: Json) -> list[Json]:
    body = dialog["card"]["content"]["body"]
    return [part for part in body if part["type"].startswith("Input.")]


@pytest.mark.parametrize("number", ["f:1", ""])
def test_a_repeat_has_the_same_receipt_and_anything_else_another(number: str) -> None:
    def receipt(value: str, **more: Any) -> str:
        about = {"id": number, "timestamp": "2026-11-23T14:30:00.000Z"} | more
        data = {"act": "a.b", "value": value, "text": "x"}
        return payloads.pressed(invoke("task/submit", {"data": data}, **about)).receipt

    assert receipt("t") == receipt("t")
    assert receipt("t") != payloads.pressed(invoke("task/submit", {}, id="f:2")).receipt
    if not number:
        assert receipt("t") != receipt("u")
        assert receipt("t") != receipt("t", replyToId="1")
        assert receipt("t") != receipt("t", **{"from": {"aadObjectId": BOB}})
        assert receipt("t") != receipt("t", timestamp="2026-11-24T14:30:00.000Z")


def test_what_tells_neither_who_it_is_nor_when_it_was_is_never_a_repeat() -> None:
    sent = activity("message", text="mine") | {"id": ""}
    first, second = payloads.message(read(sent), BOT), payloads.message(read(sent), BOT)
    assert first.receipt != second.receipt


def payload(content: str, **more: Any) -> Json:
    return {
        "id": "1700000000009",
        "replyToId": None,
        "linkToMessage": f"https://teams.microsoft.com/l/message/{CHANNEL}/1700000000009",
        "body": {"contentType": "html", "content": content},
        "from": {"user": {"userIdentityType": "aadUser", "id": BOB.upper()}, "application": None},
        "mentions": [
            {"id": 0, "mentionText": "Ann Lee", "mentioned": {"user": {"id": ANN.upper()}}},
            {"id": 1, "mentionText": "Alliance", "mentioned": {"application": {"id": APP}}},
            {"id": 2, "mentionText": "Legal", "mentioned": {"tag": {"id": "x"}}},
        ],
    } | more


def chosen(content: str, place: str = "channel", **more: Any) -> Asked:
    value = {"commandId": "capture", "messagePayload": payload(content, **more)}
    return payloads.from_message(invoke("composeExtension/fetchTask", value, place), BOT)


def test_a_message_is_taken_up_with_its_words_author_and_link() -> None:
    asked = chosen("<div>Send it by Friday</div>")
    assert (asked.act, asked.door) == ("action_item.from_message", "shortcut")
    assert asked.args == {
        "source_channel": CHANNEL,
        "source_ts": "1700000000009",
        "source_thread": ROOT,
        "source_link": f"https://teams.microsoft.com/l/message/{CHANNEL}/1700000000009",
        "author": BOB,
        "text": "Send it by Friday",
    }
    assert (asked.channel, asked.thread) == (CHANNEL, ROOT)


def test_a_threads_root_is_in_no_thread() -> None:
    asked = chosen("x", id=ROOT)
    assert (asked.args["source_thread"], asked.thread) == ("", ROOT)


def test_a_message_of_a_chat_is_in_no_thread() -> None:
    asked = chosen("x", "group", linkToMessage=None)
    assert (asked.args["source_thread"], asked.thread) == ("", None)
    assert asked.args["source_link"].startswith(f"https://teams.microsoft.com/l/message/{GROUP}/")


def test_a_message_of_an_app_has_no_author() -> None:
    sender: Json = {"from": {"user": None, "application": {"id": APP}}}
    assert chosen("x", **sender).args["author"] == ""


def test_without_a_message_the_action_is_an_empty_form() -> None:
    found = invoke("composeExtension/fetchTask", {"commandContext": "compose"})
    assert payloads.from_message(found, BOT).act == "action_item.new"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>one</p><p>&nbsp;</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div>\n<div>two<br>three</div>", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ('<at id="1">Alliance</at> look', "look"),
        ('<at id="2">Legal</at> and <at id="9">Who</at>', "@Legal and @Who"),
        ('<a href="https://x.y/z">the plan</a>', "the plan (https://x.y/z)"),
        ('<a href="https://x.y">https://x.y</a>', "https://x.y"),
        ('<a href="javascript:x">go</a>', "go"),
        ('fine <emoji alt="👍"></emoji><img alt="😀" src="x">', "fine 👍😀"),
        ("<script>x()</script>a &amp; b&nbsp;c<style>p{}</style>", "a & b c"),
        ("\ufffc0\ufffc &#65532;", "0"),
        ("<![foo[x]]> <!x> <!---->", "<![foo[x]]> <!x>"),
        ("", ""),
    ],
)
def test_the_words_of_a_message_are_plain(content: str, text: str) -> None:
    assert chosen(content).args["text"] == text


def test_people_mentioned_in_a_message_are_marked() -> None:
    asked = chosen('<p><at id="0">Ann</at>&nbsp;<at id="0">Lee</at>, send it</p>')
    assert asked.args["text"] == f"{mark(0)}, send it"
    assert asked.people == (ANN,)


def test_plain_text_is_taken_as_it_is() -> None:
    asked = chosen("", body={"contentType": "text", "content": "a <b> &amp; c"})
    assert asked.args["text"] == "a <b> &amp; c"


def test_a_reaction_names_the_message_and_its_kinds() -> None:
    sent = activity(
        "messageReaction",
        replyToId="1700",
        reactionsAdded=[{"type": "like"}, {"type": "1f440_eyes"}, {}, 7],
        reactionsRemoved=[{"type": "heart"}],
    )
    found = activities.reacted(read(sent))
    assert (found.message, found.added, found.removed) == (
        "1700",
        ("like", "1f440_eyes"),
        ("heart",),
    )


def test_members_come_and_go_and_the_bot_is_none_of_them() -> None:
    bob = {"id": "29:1bBob", "aadObjectId": BOB.upper()}
    came = activities.members(
        read(activity("conversationUpdate", membersAdded=[{"id": BOT}, bob, bob, {}]))
    )
    assert came.added == (Account("29:1bBob", BOB),)
    assert (came.bot_added, came.bot_removed, came.removed) == (True, False, ())
    went = activities.members(
        read(activity("conversationUpdate", membersRemoved=[{"id": "29:x"}, {"id": BOT}]))
    )
    assert [one.user_id for one in went.removed] == ["29:x"]
    assert went.bot_removed


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("add", "installed"),
        ("add-upgrade", "installed"),
        ("remove", "removed"),
        ("remove-upgrade", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_installing_is_told(action: object, told: str) -> None:
    assert activities.installed(read(activity("installationUpdate", action=action))) == told
    assert activities.installed(read(activity("message", action=action))) == ""


def test_what_happens_to_a_channel_is_told_however_it_is_spelt() -> None:
    data = {
        "eventType": "ChannelRenamed",
        "channel": {"id": CHANNEL, "name": "Joint", "type": "Shared"},
        "team": {"id": "19:team@thread.tacv2", "name": "Deals", "aadGroupId": "f3"},
    }
    found = activities.place_change(read(activity("conversationUpdate", channelData=data)))
    assert (found.what, found.channel, found.name, found.kind) == (
        "channelrenamed",
        CHANNEL,
        "Joint",
        "shared",
    )
    assert (found.team, found.team_name, found.group) == ("19:team@thread.tacv2", "Deals", "f3")
    assert activities.place_change(read({"type": "conversationUpdate"})).what == ""


def test_who_brings_the_bot_is_heard() -> None:
    data = {"settings": {"selectedChannel": {"id": "19:first@thread.tacv2"}}}
    asked = payloads.invited(read(activity("conversationUpdate", channelData=data)))
    assert (asked.act, asked.channel) == ("arrival.invited", "19:first@thread.tacv2")
    came = payloads.opened(read(activity("installationUpdate", "personal", action="add")))
    assert (came.act, came.door, came.user_id) == ("arrival.opened", "event", ANN)


def test_whoever_pressed_or_wrote_waits_for_an_answer() -> None:
    pressed = payloads.waiting(button(act="a.b"), receipt="r")
    wrote = payloads.waiting(read(activity("message", text="x")), receipt="r")
    assert pressed is not None
    assert wrote is not None
    assert (pressed.door, wrote.door) == ("button", "mention")
    assert payloads.waiting(invoke("application/search", {}), receipt="r") is None
    assert payloads.waiting(read(activity("conversationUpdate")), receipt="r") is None


NAMES = st.sampled_from(
    """type id name from aadObjectId role conversation conversationType tenantId replyToId text
    entities mentioned recipient isTargeted value action verb data act kept fields form closed
    in_page confirm msteams dataset queryText messagePayload body content contentType mentions user
    application linkToMessage membersAdded membersRemoved reactionsAdded reactionsRemoved
    channelData eventType channel team tenant settings selectedChannel trigger place thread
    timezone country localTimezone serviceUrl mentionText""".split()
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["mention", "clientInfo", "html", "<at>x</at>", "29:x", BOT, "channel", "<!["]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(), inner, max_size=5)
    ),
    max_leaves=25,
)
KINDS = st.sampled_from(["message", "invoke", "conversationUpdate", "messageReaction", "other"])
ODD = st.dictionaries(NAMES, JSON, max_size=12)
LIKELY = st.fixed_dictionaries(
    {"type": KINDS, "from": JSON | st.just({"id": "29:x"})},
    optional={
        "name": st.sampled_from(["adaptiveCard/action", "task/submit", "application/search"]),
        "value": JSON,
        "text": JSON | st.text(),
        "entities": st.lists(ODD, max_size=3),
        "conversation": JSON,
        "channelData": JSON,
    },
)
READERS: list[Callable[[activities.Activity], object]] = [
    lambda found: payloads.message(found, BOT),
    lambda found: payloads.from_message(found, BOT),
    lambda found: payloads.waiting(found, receipt="r"),
    payloads.purpose,
    payloads.pressed,
    payloads.to_confirm,
    payloads.submitted,
    payloads.filled_in,
    payloads.closed,
    payloads.searched,
    payloads.invited,
    payloads.opened,
    activities.reacted,
    activities.members,
    activities.installed,
    activities.place_change,
    activities.message_link,
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(JSON, ODD, LIKELY))
def test_whatever_comes_is_read_or_called_misshapen(raw: object) -> None:
    try:
        found = read(raw)
    except Misshapen:
        return
    for reader in READERS:
        try:
            reader(found)
        except Misshapen:
            assert not found.person
            assert not found.account


@settings(max_examples=200, deadline=None)
@given(st.text() | st.lists(st.sampled_from(["<at", " id=0>", "</at>", "<![", "<p>", "x", "<!--"])))
def test_any_text_is_read_and_marks_only_who_was_mentioned(given_text: str | list[str]) -> None:
    text = given_text if isinstance(given_text, str) else "".join(given_text)
    asked = said(text, mentioned("29:b", "x"))
    words = asked.args["words"]
    assert {int(at) for at in MARK.findall(words)} <= set(range(len(asked.people)))
    taken = chosen(text)
    assert {int(at) for at in MARK.findall(taken.args["text"])} <= set(range(len(taken.people)))
    for one in (words, taken.args["text"]):
        one.encode()
        assert "\x00" not in one
