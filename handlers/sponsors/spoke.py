"""*We spoke*: when, how, what came of it, and a promise; and the counterpart's one tap."""

from datetime import datetime

from sqlmodel import Session

from governance import visibility
from governance.errors import BotError
from governance.items import action_items
from governance.people.members import Seat
from governance.sponsors import contacts, nudges, seats
from governance.sponsors.contacts import Promise, Talk
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.items.action_item_views import today_for
from handlers.sponsors import access
from handlers.understanding import day_chosen
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    DayField,
    Form,
    Message,
    Note,
    Quote,
    Reply,
    Text,
    Words,
    WordsField,
    answer,
    bold,
    words,
)
from storage.sponsor_tables import SponsorContact, SponsorPair, SponsorSeat
from storage.tables import Alliance, Outbox, Person, Side

Made = tuple[Message, tuple[tuple[str, int], ...]]

WAYS = (
    Choice("video", "By video"),
    Choice("phone", "By phone"),
    Choice("in_person", "In person"),
    Choice("message", "By message"),
)


@act("sponsor.spoke", opens_form=True)
def spoke(ask: Ask) -> Reply:
    """By command: with one's own counterpart."""
    by = ask.seat()
    mine = [
        seat
        for seat in nudges.held_or_assisted(ask.session, ask.caller)
        if seat.alliance_id == by.alliance.id
    ]
    if not mine:
        raise BotError(
            "That is for sponsors and their assistants. An alliance manager finds it in `sponsors`."
        )
    return begin(ask, mine[0], by)


@act("sponsor.spoke_now", opens_form=True)
def spoke_now(ask: Ask) -> Reply:
    """From a nudge."""
    nudge, held, by = access.nudge(ask)
    pair = nudges.pair_of(ask.session, nudge)
    if pair is None or pair.ended_on is not None:
        return begin(ask, held, by)
    return Reply(form=_form(ask, pair, held, by))


def begin(ask: Ask, held: SponsorSeat, by: Seat) -> Reply:
    """With the only counterpart, or a question with whom."""
    pairs = seats.pairs_of(ask.session, held)
    if not pairs:
        raise BotError("There is no counterpart yet, so there is nobody you could have spoken to.")
    if len(pairs) == 1:
        return Reply(form=_form(ask, pairs[0], held, by))
    buttons = tuple(
        Button(_other(ask.session, pair, held).name, "sponsor.spoke_with", pair.token)
        for pair in pairs
    )
    return Reply(
        form=Form(
            "We spoke",
            "page",
            (Text(words("With whom?")), Buttons(buttons)),
            args=asking.place_of(ask),
        )
    )


@act("sponsor.spoke_with", opens_form=True)
def spoke_with(ask: Ask) -> Reply:
    pair, held, by = access.pair(ask, ask.arg("value"))
    return Reply(form=_form(ask, pair, held, by))


def _other(session: Session, pair: SponsorPair, held: SponsorSeat) -> Person:
    return session.get_one(Person, seats.other_seat(session, pair, held).person_id)


def _form(ask: Ask, pair: SponsorPair, held: SponsorSeat, by: Seat) -> Form:
    other = _other(ask.session, pair, held)
    holder = access.holder(ask, held)
    firm = by.side.firm
    me = "I" if ask.caller.id == holder.id else holder.name
    fields = (
        DayField("on", "When?", pair.planned_on if _is_past(ask, pair) else ask.today),
        ChoiceField("how", "How?", WAYS, "video"),
        WordsField(
            "outcome",
            "What came of it?",
            hint="One line.",
            optional=True,
            limit=contacts.OUTCOME_LIMIT,
        ),
        ChoiceField(
            "readers",
            "Who reads that line?",
            (
                Choice("own", f"The sponsors and alliance managers of {firm}"),
                Choice("share", f"Also {other.name} and their alliance managers"),
            ),
            "own",
        ),
        WordsField(
            "promise",
            "A promise made?",
            hint="It becomes an action item.",
            optional=True,
            limit=action_items.TEXT_LIMIT,
        ),
        ChoiceField(
            "whose",
            "Whose promise, and who sees it?",
            (
                Choice("mine", f"{me} will: both firms see it"),
                Choice("own", f"{me} will: only {firm} sees it"),
                Choice("theirs", f"{other.name} will: they accept it first"),
            ),
            "mine",
        ),
        DayField("due", "Promised by when?", optional=True),
    )
    kept = {**asking.place_of(ask), "pair": pair.token, "alliance": str(by.alliance.id)}
    said = f"{other.name} is asked with one tap whether that is right."
    return Form("We spoke", "sponsor.spoke_save", (Text(words(said)),), fields, kept, "Save")


def _is_past(ask: Ask, pair: SponsorPair) -> bool:
    return pair.planned_on is not None and pair.planned_on <= ask.today


@act("sponsor.spoke_save")
def save(ask: Ask) -> Reply:
    pair, held, by = access.pair(ask, ask.arg("pair"))
    on = day_chosen(ask, "on")
    if on is None:
        raise BotError("Which day was it?", field="on")
    other = _other(ask.session, pair, held)
    talk = Talk(
        on=on,
        how=ask.arg("how"),
        outcome=ask.arg("outcome"),
        share=ask.arg("readers") == "share",
        promise=_promise(ask, access.holder(ask, held), other),
    )
    contact = contacts.record(ask.session, pair, by, talk, now=ask.now)
    return answer(words_of(ask, contact, other), note=_who_reads(contact, by, other, talk.share))


def words_of(ask: Ask, contact: SponsorContact, other: Person) -> Words:
    day = say_day(contact.on, today=ask.today)
    known = f" {other.name} said so too." if contact.confirmed else ""
    promised = " The promise is an action item now." if contact.promise_id else ""
    return Words(
        f"Kept: you and {other.name} spoke on {day}, {contacts.WAYS[contact.how]}.{known}{promised}"
    )


def _who_reads(contact: SponsorContact, by: Seat, other: Person, share: bool) -> str:
    if not contact.outcome:
        return "Both firms see that you spoke."
    if share:
        return f"Both firms see that you spoke; {other.name} reads what came of it, too."
    return f"Both firms see that you spoke; what came of it stays with {by.side.firm}."


def _promise(ask: Ask, holder: Person, other: Person) -> Promise | None:
    if not ask.arg("promise").strip():
        return None
    whose = ask.arg("whose")
    return Promise(
        text=ask.arg("promise"),
        owner=other if whose == "theirs" else holder,
        due=day_chosen(ask, "due"),
        private=whose == "own",
    )


def confirmation(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """You two spoke on Tuesday, right? With what was shared of it."""
    contact = session.get_one(SponsorContact, row.facts["contact"])
    pair = session.get_one(SponsorPair, contact.pair_id)
    speaker = session.get_one(SponsorSeat, contact.seat_id)
    mine = seats.other_seat(session, pair, speaker)
    member = visibility.current_member(session, contact.alliance_id, reader.id, now=now)
    if (
        mine.person_id != reader.id
        or member is None
        or (contact.confirmed is not None and not again)
    ):
        return None
    who = access.marked(session, contact.by_id, speaker)
    firm = session.get_one(Side, speaker.side_id).firm
    day = say_day(contact.on, today=today_for(reader, now))
    said = f"{who} ({firm}) says you two spoke on {day}, {contacts.WAYS[contact.how]}."
    blocks: list[Block] = [
        Text((bold(said), Words("" if contact.confirmed is not None else " Right?")))
    ]
    if contact.outcome and visibility.may_see(session, member, contact.audience_id):
        blocks.append(Quote((Words(contact.outcome),)))
    blocks.append(_answer(contact))
    blocks.append(Note((Words(session.get_one(Alliance, contact.alliance_id).name),)))
    return Message(tuple(blocks)), ((contacts.RECORD, contact.id),)


def _answer(contact: SponsorContact) -> Block:
    if contact.confirmed is not None:
        said = "You said yes." if contact.confirmed else "You said no, so it does not count."
        return Text(words(said))
    return Buttons(
        (
            Button("Yes", "sponsor_contact.right", contact.token, "primary"),
            Button("No, we did not", "sponsor_contact.wrong", contact.token),
        )
    )


@act("sponsor_contact.right")
def right(ask: Ask) -> Reply:
    return _confirm(ask, right=True)


@act("sponsor_contact.wrong")
def wrong(ask: Ask) -> Reply:
    return _confirm(ask, right=False)


def _confirm(ask: Ask, *, right: bool) -> Reply:
    contact = contacts.by_token(ask.session, ask.arg("value"))
    by = access.place(ask, contact.alliance_id)
    contacts.confirm(ask.session, contact, by, right=right, now=ask.now)
    if right:
        return answer("Thank you, that is kept.")
    return answer("Thank you. It does not count then, and I ask you both again when a talk is due.")
