"""A sponsor is introduced: their alliance manager reads the welcome and sends it."""

from datetime import datetime

from sqlmodel import Session

from governance import history, visibility
from governance.people.members import Seat
from governance.sponsors import contacts, left_behind, naming, rhythm, seats, welcome
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.firms.agreement_views import say_months
from handlers.items.action_item_views import today_for
from handlers.sponsors import access
from handlers.views import (
    Block,
    Button,
    Buttons,
    Facts,
    Form,
    Message,
    Note,
    PersonField,
    Reply,
    Rule,
    Span,
    Text,
    Words,
    WordsField,
    answer,
    bold,
    words,
)
from storage.sponsor_tables import SponsorPair, SponsorSeat
from storage.tables import Alliance, Outbox, Person, Side

Made = tuple[Message, tuple[tuple[str, int], ...]]
TALKS_SHOWN = 8


@act("sponsor.preview", opens_form=True)
def preview(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    naming.check_manages(by, held.side_id, by.side.firm)
    return preview_of(ask, held, by)


def preview_of(ask: Ask, held: SponsorSeat, by: Seat, *, note: str = "") -> Reply:
    """The exact page that the sponsor will read, for their alliance manager to send."""
    name = access.holder(ask, held).name
    blocks: list[Block] = [Text((bold(note),))] if note else []
    blocks += [
        Text(words(f"This is what {name} reads from me, in their direct messages:")),
        Rule(),
        *page(ask.session, held, now=ask.now),
        Note(words(_who_sent(by.person))),
        Rule(),
        Text(words("Their answers: Accept, Let's talk, Not me. You hear which.")),
        Buttons(
            (
                Button("Send it", "sponsor.send", held.token, "primary"),
                Button("I'll do it myself", "sponsor.by_hand", held.token),
                Button("Change the words", "sponsor.reword", held.token),
            )
        ),
    ]
    if held.state in ("by_hand", "talk", "not_me", "welcomed"):
        blocks.append(Buttons((Button("They have said yes", "sponsor.said_yes", held.token),)))
    kept = {**asking.place_of(ask), "alliance": str(by.alliance.id)}
    return Reply(form=Form("The welcome", "page", tuple(blocks), args=kept))


def page(session: Session, held: SponsorSeat, *, now: datetime) -> list[Block]:
    """What is expected of a sponsor, on one page; for who follows somebody, what there was."""
    alliance = session.get_one(Alliance, held.alliance_id)
    side = session.get_one(Side, held.side_id)
    person = session.get_one(Person, held.person_id)
    pairs = seats.pairs_of(session, held)
    blocks: list[Block] = [
        Text(
            (
                bold(f"{person.name.split()[0]}, you sponsor {alliance.name} for {side.firm}."),
                Words(f" {alliance.purpose}" if alliance.purpose else ""),
            )
        ),
        Text(words(_counterparts(session, held, pairs))),
        Text((bold("What is expected\n"), Words(welcome.expectations(side)))),
        Text(words(_how_often(alliance))),
    ]
    return blocks + _handed_over(session, held, pairs, now=now)


def _counterparts(session: Session, held: SponsorSeat, pairs: list[SponsorPair]) -> str:
    named = []
    for pair in pairs:
        other = seats.other_seat(session, pair, held)
        person = session.get_one(Person, other.person_id)
        named.append(f"{person.name} ({session.get_one(Side, other.side_id).firm})")
    if not named:
        return "Your counterpart is not named yet."
    return f"Your counterpart{'s' if len(named) > 1 else ''}: {', '.join(named)}."


def _how_often(alliance: Alliance) -> str:
    months = rhythm.months_between(alliance.tier, alliance.sponsor_months)
    return (
        f"You two speak {say_months(months)}. I write to you once a week at most, and only when "
        "there is a reason."
    )


def _handed_over(
    session: Session, held: SponsorSeat, pairs: list[SponsorPair], *, now: datetime
) -> list[Block]:
    """The history of talks, the promises and the asks that were left; no private outcome."""
    left = left_behind.of(session, held, pairs, now=now)
    if left is None:
        return []
    today = today_for(session.get_one(Person, held.person_id), now)
    talks = [f"{say_day(t.on, today=today)}, {contacts.WAYS[t.how]}" for t in left.talks]
    promised = [
        f"{item.text} ({session.get_one(Person, item.owner_id).name})" for item in left.promises
    ]
    facts = (
        ("Spoke", _listed(talks, "not yet")),
        ("Promised and open", _listed(promised, "nothing")),
        ("Asked and open", _listed([one.text for one in left.asks], "nothing")),
    )
    return [Text((bold(f"From {left.before.name}, who had the seat before you"),)), Facts(facts)]


def _listed(lines: list[str], none: str) -> tuple[Span, ...]:
    shown = lines[:TALKS_SHOWN]
    more = [f"and {len(lines) - TALKS_SHOWN} more"] if len(lines) > TALKS_SHOWN else []
    return (Words("\n".join(shown + more) or none),)


@act("sponsor.send")
def send(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    welcome.send(ask.session, by, held, now=ask.now)
    return answer(
        f"On its way to {access.holder(ask, held).name}, in their working hours. You hear what "
        "they say."
    )


@act("sponsor.by_hand")
def by_hand(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    welcome.do_it_myself(ask.session, by, held, now=ask.now)
    name = access.holder(ask, held).name
    return answer(
        f"All right. I write nothing to {name} until you tell me they have said yes.",
        buttons=(Button("They have said yes", "sponsor.said_yes", held.token),),
    )


@act("sponsor.said_yes")
def said_yes(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    welcome.said_yes_to(ask.session, by, held, now=ask.now)
    return answer(
        f"Good. {access.holder(ask, held).name} hears from me from next week, when there is a "
        "reason."
    )


@act("sponsor.reword", opens_form=True)
def reword(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    naming.check_manages(by, held.side_id, by.side.firm)
    field = WordsField(
        "text",
        "What is expected",
        welcome.expectations(by.side),
        "One thing a line. Empty brings my words back.",
        long=True,
        optional=True,
        limit=welcome.TEXT_LIMIT,
    )
    said = f"These words count for every sponsor of {by.side.firm} in {by.alliance.name}."
    kept = {**asking.place_of(ask), "seat": held.token, "alliance": str(by.alliance.id)}
    return Reply(
        form=Form("The words", "sponsor.reworded", (Text(words(said)),), (field,), kept, "Save")
    )


@act("sponsor.reworded")
def reworded(ask: Ask) -> Reply:
    held, by = access.seat(ask, ask.arg("seat"))
    welcome.reword(ask.session, by, ask.arg("text"), now=ask.now)
    return preview_of(ask, held, by, note="Saved. Nothing has been sent.")


def message(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """The welcome as it is sent; shown `again`, with what they answered."""
    held = session.get_one(SponsorSeat, row.facts["seat"])
    if held.ended_on is not None or held.person_id != reader.id:
        return None
    alliance = session.get_one(Alliance, held.alliance_id)
    if visibility.current_member(session, alliance.id, reader.id, now=now) is None:
        return None
    brief = bool(row.facts.get("brief"))
    if held.state != "welcomed" and not again and not brief:
        return None
    blocks = page(session, held, now=now)
    if held.state == "welcomed":
        blocks += [_answers(held), Note(words(_who_sent(_sender(session, held))))]
    else:
        blocks.append(Text((bold(ANSWERED.get(held.state, "Thank you.")),)))
    if held.state == "accepted":
        blocks.append(Buttons((Button("Choose when", "sponsor.hour", held.token),)))
    return Message(tuple(blocks)), ((seats.RECORD, held.id),)


ANSWERED = {
    "accepted": "You have said yes. Thank you. It begins next week.",
    "talk": "You would like to talk first; your alliance manager knows.",
    "not_me": "You said it is not for you; your alliance manager knows.",
}


def _answers(held: SponsorSeat) -> Buttons:
    return Buttons(
        (
            Button("Accept", "sponsor.accept", held.token, "primary"),
            Button("Let's talk", "sponsor.talk", held.token),
            Button("Not me", "sponsor.not_me", held.token),
        )
    )


def _sender(session: Session, held: SponsorSeat) -> Person:
    sent = [one for one in history.of(session, seats.RECORD, held.id) if one.what == "welcomed"]
    return session.get_one(Person, sent[-1].person_id)


def _who_sent(by: Person) -> str:
    return f"{by.name} asked me to write to you. Only you see this."


@act("sponsor.accept")
def accept(ask: Ask) -> Reply:
    held, _ = access.seat(ask)
    welcome.accept(ask.session, held, ask.caller, now=ask.now)
    return answer(
        "Thank you. From next week I write once a week at most, and only when there is a reason.",
        buttons=(Button("Choose when", "sponsor.hour", held.token),),
    )


@act("sponsor.talk")
def talk(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    welcome.ask_to_talk(ask.session, held, ask.caller, now=ask.now)
    return answer(
        f"Of course. The alliance manager of {by.side.firm} knows, and will get in touch."
    )


@act("sponsor.not_me", opens_form=True)
def not_me(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    fields = (
        PersonField(
            "instead",
            "Who would be right?",
            "people.own_side",
            hint="They hear nothing from me; your alliance manager does.",
            optional=True,
        ),
        WordsField("why", "A word why", optional=True, long=True, limit=300),
    )
    kept = {**asking.place_of(ask), "seat": held.token, "alliance": str(by.alliance.id)}
    return Reply(form=Form("Not me", "sponsor.not_me_because", (), fields, kept, "Tell them"))


@act("sponsor.not_me_because")
def not_me_because(ask: Ask) -> Reply:
    held, by = access.seat(ask, ask.arg("seat"))
    instead = ask.person(ask.arg("instead")) if ask.arg("instead") else None
    why = " ".join(ask.arg("why").split())
    welcome.refuse(ask.session, held, ask.caller, instead, why, now=ask.now)
    return answer(f"Thank you for saying so. The alliance manager of {by.side.firm} knows.")
