"""A further firm, or a firm's people on another platform, come in by their own hand: with a code,
in a channel of theirs."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from governance import visibility
from governance.errors import BotError, NotAllowed, NotFound, PlaceEnded, Stale
from governance.firms import (
    channels,
    invitations,
    own_firm,
    second_firm,
    sides,
    whose_people,
)
from governance.firms.sides import Firm
from governance.messages import cards
from governance.people import accounts, consent, directory, members
from governance.people.members import Seat
from storage.tables import Alliance, Conversation, Invitation, Member, Person, Side, SideTeam

CHANGED = "The firms have changed meanwhile. Please write `join` and the code again."


@dataclass(frozen=True)
class Door:
    """What a code opens, and to whom. `team_id`: the workspace of the account with which it is
    used. `named`: the firms that wait for the first of their people; who joins is of one of them,
    where there are any. `own`: the firm that is in already and whose people come in."""

    invitation: Invitation
    alliance: Alliance
    person: Person
    place: Conversation
    team_id: str
    named: tuple[Side, ...]
    own: Side | None = None


def door(
    session: Session, code: str, account: Person, place: Conversation, *, now: datetime
) -> Door:
    """Needs fresh facts of who is in the channel. Raises BotError; of the alliance nothing is told
    to anybody without a code that can be used."""
    _check_account(account)
    _check_unlinked(session, place, account)
    invitation = invitations.usable(session, place.installation_id, code, now=now)
    alliance = session.get_one(Alliance, invitation.alliance_id)
    home = members.side_of_workspace(session, alliance, account)
    if home is not None:
        if home.id != invitation.side_id and not members.is_vouched_for(session, home, account):
            raise NotAllowed(sides.not_confirmed_yet("yours", home))
        raise Stale(
            f"{home.firm} is in {alliance.name} already, so the code was not used. `link` makes "
            "this one of its channels."
        )
    team_id = directory.team_of(session, account)
    _check_readers(session, place, alliance, team_id)
    person = accounts.kept_of(session, account)
    if invitation.side_id is not None:
        own = session.get_one(Side, invitation.side_id)
        whose_people.check(session, alliance, own, person, team_id, now=now)
        return Door(invitation, alliance, person, place, team_id, (), own)
    inviter = accounts.kept_of(session, session.get_one(Person, invitation.made_by))
    if invitations.bound(session, alliance, inviter, now=now):
        raise NotFound(invitations.GONE)
    named = _named_for(session, alliance, person, now=now)
    return Door(invitation, alliance, person, place, team_id, named)


def _check_account(account: Person) -> None:
    if account.standing != "full":
        raise NotAllowed(
            "You are a guest here, and a guest can't speak for the firm they are a guest of. Ask a "
            "colleague there to write it. Nothing has changed."
        )


def _check_unlinked(session: Session, place: Conversation, account: Person) -> None:
    """Two of a firm may have pressed: the second is told that it is done."""
    if place.alliance_id is None:
        return
    alliance = session.get_one(Alliance, place.alliance_id)
    home = members.side_of_workspace(session, alliance, account)
    if home is not None:
        raise Stale(
            f"{home.firm} is in {alliance.name} already, and this channel belongs to it. `help` "
            "shows what it can do."
        )
    raise BotError(channels.TAKEN)


def _check_readers(session: Session, place: Conversation, alliance: Alliance, team_id: str) -> None:
    chosen = select(SideTeam.team_id).where(SideTeam.alliance_id == alliance.id)
    fitting = {team_id, *session.exec(chosen)}
    if not set(filter(None, place.team_ids.split(","))) <= fitting:
        raise BotError(
            "People of another firm are in this channel, who would read along. Write it in a "
            "channel of your own firm. Nothing has changed."
        )


def _named_for(
    session: Session, alliance: Alliance, person: Person, *, now: datetime
) -> tuple[Side, ...]:
    """The firms that this person can be of. Whoever has said before which firm they are with, or
    has had a place, doesn't come in a second time as somebody else."""
    named = tuple(sides.without_workspace(session, alliance.id))
    taken = visibility.current_seat(session, alliance.id, person.id, now=now)
    if taken is not None:
        if taken[1].id not in {side.id for side in named}:
            raise NotAllowed(
                f"You are with {taken[1].firm} in {alliance.name} already. A colleague can bring "
                "your firm in. Nothing has changed."
            )
        return (taken[1],)
    if members.has_ended(session, alliance, person, now=now):
        raise PlaceEnded(
            f"Your time in {alliance.name} has ended. A colleague can bring your firm in."
        )
    return named


def join(
    session: Session,
    code: str,
    account: Person,
    place: Conversation,
    *,
    firm: str,
    side_id: int | None,
    now: datetime,
) -> Seat:
    """Bring the firm in, with its first alliance manager and its channel. `side_id` is one of the
    named firms, `firm` the name of a new one. Raises BotError as `door`, and Stale where somebody
    was quicker."""
    opened = _alone(session, code, account, place, now=now)
    if opened.own is not None:
        raise Stale(CHANGED)
    invitations.use(session, opened.invitation, opened.person, now=now)
    side = _side(session, opened, firm, side_id, now=now)
    seat = _seat(session, opened, side, now=now)
    _link(session, opened, now=now)
    invitations.tell_managers(session, seat, "joined", now=now)
    return seat


def join_own(
    session: Session,
    code: str,
    account: Person,
    place: Conversation,
    *,
    own_channel: bool,
    now: datetime,
) -> Seat:
    """Bring a firm's people in from here. They see what is joint, and what is the firm's own once
    its alliance manager has confirmed them; so does the channel, if it is to be the firm's own.
    Raises as `join`."""
    opened = _alone(session, code, account, place, now=now)
    if opened.own is None:
        raise Stale(CHANGED)
    invitation, side, by = opened.invitation, opened.own, opened.person
    invitations.use(session, invitation, by, now=now)
    own_firm.add(
        session, invitation, side, opened.team_id, place, own_channel=own_channel, by=by, now=now
    )
    seat = members.seat(session, opened.alliance, by, now=now)
    consent.note_acted(session, seat.member, now=now)
    if not own_channel:
        _link(session, opened, now=now)
    invitations.tell_managers(session, seat, "also_here", to=place.platform, now=now)
    return seat


def _alone(
    session: Session, code: str, account: Person, place: Conversation, *, now: datetime
) -> Door:
    """What a code opens, while nobody else uses or takes back one of this alliance."""
    found = invitations.find(session, place.installation_id, code)
    invitations.lock(session, session.get_one(Alliance, found.alliance_id))
    session.refresh(place, with_for_update=True)
    session.refresh(found)
    return door(session, code, account, place, now=now)


def _link(session: Session, opened: Door, *, now: datetime) -> None:
    """The channel becomes a joint one, with a card of its own."""
    place, alliance = opened.place, opened.alliance
    channels.check_joint(session, place, alliance, now=now)
    channels.link_joint(session, place, alliance, by=opened.person, now=now)
    cards.open_for_alliance(session, alliance.id, place, opened.person, now=now)


def _side(session: Session, opened: Door, firm: str, side_id: int | None, *, now: datetime) -> Side:
    alliance, person = opened.alliance, opened.person
    if opened.named or side_id is not None:
        side = next((side for side in opened.named if side.id == side_id), None)
        if side is None:
            raise Stale(CHANGED)
        second_firm.arrive(session, alliance, side, opened.team_id, by=person, now=now)
        return side
    name = " ".join(firm.split())
    sides.check_name(session, alliance.id, name, field="firm")
    coming = Firm(name, (opened.team_id,))
    return second_firm.bring_in(session, alliance, coming, by=person, now=now)


def _seat(session: Session, opened: Door, side: Side, *, now: datetime) -> Seat:
    """Who brings a firm in looks after it; its workspace vouches for them."""
    alliance, person = opened.alliance, opened.person
    member = visibility.current_member(session, alliance.id, person.id, now=now)
    if member is None:
        member = members.add_member(
            session, alliance, side, person, role="manager", by=person, now=now
        )
    else:
        _promote(session, member, person, now=now)
    consent.note_acted(session, member, now=now)
    return Seat(person, member, side, alliance)


def _promote(session: Session, member: Member, person: Person, *, now: datetime) -> None:
    """They have said before that they are with this firm."""
    before = members.as_kept(member)
    member.role, member.stated = "manager", False
    session.add(member)
    after = members.as_kept(member)
    members.note_member(session, member, "changed", person, now, after, before)
