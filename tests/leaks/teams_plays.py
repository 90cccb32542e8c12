"""How each action of a story is played on Teams."""

from collections.abc import Awaitable, Callable
from typing import Any

from playground.teams.inputs import inputs_of
from tests.anywhere import LENA, OWN, PRIYA, RANDOM, SHARED, THE_BOT, Json
from tests.leaks.around import ChangeRoom, Fail, Pass, PutPerson
from tests.leaks.cast import rooms_of
from tests.leaks.forged import Guess, Probe, ProbeList, Repeat, Steal
from tests.leaks.pressed import SEEN, Close, Press, Search, Send, shares
from tests.leaks.story import NotPossible, Story
from tests.leaks.teams_forged import guess, opened, probe, probe_list, repeat, steal
from tests.leaks.typed import FormOfTheirOwn, OpenHome, Talk, Type, TypeAndSend
from tests.teams import shapes
from tests.teams.world import PARTNERS_TEAM, TEAM, handle

METHODS = {
    "chat.postMessage": "activities.post",
    "chat.update": "activities.update",
    "conversations.info": "members.get",
    "conversations.members": "members.paged",
}


async def type_words(action: Type, story: Story) -> None:
    room, words = action.said(story)
    match action.way:
        case "dm":
            await story.world.write(action.who, words)
        case "command":
            await story.world.command(action.who, words, room)
        case _:
            await story.world.mention(action.who, words, room)


async def type_and_send(action: TypeAndSend, story: Story) -> None:
    await type_words(action.typed, story)
    await send(Send(action.typed.who, action.choice, action.person, action.day), story)


async def talk(action: Talk, story: Story) -> None:
    """A reaction is told to nobody."""
    room, words = action.said(story)
    if action.who not in story.ground.members(room):
        raise NotPossible
    ts = await story.world.chat(action.who, words, room)
    if action.keeps == "menu":
        await story.world.keep_message(action.keeper, ts, room)
    elif action.keeps == "reaction":
        await story.world.teams.reaction(handle(action.keeper), ts, "like")


async def open_home(action: OpenHome, story: Story) -> None:
    await story.world.write(action.who, "home")


async def form_of_their_own(action: FormOfTheirOwn, story: Story) -> None:
    await story.world.command(action.who, "action", rooms_of(action.who)[0])


async def press(action: Press, story: Story) -> None:
    found = _pressable(story, action.who)
    if not found:
        raise NotPossible
    button, press_it = found[action.which % len(found)]
    story.joint_meant = story.joint_meant or shares(str(button["data"].get("act")))
    await press_it()


def _pressable(story: Story, who: str) -> list[tuple[Json, Callable[[], Awaitable[Any]]]]:
    """What somebody has before them, newest first: the form on top, then messages."""
    world = story.world
    found: list[tuple[Json, Callable[[], Awaitable[Any]]]] = []
    form = world.open_form(who)
    for button in shapes.pressable(form or {}).values():
        found.append((button, lambda b=button: world.teams.submit(handle(who), None, b)))
    rooms = list(story.house.world.rooms)
    for message in (m for room in rooms for m in reversed(world.read(who, room)[-SEEN:])):
        if message["user"] == THE_BOT:
            for button in shapes.pressable(message).values():
                found.append((button, lambda m=message, b=button: _click(story, who, m, b)))
    return found


async def _click(story: Story, who: str, message: Json, button: Json) -> None:
    """What is asked about first is confirmed."""
    answer = await story.world.teams.click(handle(who), message["id"], button)
    if answer["ok"] and button["data"].get("confirm"):
        await story.world.teams.submit(handle(who))


async def send(action: Send, story: Story) -> None:
    form = story.world.open_form(action.who) or {}
    sender = next(iter(_senders(form)), None)
    if sender is None:
        raise NotPossible
    values, texts, joint = {}, [], "OUR-" not in story.world.words(form)
    for name, one in inputs_of(form["card"]).items():
        if one["type"] == "Input.Text":
            texts.append(name)
        elif (value := await _value(action, story, one)) is not None:
            values[name] = value
            joint = joint and value != "private"
    word = action.word(story, joint=joint)
    story.joint_meant = joint or shares(sender["act"])
    values |= {name: f"note {word}" for name in texts}
    await story.world.teams.submit(handle(action.who), values)


def _senders(form: Json) -> list[Json]:
    actions = (form.get("card") or {}).get("actions", [])
    return [one["data"] for one in actions if one.get("data", {}).get("form")]


async def _value(action: Send, story: Story, one: Json) -> Any:
    if one["type"] == "Input.Date":
        return action.chosen_day(story, one["id"])
    if one["type"] != "Input.ChoiceSet" or one.get("isMultiSelect"):
        return None
    if "choices.data" in one:
        offered = await _look_for(story, action.who, one["id"], "")
        return offered[action.person % len(offered)]["value"] if offered else None
    return one["choices"][action.choice % len(one["choices"])]["value"]


async def _look_for(story: Story, who: str, field: str, letters: str) -> list[Json]:
    answer = await story.world.teams.search(handle(who), field, letters)
    return list(answer.get("results", []))


async def close(action: Close, story: Story) -> None:
    if story.world.open_form(action.who) is None:
        raise NotPossible
    await story.world.close(action.who)


async def search(action: Search, story: Story) -> None:
    form = story.world.open_form(action.who) or {}
    for name, one in inputs_of(form.get("card") or {}).items():
        if "choices.data" in one:
            await _look_for(story, action.who, name, action.letters)


async def change_room(action: ChangeRoom, story: Story) -> None:
    """Guests come to the team, and other firms to the channel that can be shared."""
    teams, secrets = story.world.teams, story.world.place(RANDOM)
    match action.what:
        case "invite":
            await teams.add_member(TEAM, handle(LENA))
        case "remove":
            await teams.remove_member(TEAM, handle(LENA))
        case "share":
            await teams.share_channel(secrets, PARTNERS_TEAM)
        case "unshare":
            await teams.unshare_channel(secrets, PARTNERS_TEAM)
        case "helix":
            await teams.add_member(secrets, "tomasz")
        case "rename":
            await teams.rename_channel(
                story.world.place(OWN), action.new_name(story), handle(PRIYA)
            )
        case "guest":
            await teams.person("mateo", guest=True)
        case "slips in":
            _let_in(story)
        case _:
            raise NotPossible


def _let_in(story: Story) -> None:
    """Teams tells nobody of it: events get lost."""
    world = story.house.world
    members, lena = world.team(TEAM).members, world.person(handle(LENA)).id
    if lena not in members:
        members.append(lena)
        story.watch.slipped_in[LENA] = story.world.now


async def put_person(action: PutPerson, story: Story) -> None:
    await opened(story, action.manager, "people.edit", SHARED)
    form = story.world.open_form(action.manager) or {}
    if [sender["act"] for sender in _senders(form)] != ["people.save"]:
        raise NotPossible
    await story.world.fill(action.manager, **action.values(story))


async def let_pass(action: Pass, story: Story) -> None:
    await story.world.later(action.duration)


async def fail(action: Fail, story: Story) -> None:
    limited = action.error == "ratelimited"
    await story.world.teams.fault(
        METHODS[action.method],
        status=429 if limited else 500,
        retry_after=2 if limited else None,
        times=action.times,
    )


Play = Callable[[Any, Story], Awaitable[None]]
PLAYS: dict[type, Play] = {
    Type: type_words,
    TypeAndSend: type_and_send,
    Talk: talk,
    OpenHome: open_home,
    FormOfTheirOwn: form_of_their_own,
    Press: press,
    Send: send,
    Close: close,
    Search: search,
    ChangeRoom: change_room,
    PutPerson: put_person,
    Pass: let_pass,
    Fail: fail,
    Repeat: repeat,
    Steal: steal,
    Probe: probe,
    ProbeList: probe_list,
    Guess: guess,
}
