"""What is for one person, or for one firm, is seen by nobody else in Teams."""

import pytest
from sqlmodel import Session, select

from handlers.teams.places import MEMBERS_READ
from playground.teams import activities
from playground.teams.world import Person as Someone
from storage.tables import HistoryEntry, Person
from tests.anywhere import HANA, MATEO, OLIVIA, OWN, PRIYA, SHARED, TOMASZ, direct
from tests.teams.conftest import Knock
from tests.teams.world import NORTHWIND, PARTNERS_TEAM, TEAM, TeamsWorld

SECRET = "find a new supplier"
HIDDEN = "Not shown while others can read this channel."


def cards(world: TeamsWorld, channel: str = OWN) -> list[str]:
    """The bot's messages there that everybody sees."""
    found = world.teams.messages(world.place(channel))
    bots = [m for m in found if m["from"] == world.teams.state()["bot"] and not m["targeted"]]
    return [world.words(m) for m in bots]


def told(world: TeamsWorld, who: str = PRIYA) -> list[str]:
    return [text for text in world.inbox(who) if "Northwind Bio's own" in text]


async def test_whatever_is_asked_by_a_slash_is_answered_to_that_person_alone(
    world: TeamsWorld,
) -> None:
    await world.command(HANA, "action file the report by Fri")
    before = {who: world.text(who, SHARED) for who in (PRIYA, OLIVIA)}
    for words in ("mine", "show HEL-1", "action", "people", "reminders", "help", "nonsense"):
        seen = await world.command(HANA, words)
        assert seen.private.strip(), words
        await world.close(HANA)
    await world.later("PT1M")
    for who, text in before.items():
        assert world.text(who, SHARED) == text


@pytest.mark.parametrize("words", ["mine", "show HEL-1", "action", "people", "nonsense"])
async def test_what_is_asked_aloud_is_answered_in_private_all_the_same(
    world: TeamsWorld, words: str
) -> None:
    await world.command(HANA, "action file the report by Fri")
    before = cards(world, SHARED)
    for who in (HANA, OLIVIA):
        seen = await world.mention(who, words)
        assert len([m for m in seen.messages if m["user"] == "U0BOT"]) == 1
    await world.later("PT1M")
    assert cards(world, SHARED) == before
    assert [m for m in world.read(PRIYA, SHARED) if m["ephemeral"] and m["user"] == "U0BOT"][
        1:
    ] == [], "but for her own"


async def test_the_answer_to_a_press_is_for_whoever_pressed(world: TeamsWorld) -> None:
    await world.command(HANA, "action file the report by Fri")
    before = world.text(PRIYA, SHARED)
    for who, label in ((TOMASZ, "Done"), (HANA, "Details"), (MATEO, "My actions")):
        seen = await world.press(who, label, channel=SHARED)
        assert seen.private.strip()
        await world.close(who)
    await world.later("PT1M")
    assert world.text(PRIYA, SHARED) == before


async def test_a_firms_own_item_stays_in_its_own_channel(world: TeamsWorld) -> None:
    await world.mention(MATEO, f"action {SECRET} by Fri", OWN)
    assert "OUR-1" in cards(world)[-1]
    for who in (OLIVIA, TOMASZ):
        assert SECRET not in world.text(who, SHARED) + " ".join(world.inbox(who))
    await world.write(HANA, "mine")
    listed = await world.command(MATEO, "mine", SHARED)
    assert SECRET in listed.private
    for who in (HANA, OLIVIA):
        assert SECRET not in world.text(who, SHARED)
    assert "I can't find OUR-1" in (await world.write(OLIVIA, "show OUR-1")).text


async def test_a_private_item_begun_in_a_shared_channel_leaves_nothing_there(
    world: TeamsWorld,
) -> None:
    before = cards(world, SHARED)
    await world.command(MATEO, "action", SHARED)
    sent = await world.fill(MATEO, text=SECRET, sees="private")
    assert "OUR-1 is yours" in sent.text
    await world.later("PT1M")
    assert cards(world, SHARED) == before


async def let_in_a_guest(world: TeamsWorld, team: str = TEAM) -> None:
    """A guest of Northwind's tenant, in its team."""
    if not any(one.handle == "lena" for one in world.teams.house.world.people.values()):
        added = world.teams.add_person(NORTHWIND, "lena", "Lena Vogt", guest=True)
        await world.done(added)
    await world.done(world.teams.add_member(team, "lena"))


async def test_a_guest_of_the_tenant_is_nobodys_until_it_is_said(world: TeamsWorld) -> None:
    await let_in_a_guest(world)
    seen = await world.mention("U0LENA", "mine", OWN)
    assert "which firm are you with?" in seen.text
    assert "Northwind Bio" in seen.text

    def standing(session: Session) -> str:
        chosen = select(Person.standing).where(Person.name == "Lena Vogt")
        return session.exec(chosen).one()

    assert world.stored(standing) == "guest"
    owner = await world.command(PRIYA, "action @lena check the labels by Fri", OWN)
    assert "Nothing was recorded." in owner.text
    assert "OUR-" not in world.text("U0LENA", OWN)


async def test_a_guest_who_comes_into_a_firms_own_channel_empties_its_cards(
    world: TeamsWorld,
) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    assert SECRET in cards(world)[-1]
    await let_in_a_guest(world)
    await world.later("PT5S")
    assert cards(world) == [HIDDEN]
    [message] = told(world)
    assert "Lena Vogt (guest) can read #northwind-internal" in message
    assert f"This may have been read: OUR-1 {SECRET}" in message
    for who in (MATEO, OLIVIA):
        assert told(world, who) == []
    await world.done(world.teams.remove_member(TEAM, "lena"))
    await world.later("PT5S")
    assert SECRET in cards(world)[-1]


async def own_shared_channel(world: TeamsWorld) -> str:
    """A shared channel that is still Northwind's alone, linked as its own."""
    made = await world.done(world.teams.add_channel(TEAM, "secrets", "shared"))
    await world.done(world.teams.install(made["conversation"], "priya"))
    await world.form_of(PRIYA, "link", made["conversation"])
    assert (await world.fill(PRIYA, sees="own")).ok
    await world.close(PRIYA)
    return str(made["conversation"])


async def somebody_comes(world: TeamsWorld, channel: str) -> None:
    await world.done(world.teams.add_member(channel, "tomasz"))


async def their_team_comes(world: TeamsWorld, channel: str) -> None:
    await world.done(world.teams.share_channel(channel, PARTNERS_TEAM))


@pytest.mark.parametrize("come", [somebody_comes, their_team_comes])
async def test_people_of_another_tenant_who_come_into_it_empty_its_cards(
    world: TeamsWorld, come: object
) -> None:
    channel = await own_shared_channel(world)
    await world.command(MATEO, f"action {SECRET} by Fri", channel)
    assert SECRET in cards(world, channel)[-1]
    assert callable(come)
    await come(world, channel)
    await world.later("PT5S")
    assert cards(world, channel) == [HIDDEN]
    assert SECRET not in world.text(TOMASZ, channel)
    assert len(told(world)) == 1
    await world.command(HANA, "action weigh our exit by Fri", channel)
    await world.later("PT5S")
    assert "our exit" not in world.text(TOMASZ, channel)


async def test_somebody_of_whom_no_tenant_is_told_counts_as_another_firms(
    world: TeamsWorld,
) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    people = world.teams.house.world.people
    unknown = Someone("29:1x", "0" * 8 + "-0000-4000-8000-" + "0" * 12, "x", "X", "", "", None)
    people[unknown.id] = unknown
    team = world.teams.house.world.team(TEAM)
    team.members.append(unknown.id)
    await world.later("PT11M")
    assert cards(world) == [HIDDEN]


def crowd(world: TeamsWorld, count: int) -> list[str]:
    """That many more people of Northwind's."""
    people = [
        Someone(f"29:1{n}", f"{n:08}-0000-4000-8000-{0:012}", f"c{n}", f"C {n}", "", NORTHWIND)
        for n in range(count)
    ]
    world.teams.house.world.people |= {one.id: one for one in people}
    return [one.id for one in people]


async def test_a_channel_that_is_too_large_to_be_read_to_its_end_counts_as_read_by_others(
    world: TeamsWorld,
) -> None:
    """Its people stand there twice, so that fewer are met than rows are read; Helix's come last."""
    channel = await own_shared_channel(world)
    await world.command(MATEO, f"action {SECRET} by Fri", channel)
    house = world.teams.house.world
    room, own, partners = house.room(channel), house.team(TEAM), house.team(PARTNERS_TEAM)
    own.members += crowd(world, MEMBERS_READ // 2)
    room.members, room.shared_with = list(own.members), [own.id, partners.id]
    await world.later("PT11M")
    assert cards(world, channel) == [HIDDEN]
    await world.command(MATEO, "action weigh our exit by Fri", channel)
    await world.later("PT1M")
    assert "our exit" not in world.text(TOMASZ, channel)


async def test_a_channel_is_offered_only_to_who_is_in_it(world: TeamsWorld) -> None:
    await world.done(world.teams.install(PARTNERS_TEAM, "olivia"))
    await world.done(world.teams.add_channel(PARTNERS_TEAM, "terminate-northwind"))
    room = world.teams.house.world.room(f"{PARTNERS_TEAM}/terminate-northwind")
    await world.mention(OLIVIA, "link", room.id)
    await world.write(PRIYA, "setup")
    await world.press(PRIYA, "Set up an alliance", channel=direct(PRIYA))
    found = (await world.teams.search("priya", "channel", ""))["results"]
    names = [one["title"] for one in found]
    assert names
    assert "terminate-northwind" not in names


async def test_an_answer_that_a_channel_does_not_take_goes_to_ones_own_chat(
    world: TeamsWorld,
) -> None:
    await world.write(HANA, "help")
    await world.teams.fault("activities.post", status=400, error="Bad Argument", times=1)
    await world.mention(HANA, "mine")
    await world.later("PT1M")
    assert "Nothing is yours to do here" in world.inbox(HANA)[-1]


async def test_what_a_client_made_up_does_nothing_and_tells_nothing(
    world: TeamsWorld, knock: Knock
) -> None:
    """A button's act and value, and what a search asks for, as somebody's own program sends it."""
    await world.command(HANA, "action file the report by Fri")
    before = world.stored(lambda session: len(session.exec(select(HistoryEntry)).all()))
    house = world.teams.house
    olivia, room = house.world.person("olivia"), house.world.room(world.place(SHARED))
    for name, value in (
        ("adaptiveCard/action", {"action": {"verb": "people.step_in", "data": {"value": "1"}}}),
        ("task/fetch", {"data": {"act": "people.edit", "value": PRIYA}}),
        ("task/submit", {"data": {"act": "alliance.save", "form": True, "kept": {"place": "1"}}}),
        ("application/search", {"dataset": "people.choices?place=1", "queryText": ""}),
        ("application/search", {"dataset": "channels", "queryText": ""}),
    ):
        answer = await knock(activities.invoke(house, name, olivia, room, None, value))
        said = str(answer.body)
        assert "Priya" not in said, said
        assert "northwind" not in said.lower(), said
    assert world.stored(lambda s: len(s.exec(select(HistoryEntry)).all())) == before
