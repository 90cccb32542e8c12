"""How the seats of an alliance are shown: who sponsors it at each firm, how each pair stands."""

from datetime import date

from sqlmodel import Session

from governance import visibility
from governance.firms import sides
from governance.people import roster
from governance.people.members import Seat
from governance.sponsors import ask_lists, contacts, handing_over, rhythm, seats
from handlers.acts import Ask
from handlers.dates import say_day
from handlers.views import (
    Block,
    Button,
    Buttons,
    Heading,
    Message,
    Note,
    Row,
    Text,
    Words,
    bold,
    words,
)
from storage.sponsor_tables import SponsorPair, SponsorSeat
from storage.tables import Alliance, Person, Side

SEATS_SHOWN = 12
TENURES_SHOWN = 12
"""The latest of each firm."""

STATES = {
    "named": "not introduced yet",
    "by_hand": "you introduce them yourself",
    "welcomed": "welcome sent, no answer yet",
    "talk": "would like to talk first",
    "not_me": "says it is not for them",
}


def overview(ask: Ask, reader: Seat) -> Message:
    """Every firm's sponsors. What a firm keeps to itself (terms, how far the welcome is, asks) is
    shown to its own people only."""
    blocks: list[Block] = [Heading(f"Sponsors · {reader.alliance.name}")]
    held = seats.held(ask.session, reader.alliance.id)
    for side in sides.of(ask.session, reader.alliance.id):
        own = [seat for seat in held if seat.side_id == side.id]
        blocks.append(_headed(ask, side, reader))
        if not own:
            blocks.append(Text(words(_empty(side, ask.today))))
        for seat in own[:SEATS_SHOWN]:
            blocks += _seat(ask, seat, reader)
    alliance = str(reader.alliance.id)
    talks = Button("Talks so far", "sponsor.talks", alliance)
    blocks.append(Buttons((talks, Button("Who it was before", "sponsor.history", alliance))))
    blocks.append(Note(words(_small_print(reader))))
    return Message(tuple(blocks))


def _small_print(reader: Seat) -> str:
    if _is_inner(reader):
        return "Terms and asks are shown to your firm's sponsors and alliance managers only."
    return "Each firm's alliance managers name its sponsors."


def _is_inner(reader: Seat) -> bool:
    """Whether they read what their firm keeps to its sponsors and alliance managers."""
    return reader.member.role in visibility.INNER_ROLES and not reader.member.stated


def manages(reader: Seat, side_id: int) -> bool:
    return reader.is_manager and reader.side.id == side_id and not reader.member.stated


def _headed(ask: Ask, side: Side, reader: Seat) -> Row:
    return Row((bold(side.firm),), button=_name_one(ask, side, reader))


def _name_one(ask: Ask, side: Side, reader: Seat) -> Button | None:
    if reader.alliance.closed_at is not None or not manages(reader, reader.side.id):
        return None
    if side.id == reader.side.id:
        return Button("Name a sponsor", "sponsor.new", str(reader.alliance.id))
    if roster.may_change(ask.session, reader, side.id, now=ask.now):
        return Button(f"Name one for {side.firm}"[:30], "sponsor.new_for", str(side.id))
    return None


def _empty(side: Side, today: date) -> str:
    if side.seat_empty_since is None:
        return "No sponsor yet."
    return f"No sponsor, since {say_day(side.seat_empty_since, today=today)}."


def _seat(ask: Ask, seat: SponsorSeat, reader: Seat) -> list[Block]:
    person = ask.session.get_one(Person, seat.person_id)
    own = reader.side.id == seat.side_id and _is_inner(reader)
    parts = [f"since {say_day(seat.since, today=ask.today)}"]
    if seat.until is not None and (own or seat.told_at is not None):
        parts.append(f"until {say_day(seat.until, today=ask.today)}")
    if own:
        parts += _own_facts(ask, seat, reader)
    spans = words(bold(person.name), Words(f"  {' · '.join(parts)}"))
    pairs = [
        pair_line(ask.session, seat, pair, ask.today) for pair in seats.pairs_of(ask.session, seat)
    ]
    lines = pairs or ["No counterpart yet."]
    menu = _menu(seat, reader)
    about = (*spans, Words("".join(f"\n{line}" for line in lines)))
    if not menu:
        return [Text(about)]
    return [Row(about, button=menu[0]) if len(menu) == 1 else Row(about, menu=menu)]


def _own_facts(ask: Ask, seat: SponsorSeat, reader: Seat) -> list[str]:
    sees_state = reader.is_manager and seat.state in STATES
    facts = [STATES[seat.state]] if sees_state else []
    if seat.in_role_until:
        facts.append(f"stays in the role: {seat.in_role_until}")
    if seat.assistant_id is not None:
        facts.append(f"assistant {ask.session.get_one(Person, seat.assistant_id).name}")
    count = len(ask_lists.open_for(ask.session, seat))
    facts.append("no open asks" if not count else f"{count} open ask{'s' if count > 1 else ''}")
    if reader.is_manager and seat.successor_id is not None:
        name = ask.session.get_one(Person, seat.successor_id).name
        day = say_day(seat.last_day, today=ask.today) if seat.last_day else ""
        known = "" if seat.told_at else " (only your alliance managers know)"
        facts.append(f"{name} follows after {day}{known}")
    return facts


def pair_line(session: Session, seat: SponsorSeat, pair: SponsorPair, today: date) -> str:
    other = seats.other_seat(session, pair, seat)
    name = session.get_one(Person, other.person_id).name
    firm = session.get_one(Side, other.side_id).firm
    return f"with {name} ({firm}): {how_it_stands(session, pair, today)}"


def how_it_stands(session: Session, pair: SponsorPair, today: date) -> str:
    """last spoke Tue 25 Aug by video · next due Wed 25 Nov."""
    last = contacts.last_of(session, pair)
    alliance = session.get_one(Alliance, pair.alliance_id)
    months = rhythm.months_between(alliance.tier, alliance.sponsor_months)
    due = rhythm.due_on(last.on if last else None, pair.since, months)
    spoke = (
        f"last spoke {say_day(last.on, today=today)} {contacts.WAYS[last.how]}"
        if last
        else "have not spoken yet"
    )
    if pair.planned_on is not None and pair.planned_on >= today:
        return f"{spoke} · in the calendar for {say_day(pair.planned_on, today=today)}"
    if due is None:
        return f"{spoke} · they speak when something happens"
    if due <= today:
        return f"{spoke} · due now"
    return f"{spoke} · next due {say_day(due, today=today)}"


def _menu(seat: SponsorSeat, reader: Seat) -> tuple[Button, ...]:
    """What this reader may do about a seat."""
    if reader.alliance.closed_at is not None:
        return ()
    buttons: list[Button] = []
    if manages(reader, seat.side_id):
        if seat.state in ("named", "by_hand", "talk", "not_me"):
            buttons.append(Button("Send the welcome…", "sponsor.preview", seat.token))
        if seat.state == "accepted":
            buttons.append(Button("Ask for help…", "sponsor_ask.new", seat.token))
        buttons.append(Button("Change…", "sponsor.change", seat.token))
        buttons.append(Button("Who follows…", "sponsor.successor", seat.token))
    if contacts.acts_for(reader, seat):
        buttons += [
            Button(
                "They spoke…" if reader.is_manager else "We spoke…", "sponsor.spoke_of", seat.token
            ),
            Button("When I write…", "sponsor.hour", seat.token),
        ]
    return tuple(buttons)


def history(session: Session, reader: Seat, *, today: date) -> Message:
    """Who sponsored it at each firm, from when to when, and how often that changed."""
    blocks: list[Block] = [Heading(f"Sponsors so far · {reader.alliance.name}")]
    for side in sides.of(session, reader.alliance.id):
        theirs = handing_over.tenures(session, side.id, limit=TENURES_SHOWN)
        lines = [_tenure(session, seat, today) for seat in theirs] or ["Nobody so far."]
        blocks.append(
            Text(
                words(
                    bold(f"{side.firm}{_changes(theirs)}"),
                    Words("".join(f"\n{line}" for line in lines)),
                )
            )
        )
    return Message(tuple(blocks))


def _changes(seats_: list[SponsorSeat]) -> str:
    """How often somebody took over from another, among those shown."""
    count = sum(seat.follows_id is not None for seat in seats_)
    return f" · {count} change{'s' if count > 1 else ''}" if count else ""


def _tenure(session: Session, seat: SponsorSeat, today: date) -> str:
    name = session.get_one(Person, seat.person_id).name
    end = seat.ended_on
    if end is None:
        return f"{name}: since {say_day(seat.since, today=today)}"
    months = max(0, (end.year - seat.since.year) * 12 + end.month - seat.since.month)
    lasted = f"{months} month{'' if months == 1 else 's'}" if months else "less than a month"
    return f"{name}: {say_day(seat.since, today=today)} to {say_day(end, today=today)}, {lasted}"
