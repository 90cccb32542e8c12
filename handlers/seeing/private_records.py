"""What a firm's alliance manager reads before the firm's first record of its own."""

from sqlmodel import Session

from governance.firms import sides
from handlers.views import Block, Note, Text, Words, bold, words
from storage.tables import Side

TURN_ON = "Turn on private records"


def terms(session: Session, side: Side) -> tuple[Block, ...]:
    """Who stores what a firm records for itself, and who could read it, in the firm's own eyes."""
    lead = bold(f"Before {side.firm} records something of its own: who stores it?")
    kept = "The chat service keeps messages and channels as each firm's own rules say."
    once = f"This counts for everybody of {side.firm}, and its history keeps who turned it on."
    return (
        Text((lead,)),
        Text((Words(_who_stores(session, side)),)),
        Note(words(f"{kept} {once}")),
    )


def _who_stores(session: Session, side: Side) -> str:
    everyone = sides.of(session, side.alliance_id)
    host = next(one for one in everyone if one.is_host)
    if side.id == host.id:
        others = " or ".join(one.firm for one in everyone if one.id != host.id)
        nobody = f"; nobody of {others} is shown it" if others else ""
        return (
            "Your own firm stores it, on the server where this bot runs. Whoever runs that server "
            f"could read the database{nobody}."
        )
    return (
        f"{host.firm} stores what you record. Whoever runs its server could read the database; "
        f"nobody else at {host.firm} is shown it."
    )
