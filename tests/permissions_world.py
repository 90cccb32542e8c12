"""The people and records that docs/permissions.md speaks of, made through the doors people use."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from storage.sponsor_tables import SponsorSeat
from storage.tables import ActionItem, Side
from tests.anywhere import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    JONAS,
    KWAME,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SAMIR,
    SHARED,
    TOMASZ,
    AnyWorld,
    direct,
)
from tests.daily import name_helix_manager

Who = dict[str, str]

ACROSS: Who = {
    "owner": TOMASZ,
    "helper": INES,
    "proposer": HANA,
    "alliance manager, owner's firm": OLIVIA,
    "alliance manager, proposer's firm": PRIYA,
    "colleague of the owner": KWAME,
    "colleague of the proposer": MATEO,
    "not confirmed": LENA,
    "no place": SAMIR,
    "has left": JONAS,
}
"""Who is what to an item that one firm proposed to the other's."""

WITHIN: Who = {
    "owner": ADAEZE,
    "proposer": HANA,
    "alliance manager": PRIYA,
    "colleague": MATEO,
    "partner's alliance manager": OLIVIA,
    "partner's people": KWAME,
    "not confirmed": LENA,
    "no place": SAMIR,
    "has left": JONAS,
}
"""Who is what to an item of one firm alone."""

ADMINISTERING: Who = {
    "alliance manager, host": PRIYA,
    "alliance manager, partner": OLIVIA,
    "sponsor": ADAEZE,
    "others of the host": MATEO,
    "others of the partner": KWAME,
    "not confirmed": LENA,
    "no place": SAMIR,
    "has left": JONAS,
}


@dataclass(frozen=True)
class Kind:
    """A sort of record: how and where it is typed, what happens to it until it stands so, and who
    is what to it."""

    name: str
    typed: str
    steps: tuple[tuple[str, str], ...] = ()
    who: Who = field(default_factory=lambda: ACROSS)
    channel: str = SHARED


ACROSS_TYPED = "action @tomasz {text} with @ines by Fri"
ACCEPTED = (TOMASZ, "accept {ref}")
KINDS = (
    Kind("Joint, proposed", ACROSS_TYPED),
    Kind(
        "Joint, proposed, another date suggested", ACROSS_TYPED, ((TOMASZ, "move {ref} to 4 Dec"),)
    ),
    Kind("Joint, open", ACROSS_TYPED, (ACCEPTED,)),
    Kind("Joint, declined", ACROSS_TYPED, ((TOMASZ, "decline {ref} no time for it"),)),
    Kind("Joint, done", ACROSS_TYPED, (ACCEPTED, (TOMASZ, "done {ref}"))),
    Kind("Joint, cancelled", ACROSS_TYPED, ((HANA, "cancel {ref}"),)),
    Kind("Joint, within one firm, open", "action @adaeze {text} by Fri", (), WITHIN),
    Kind("One firm's own, open", "internal @adaeze {text} by Fri", (), WITHIN, OWN),
    Kind(
        "One firm's own, done",
        "internal @adaeze {text} by Fri",
        ((ADAEZE, "done {ref}"),),
        WITHIN,
        OWN,
    ),
)
TEXT = "send the quote"


@dataclass(frozen=True)
class Made:
    item_id: int
    token: str
    reference: str


async def people_world(world: AnyWorld) -> None:
    """Everybody has their place: two alliance managers, a sponsor, a guest who says where she is,
    one who says nothing, and somebody who has left."""
    await world.set_up(own_channel=True)
    await name_helix_manager(world)
    for who in (OLIVIA, TOMASZ, INES, KWAME, GRANT, HANA, MATEO, ADAEZE, JONAS):
        await world.mention(who, "open")
    await world.make_guest(SAMIR)
    guests = await world.let_in_lena()
    await world.command(LENA, "mine", guests)
    await world.press(LENA, "Northwind Bio", channel=guests)
    assert (await world.let_bot_in(PRIYA, RANDOM)).ok
    await _change(world, ADAEZE, role="sponsor")
    await _counterpart_of_adaeze(world)
    await _change(world, JONAS, role="team", until=world.now.date().isoformat())


async def _change(world: AnyWorld, who: str, **fields: str) -> None:
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody")
    seen = await world.fill(PRIYA, person=who, side="Northwind Bio", **fields)
    assert seen.ok, seen.error
    await world.close(PRIYA)


async def _counterpart_of_adaeze(world: AnyWorld) -> None:
    await world.write(OLIVIA, "people")
    await world.press(OLIVIA, "Add somebody", channel=direct(OLIVIA))
    seen = await world.fill(OLIVIA, person=GRANT, role="sponsor")
    assert seen.ok, seen.error
    await world.close(OLIVIA)


async def make(world: AnyWorld, kind: Kind) -> Made:
    """One more record of a kind."""
    await world.command(HANA, kind.typed.format(text=TEXT), kind.channel)
    made = world.stored(_newest)
    for who, words in kind.steps:
        await world.write(who, words.format(ref=made.reference))
    return made


def _newest(session: Session) -> Made:
    item = session.exec(select(ActionItem).order_by(col(ActionItem.id).desc())).first()
    assert item is not None
    code = "OUR" if item.series_side_id else "HEL"
    return Made(item.id, item.token, f"{code}-{item.number}")


def adaezes_seat(session: Session) -> SponsorSeat:
    """She is the only sponsor of the host."""
    chosen = select(SponsorSeat).join(Side, col(Side.id) == SponsorSeat.side_id)
    return session.exec(chosen.where(col(Side.is_host).is_(True))).one()
