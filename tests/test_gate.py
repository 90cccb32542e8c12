"""The gate: what is one firm's own is never said where somebody else could read it."""

from functools import partial

import pytest
from sqlmodel import Session, select

from governance import visibility
from governance.items import action_item_news
from governance.people import departures
from storage.tables import Audience, Card, Conversation, Outbox, Person, Side
from tests.daily import name_helix_manager
from tests.world import HANA, LENA, MATEO, OLIVIA, OWN, PRIYA, SHARED, World, words_of


def cards_in(world: World, channel: str) -> list[str]:
    return [words_of(m) for m in world.slack.messages(channel) if m["user"] == "U0BOT"]


def refused(world: World) -> list[str]:
    return world.stored(lambda s: list(s.exec(select(Outbox.error).where(Outbox.state == "dead"))))


async def let_in_a_guest(world: World) -> None:
    assert (await world.slack.command(PRIYA, OWN, "/invite @lena"))["ok"]


async def share_it(world: World) -> None:
    assert (await world.slack.channel(OWN, shared=True))["ok"]


async def hide_it(world: World) -> None:
    """Slack won't say who is in the channel any more."""
    await world.later("PT2M")
    await world.slack.fault("conversations.info", error="channel_not_found", times=1000)


async def make_it_pending(world: World) -> None:
    """An invitation to another firm is out, and not answered."""
    world.slack.house.world.channels[OWN].pending_share = True
    await world.later("PT2M")


@pytest.mark.parametrize("opened", [let_in_a_guest, share_it, hide_it, make_it_pending])
async def test_an_own_channel_that_opens_up_gets_nothing_more_and_its_manager_hears(
    world: World, opened: object
) -> None:
    await world.command(MATEO, "action find a new supplier by 9d", OWN)
    assert "find a new supplier" in cards_in(world, OWN)[-1]
    assert callable(opened)
    await opened(world)
    await world.later("PT30S")
    seen = await world.command(MATEO, "edit OUR-1 leave the partner out of it", OWN)
    assert "OUR-1" in seen.private, "the person who acted is answered all the same"
    await world.later("PT10S")
    await world.command(HANA, "action weigh our exit by Fri", OWN)
    await world.mention(HANA, "action count the votes by Fri", OWN)
    await world.later("PT1H")
    shown = " ".join(cards_in(world, OWN) + cards_in(world, SHARED))
    for private in ("supplier", "the partner", "our exit", "the votes"):
        assert private not in shown
    told = [text for text in world.inbox(PRIYA) if "Northwind Bio's own channel" in text]
    assert len(told) == 1
    assert refused(world) == []


async def test_a_guest_who_leaves_opens_the_gate_again(world: World) -> None:
    await let_in_a_guest(world)
    await world.slack.command(PRIYA, OWN, "/remove @lena")
    await world.command(MATEO, "action find a new supplier by Fri", OWN)
    assert "find a new supplier" in cards_in(world, OWN)[-1]
    await let_in_a_guest(world)
    assert world.read(LENA, OWN) != [], "what was said before stays, as Slack keeps it"


async def test_what_is_not_known_counts_as_another_firms(world: World) -> None:
    await world.command(MATEO, "action find a new supplier by Fri", OWN)
    now = world.now

    def ask(session: Session, **facts: object) -> tuple[bool, bool]:
        place = session.exec(select(Conversation).where(Conversation.external_id == OWN)).one()
        card = session.exec(select(Card).where(Card.conversation_id == place.id)).first()
        assert card is not None
        joint = visibility.joint_audience(session, card.alliance_id)
        for name, value in facts.items():
            setattr(place, name, value)
        found = tuple(
            visibility.may_be_said_in(session, place, audience, now=now)
            for audience in (card.audience_id, joint.id)
        )
        return found[0], found[1]

    for facts, expected in (
        ({}, (True, True)),
        ({"sharing": "unknown"}, (False, False)),
        ({"facts_at": None}, (False, False)),
        ({"facts_at": now - visibility.FACTS_LAST}, (False, False)),
        ({"alliance_id": None}, (False, False)),
        ({"sharing": "pending"}, (False, True)),
        ({"sharing": "shared"}, (False, True)),
        ({"has_guests": True}, (False, True)),
        ({"team_ids": "T0NORTH,T0HELIX"}, (False, True)),
        ({"team_ids": "T0NORTH,T0ELSE"}, (False, False)),
    ):
        assert world.stored(partial(ask, **facts)) == expected, facts


async def test_what_only_sponsors_and_managers_may_see_is_said_in_no_channel(
    world: World,
) -> None:
    def ask(session: Session) -> bool:
        place = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        joint = session.exec(select(Audience).where(Audience.name == "joint")).one()
        joint.restricted = True
        place.facts_at = world.now
        return visibility.may_be_said_in(session, place, joint.id, now=world.now)

    assert world.stored(ask) is False


async def test_an_own_card_stays_hidden_when_its_channel_becomes_a_joint_one(
    empty_world: World,
) -> None:
    """Only the firm's own people are in it at that moment; whoever comes later reads it too."""
    world = empty_world
    await world.set_up(own_channel=True)
    await world.command(MATEO, "internal @samir find a new supplier by Fri", OWN)
    await world.form_of(PRIYA, "unlink", OWN)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    await world.form_of(PRIYA, "link", OWN)
    linked = await world.fill(PRIYA, sees="joint")
    assert "is a joint channel of Helix alliance now" in linked.text
    await world.close(PRIYA)
    assert "OUR-1 is due" in (await world.command(MATEO, "move OUR-1 Thu")).text
    await world.later("PT1M")
    assert "find a new supplier" not in " ".join(cards_in(world, OWN))


async def test_the_host_does_not_hear_of_a_channel_of_the_partners_own(world: World) -> None:
    """It could not be posted to, and nobody of the partner looks after it any more."""
    await name_helix_manager(world)

    def refuse(session: Session) -> None:
        helix = session.exec(select(Side).where(Side.firm == "Helix Devices")).one()
        own = visibility.side_audience(session, helix)
        first = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        place = Conversation(
            installation_id=first.installation_id,
            external_id="C0HELIX",
            name="helix-only",
            alliance_id=own.alliance_id,
            audience_id=own.id,
        )
        session.add(place)
        session.flush()
        olivia = session.exec(select(Person).where(Person.user_id == OLIVIA)).one()
        card = Card(
            kind="action_items",
            alliance_id=own.alliance_id,
            conversation_id=place.id,
            audience_id=own.id,
            opened_by=olivia.id,
            opened_at=world.now,
        )
        session.add(card)
        session.flush()
        action_item_news.redraw_card(session, card, now=world.now)
        session.flush()
        row = session.exec(select(Outbox).where(Outbox.conversation_id == place.id)).one()
        row.state, row.error, row.finished_at = "dead", "not_in_channel", world.now
        departures.close_account(session, olivia, now=world.now)

    world.change(refuse)
    await world.later("P1D")
    assert "helix-only" not in " ".join(world.inbox(PRIYA))
