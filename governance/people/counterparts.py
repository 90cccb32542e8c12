"""Who looks after another firm's side. A firm's alliance manager names somebody there; that person
is asked in the shared channel, and the firm's people are written to once they have looked."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from governance import history
from governance.errors import BotError, NotAllowed, Stale
from governance.firms import sides
from governance.items import action_item_news
from governance.messages import outbox
from governance.people import members, roster
from governance.people.members import Seat
from governance.seeing.sharing import joint_channels
from storage.tables import Alliance, Card, Conversation, Member, Person, Side, SideTeam, Workspace

CARD_KIND = "roster"
RECORD = sides.RECORD
TITLES = tuple(re.compile(word, re.I) for word in ("alliance", "partner", "relationship"))
"""What is in the title of somebody who looks after an alliance, the likeliest first."""

Answer = Literal["waiting", "checked", "elsewhere", "nobody"]


@dataclass(frozen=True)
class Question:
    """What a roster card asks, and how it stands. `instead` is who was asked after this person."""

    side: Side
    asked: Person
    by: Person
    answer: Answer
    instead: Person | None = None


def known_people(session: Session, side: Side, *, now: datetime) -> list[Person]:
    """The full people of a firm whom the bot knows, by name: those with a place, and those of its
    workspaces who are in a joint channel."""
    here = {
        person.id: person
        for member, person, its in members.members(session, side.alliance_id, now=now)
        if its.id == side.id and not member.stated
    }
    seen = (
        select(Person)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .join(SideTeam, col(SideTeam.team_id) == Workspace.team_id)
        .where(
            SideTeam.side_id == side.id,
            col(SideTeam.stated).is_(False),
            Person.standing == "full",
            col(Person.id).in_(_in_joint_channels(session, side.alliance_id)),
        )
    )
    here |= {
        person.id: person
        for person in session.exec(seen)
        if not members.has_ended(session, _alliance(session, side), person, now=now)
    }
    return sorted(here.values(), key=lambda person: person.name)


def _in_joint_channels(session: Session, alliance_id: int) -> set[int]:
    return {one for place in joint_channels(session, alliance_id) for one in _people_in(place)}


def _people_in(place: Conversation) -> set[int]:
    return {int(one) for one in place.person_ids.split(",") if one}


def _alliance(session: Session, side: Side) -> Alliance:
    return session.get_one(Alliance, side.alliance_id)


def likeliest(people: list[Person]) -> Person | None:
    """Whose title says that they look after alliances; nobody is guessed otherwise."""
    for title in TITLES:
        for person in people:
            if title.search(person.title):
                return person
    return None


def without_one(session: Session, by: Seat, *, now: datetime) -> list[Side]:
    """The other firms that have no alliance manager, of which somebody is known."""
    return [
        side for side in sides.of(session, by.alliance.id) if lacks_one(session, by, side, now=now)
    ]


def lacks_one(session: Session, by: Seat, side: Side, *, now: datetime) -> bool:
    if side.id == by.side.id or members.managers(session, by.alliance.id, side.id, now=now):
        return False
    return bool(known_people(session, side, now=now))


def name(session: Session, by: Seat, side: Side, person: Person, *, now: datetime) -> None:
    """An alliance manager says who looks after another firm's side; that person is asked. Raises
    Stale where it has one already, or BotError naming the field."""
    _alone(session, side)
    there = members.managers(session, by.alliance.id, side.id, now=now)
    if there:
        raise Stale(f"{there[0].name} looks after this at {side.firm} already.")
    _check_known(session, side, person, now=now)
    _make_manager(session, by, side, person, now=now)
    ask(session, by, side, person, now=now)


def _alone(session: Session, side: Side) -> None:
    """Until this transaction ends, nobody else answers for the side."""
    session.flush()
    session.refresh(side, with_for_update=True)


def _check_known(session: Session, side: Side, person: Person, *, now: datetime) -> None:
    if person.id not in {one.id for one in known_people(session, side, now=now)}:
        raise BotError(f"Choose somebody of {side.firm} who is in the channel.", field="person")


def _make_manager(session: Session, by: Seat, side: Side, person: Person, *, now: datetime) -> None:
    roster.change_member(
        session, by, person, side_name=side.firm, role="manager", last_day=None, now=now
    )


def ask(session: Session, by: Seat, side: Side, person: Person, *, now: datetime) -> None:
    """Put the question to somebody in the shared channel, where their firm reads it too. A card of
    its own each time: a mention that is written into an old message reaches nobody."""
    history.check_open(by.alliance)
    places = joint_channels(session, side.alliance_id)
    place = next((place for place in places if person.id in _people_in(place)), places[0])
    assert place.audience_id is not None
    card = Card(
        kind=CARD_KIND,
        alliance_id=side.alliance_id,
        conversation_id=place.id,
        audience_id=place.audience_id,
        side_id=side.id,
        opened_by=by.person.id,
        opened_at=now,
    )
    session.add(card)
    session.flush()
    sides.note(session, side, "asked", by.person, {"person": person.id, "card": card.id}, now=now)
    refresh_cards(session, side, now=now)


def refresh_cards(session: Session, side: Side, *, now: datetime) -> None:
    """Bring the questions about a firm's people up to date, wherever they stand."""
    linked = [place.id for place in joint_channels(session, side.alliance_id)]
    chosen = select(Card).where(
        Card.kind == CARD_KIND, Card.side_id == side.id, col(Card.conversation_id).in_(linked)
    )
    asked = session.exec(chosen.order_by(col(Card.id))).all()
    action_item_news.refresh_cards(session, asked, now=now)


def question_on(session: Session, card: Card, *, now: datetime) -> Question:
    """What a roster card asks, from the account of who was asked and how it stands."""
    side = session.get_one(Side, card.side_id)
    asked = [one for one in history.of(session, RECORD, side.id) if one.what == "asked"]
    person = _asked_on(session, card)
    by = session.get_one(Person, card.opened_by)
    last = asked[-1].after
    if last["card"] != card.id:
        return Question(side, person, by, "elsewhere", session.get_one(Person, last["person"]))
    if side.checked_at is not None:
        return Question(side, person, by, "checked")
    looks_after = members.managers(session, side.alliance_id, side.id, now=now)
    return Question(side, person, by, "waiting" if looks_after else "nobody")


def _asked_on(session: Session, card: Card) -> Person:
    entries = history.of(session, RECORD, card.side_id or 0)
    told = next(e for e in entries if e.what == "asked" and e.after["card"] == card.id)
    return session.get_one(Person, told.after["person"])


def check_may_answer(session: Session, card: Card, by: Seat, *, now: datetime) -> Side:
    """Only an alliance manager of the firm answers for it, and nobody of another firm."""
    side = session.get_one(Side, card.side_id)
    if by.side.id == side.id and by.is_manager:
        return side
    asked = members.managers(session, side.alliance_id, side.id, now=now)
    who = " or ".join(person.name for person in asked)
    if not who:
        raise NotAllowed(f"Nobody looks after this at {side.firm} yet. `people` shows who is who.")
    wrong = f" If that is wrong, {who} can say so with “Not me”."
    raise NotAllowed(
        f"Thank you. This question is for {who}, who answers it for {side.firm}."
        + (wrong if by.side.id == side.id and side.checked_at is None else "")
    )


def looked(session: Session, by: Seat, *, now: datetime) -> bool:
    """An alliance manager has looked at who is on their own side: from now on its people may be
    written to. Whether that is new."""
    if not by.is_manager:
        raise NotAllowed(f"An alliance manager of {by.side.firm} does that.")
    if not _is_of_the_firm(session, by):
        raise NotAllowed(
            f"Somebody with an account of {by.side.firm}'s own has to say that. “Not me” names "
            "them."
        )
    return _settle(session, by, now=now)


def _is_of_the_firm(session: Session, by: Seat) -> bool:
    """Whoever another firm has named is not enough to open a firm's inboxes: its workspace has to
    vouch for them, where it has one here."""
    has_workspace = select(SideTeam.id).where(SideTeam.side_id == by.side.id)
    return not by.member.stated or session.exec(has_workspace).first() is None


def _settle(session: Session, by: Seat, *, now: datetime) -> bool:
    side = by.side
    _alone(session, side)
    if side.checked_at is not None:
        return False
    side.checked_at, side.checked_by = now, by.person.id
    session.add(side)
    sides.note(session, side, "checked", by.person, {}, now=now)
    refresh_cards(session, side, now=now)
    _tell_who_asked(session, by, "checked", "", now=now)
    return True


def pass_on(session: Session, by: Seat, person: Person | None, *, now: datetime) -> None:
    """Who was asked says that somebody else of their firm looks after it, or that they don't know
    who. Raises Stale once they have looked, and BotError naming the field."""
    if by.side.checked_at is not None:
        raise Stale("That is settled meanwhile. `people` changes who is who.")
    if person is not None:
        if person.id == by.person.id:
            raise BotError("That is you. Choose somebody else, or nobody.", field="person")
        _check_known(session, by.side, person, now=now)
        _make_manager(session, by, by.side, person, now=now)
    roster.step_down(session, by, now=now)
    to = {"to": person.id} if person is not None else {}
    sides.note(session, by.side, "passed_on", by.person, to, now=now)
    if person is not None:
        ask(session, by, by.side, person, now=now)
    else:
        refresh_cards(session, by.side, now=now)
    _tell_who_asked(session, by, "passed_on", person.name if person else "", now=now)


def _tell_who_asked(session: Session, by: Seat, what: str, to: str, *, now: datetime) -> None:
    """The people of other firms who asked hear how it was answered, with their daily message."""
    asked = select(Card.opened_by).where(Card.kind == CARD_KIND, Card.side_id == by.side.id)
    for person_id in sorted(set(session.exec(asked)) - {by.person.id}):
        outbox.put(
            session,
            outbox.SIDE_NEWS,
            {"side": by.side.id, "what": what, "by": by.person.name, "to": to},
            key=f"side_news:{by.side.id}:{what}:{person_id}:{now.isoformat()}",
            installation_id=by.alliance.installation_id,
            alliance_id=by.alliance.id,
            person_id=person_id,
            now=now,
            held=True,
        )


def roster_changed(session: Session, by: Seat, member: Member, *, now: datetime) -> None:
    """Somebody's place was changed. On one's own side that shows that its alliance manager has
    looked; on a side that nobody has looked at, a new alliance manager is asked to."""
    side = session.get_one(Side, member.side_id)
    if side.id == by.side.id:
        if _is_of_the_firm(session, by):
            _settle(session, by, now=now)
        return
    if side.checked_at is not None:
        return
    person = session.get_one(Person, member.person_id)
    if member.role == "manager" and not _is_asked(session, side, person):
        ask(session, by, side, person, now=now)
    else:
        refresh_cards(session, side, now=now)


def _is_asked(session: Session, side: Side, person: Person) -> bool:
    """Whether they are the one who was asked last."""
    asked = [one.after for one in history.of(session, RECORD, side.id) if one.what == "asked"]
    return bool(asked) and asked[-1]["person"] == person.id
