"""What never reached anybody counts as not said: it is said the next time, or in another way."""

from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col, delete

from governance.items.action_item_news import installation_of
from governance.messages import chasing, daily_lines, outbox
from governance.messages.cards import items_on
from governance.people import members
from governance.sponsors import news, nudges
from storage.queries import insert_new
from storage.tables import ActionItem, Card, Outbox, Person, ToldOnce

NOT_SHOWN = "not_shown"


def ended_unsent(session: Session, row: Outbox, *, now: datetime) -> None:
    """A row is dead or cancelled; put right what was kept as if it had been said."""
    if row.kind == outbox.DIGEST.name:
        _take_back(session, row)
    elif row.kind == outbox.SPONSOR_NUDGE.name and row.person_id is not None:
        nudges.take_back_unsent(session, row.person_id, date.fromisoformat(row.facts["week"]))
    elif row.kind == outbox.SPONSOR_CALENDAR.name:
        if row.state == "dead":
            news.file_refused(session, row, now=now)
    elif row.kind == outbox.CARD.name and row.state == "dead":
        _tell_writer(session, row, now=now)
    elif outbox.KINDS[row.kind].files and row.error != outbox.PUT_DOWN_ANEW:
        _tell_asker(session, row, now=now)


def _tell_asker(session: Session, row: Outbox, *, now: datetime) -> None:
    """Whoever asked for files that do not come hears why, and how to have them."""
    error = row.error if row.state == "dead" else ""
    outbox.put(
        session,
        outbox.FILE_REFUSED,
        {"alliance": row.alliance_id, "error": error, "one": row.kind == outbox.FILE_AGAIN.name},
        key=f"file_refused:{row.id}",
        installation_id=row.installation_id,
        alliance_id=row.alliance_id,
        person_id=row.person_id,
        now=now,
    )


def _take_back(session: Session, row: Outbox) -> None:
    """The lines of a daily message that was not sent are due again the next working morning, and
    what waited for it waits on."""
    person, day = session.get_one(Person, row.person_id), date.fromisoformat(row.facts["day"])
    items = [item_id for _, ids in row.facts["sections"] for item_id in ids]
    run = session.connection().execute
    mine = (col(ActionItem.id).in_(items), col(ActionItem.owner_id) == person.id)
    run(update(ActionItem).where(*mine).values(told_rung=daily_lines.NEVER_TOLD))
    said = (col(ToldOnce.person_id) == person.id, col(ToldOnce.on) == day)
    run(delete(ToldOnce).where(*said, col(ToldOnce.reason) != NOT_SHOWN))
    waited = (
        col(Outbox.person_id) == person.id,
        col(Outbox.state) == "cancelled",
        col(Outbox.error) == chasing.IN_THE_DAILY_MESSAGE,
        col(Outbox.finished_at) == row.created_at,
    )
    run(update(Outbox).where(*waited).values(state="held", finished_at=None, error=""))
    if row.facts["returning"] and person.last_digest_on == day:
        person.last_digest_on = None
        session.add(person)


def _tell_writer(session: Session, row: Outbox, *, now: datetime) -> None:
    """Whoever captured what a channel never showed hears so, once: they believe it is there."""
    card = session.get(Card, row.facts["card"])
    if card is None or card.ts is not None or card.mirror_of is not None:
        return
    writer = session.get_one(Person, card.opened_by)
    today = members.calendar_of(writer).today(now)
    for item in items_on(session, card):
        told = {
            "person_id": writer.id,
            "record": "action_item",
            "record_id": item.id,
            "reason": NOT_SHOWN,
            "on": today,
        }
        unique = ["person_id", "record", "record_id", "reason"]
        if insert_new(session, ToldOnce, [told], unique=unique):
            outbox.put(
                session,
                outbox.NEWS,
                {"item": item.id, "what": NOT_SHOWN, "by": writer.name},
                key=f"news:{item.id}:{NOT_SHOWN}:{writer.id}",
                installation_id=installation_of(session, item),
                alliance_id=item.alliance_id,
                person_id=writer.id,
                now=now,
            )
