"""One request, carried out: the same for every platform and every door.

The platform's listener turns what it received into an `Asked` of plain facts and calls
`carry_out` inside one transaction. A repeat of a request that was carried out gets the same answer
and has no new effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from governance.errors import BotError
from governance.messages import outbox
from governance.people import accounts, directory
from handlers import acts, asking, commands, notices
from handlers.acts import Ask, Door
from handlers.platform import Entrance
from handlers.views import MESSAGE, REPLY, Choice, Reply
from storage.queries import insert_new
from storage.tables import Conversation, InboundReceipt, Installation

WITHOUT_ANSWER: tuple[Door, ...] = ("mention", "dm", "reaction", "event")
"""Doors whose response carries nothing: the answer goes through the outbox."""

_KEEP_REPLY = (
    update(InboundReceipt)
    .where(col(InboundReceipt.key) == bindparam("receipt"))
    .values(reply=bindparam("said"))
)


@dataclass(frozen=True)
class Asked:
    """A request as plain facts. `receipt` is a key that a repeat of the request shares; `channel`
    is the platform's id of the conversation, `place` ours where a form brought it along.
    `can_open`: the platform can open a form in answer to it."""

    act: str
    user_id: str
    door: Door
    receipt: str
    args: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    channel_kind: str = "channel"
    place: str = ""
    thread: str | None = None
    message_ts: str | None = None
    people: tuple[str, ...] = ()
    in_page: bool = False
    can_open: bool = True


def carry_out(session: Session, asked: Asked, entrance: Entrance, *, now: datetime) -> Reply:
    """Do what is asked and keep its receipt. Raises BotError (nothing is kept) and PeopleNeeded."""
    receipt = {"key": asked.receipt, "at": now, "reply": ""}
    if not insert_new(session, InboundReceipt, [receipt], unique=["key"]):
        return REPLY.validate_json(session.get_one(InboundReceipt, asked.receipt).reply)
    ask = _ask(session, asked, entrance, now=now)
    reply = _redrawn(ask, asking.run(ask))
    if ask.door in WITHOUT_ANSWER and reply.message is not None:
        say_later(session, ask, reply)
        reply = Reply()
    kept = {"receipt": asked.receipt, "said": REPLY.dump_json(reply).decode()}
    session.connection().execute(_KEEP_REPLY, kept)
    return reply


def is_first(session: Session, asked: Asked, *, now: datetime) -> bool:
    """Whether this request is refused for the first time, so that a repeat is not answered again.
    Kept apart from the receipt of what was carried out: a repeat may yet succeed."""
    receipt = {"key": f"refused:{asked.receipt}:{asked.user_id}", "at": now, "reply": ""}
    return bool(insert_new(session, InboundReceipt, [receipt], unique=["key"]))


def typed(words: str) -> tuple[str, dict[str, str]]:
    """The act and arguments behind typed words, for every door at which people type."""
    parsed = commands.parse(words)
    if isinstance(parsed, commands.Unknown):
        return "help.unknown", {
            "word": parsed.word,
            "nearest": parsed.nearest or "",
            "words": words,
        }
    return parsed.act, {"words": parsed.words, "reference": parsed.reference}


def list_choices(
    session: Session, source: str, words: str, asked: Asked, entrance: Entrance, *, now: datetime
) -> list[Choice]:
    """What a field offers for the words typed so far; nothing where it can't be told."""
    listing = acts.CHOICES.get(source)
    if listing is None:
        return []
    try:
        return listing(_ask(session, asked, entrance, now=now), words)
    except (BotError, acts.PeopleNeeded):
        return []


def _ask(session: Session, asked: Asked, entrance: Entrance, *, now: datetime) -> Ask:
    [account] = acts.find_accounts(session, entrance.installation_id, [asked.user_id])
    if account.standing == "bot":
        raise BotError("I answer people only.")
    if account.gone_at is not None:
        raise BotError("This account is closed, so nothing was recorded.")
    return Ask(
        session=session,
        now=now,
        act=asked.act,
        args=asked.args,
        caller=accounts.kept_of(session, account),
        account=account,
        installation=session.get_one(Installation, entrance.installation_id),
        door=asked.door,
        conversation=_place(session, asked, entrance),
        thread=asked.thread,
        message_ts=asked.message_ts,
        people=asked.people,
        in_page=asked.in_page,
        can_open=asked.can_open and asked.door not in WITHOUT_ANSWER,
    )


def _place(session: Session, asked: Asked, entrance: Entrance) -> Conversation | None:
    if asked.place.isdecimal():
        place = session.get(Conversation, int(asked.place))
        if place is not None and place.installation_id == entrance.installation_id:
            return place
    if not asked.channel:
        return None
    return directory.conversation_or_new(
        session,
        entrance.installation_id,
        asked.channel,
        asked.channel_kind,
        platform=entrance.platform,
    )


def _redrawn(ask: Ask, reply: Reply) -> Reply:
    """A press on a message of ours is answered by the message as it reads now."""
    pressed = ask.door == "button" and ask.conversation is not None and ask.message_ts is not None
    if not pressed or reply.form is not None or reply.closes or reply.asks:
        return reply
    if reply.message is None or ask.act.startswith(("list.", "help.", "people.", "pulse.vote")):
        return reply
    assert ask.conversation is not None
    assert ask.message_ts is not None
    ask.session.flush()
    drawn = notices.redraw(ask.session, ask.conversation, ask.message_ts, now=ask.now)
    return replace(reply, message=None, redraw=drawn) if drawn is not None else reply


def say_later(session: Session, ask: Ask, reply: Reply) -> None:
    """Put an answer down for sending; who reads it is only the person who asked."""
    assert reply.message is not None
    there = ask.conversation if ask.door != "event" else None
    outbox.put(
        session,
        outbox.ANSWER,
        {"message": MESSAGE.dump_json(reply.message).decode(), "account": ask.account.id},
        key=f"answer:{outbox.new_key()}",
        installation_id=ask.installation.id,
        person_id=ask.caller.id,
        conversation_id=there.id if there else None,
        thread=None if ask.door == "reaction" else ask.thread,
        now=ask.now,
    )
