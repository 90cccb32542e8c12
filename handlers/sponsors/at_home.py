"""What a sponsor has in their Home: each alliance they sponsor, and how they stand with whom."""

from datetime import datetime

from sqlmodel import Session

from governance import visibility
from governance.sponsors import nudges, seats
from handlers.items.action_item_views import today_for
from handlers.sponsors import seat_views
from handlers.views import Block, Button, Heading, Row, Words, bold, words
from storage.tables import Alliance, Person


def sponsored(session: Session, person: Person, *, now: datetime) -> list[Block]:
    """Nothing for who sponsors none; assistants see whom they act for."""
    today = today_for(person, now)
    blocks: list[Block] = []
    for held in nudges.held_or_assisted(session, person):
        alliance = session.get_one(Alliance, held.alliance_id)
        here = visibility.current_member(session, alliance.id, person.id, now=now)
        if here is None or here.side_id != held.side_id or held.state != "accepted":
            continue
        lines = [
            seat_views.pair_line(session, held, pair, today)
            for pair in seats.pairs_of(session, held)
        ]
        acting = "" if held.person_id == person.id else f" (for {_name(session, held.person_id)})"
        said = words(
            bold(f"{alliance.name}{acting}"), Words("".join(f"\n{line}" for line in lines))
        )
        blocks.append(Row(said, button=Button("We spoke", "sponsor.spoke_of", held.token)))
    return [Heading("You sponsor"), *blocks] if blocks else []


def _name(session: Session, person_id: int) -> str:
    return session.get_one(Person, person_id).name
