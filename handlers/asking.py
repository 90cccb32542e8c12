"""What is asked back before an act can go on: which alliance, which firm, or a form to fill in
where none can open. What was begun is kept meanwhile, so that nobody types it twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from governance import visibility
from governance.errors import BotError, PrivateOff, SideUnknown
from governance.firms import sides
from governance.people import consent, roster
from handlers import acts
from handlers.acts import AllianceUnclear, Ask, act
from handlers.seeing import private_records
from handlers.views import (
    REPLY,
    Block,
    Button,
    Buttons,
    Form,
    Message,
    Reply,
    Text,
    WordsField,
    answer,
    words,
)
from storage.tables import Alliance, Conversation, Draft, Member, Side

DRAFTS_LAST = timedelta(days=7)
LAPSED = "That question has lapsed. Please start again."


def run(ask: Ask) -> Reply:
    """Carry out an act, or ask what it needs to know first. Raises BotError, PeopleNeeded."""
    try:
        reply = acts.run(ask)
    except AllianceUnclear as unclear:
        reply = _which_alliance(ask, unclear.alliances)
    except SideUnknown as unknown:
        if unknown.person_id != ask.caller.id:
            raise BotError(
                f"{unknown.user_message} An alliance manager can add them with `people`; then "
                "try again. Nothing was recorded."
            ) from unknown
        reply = which_side(ask, unknown.alliance_id)
    except PrivateOff as off:
        if not off.may_turn_on:
            raise
        reply = _private_first(ask, off)
    return _fit_to_door(ask, reply)


def _which_alliance(ask: Ask, alliances: list[Alliance]) -> Reply:
    token = _keep_ask(ask)
    buttons = tuple(
        Button(f"{alliance.code} · {alliance.name}", "ask.alliance", f"{token}:{alliance.id}")
        for alliance in alliances[:10]
    )
    asked = answer("You are in several alliances. Which one do you mean?", buttons=buttons)
    return replace(asked, asks=True)


def which_side(ask: Ask, alliance_id: int) -> Reply:
    """The question which firm they are with; what they did is done again with the answer."""
    token = _keep_ask(ask)
    firms = sides.of(ask.session, alliance_id)
    buttons = [
        Button(side.firm, "ask.side", f"{token}:{alliance_id}:{side.id}") for side in firms[:10]
    ]
    note = (
        "Everybody in the alliance sees your name and firm. I ask once, and go on with what you "
        "wanted."
    )
    if len(firms) == 1:
        buttons.append(Button("Another firm", "ask.other_side", f"{token}:{alliance_id}:0"))
    else:
        note += " With another firm? The alliance managers can help."
    alliance = ask.session.get_one(Alliance, alliance_id)
    asked = answer(
        f"Before the first time in {alliance.name}: which firm are you with?",
        note=note,
        buttons=tuple(buttons),
    )
    return replace(asked, asks=True)


def _private_first(ask: Ask, off: PrivateOff) -> Reply:
    """Its alliance manager reads who stores a firm's own records before the first of them."""
    token = _keep_ask(ask, side=off.side_id)
    blocks: list[Block] = [
        *private_records.terms(ask.session, ask.session.get_one(Side, off.side_id)),
        Text(words("Nothing is recorded yet; turning it on goes on with what you wanted.")),
        Buttons(
            (
                Button(private_records.TURN_ON, "ask.private", token, "primary"),
                Button("Not now", "ask.not_private", token),
            )
        ),
    ]
    if off.aside:
        blocks.append(Text(words(off.aside)))
    return Reply(message=Message(tuple(blocks)), asks=True)


@act("ask.private")
def private_turned_on(ask: Ask) -> Reply:
    token = ask.arg("value")
    side = ask.session.get_one(Side, kept(ask, token).args["side"])
    seat = ask.seat_in(ask.session.get_one(Alliance, side.alliance_id))
    consent.turn_private_on(ask.session, seat, now=ask.now)
    try:
        return _go_on(ask, token, alliance=side.alliance_id)
    except BotError as error:
        return replace(answer(error.user_message), closes=True)


@act("ask.not_private")
def private_left_off(ask: Ask) -> Reply:
    ask.session.delete(kept(ask, ask.arg("value")))
    return replace(answer("All right. Nothing was recorded."), closes=True)


@act("ask.alliance")
def alliance_chosen(ask: Ask) -> Reply:
    token, _, alliance_id = ask.arg("value").partition(":")
    return _go_on(ask, token, alliance=int(alliance_id))


@act("ask.side")
def side_chosen(ask: Ask) -> Reply:
    token, alliance_id, side_id = ask.arg("value").split(":")
    alliance = ask.session.get_one(Alliance, int(alliance_id))
    firm = next(s.firm for s in sides.of(ask.session, alliance.id) if s.id == int(side_id))
    return _take_side(ask, token, alliance, firm)


@act("ask.other_side", opens_form=True)
def other_side(ask: Ask) -> Reply:
    field = WordsField("firm", "Your firm", hint="Everybody in the alliance sees it.", limit=60)
    return Reply(
        form=Form(
            "Your firm",
            "ask.named_side",
            fields=(field,),
            submit="Go on",
            args={"value": ask.arg("value")},
        )
    )


@act("ask.named_side")
def side_named(ask: Ask) -> Reply:
    token, alliance_id, _ = ask.arg("value").split(":")
    alliance = ask.session.get_one(Alliance, int(alliance_id))
    return _take_side(ask, token, alliance, ask.arg("firm"))


def _take_side(ask: Ask, token: str, alliance: Alliance, firm: str) -> Reply:
    """Keep the answer, whatever comes of what they wanted, so that they are asked once. Who has a
    place meanwhile (two questions stood open, or a colleague added them) keeps it."""
    kept(ask, token)
    if visibility.current_member(ask.session, alliance.id, ask.caller.id, now=ask.now) is None:
        roster.state_side(ask.session, alliance, ask.caller, firm, now=ask.now)
    try:
        return _go_on(ask, token)
    except BotError as error:
        return replace(answer(error.user_message), closes=True)


@act("form.open", opens_form=True)
def open_form(ask: Ask) -> Reply:
    """A form that waited behind a button; not after a place has ended that it may be about."""
    draft = kept(ask, ask.arg("value"))
    if not set(draft.args.get("places", ())) <= set(_places(ask)):
        raise BotError(LAPSED)
    return REPLY.validate_json(draft.args["reply"])


def _places(ask: Ask) -> list[int]:
    """The places that somebody has in alliances now."""
    held = select(Member.id).where(
        Member.person_id == ask.caller.id, visibility.has_a_place(ask.now.date())
    )
    return list(ask.session.exec(held))


def _fit_to_door(ask: Ask, reply: Reply) -> Reply:
    """Where no form can open, a message with a button that opens it takes its place. A form
    without fields is there to read, so its blocks are the message."""
    form = reply.form
    if form is None or ask.can_open:
        return reply
    if not form.submit:
        return Reply(message=Message(form.blocks))
    opener = Button(form.title, "form.open", keep_form(ask, form), "primary")
    said = reply.message.blocks if reply.message else form.blocks
    lead = (Text(words("One more step: the button opens a short form.")),)
    return Reply(message=Message((*(said or lead), Buttons((opener,)))))


def keep_form(ask: Ask, form: Form) -> str:
    """Put a form aside; the token goes on the button that opens it."""
    placed = replace(form, args={**place_of(ask), **form.args})
    reply = REPLY.dump_json(Reply(form=placed)).decode()
    return keep(ask, "form.open", {"reply": reply, "places": _places(ask)})


def place_of(ask: Ask) -> dict[str, str]:
    """Where something was begun, to be carried by a form that is sent from elsewhere."""
    return {
        "place": str(ask.conversation.id) if ask.conversation else "",
        "thread": ask.thread or "",
        "alliance": str(ask.chosen_alliance or ask.arg("alliance")),
    }


def _keep_ask(ask: Ask, *, side: int | None = None) -> str:
    """`side`: the firm that the question is about."""
    begun = {
        "side": side,
        "args": dict(ask.args),
        "people": list(ask.people),
        "thread": ask.thread,
        "message_ts": ask.message_ts,
        "conversation": ask.conversation.id if ask.conversation else None,
    }
    return keep(ask, ask.act, begun)


def keep(ask: Ask, name: str, args: dict[str, Any]) -> str:
    """Put aside what somebody has begun; the token stands for it."""
    draft = Draft(person_id=ask.caller.id, act=name, args=args, created_at=ask.now)
    ask.session.add(draft)
    ask.session.flush()
    return draft.token


def kept(ask: Ask, token: str) -> Draft:
    """What was put aside, for who began it only. Raises BotError when it is gone."""
    draft = ask.session.get(Draft, token)
    if draft is None or draft.person_id != ask.caller.id:
        raise BotError(LAPSED)
    return draft


def begun(ask: Ask, name: str) -> list[Draft]:
    """What this person has put aside under a name, newest first."""
    drafts = select(Draft).where(Draft.person_id == ask.caller.id, Draft.act == name)
    return list(ask.session.exec(drafts.order_by(col(Draft.created_at).desc())))


def _go_on(ask: Ask, token: str, *, alliance: int | None = None) -> Reply:
    """Carry out what was begun, now that the question is answered; once."""
    draft = kept(ask, token)
    begun = draft.args
    conversation = begun["conversation"]
    again = replace(
        ask,
        act=draft.act,
        args=begun["args"],
        people=tuple(begun["people"]),
        thread=begun["thread"],
        message_ts=begun["message_ts"],
        conversation=ask.session.get_one(Conversation, conversation) if conversation else None,
        chosen_alliance=alliance,
    )
    ask.session.delete(draft)
    return replace(run(again), closes=True)


def purge_drafts(session: Session, *, now: datetime) -> None:
    session.connection().execute(delete(Draft).where(col(Draft.created_at) < now - DRAFTS_LAST))
