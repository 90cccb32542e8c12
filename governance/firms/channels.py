"""The channels of an alliance: joint, or one firm's own."""

from datetime import datetime

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.errors import BotError, NotAllowed
from governance.firms import rights, sides
from governance.messages import outbox
from governance.messages.mirrors import teams_in
from governance.people import consent, members
from governance.people.members import Seat
from governance.seeing import exposure
from governance.seeing.sharing import joint_channels
from storage.tables import (
    Alliance,
    Audience,
    Card,
    Conversation,
    HistoryEntry,
    Outbox,
    Person,
    Side,
    Workspace,
)

TAKEN = "This channel belongs to an alliance already."


def link_own(session: Session, place: Conversation, by: Seat, *, now: datetime) -> None:
    """Add a firm's own channel. Needs fresh facts of who is in it.

    Raises BotError while a guest or another firm is in it, or while that is not known, and
    PrivateOff.
    """
    check_unlinked(place)
    consent.check_private(session, by, now=now)
    audience = visibility.side_audience(session, by.side)
    _check_readers(session, place, audience, now=now)
    _attach(session, place, audience, by=by.person, now=now)


def link_joint(
    session: Session, place: Conversation, alliance: Alliance, *, by: Person, now: datetime
) -> None:
    """Add a joint channel that the firms have agreed on. Who is in it by then is looked at before
    anything is said there."""
    check_unlinked(place)
    _attach(session, place, visibility.joint_audience(session, alliance.id), by=by, now=now)


def link_own_once_confirmed(
    session: Session, place: Conversation, by: Seat, *, now: datetime
) -> None:
    """Add a channel whose own people asked for it before their firm had confirmed them, unless it
    belongs somewhere meanwhile. Who is in it by then is looked at before anything is said there."""
    if place.alliance_id is None and by.side.private_since is not None:
        audience = visibility.side_audience(session, by.side)
        _attach(session, place, audience, by=by.person, now=now)


def may_become_own(session: Session, place: Conversation, side: Side, team_id: str) -> bool:
    """Whether a channel could be a firm's own, were this workspace the firm's. Needs fresh facts
    of who is in it."""
    if side.private_since is None or place.has_guests or place.sharing != "internal":
        return False
    return teams_in(place) <= {team_id, *sides.confirmed_teams(session, side)}


def check_joint(
    session: Session, place: Conversation, alliance: Alliance, *, now: datetime
) -> None:
    """Whether it can be proposed as a joint one. Needs fresh facts; raises BotError."""
    check_unlinked(place)
    audience = visibility.joint_audience(session, alliance.id)
    _check_readers(session, place, audience, now=now)


def check_unlinked(place: Conversation) -> None:
    if place.alliance_id is not None:
        raise BotError(TAKEN)


def _check_readers(
    session: Session, place: Conversation, audience: Audience, *, now: datetime
) -> None:
    as_if_linked = session.begin_nested()
    place.alliance_id = audience.alliance_id
    fitting = visibility.may_be_said_in(session, place, audience.id, now=now)
    as_if_linked.rollback()
    if not fitting:
        raise BotError(
            "Somebody in this channel is not confirmed as one of the people it would be for (a "
            "guest, or somebody of another firm), so I did not link it.",
            field="sees",
        )


def _attach(
    session: Session, place: Conversation, audience: Audience, *, by: Person, now: datetime
) -> None:
    place.alliance_id, place.audience_id = audience.alliance_id, audience.id
    session.add(place)
    _note(session, place, audience, "linked", by=by, now=now)
    exposure.show(session, place, now=now)


def unlink(session: Session, place: Conversation, by: Seat, *, now: datetime) -> None:
    """Nothing is said in a channel any more. An alliance manager does that with their firm's own
    one, or with a joint one while there is another. Nobody looks after who reads an own one then,
    so its cards are emptied. Raises NotAllowed, or BotError for the last.
    """
    joint = check_may_unlink(session, place, by)
    if not joint:
        exposure.hide(session, place, now=now)
    _detach(session, place, by=by.person, now=now)


def _detach(session: Session, place: Conversation, *, by: Person, now: datetime) -> None:
    audience = session.get_one(Audience, place.audience_id)
    _note(session, place, audience, "unlinked", by=by, now=now)
    _forget_cards(session, place, now=now)
    place.alliance_id = place.audience_id = None
    session.add(place)


def unlink_all_of(session: Session, by: Seat, home: Workspace, *, now: datetime) -> None:
    """The channels with people of a workspace that is the firm's no longer, and with nobody of
    another firm: what they show is emptied. The last joint one stays, and nothing is said there."""
    own = {home.team_id, *sides.confirmed_teams(session, by.side)}
    for place in with_people_of(session, by.alliance.id, home):
        is_last = joint_channels(session, by.alliance.id) == [place]
        fitting = {home.team_id} if is_last else own
        if teams_in(place) <= fitting and not _others_in(session, place, by, now=now):
            exposure.hide(session, place, now=now)
            if not is_last:
                _detach(session, place, by=by.person, now=now)


def _others_in(session: Session, place: Conversation, by: Seat, *, now: datetime) -> bool:
    """Whether people of another firm are there who live in no workspace of theirs."""
    there = place.person_ids.split(",")
    everyone = members.members(session, by.alliance.id, now=now)
    return any(str(one.id) in there for _, one, its in everyone if its.id != by.side.id)


def with_people_of(session: Session, alliance_id: int, home: Workspace) -> list[Conversation]:
    """The linked channels in which a workspace's people are. Where it is not known who is there,
    whoever linked it is taken to be."""
    linked = select(Conversation).where(Conversation.alliance_id == alliance_id)
    return [
        place
        for place in session.exec(linked.order_by(col(Conversation.id)))
        if home.team_id in teams_in(place)
        or (not place.team_ids and _is_linked_from(session, place, home))
    ]


def _is_linked_from(session: Session, place: Conversation, home: Workspace) -> bool:
    linked = (
        select(Person.workspace_id)
        .join(HistoryEntry, col(HistoryEntry.person_id) == Person.id)
        .where(
            HistoryEntry.record == exposure.RECORD,
            HistoryEntry.record_id == place.id,
            HistoryEntry.what == "linked",
        )
    )
    return session.exec(linked.order_by(col(HistoryEntry.id).desc())).first() == home.id


def check_may_unlink(session: Session, place: Conversation, by: Seat) -> bool:
    """Whether it is a joint one, for somebody who may unlink it."""
    own = visibility.side_audience(session, by.side).id
    joint = place.audience_id == visibility.joint_audience(session, by.alliance.id).id
    if not rights.has(by, "link") or not (joint or place.audience_id == own):
        raise NotAllowed("Channels are unlinked by the alliance managers.")
    if joint and len(joint_channels(session, by.alliance.id)) == 1:
        raise BotError(
            f"This is the only joint channel of {by.alliance.name}. Link another one first; or "
            "`close` ends the alliance."
        )
    return joint


def _forget_cards(session: Session, place: Conversation, *, now: datetime) -> None:
    """What a joint channel shows stays as it is, and what a firm's own one shows is emptied."""
    hidden = select(Card.id).where(
        Card.conversation_id == place.id,
        col(Card.blanked_at).is_not(None),
        col(Card.ts).is_not(None),
    )
    kept = [f"card:{card_id}" for card_id in session.exec(hidden)]
    outbox.cancel(
        session,
        col(Outbox.conversation_id) == place.id,
        col(Outbox.kind) == outbox.CARD.name,
        col(Outbox.dedup_key).not_in(kept),
        why="unlinked",
        now=now,
    )


def _note(
    session: Session,
    place: Conversation,
    audience: Audience,
    what: str,
    *,
    by: Person,
    now: datetime,
) -> None:
    history.note(
        session,
        alliance_id=audience.alliance_id,
        record="conversation",
        record_id=place.id,
        what=what,
        by=by.id,
        now=now,
        after={"audience": audience.name},
    )
