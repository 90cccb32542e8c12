"""Where an action item was said: a link for those on whose platform that is; for others who said
it, and when it was kept."""

from zoneinfo import ZoneInfo

from sqlmodel import Session

from governance.people import directory
from handlers.dates import say_day
from handlers.views import Link, Span, Words
from storage.tables import ActionItem, Alliance, Conversation, Person


def for_reader(session: Session, item: ActionItem, account: Person, *, text: str) -> Span | None:
    """The link, where it opens for whoever reads with this account."""
    if not item.source_link:
        return None
    if _is_on(session, item, directory.platform_of(session, account)):
        return Link(text, item.source_link)
    return _who_said_it(session, item) if item.quote else None


def in_mirror(session: Session, item: ActionItem, place: Conversation) -> Span | None:
    """For a card that is shown on another platform than where the item was kept."""
    if not item.quote or _is_on(session, item, place.platform):
        return None
    return _who_said_it(session, item)


def _is_on(session: Session, item: ActionItem, platform: str) -> bool:
    """Whether the message it was made from is on a platform, as far as that is known."""
    home = session.get_one(Alliance, item.alliance_id).installation_id
    said_in = directory.conversation(session, home, item.source_channel or "")
    return said_in is None or said_in.platform == platform


def _who_said_it(session: Session, item: ActionItem) -> Words:
    """Olivia Bennett, kept Mon 23 Nov: by the alliance's own clock, as several may read it."""
    zone = ZoneInfo(session.get_one(Alliance, item.alliance_id).zone)
    day = item.created_at.astimezone(zone).date()
    said = f"said by {item.quote_author}, " if item.quote_author else ""
    return Words(f"{said}kept {say_day(day, today=day)}")
