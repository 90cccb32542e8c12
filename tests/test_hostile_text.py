"""Whatever people type: a kind answer, nothing kept in part, nobody pinged who was not meant."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, func, select

from storage.tables import ActionItem, HistoryEntry
from tests.world import HANA, MATEO, OLIVIA, OWN, PRIYA, SHARED, World, direct, words_of

Json = dict[str, Any]

NASTY = [
    "<!channel> <!here> <!everyone> look",
    "<!subteam^S0123ABC|@devs> look",
    "&lt;!channel&gt; &lt;@U0PRIYA&gt;",
    "<@U0NOBODY> broken <@ <@> <@U0> <#C0> <#C0SHARED|> <!> <!date^1^{date}|x>",
    "<@U0OLIVIA|<!channel>> nested",
    "@channel @here @everyone @priya",
    "😀👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "שלום עולם \u202e reversed \u202d \u2066 isolate",
    "مرحبا " * 60,
    "null \x00 byte and \x07 bell and \x1b[31m escape",
    "\ufffc0\ufffc \ufffc99\ufffc marks of ours",
    "`code` ```block``` *bold* _it_ ~no~ > quote",
    '[{"type": "section", "text": {"type": "mrkdwn", "text": "<!channel>"}}]',
    '{"blocks": [{"type": "broadcast", "range": "channel"}]}',
    "x" * 10_000,
    "word " * 2_000,
    "z̷̢̛̺̗a̴l̶g̸o̷" * 30,
    "'; DROP TABLE actionitem; --",
    "${jndi:ldap://x} {{7*7}} %s %n {0} \\u0000 \\",
    "http://a.b/?q=<script>alert(1)</script>|<http://x|<!here>>",
    "mailto:x@y.z <mailto:x@y.z|mail> <https://example.com|<@U0PRIYA>>",
    "by by by until to for",
    "by 99999999999999 by 0000-00-00 by in 99999999 weeks",
    "for Nobody Anywhere: nothing",
    "-" * 3_001,
    " \n\t ",
    "HEL-999999999999999999999 done",
    "done HEL-1 " + "HEL-1 " * 500,
]
LEADS = ["", "action ", "action internal ", "internal ", "done ", "move HEL-1 to ", "snooze HEL-1 "]
LEADS += ["edit HEL-1 ", "decline HEL-1 ", "cancel HEL-1 ", "reassign HEL-1 ", "reminders away "]
LEADS += ["wait HEL-1 ", "people ", "setup ", "show ", "helper HEL-1 "]

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400),
    st.lists(
        st.sampled_from([*NASTY[:14], "<@U0OLIVIA>", "<@U0HANA>", "by fri", "\n"]), max_size=6
    ).map(" ".join),
)
typed = st.tuples(st.sampled_from(LEADS), texts).map("".join)
several = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def said(world: World) -> Iterator[Json]:
    """Every message of the bot's, whoever sees it, and whatever Slack was asked to show."""
    for channel in world.slack.house.world.channels.values():
        for message in channel.messages.values():
            if message.user == "U0BOT":
                yield {"pings": message.pings, "text": message.text, "blocks": message.blocks}


def kept(world: World) -> tuple[int, int, int]:
    def count(session: Session) -> tuple[int, int, int]:
        items = session.exec(select(func.count()).select_from(ActionItem)).one()
        captured = select(func.count()).select_from(HistoryEntry)
        noted = session.exec(captured.where(HistoryEntry.what == "captured")).one()
        blank = session.exec(select(func.count()).where(ActionItem.text == "")).one()
        return items, noted, blank

    return world.stored(count)


def check_all(world: World, *, what: str) -> None:
    items, noted, blank = kept(world)
    assert items == noted, f"an item without its history after {what!r}"
    assert blank == 0
    for message in said(world):
        assert not {"channel", "here", "everyone", "S0123ABC"} & set(message["pings"]), what
        assert message["text"].strip(), what
    for entry in world.slack.log():
        if entry["direction"] == "to_bot":
            assert entry["status"] == 200, (what, entry["method"], entry["answer"])
        elif entry["kind"] in ("api", "response_url"):
            error = (entry["answer"] or {}).get("error")
            assert error in (None, "user_not_found"), (what, entry["method"], entry["answer"])
    world.slack.house.journal.clear()


def check_answer(text: str, *, what: str) -> None:
    assert text.strip(), f"no answer to {what!r}"
    for wrong in ("went wrong", "Traceback", "Error", "could not reach my records"):
        assert wrong not in text.replace(what, ""), (wrong, what)


@several
@given(words=typed)
async def test_any_command_is_answered_kindly(world: World, words: str) -> None:
    if kept(world)[0] == 0:
        await world.command(MATEO, "action something of mine by Fri")
    seen = await world.command(MATEO, words)
    assert seen.ok, (seen.error, words)
    check_answer(seen.text, what=words)
    await world.close(MATEO)
    check_all(world, what=words)


@several
@given(words=typed)
async def test_any_mention_or_message_to_the_bot_is_taken_kindly(world: World, words: str) -> None:
    if kept(world)[0] == 0:
        await world.command(MATEO, "action something of mine by Fri")
    for seen in (await world.mention(OLIVIA, words), await world.write(HANA, words)):
        if seen.error == "msg_too_long" or seen.error == "no_text":
            continue
        assert seen.ok, (seen.error, words)
    check_all(world, what=words)


@several
@given(words=texts)
async def test_any_words_in_a_form_are_kept_whole_or_not_at_all(world: World, words: str) -> None:
    await world.command(MATEO, "action", OWN)
    before = kept(world)
    seen = await world.fill(MATEO, text=words)
    if not seen.ok:
        assert kept(world) == before
        assert seen.error == "invalid_input", (seen.error, words)  # Slack's own limits
    else:
        check_answer(words_of(seen.view), what=words)
    while world.slack.views(MATEO):
        await world.close(MATEO)
    check_all(world, what=words)


async def test_hostile_words_in_a_command_are_answered_kindly(world: World) -> None:
    await world.command(MATEO, "action something of mine by Fri")
    for lead in ("action ", ""):
        for nasty in NASTY:
            seen = await world.command(MATEO, f"{lead}{nasty}")
            assert seen.ok, (seen.error, nasty)
            check_answer(seen.text, what=nasty)
            await world.close(MATEO)
            check_all(world, what=nasty)


async def test_hostile_words_to_the_bot_directly_are_answered_kindly(
    world: World,
) -> None:
    await world.command(MATEO, "action something of mine by Fri")
    for nasty in NASTY:
        before = len(world.inbox(OLIVIA))
        seen = await world.write(OLIVIA, f"action {nasty}")
        await world.later("PT1M")
        if seen.ok:
            assert len(world.inbox(OLIVIA)) > before, f"no answer to {nasty!r}"
            check_answer(world.inbox(OLIVIA)[-1], what=nasty)
        check_all(world, what=nasty)
    await world.later("PT10M")
    check_all(world, what="everything")


async def test_hostile_words_in_a_form_are_kept_whole_or_not_at_all(world: World) -> None:
    for nasty in NASTY:
        await world.command(MATEO, "action", OWN)
        await world.fill(MATEO, text=nasty)
        while world.slack.views(MATEO):
            await world.close(MATEO)
        check_all(world, what=nasty)


async def test_a_message_with_anything_in_it_is_captured_without_a_ping(world: World) -> None:
    for nasty in NASTY:
        if len(nasty) > 4_000 or not nasty.strip():
            continue
        ts = await world.chat(OLIVIA, nasty)
        seen = await world.shortcut(PRIYA, "action_item.from_message", ts)
        assert seen.ok, (seen.error, nasty)
        sent = await world.fill(PRIYA)
        check_answer(sent.text, what=nasty)
        while world.slack.views(PRIYA):
            await world.close(PRIYA)
        await world.later("PT1M")
        check_all(world, what=nasty)
    await world.later("P1D")
    pinged = {user for message in said(world) for user in message["pings"]}
    assert pinged <= {OLIVIA}, "only whom an item was given to"
    assert json.dumps(world.slack.messages(direct(PRIYA))).count("<!channel>") == 0


async def test_only_the_owner_is_meant_by_what_others_read(world: World) -> None:
    await world.command(PRIYA, "action @olivia ask @hana and <!channel> and @here by Fri")
    for message in world.slack.messages(SHARED):
        if message["user"] == "U0BOT":
            assert set(message["pings"]) <= {OLIVIA}
