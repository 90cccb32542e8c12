"""`export`: the records of an alliance as files in one's direct messages."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from governance import cadence, visibility
from governance.errors import NotAllowed
from governance.firms import alliances, rights
from governance.messages import outbox
from governance.people import directory, members
from governance.people.members import Seat
from governance.seeing import export
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.items.action_item_views import history_words
from handlers.views import Button, Buttons, Message, Reply, Text, Words, answer, words
from storage.tables import TEAMS, Alliance, HistoryEntry, Person

Files = tuple[Message, tuple[export.File, ...], tuple[tuple[str, int], ...]]


@act("alliance.export")
def ask_for(ask: Ask) -> Reply:
    seat = ask.seat()
    return answer(Words(put_down(ask, seat)))


def put_down(ask: Ask, seat: Seat) -> str:
    """Have the files made and sent; what to say meanwhile. Raises NotAllowed."""
    if not rights.has(seat, "export"):
        raise NotAllowed("The alliance managers export; `people` shows who they are.")
    outbox.put(
        ask.session,
        outbox.FILE,
        {"alliance": seat.alliance.id},
        key=f"export:{seat.alliance.id}:{ask.caller.id}",
        installation_id=ask.installation.id,
        alliance_id=seat.alliance.id,
        person_id=ask.caller.id,
        now=ask.now,
    )
    own = f" {seat.side.firm}'s own come in files of their own, named …-only."
    return (
        "Your export is on its way to your direct messages, as CSV and JSON: what all firms of "
        f"{seat.alliance.name} share.{'' if seat.member.stated else own} Only you get it."
    )


def files(session: Session, reader: Person, alliance_id: int, *, now: datetime) -> Files | None:
    """The files as they are now, or None for somebody who no longer manages a firm of it."""
    seat = _seat(session, reader, alliance_id, now=now)
    if seat is None or not rights.has(seat, "export"):
        return None
    calendar = members.calendar_of(reader)
    made = export.make(
        session, seat, sentence=lambda entry: dated(session, entry, calendar), now=now
    )
    lead = f"{seat.alliance.name}, {_counted(made.items)}. {_for_whom(seat, made)}"
    records = (("alliance", alliance_id), *(("action_item", item_id) for item_id in made.items))
    return Message((Text(words(Words(lead))),), lead=lead), made.shared + made.own, records


def dated(session: Session, entry: HistoryEntry, calendar: cadence.WorkCalendar) -> str:
    """What happened, with its day and year: a spreadsheet is read long after."""
    day = calendar.today(entry.at)
    return f"{say_day(day, today=day)} {day.year} {history_words(session, entry, day)}"


def _counted(items: Sequence[int]) -> str:
    return f"{len(items)} action item{'' if len(items) == 1 else 's'}"


def _for_whom(seat: Seat, made: export.Export) -> str:
    firm = seat.side.firm
    if made.own:
        return (
            f"Four files: two hold what all firms share; the two named …-only are {firm}'s own: "
            "don't pass them to your partner."
        )
    shared = "Two files: both hold what all firms share."
    if seat.member.stated:
        return f"{shared} {firm}'s own come once {firm} has confirmed you."
    return f"{shared} {firm} keeps nothing of its own here."


def _seat(session: Session, reader: Person, alliance_id: int, *, now: datetime) -> Seat | None:
    taken = visibility.current_seat(session, alliance_id, reader.id, now=now)
    return Seat(reader, *taken, session.get_one(Alliance, alliance_id)) if taken else None


REFUSED = {
    "missing_scope": "The bot may not send files yet; whoever installed it adds `files:write`.",
    "storage_limit_reached": "There is no room for files left.",
}
BLOCKED = "Files from apps are switched off here; your {} administrator can allow them."


def not_sent(session: Session, alliance: Alliance, reader: Person, error: str) -> Message:
    """Why the files did not arrive, and what can be done."""
    lead = Words(f"The export of {alliance.name} did not arrive. ", bold=True)
    platform = "Teams" if directory.platform_of(session, reader) == TEAMS else "Slack"
    why = REFUSED.get(error) or BLOCKED.format(platform)
    again = Button("Try again", "alliance.export_again", str(alliance.id))
    return Message(
        (
            Text(words(lead, why, " Nothing is lost: it is made anew when you ask.")),
            Buttons((again,)),
        )
    )


@act("alliance.export_again")
def again(ask: Ask) -> Reply:
    alliance = alliances.alliance_by_id(ask.session, ask.installation.id, ask.arg("value"))
    seat = ask.seat_in(alliance)
    return answer(Words(put_down(ask, seat)))
