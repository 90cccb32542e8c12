"""Whatever people type: a kind answer, nothing kept in part, nobody pinged who was not meant."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, func, select

from storage.tables import ActionItem, HistoryEntry
from tests.anywhere import HANA, MATEO, OLIVIA, OWN, PRIYA, AnyWorld

EVERYBODY = {"channel", "here", "everyone", "S0123ABC"}


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


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
    '<at>Olivia Bennett</at> <at id="0">Priya Raman</at> </at> <at> look',
    '<b onclick="x()">&nbsp;<script>alert(1)</script> &lt;at&gt;Olivia Bennett&lt;/at&gt;',
    "[here](javascript:alert(1)) **bold** ![](http://a.b/c.png) {{DATE(2026-11-27T09:00:00Z)}}",
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


def kept(world: AnyWorld) -> tuple[int, int, int]:
    def count(session: Session) -> tuple[int, int, int]:
        items = session.exec(select(func.count()).select_from(ActionItem)).one()
        captured = select(func.count()).select_from(HistoryEntry)
        noted = session.exec(captured.where(HistoryEntry.what == "captured")).one()
        blank = session.exec(select(func.count()).where(ActionItem.text == "")).one()
        return items, noted, blank

    return world.stored(count)


def check_all(world: AnyWorld, *, what: str) -> None:
    items, noted, blank = kept(world)
    assert items == noted, f"an item without its history after {what!r}"
    assert blank == 0
    for text, pings in world.everything_said():
        assert not EVERYBODY & set(pings), what
        assert text.strip(), what
    assert world.gone_wrong() == [], what


def check_answer(text: str, *, what: str) -> None:
    assert text.strip(), f"no answer to {what!r}"
    for wrong in ("went wrong", "Traceback", "Error", "could not reach my records"):
        assert wrong not in text.replace(what, ""), (wrong, what)


@several
@given(words=typed)
async def test_any_command_is_answered_kindly(world: AnyWorld, words: str) -> None:
    if kept(world)[0] == 0:
        await world.command(MATEO, "action something of mine by Fri")
    seen = await world.command(MATEO, words)
    if seen.error == "no_text":
        return
    assert seen.ok, (seen.error, words)
    check_answer(seen.text, what=words)
    await world.close(MATEO)
    check_all(world, what=words)


@several
@given(words=typed)
async def test_any_mention_or_message_to_the_bot_is_taken_kindly(
    world: AnyWorld, words: str
) -> None:
    if kept(world)[0] == 0:
        await world.command(MATEO, "action something of mine by Fri")
    for seen in (await world.mention(OLIVIA, words), await world.write(HANA, words)):
        if seen.error == "msg_too_long" or seen.error == "no_text":
            continue
        assert seen.ok, (seen.error, words)
    check_all(world, what=words)


@several
@given(words=texts)
async def test_any_words_in_a_form_are_kept_whole_or_not_at_all(
    world: AnyWorld, words: str
) -> None:
    await world.command(MATEO, "action", OWN)
    before = kept(world)
    seen = await world.fill(MATEO, text=words)
    if not seen.ok:
        assert kept(world) == before
        assert seen.error == "invalid_input", (seen.error, words)  # Slack's own limits
    else:
        check_answer(world.words(seen.view), what=words)
    await world.close(MATEO)
    check_all(world, what=words)


async def test_hostile_words_in_a_command_are_answered_kindly(world: AnyWorld) -> None:
    await world.command(MATEO, "action something of mine by Fri")
    for lead in ("action ", ""):
        for nasty in NASTY:
            seen = await world.command(MATEO, f"{lead}{nasty}")
            if seen.error == "no_text":
                continue
            assert seen.ok, (seen.error, nasty)
            check_answer(seen.text, what=nasty)
            await world.close(MATEO)
            check_all(world, what=nasty)


async def test_hostile_words_to_the_bot_directly_are_answered_kindly(
    world: AnyWorld,
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


async def test_hostile_words_in_a_form_are_kept_whole_or_not_at_all(world: AnyWorld) -> None:
    for nasty in NASTY:
        await world.command(MATEO, "action", OWN)
        await world.fill(MATEO, text=nasty)
        await world.close(MATEO)
        check_all(world, what=nasty)


async def test_a_message_with_anything_in_it_is_captured_without_a_ping(world: AnyWorld) -> None:
    for nasty in NASTY:
        if len(nasty) > 4_000 or not nasty.strip():
            continue
        ts = await world.chat(OLIVIA, nasty)
        seen = await world.keep_message(PRIYA, ts)
        assert seen.ok, (seen.error, nasty)
        sent = await world.fill(PRIYA)
        check_answer(sent.text, what=nasty)
        await world.close(PRIYA)
        await world.later("PT1M")
        check_all(world, what=nasty)
    await world.later("P1D")
    pinged = {one for _, pings in world.everything_said() for one in pings}
    assert pinged <= {OLIVIA}, "only whom an item was given to"


async def test_only_the_owner_is_meant_by_what_others_read(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @olivia ask @hana and <!channel> and @here by Fri")
    for _, pings in world.everything_said():
        assert set(pings) <= {OLIVIA}
