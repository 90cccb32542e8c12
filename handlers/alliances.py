"""Setting an alliance up in a channel, its pinned card, and who is who."""

from governance import alliances, directory, members, outbox, sides
from governance.errors import BotError, NotAllowed
from governance.sides import Firm
from handlers import asking
from handlers.acts import Ask, act, choices
from handlers.capture import parse_iso
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    DayField,
    Facts,
    Form,
    Heading,
    Message,
    Note,
    PersonField,
    Reply,
    Row,
    Text,
    WordsField,
    bold,
    words,
)
from storage.tables import Alliance, Card, Conversation, Person, Workspace

CARD_KIND = "alliance"
FIRM_LIMIT = 60
PEOPLE_SHOWN = 40


@act("alliance.setup", needs_place=True)
def setup(ask: Ask) -> Reply:
    """The form of name, code and firms, proposed from whose workspaces the channel is shared
    between."""
    place = ask.conversation
    _check_may_set_up(ask)
    if place is None or place.kind != "channel":
        raise BotError(
            "An alliance lives in the channel you share with your partner. Write `/alliance "
            "setup` there."
        )
    if place.alliance_id is not None:
        alliance = ask.session.get_one(Alliance, place.alliance_id)
        return Reply(
            message=Message(
                (
                    Text(words(f"{alliance.name} ({alliance.code}) is set up in this channel.")),
                    Buttons((Button("Who is who", "people.list"), Button("Help", "help.show"))),
                )
            )
        )
    if not place.bot_is_in:
        note = "I am not in this channel yet. Write `/invite @Alliance` here, then press Preview."
    else:
        note = "Change anything that is not right. The next step shows what everybody will see."
    return Reply(form=_setup_form(ask, place, note=note))


def _setup_form(ask: Ask, place: Conversation, *, note: str) -> Form:
    firms = directory.firms_in(ask.session, place, ask.installation.team_id)
    name = firms[1][0] if len(firms) > 1 else ""
    fields = (
        WordsField("name", "Alliance", name, "What both firms call it.", limit=80),
        WordsField(
            "code",
            "Code",
            alliances.propose_code(name) if name else "",
            "Two to five letters in front of every number, as in HEL-12.",
            limit=5,
        ),
        WordsField(
            "firms",
            "Firms",
            "\n".join(firm for firm, _ in firms),
            "One a line, yours first. One is enough to begin.",
            long=True,
            limit=400,
        ),
    )
    return Form(
        "Set up an alliance",
        "alliance.preview",
        (Text(words(note)),),
        fields,
        asking.place_of(ask),
        "Preview",
    )


def _check_may_set_up(ask: Ask) -> None:
    """Who sets up becomes an alliance manager of the firm that keeps the records."""
    home = ask.session.get_one(Workspace, ask.caller.workspace_id)
    if home.team_id != ask.installation.team_id or ask.caller.standing != "full":
        raise NotAllowed(
            f"An alliance is set up by somebody of {ask.installation.name}, whose workspace I am "
            "installed in. Ask one of them to write `/alliance setup` in the channel."
        )


@act("alliance.preview", needs_place=True)
def preview(ask: Ask) -> Reply:
    """What will be posted; nothing is recorded yet."""
    place = ask.conversation
    if place is None or not place.bot_is_in:
        raise BotError(
            "I am not in that channel yet. Write `/invite @Alliance` there, then press "
            "Preview again.",
            field="name",
        )
    firms = _firms(ask)
    savepoint = ask.session.begin_nested()
    draft = _set_up(ask, firms)
    blocks = _card_blocks(draft.name, draft.code, [firm.name for firm in firms], ask.caller.name)
    savepoint.rollback()
    kept = {name: ask.arg(name) for name in ("name", "code", "firms", "place")}
    return Reply(
        form=Form(
            "Set up an alliance",
            "alliance.create",
            (Text(words("Everybody in the channel will see this, pinned:")), *blocks),
            args=kept,
            submit="Post and pin",
        )
    )


@act("alliance.create")
def create(ask: Ask) -> Reply:
    alliance = _set_up(ask, _firms(ask))
    place = ask.conversation
    assert place is not None
    assert place.audience_id is not None
    card = Card(
        kind=CARD_KIND,
        alliance_id=alliance.id,
        conversation_id=place.id,
        audience_id=place.audience_id,
        opened_by=ask.caller.id,
        opened_at=ask.now,
    )
    ask.session.add(card)
    ask.session.flush()
    outbox.put(
        ask.session,
        outbox.CARD,
        {"card": card.id, "pin": True},
        key=f"card:{card.id}",
        installation_id=ask.installation.id,
        alliance_id=alliance.id,
        conversation_id=place.id,
        now=ask.now,
    )
    return Reply(
        message=Message(
            (
                Text(
                    words(
                        bold(f"{alliance.name} is set up."),
                        " You are its alliance manager at your "
                        "firm. The card is being posted and pinned in the channel.",
                    )
                ),
                Text(
                    words(
                        "Try the first one there: `/alliance action send the kick-off notes by Fri`"
                    )
                ),
            )
        )
    )


def _firms(ask: Ask) -> list[Firm]:
    """The names as edited, each with its workspace of those in the channel: the one of that name,
    else the next that is left. The host comes first.

    Raises BotError for a workspace without a firm: nothing could be said where people of no firm
    read along.
    """
    assert ask.conversation is not None
    host = ask.installation.team_id
    left = directory.firms_in(ask.session, ask.conversation, host)
    named = [" ".join(line.split()) for line in ask.arg("firms").splitlines() if line.strip()]
    known = {firm.casefold(): (firm, team) for firm, team in left}
    taken = {name: known[name.casefold()] for name in named if name.casefold() in known}
    left = [firm for firm in left if firm not in taken.values()]
    for name in [name for name in named if name not in taken][: len(left)]:
        taken[name] = left.pop(0)
    if left:
        missing = " and ".join(firm for firm, _ in left)
        raise BotError(
            f"People of {missing} are in this channel. Add their firm on a line of its own.",
            field="firms",
        )
    firms = [Firm(name, (taken[name][1],) if name in taken else ()) for name in named]
    return sorted(firms, key=lambda firm: host not in firm.team_ids)


def _set_up(ask: Ask, firms: list[Firm]) -> Alliance:
    assert ask.conversation is not None
    _check_may_set_up(ask)
    return alliances.set_up(
        ask.session,
        conversation=ask.conversation,
        name=ask.arg("name"),
        code=ask.arg("code"),
        firms=firms,
        by=ask.caller,
        now=ask.now,
    )


def card(alliance: Alliance, firms: list[str], by: Person) -> Message:
    """The pinned card: what a partner, whom no slash command reaches, begins everything from."""
    return Message(
        _card_blocks(alliance.name, alliance.code, firms, by.name),
        lead=f"{alliance.name}: what we promise each other is kept here.",
    )


def _card_blocks(name: str, code: str, firms: list[str], by: str) -> tuple[Block, ...]:
    return (
        Heading(name),
        Text(
            words(
                "What we promise each other here is kept, followed up politely and closed: "
                f"each action item has one owner, a date and a reference such as {code}-12."
            )
        ),
        Facts((("Firms", words(" · ".join(firms))),)),
        Buttons(
            (
                Button("New action item", "action_item.new", style="primary"),
                Button("My actions", "list.mine"),
                Button("All open", "list.open"),
                Button("Help", "help.show"),
            )
        ),
        Note(
            words(
                f"Set up by {by}. {firms[0]} hosts this bot and stores its records. Everybody "
                "here can use the buttons, or write @Alliance and what is to be done."
            )
        ),
    )


@act("people.list")
def people(ask: Ask) -> Reply:
    seat = ask.seat()
    everyone = members.members(ask.session, seat.alliance.id, now=ask.now)
    blocks: list[Block] = [Heading(f"Who is who · {seat.alliance.name}")]
    for side in sides.of(ask.session, seat.alliance.id):
        blocks.append(Text(words(bold(side.firm))))
        here = [(m, p) for m, p, s in everyone if s.id == side.id]
        for member, person in here[: PEOPLE_SHOWN // 2]:
            blocks.append(_person_row(member.role, member.stated, person, seat.is_manager))
        if not here:
            blocks.append(Note(words("Nobody yet. They join when they first press a button.")))
        if len(here) > PEOPLE_SHOWN // 2:
            blocks.append(Note(words(f"and {len(here) - PEOPLE_SHOWN // 2} more")))
    if seat.is_manager:
        blocks.append(Buttons((Button("Add somebody", "people.edit", style="primary"),)))
    else:
        blocks.append(Note(words("The alliance managers add and change people.")))
    return Reply(message=Message(tuple(blocks)))


def _person_row(role: str, stated: bool, person: Person, changeable: bool) -> Row:
    unsure = " · says so, not confirmed" if stated else ""
    title = f" · {person.title}" if person.title else ""
    spans = words(person.name, f" · {members.ROLES[role]}{title}{unsure}")
    button = Button("Change", "people.edit", person.user_id) if changeable else None
    return Row(spans, button=button)


@act("people.edit")
def edit_person(ask: Ask) -> Reply:
    """Add somebody, or change their side, role and last day."""
    seat = ask.seat()
    if not seat.is_manager:
        raise NotAllowed("People are added and changed by the alliance managers.")
    person = ask.person(ask.arg("value")) if ask.arg("value") else None
    everyone = members.members(ask.session, seat.alliance.id, now=ask.now)
    current = next(((m, s) for m, p, s in everyone if person and p.id == person.id), None)
    firms = tuple(Choice(s.firm, s.firm) for s in sides.of(ask.session, seat.alliance.id))
    roles = tuple(Choice(role, label) for role, label in members.ROLES.items())
    chosen = Choice(person.user_id, person.name) if person else None
    fields = (
        PersonField("person", "Who?", "people.everyone", chosen),
        ChoiceField("side", "Firm", firms, current[1].firm if current else seat.side.firm),
        ChoiceField("role", "Role", roles, current[0].role if current else "team"),
        DayField(
            "until",
            "Last day",
            current[0].until if current else None,
            "Leave it empty while they stay. Today ends it now.",
            optional=True,
        ),
    )
    return Reply(
        form=Form("Add or change somebody", "people.save", (), fields, asking.place_of(ask), "Save")
    )


@act("people.save")
def save_person(ask: Ask) -> Reply:
    seat = ask.seat()
    if not ask.arg("person"):
        raise BotError("Choose a person.", field="person")
    person = ask.person(ask.arg("person"))
    until = parse_iso(ask.arg("until"))
    if until is not None and until == ask.today:
        members.end_by(ask.session, seat, person, now=ask.now)
        return Reply(message=Message((Text(words(f"{person.name}'s time here ends today.")),)))
    member = members.change_member(
        ask.session,
        seat,
        person,
        side_name=ask.arg("side"),
        role=ask.arg("role"),
        until=until,
        now=ask.now,
    )
    said = f"{person.name} is {members.ROLES[member.role]} at {ask.arg('side')}."
    return Reply(message=Message((Text(words(said)),)))


@choices("people.everyone")
def everyone_choices(ask: Ask, typed: str) -> list[Choice]:
    """Whom this alliance manager may add, for the words typed so far."""
    wanted = typed.casefold().split()
    known = members.may_be_added(ask.session, ask.seat(), ask.installation, now=ask.now)
    return [
        Choice(person.user_id, person.name)
        for person in known
        if all(word in f"{person.name} {person.title}".casefold() for word in wanted)
    ][:100]
