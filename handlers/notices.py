"""Outbox rows made into messages, at the moment they are sent, from the state at that moment.

A row that is no longer true becomes nothing and is cancelled. Every record shown is checked
against its reader here, whoever put the row down. Only an answer is said as it was made: for its
reader, by the act that checked what they may see, a moment ago.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlmodel import Session, select

from governance import visibility
from governance.firms import agreements, sides
from governance.messages import cards, outbox
from governance.people import accounts, counterparts
from governance.people.members import Seat
from governance.seeing import receipts
from governance.seeing.export import File
from governance.seeing.withdrawing import is_withdrawn
from governance.trust.pulses import CARD_KIND
from handlers import digest
from handlers.firms import agreement_views, alliances, closing, own_firm
from handlers.items import lists
from handlers.items.action_item_views import may_read
from handlers.items.decisions import decision, news, still_holds
from handlers.people import departures, roster_views
from handlers.seeing import export, exposure, files, sharing_views
from handlers.sponsors import (
    ask_views,
    calendar_files,
    news_views,
    nudge_views,
    spoke,
    welcome,
)
from handlers.trust import check_ins, pulses
from handlers.views import MESSAGE, Message, say
from storage.tables import (
    ActionItem,
    Agreement,
    Alliance,
    Card,
    Conversation,
    Outbox,
    Person,
)


@dataclass(frozen=True)
class Ready:
    """A message to send and the records it shows (noun and id), for the account of who saw what."""

    message: Message
    records: tuple[tuple[str, int], ...] = ()
    files: tuple[File, ...] = ()


EMPTIED = Ready(say("This is no longer shown."))
"""In place of a message of which nothing may be shown any more; it tells nobody why."""


def emptied(session: Session, edit: Outbox, *, now: datetime) -> Ready:
    """What stays of a direct message of which nothing may be shown any more."""
    if edit.alliance_id is None or edit.person_id is None:
        return EMPTIED
    reader = _reader(session, edit)
    if visibility.current_member(session, edit.alliance_id, reader.id, now=now) is not None:
        return EMPTIED
    alliance = session.get_one(Alliance, edit.alliance_id)
    return Ready(departures.closed(alliance))


Make = Callable[[Session, Outbox, datetime, bool], Ready | None]


class ForReader(Protocol):
    """Makes a message for its reader, with the records it shows."""

    def __call__(
        self, session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
    ) -> tuple[Message, tuple[tuple[str, int], ...]] | None: ...


def make(session: Session, row: Outbox, *, now: datetime, again: bool = False) -> Ready | None:
    """The message of a row, or None when it should not be sent. `again`: it was sent before and is
    brought up to date, so a question that is answered shows its answer instead of vanishing."""
    return NOTICES[row.kind](session, row, now, again)


def _card(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    card = session.get(Card, row.facts["card"])
    place = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    if card is None or place is None:
        return None
    if visibility.may_be_said_in(session, place, card.audience_id, now=now):
        return card_message(session, card, now=now)
    joint = visibility.joint_audience(session, card.alliance_id).id
    if card.ts is not None and card.audience_id != joint:
        return Ready(exposure.HIDDEN)
    if card.ts is not None and (card.blanked_at or cards.moved_from(session, card)):
        return EMPTIED
    raise NotForHere(place.name)


class NotForHere(Exception):
    """The gate: somebody in this conversation may not see the record, or it can't be known."""


def card_message(session: Session, card: Card, *, now: datetime) -> Ready | None:
    if card.kind == cards.ALLIANCE:
        alliance = session.get_one(Alliance, card.alliance_id)
        by = session.get_one(Person, alliance.set_up_by)
        firms = [side.firm for side in sides.of(session, alliance.id)]
        shown = alliances.card(alliance, firms, by)
        if alliance.closed_at is not None:
            shown = closing.closed(alliance)
        return Ready(shown, (("alliance", alliance.id),))
    if card.kind == counterparts.CARD_KIND and card.side_id is not None:
        asked = roster_views.card(session, card, now=now)
        return Ready(asked, ((counterparts.RECORD, card.side_id),))
    if card.kind == CARD_KIND:
        return Ready(*pulses.shown_on(session, card, now=now))
    items = [i for i in cards.items_on(session, card) if i.audience_id == card.audience_id]
    message = sharing_views.card(session, card, items)
    if message is None:
        return None
    return Ready(message, tuple(("action_item", item.id) for item in items))


def _decide(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    item, person = session.get(ActionItem, row.facts["item"]), _reader(session, row)
    if item is None or not may_read(session, item, person, now=now):
        return None
    message = decision(session, item, person, now=now, again=again)
    return Ready(message, (("action_item", item.id),)) if message else None


def _news(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    item, person = session.get(ActionItem, row.facts["item"]), _reader(session, row)
    if item is None or not may_read(session, item, person, now=now):
        return None
    if not again and not still_holds(item, row.facts["what"]):
        return None
    message = news(session, item, person, row.facts["what"], row.facts["by"], now=now)
    return Ready(message, (("action_item", item.id),))


def _own_firm_asked(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    reader = _reader(session, row)
    message = own_firm.asked(session, row.facts, reader, now=now, again=again)
    return Ready(message) if message else None


def _place_opened(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    reader = _reader(session, row)
    made = exposure.opened(session, row.facts, reader, now=now, again=again)
    return Ready(*made) if made else None


def _place_own_again(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    message = exposure.own_again(session, row.facts, _reader(session, row), now=now)
    return Ready(message) if message else None


def _departure(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    reader = _reader(session, row)
    made = departures.offered(session, row.facts, reader, now=now, again=again)
    return Ready(*made) if made else None


def _file(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    made = export.files(session, _reader(session, row), row.facts["alliance"], now=now)
    if made is None:
        return None
    message, given, records = made
    return Ready(message, records, given)


def _file_again(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    """One file of a message, which did not arrive, offered anew."""
    first = session.get(Outbox, row.facts["offer"])
    ready = make(session, first, now=now, again=True) if first is not None and first.facts else None
    found = files.named(row.facts["part"], ready.files) if ready is not None else None
    if ready is None or found is None:
        return None
    return Ready(files.not_saved(found.name, row.facts["error"]), found.records, (found,))


def _file_refused(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    alliance = session.get_one(Alliance, row.facts["alliance"])
    return Ready(export.not_sent(session, alliance, _reader(session, row), row.facts))


def _agreement_asked(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    agreement, reader = _agreement(session, row, now)
    if reader is None or not reader.is_manager:
        return None
    message = agreement_views.asked(session, agreement, reader, now=now, again=again)
    return Ready(message, ((agreements.RECORD, agreement.id),)) if message else None


def _agreement_outcome(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    agreement, reader = _agreement(session, row, now)
    if reader is None:
        return None
    message = agreement_views.outcome(session, agreement)
    return Ready(message, ((agreements.RECORD, agreement.id),))


def _agreement(session: Session, row: Outbox, now: datetime) -> tuple[Agreement, Seat | None]:
    """What was proposed, and where its reader stands by now."""
    agreement, person = session.get_one(Agreement, row.facts["agreement"]), _reader(session, row)
    alliance = session.get_one(Alliance, agreement.alliance_id)
    taken = visibility.current_seat(session, alliance.id, person.id, now=now)
    return agreement, Seat(person, *taken, alliance) if taken else None


def _digest(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    person = _reader(session, row)
    day = date.fromisoformat(row.facts["day"])
    made = digest.message(session, row.facts, person, day=day, now=now, again=again)
    return Ready(made[0], made[1]) if made else None


def _home(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    person = _reader(session, row)
    shown = tuple(("action_item", item.id) for item in lists.at_home(session, person, now=now))
    return Ready(lists.home(session, person, now=now), shown)


def _answer(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    """Said as it was made, once, unless what it shows was taken back before it was sent; brought
    up to date, nothing of it stays."""
    if again:
        return None
    if is_withdrawn(session, row):
        return EMPTIED
    return Ready(MESSAGE.validate_json(row.facts["message"]))


def _for_reader(made_by: ForReader) -> Make:
    """A message whose noun says how it is made for who reads it."""

    def make_it(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
        made = made_by(session, row, _reader(session, row), now=now, again=again)
        return Ready(*made) if made else None

    return make_it


def _sponsor_news(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    made = news_views.message(session, row, _reader(session, row), now=now)
    return Ready(*made) if made else None


def _check_in_news(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    made = check_ins.message(session, row, _reader(session, row), now=now)
    return Ready(*made) if made else None


def _calendar_file(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    made = calendar_files.made(session, row, _reader(session, row), now=now)
    return Ready(made[0], made[2], made[1]) if made else None


def _reader(session: Session, row: Outbox) -> Person:
    return accounts.kept_of(session, session.get_one(Person, row.person_id))


REDRAWN = (
    outbox.DECIDE.name,
    outbox.DIGEST.name,
    outbox.DEPARTURE.name,
    outbox.AGREEMENT_ASKED.name,
    outbox.OWN_FIRM_ASKED.name,
    *outbox.TO_SPONSORS,
)
"""Direct messages that show after a press how what they ask stands now."""

NOTICES: dict[str, Make] = {
    outbox.CARD.name: _card,
    outbox.DECIDE.name: _decide,
    outbox.NEWS.name: _news,
    outbox.DEPARTURE.name: _departure,
    outbox.FILE.name: _file,
    outbox.FILE_AGAIN.name: _file_again,
    outbox.FILE_REFUSED.name: _file_refused,
    outbox.AGREEMENT_ASKED.name: _agreement_asked,
    outbox.AGREEMENT_OUTCOME.name: _agreement_outcome,
    outbox.OWN_FIRM_ASKED.name: _own_firm_asked,
    outbox.PLACE_OPENED.name: _place_opened,
    outbox.PLACE_OWN_AGAIN.name: _place_own_again,
    outbox.SPONSOR_WELCOME.name: _for_reader(welcome.message),
    outbox.SPONSOR_NUDGE.name: _for_reader(nudge_views.message),
    outbox.SPONSOR_PASSED.name: _for_reader(nudge_views.passed),
    outbox.SPONSOR_ASK.name: _for_reader(ask_views.message),
    outbox.SPONSOR_CONFIRM.name: _for_reader(spoke.confirmation),
    outbox.SPONSOR_NEWS.name: _sponsor_news,
    outbox.SPONSOR_CALENDAR.name: _calendar_file,
    outbox.CHECK_IN_NEWS.name: _check_in_news,
    outbox.PULSE_UNCLEAR.name: _for_reader(pulses.unclear),
    outbox.PULSE_NEWS.name: _for_reader(pulses.message),
    outbox.DIGEST.name: _digest,
    outbox.HOME.name: _home,
    outbox.ANSWER.name: _answer,
}


def redraw(session: Session, place: Conversation, ts: str, *, now: datetime) -> Message | None:
    """A message of ours that somebody pressed, as it should read now; None if it isn't kept. It
    is shown at once, so its readers are put to the account here."""
    card = session.exec(select(Card).where(Card.conversation_id == place.id, Card.ts == ts)).first()
    if card is not None:
        ready = _card_again(session, card, place, now=now)
        return _accounted(session, ready, outbox.CARD, place, to=None, now=now)
    row = session.exec(
        select(Outbox).where(
            Outbox.channel == place.external_id, Outbox.ts == ts, Outbox.state == "sent"
        )
    ).first()
    if row is None or row.kind not in REDRAWN or not row.facts:
        return None
    ready = make(session, row, now=now, again=True)
    reader = _reader(session, row)
    return _accounted(session, ready, outbox.EDIT, place, to=reader, now=now, first=row.id)


def _accounted(
    session: Session,
    ready: Ready | None,
    kind: outbox.Kind,
    place: Conversation,
    *,
    to: Person | None,
    now: datetime,
    first: int | None = None,
) -> Message | None:
    if ready is None:
        return None
    receipts.note(
        session,
        ready.records,
        kind=kind.name,
        to=to,
        where=place,
        installation_id=place.installation_id,
        outbox_id=first,
        now=now,
    )
    return ready.message


def _card_again(
    session: Session, card: Card, place: Conversation, *, now: datetime
) -> Ready | None:
    """A firm's own card is shown anew only where the gate lets it; otherwise the sender decides,
    with fresh facts."""
    joint = visibility.joint_audience(session, card.alliance_id).id
    if card.audience_id != joint and not visibility.may_be_said_in(
        session, place, card.audience_id, now=now
    ):
        return None
    return card_message(session, card, now=now)
