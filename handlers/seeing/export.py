"""`export`: the records of an alliance as files in one's direct messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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
from handlers.firms.places import PLATFORMS
from handlers.items.action_item_views import history_words
from handlers.views import Button, Buttons, Message, Reply, Text, Words, answer, words
from storage.tables import Alliance, HistoryEntry, Person

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
    given = made.shared + made.own
    records = dict.fromkeys(record for file in given for record in file.records)
    return Message((Text(words(Words(lead))),), lead=lead), given, tuple(records)


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
BLOCKED = "Such files are switched off here; your administrator can allow them."
REFUSED |= dict.fromkeys(
    (
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "slack_connect_file_upload_sharing_blocked",
    ),
    BLOCKED,
)
NOT_TAKEN = "{0} did not take it; your {0} administrator may know why."
NOT_MADE = "I could not make it for you any more."


def not_sent(
    session: Session, alliance: Alliance, reader: Person, facts: dict[str, Any]
) -> Message:
    """Why the files, or one of them, did not arrive, and what can be done."""
    what = "A file of the export" if facts.get("one") else "The export"
    lead = Words(f"{what} of {alliance.name} did not arrive. ", bold=True)
    why = _why(session, reader, facts["error"])
    again = Button("Try again", "alliance.export_again", str(alliance.id))
    return Message(
        (
            Text(words(lead, why, " Nothing is lost: it is made anew when you ask.")),
            Buttons((again,)),
        )
    )


def _why(session: Session, reader: Person, error: str) -> str:
    if not error:
        return NOT_MADE
    platform = PLATFORMS[directory.platform_of(session, reader)]
    return REFUSED.get(error) or NOT_TAKEN.format(platform)


@act("alliance.export_again")
def again(ask: Ask) -> Reply:
    alliance = alliances.alliance_by_id(ask.session, ask.installation.id, ask.arg("value"))
    seat = ask.seat_in(alliance)
    return answer(Words(put_down(ask, seat)))
