"""A joint action item is made its firm's own again: nothing the bot can reach shows it any more."""

from sqlmodel import Session, select

from governance.people import directory
from storage.tables import SLACK, Conversation, Draft
from tests.daily import until
from tests.seen_by import everything
from tests.world import (
    HANA,
    INES,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
    World,
    direct,
    words_of,
)

HELIX = (OLIVIA, INES, TOMASZ, "U0GRANT", "U0MEILING", "U0KWAME")
SECRET = "weigh our exit"


async def recorded(world: World) -> None:
    """HEL-1, by Hana for Mateo, in the shared channel by mistake."""
    seen = await world.command(HANA, f"action @mateo {SECRET} by Fri")
    assert "HEL-1 is Mateo Fuentes's" in seen.private


async def link_another(world: World) -> None:
    """#random is joint as well, though nobody of the partner is in it yet."""
    assert (await world.slack.command(PRIYA, RANDOM, "/invite @alliance"))["ok"]

    def link(session: Session) -> None:
        first = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        place = directory.conversation_or_new(
            session, first.installation_id, RANDOM, "channel", platform=SLACK
        )
        place.alliance_id, place.audience_id = first.alliance_id, first.audience_id
        place.name = "random"
        session.add(place)

    world.change(link)


async def take_back(world: World, who: str, reference: str = "HEL-1") -> str:
    preview = await world.command(who, f"takeback {reference}")
    assert preview.view, preview.text
    sent = await world.fill(who)
    await world.close(who)
    await world.later("PT5S")
    return sent.text


def knows(world: World, who: str) -> bool:
    return SECRET in everything(world, who) or "HEL-1 " in world.text(who, direct(who))


async def test_what_was_shown_is_listed_before_and_emptied_after(world: World) -> None:
    await recorded(world)
    await world.write(INES, "open")
    await world.write(OLIVIA, "show HEL-1")
    assert all(knows(world, who) for who in HELIX)
    preview = await world.command(HANA, "takeback HEL-1")
    assert "Only Northwind Bio will see it then" in preview.text
    for where in (
        "to everybody in #alliance-helix",
        "to Olivia Bennett when asking for it",
        "to Inês Carvalho when asking for it",
    ):
        assert where in preview.text
    assert "What was read" in preview.text
    assert all(knows(world, who) for who in HELIX), "nothing has happened yet"
    sent = await world.fill(HANA)
    assert "HEL-1 is OUR-1 now. Only Northwind Bio can see it." in sent.text
    assert "Emptied: its card and 2 messages." in sent.text
    await world.later("PT5S")
    assert not any(knows(world, who) for who in HELIX)
    assert "Taken back by Northwind Bio." in world.text(OLIVIA, SHARED)
    assert world.inbox(OLIVIA)[-1] == "This is no longer shown."
    await world.write(OLIVIA, "show HEL-1")
    assert "I can't find HEL-1" in world.inbox(OLIVIA)[-1]
    await world.write(OLIVIA, "show HEL-7")
    assert "I can't find HEL-7" in world.inbox(OLIVIA)[-1]


async def test_the_firm_goes_on_with_it(world: World) -> None:
    await recorded(world)
    await take_back(world, HANA)
    assert "HEL-1 is OUR-1 now." in (await world.command(MATEO, "show HEL-1")).text
    await world.close(MATEO)
    assert "OUR-1 is done" in (await world.command(MATEO, "done OUR-1")).private
    await world.later("P1D")
    assert not any(knows(world, who) for who in HELIX)


async def test_of_several_on_a_card_the_others_stay(world: World) -> None:
    await recorded(world)
    await world.command(HANA, "action @mateo send the labels by Fri")
    await take_back(world, HANA)
    assert "HEL-2 send the labels" in world.text(OLIVIA, SHARED)
    assert not knows(world, OLIVIA)
    assert "Taken back" not in world.text(OLIVIA, SHARED)


async def test_what_the_partner_has_a_part_in_is_not_taken_back(world: World) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    refused = await world.command(PRIYA, "takeback HEL-1")
    assert "Olivia Bennett of Helix Devices owns it; cancel it instead" in refused.text
    await world.command(HANA, "action send the labels by Fri")
    await world.command(HANA, "helper HEL-2 @ines")
    helped = await world.command(HANA, "takeback HEL-2")
    assert "Inês Carvalho of Helix Devices helps with it" in helped.text
    await world.command(HANA, "action send the forms by Fri")
    await world.command(HANA, "wait HEL-3 @tomasz")
    waits = await world.command(HANA, "unshare HEL-3")
    assert "Tomasz Zieliński of Helix Devices is waited for" in waits.text
    await world.mention(TOMASZ, "action check the seals by Fri")
    theirs = await world.command(PRIYA, "takeback HEL-4")
    assert "Tomasz Zieliński of Helix Devices proposed it" in theirs.text
    await world.write(OLIVIA, "takeback HEL-2")
    assert "Hana Kobayashi of Northwind Bio proposed it" in world.inbox(OLIVIA)[-1]


async def test_only_its_proposer_and_the_alliance_manager_take_it_back(world: World) -> None:
    await recorded(world)
    refused = await world.command(MATEO, "takeback HEL-1")
    assert "Its proposer or an alliance manager of your firm takes it back." in refused.text
    assert "HEL-1 is OUR-1 now." in await take_back(world, PRIYA)
    again = await world.command(HANA, "takeback OUR-1")
    assert "OUR-1 is your firm's own already." in again.text


async def test_the_daily_messages_of_the_partner_lose_its_line_and_keep_the_others(
    world: World,
) -> None:
    """Proposed to Tomasz first, it was in his messages; then its proposer gave it to Mateo."""
    await world.command(HANA, f"action @tomasz {SECRET} by Fri")
    await world.command(HANA, "action @tomasz send the labels by Fri")
    await until(world, "2026-11-24T10:00:00+00:00")
    told = world.inbox(TOMASZ)
    assert any(SECRET in text and "send the labels" in text for text in told)
    assert any(SECRET in text and "send the labels" not in text for text in told)
    await world.command(HANA, "reassign HEL-1 @mateo")
    await take_back(world, HANA)
    assert not knows(world, TOMASZ)
    assert any("send the labels" in text for text in world.inbox(TOMASZ)), "the rest stays"
    assert len(world.inbox(TOMASZ)) == len(told)
    await world.later("P7D")
    assert not any(knows(world, who) for who in HELIX)


async def test_a_list_that_was_turned_to_it_is_emptied(world: World) -> None:
    for number in range(11):
        await world.command(HANA, f"action step {number} by Fri")
    await world.command(HANA, f"action {SECRET} by 11 Dec")
    await world.write(INES, "open")
    assert SECRET not in world.text(INES, direct(INES))
    await world.press(INES, "Next", channel=direct(INES))
    assert SECRET in world.text(INES, direct(INES))
    await take_back(world, HANA, "HEL-12")
    assert SECRET not in everything(world, INES)


async def test_a_form_that_waits_behind_a_button_is_gone(world: World) -> None:
    await world.command(HANA, f"action @tomasz {SECRET} by Fri")
    await world.write(TOMASZ, "decline HEL-1")
    assert "One more step" in world.inbox(TOMASZ)[-1] or SECRET in world.inbox(TOMASZ)[-1]
    await world.command(HANA, "reassign HEL-1 @mateo")
    await take_back(world, HANA)
    kept = world.stored(lambda session: [str(one.args) for one in session.exec(select(Draft))])
    assert SECRET not in " ".join(kept)
    assert not knows(world, TOMASZ)


async def test_messages_from_long_ago_are_emptied_as_well(world: World) -> None:
    """What was sent is kept for thirty days; then the bot knows only that it was."""
    await world.command(HANA, f"action @tomasz {SECRET} by Fri")
    await world.command(HANA, "reassign HEL-1 @mateo")
    await world.write(INES, "show HEL-1")
    await world.command(MATEO, "done HEL-1")
    await world.later("P40D")
    assert world.local.bot is not None
    await world.local.bot.ticks.purge()
    assert knows(world, INES)
    assert knows(world, TOMASZ)
    await take_back(world, HANA)
    assert not knows(world, INES)
    assert not knows(world, TOMASZ)


async def test_a_question_that_waits_for_the_morning_is_never_asked(world: World) -> None:
    await until(world, "2026-11-23T21:00:00+00:00")
    await world.command(HANA, f"action @tomasz {SECRET} by Fri")
    await world.command(HANA, "reassign HEL-1 @mateo")
    await take_back(world, HANA)
    await world.later("P2D")
    assert not knows(world, TOMASZ)


async def test_a_card_in_a_channel_that_was_unlinked_is_emptied_as_well(world: World) -> None:
    await link_another(world)
    await world.command(HANA, f"action @mateo {SECRET} by Fri", RANDOM)
    await world.command(HANA, "action @mateo send the labels by Fri", RANDOM)
    await world.later("PT5S")
    await world.command(PRIYA, "unlink", RANDOM)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    await world.command(HANA, "edit HEL-2 send all the labels")
    await world.later("PT5S")
    assert "send the labels" in world.text(PRIYA, RANDOM), "nothing follows it any more"
    await take_back(world, HANA)
    assert SECRET not in world.text(PRIYA, RANDOM)


async def test_a_card_is_emptied_where_nothing_else_may_be_said(world: World) -> None:
    """Slack won't say any more who is in the joint channel."""
    await recorded(world)
    await world.command(HANA, "action @mateo send the labels by Fri")
    await world.slack.fault("conversations.info", error="channel_not_found", times=1000)
    await world.later("PT2M")
    await take_back(world, HANA)
    await world.later("PT5S")
    assert not knows(world, OLIVIA)


async def test_shared_again_it_has_a_new_number_and_a_new_beginning(world: World) -> None:
    await world.command(HANA, "action weigh the labels by Fri", OWN)
    await world.command(HANA, "share OUR-1", OWN)
    await world.fill(HANA)
    await world.close(HANA)
    assert "HEL-1 is OUR-2 now." in await take_back(world, HANA)
    await world.command(HANA, f"edit OUR-2 {SECRET}")
    assert not knows(world, OLIVIA)
    await world.later("PT5S")
    assert "OUR-1 is OUR-2 now." in world.text(PRIYA, OWN)
    await world.command(HANA, "share OUR-2", OWN)
    await world.fill(HANA, text="weigh the labels again")
    await world.close(HANA)
    await world.write(OLIVIA, "show HEL-2")
    page = world.inbox(OLIVIA)[-1]
    assert "weigh the labels again" in page
    assert "took it back" not in page
    assert "reworded" not in page
    assert not knows(world, OLIVIA)
    assert "OUR-1 is HEL-2 now." in (await world.command(PRIYA, "show OUR-1")).text


async def test_what_was_recorded_in_the_firms_own_channel_gets_its_card_there_again(
    world: World,
) -> None:
    await world.command(HANA, "action @mateo weigh the labels by Fri", OWN)
    await world.command(HANA, "share OUR-1", OWN)
    await world.fill(HANA)
    await world.close(HANA)
    [card] = [m for m in world.read(OLIVIA, SHARED) if "HEL-1 " in words_of(m)]
    assert "Mateo" in words_of(card)
    await take_back(world, PRIYA)
    assert "OUR-1 is OUR-2 now." in world.text(PRIYA, OWN)


async def test_an_answer_that_is_still_to_be_sent_shows_it_no_more(world: World) -> None:
    await recorded(world)
    await world.write(OLIVIA, "mine")
    await world.slack.fault("chat.postMessage", error="ratelimited")
    await world.write(OLIVIA, "show HEL-1")
    await take_back(world, HANA)
    await world.later("PT5M")
    assert world.inbox(OLIVIA)[-1] == "This is no longer shown."
    assert not any(SECRET in text for text in world.inbox(OLIVIA))
