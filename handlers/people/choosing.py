"""Whom a person field offers for the words typed so far."""

from collections.abc import Iterable

from sqlmodel import select

from governance import visibility
from governance.errors import NotFound
from governance.people import members
from handlers.acts import Ask, choices
from handlers.items.action_item_views import may_read
from handlers.understanding import plainly
from handlers.views import Choice
from storage.tables import ActionItem, Alliance, Person

OFFERED = 100


@choices("people.choices")
def for_item(ask: Ask, typed: str) -> list[Choice]:
    """Whom an item may be given to, or who helps with it or is waited for."""
    alliance = _alliance(ask)
    known = members.reachable_people(ask.session, alliance, now=ask.now)
    here = members.members(ask.session, alliance.id, now=ask.now)
    firms = {person.id: f"{person.name} · {side.firm}" for _, person, side in here}
    fitting = fit(known, typed)
    return [Choice(person.user_id, firms.get(person.id, person.name)) for person in fitting]


def _alliance(ask: Ask) -> Alliance:
    """That of the item the form is about, wherever it was opened; else as for any act."""
    if not ask.arg("value"):
        return ask.alliance()
    named = select(ActionItem).where(ActionItem.token == ask.arg("value"))
    item = ask.session.exec(named).one_or_none()
    if item is None or not may_read(ask.session, item, ask.caller, now=ask.now):
        raise NotFound("I can't find that action item any more.")
    return ask.session.get_one(Alliance, item.alliance_id)


@choices("people.own_side")
def own_side(ask: Ask, typed: str) -> list[Choice]:
    """Confirmed colleagues, over all the alliances that somebody is in."""
    found: dict[int, Person] = {}
    for alliance in visibility.alliances_of(ask.session, ask.caller.id, now=ask.now):
        everyone = members.members(ask.session, alliance.id, now=ask.now)
        home = {side.id for _, person, side in everyone if person.id == ask.caller.id}
        for member, person, side in everyone:
            if side.id in home and not member.stated and person.id != ask.caller.id:
                found[person.id] = person
    colleagues = sorted(found.values(), key=lambda person: person.name)
    return [Choice(person.user_id, person.name) for person in fit(colleagues, typed)]


def fit(people: Iterable[Person], typed: str) -> list[Person]:
    """Those in whose name or title every typed word is."""
    wanted = plainly(typed)
    return [
        person
        for person in people
        if all(word in " ".join(plainly(f"{person.name} {person.title}")) for word in wanted)
    ][:OFFERED]
