"""`export`: the records of an alliance as two files in one's direct messages."""

from datetime import datetime

from sqlmodel import Session

from governance import alliances, export, outbox, rights, visibility
from governance.errors import NotAllowed
from governance.members import Seat
from handlers.acts import Ask, act
from handlers.views import Button, Buttons, Message, Reply, Text, Words, answer, words
from storage.tables import Alliance, Person

Files = tuple[Message, tuple[export.File, ...], tuple[tuple[str, int], ...]]


@act("alliance.export")
def ask_for(ask: Ask) -> Reply:
    seat = ask.seat()
    return answer(Words(put_down(ask, seat)))


def put_down(ask: Ask, seat: Seat) -> str:
    """Have both files made and sent; what to say meanwhile. Raises NotAllowed."""
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
    own = "" if seat.member.stated else f", and {seat.side.firm}'s own"
    return (
        "Two files are on their way to your direct messages, CSV and JSON. Each holds what all "
        f"firms of {seat.alliance.name} share{own}. Only you get them."
    )


def files(session: Session, reader: Person, alliance_id: int, *, now: datetime) -> Files | None:
    """Both files as they are now, or None for somebody who no longer manages a firm of it."""
    seat = _seat(session, reader, alliance_id, now=now)
    if seat is None or not rights.has(seat, "export"):
        return None
    made = export.make(session, seat, now=now)
    count = len(made.items)
    lead = (
        f"{seat.alliance.name}, for {seat.side.firm}: {count} action item"
        f"{'' if count == 1 else 's'}. The CSV is for a spreadsheet, the JSON has everything."
    )
    if not seat.member.stated:
        lead += f" Both hold {seat.side.firm}'s own records too: don't pass them to your partner."
    records = (("alliance", alliance_id), *(("action_item", item_id) for item_id in made.items))
    return Message((Text(words(Words(lead))),), lead=lead), made.files, records


def _seat(session: Session, reader: Person, alliance_id: int, *, now: datetime) -> Seat | None:
    taken = visibility.current_seat(session, alliance_id, reader.id, now=now)
    return Seat(reader, *taken, session.get_one(Alliance, alliance_id)) if taken else None


REFUSED = {
    "missing_scope": "The bot may not send files yet; whoever installed it adds `files:write`.",
    "storage_limit_reached": "The workspace has no room for files left.",
}
BLOCKED = "Files from apps are switched off here; your Slack administrator can allow them."


def not_sent(alliance: Alliance, error: str) -> Message:
    """Why the files did not arrive, and what can be done."""
    lead = Words(f"The export of {alliance.name} did not arrive. ", bold=True)
    why = REFUSED.get(error, BLOCKED)
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
