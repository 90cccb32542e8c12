"""What is known of workspaces, people and conversations, as a chat platform last told it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from governance import cadence
from governance.people import departures, members
from storage.tables import (
    Conversation,
    ConversationAlias,
    Installation,
    Person,
    Workspace,
)

FALLBACK_ZONE = "Etc/UTC"

_CONVERSATION = select(Conversation).where(
    col(Conversation.installation_id) == bindparam("installation_id"),
    col(Conversation.external_id) == bindparam("external_id"),
)


@dataclass(frozen=True)
class PersonFacts:
    """`standing` is full, guest or bot; a zone the platform doesn't tell is assumed. `account` is
    how the platform addresses them, where that is not `user_id`. `gone`: their account is closed.
    `certain`: the platform said where they live; otherwise what is known of that stays.
    """

    user_id: str
    team_id: str
    name: str
    platform: str
    account: str | None = None
    title: str = ""
    zone: str | None = None
    standing: str = "full"
    gone: bool = False
    certain: bool = True


@dataclass(frozen=True)
class ConversationFacts:
    """`sharing` is internal, shared, pending or unknown. `has_guests` is None where nobody looked,
    and then counts as yes."""

    external_id: str
    kind: str
    platform: str
    name: str = ""
    sharing: str = "unknown"
    team_ids: tuple[str, ...] = ()
    has_guests: bool | None = None
    bot_is_in: bool = False
    person_ids: tuple[int, ...] = ()


def remember_installation(
    session: Session, *, platform: str, team_id: str, name: str, bot_user_id: str, now: datetime
) -> Installation:
    found = session.exec(
        select(Installation).where(
            Installation.platform == platform, Installation.team_id == team_id
        )
    ).one_or_none() or Installation(
        platform=platform, team_id=team_id, name=name, bot_user_id=bot_user_id, installed_at=now
    )
    found.name, found.bot_user_id = name, bot_user_id
    session.add(found)
    session.flush()
    connect(session, found.id, team_id, name, platform=platform)
    return found


def attach(
    session: Session, *, platform: str, team_id: str, name: str, bot_user_id: str, now: datetime
) -> Installation:
    """The home of a workspace or tenant in which the bot is installed: where another platform was
    connected first, what that one brought is the home of both."""
    others = select(Installation).where(Installation.platform != platform)
    own = select(Installation).where(
        Installation.platform == platform, Installation.team_id == team_id
    )
    first = session.exec(others.order_by(col(Installation.id))).first()
    if first is None or session.exec(own).first() is not None:
        return remember_installation(
            session,
            platform=platform,
            team_id=team_id,
            name=name,
            bot_user_id=bot_user_id,
            now=now,
        )
    connect(session, first.id, team_id, name, platform=platform)
    return first


def connect(
    session: Session, installation_id: int, team_id: str, name: str, *, platform: str
) -> None:
    """The bot is installed in a workspace, or tenant."""
    found = workspace(session, installation_id, team_id, name, platform=platform)
    found.has_bot = True
    session.add(found)


def workspace(
    session: Session,
    installation_id: int,
    team_id: str,
    name: str | None = None,
    *,
    platform: str,
) -> Workspace:
    found = session.exec(
        select(Workspace).where(
            Workspace.installation_id == installation_id, Workspace.team_id == team_id
        )
    ).one_or_none() or Workspace(
        installation_id=installation_id, team_id=team_id, platform=platform
    )
    found.name = name or found.name
    session.add(found)
    session.flush()
    return found


def remember_person(
    session: Session, installation_id: int, facts: PersonFacts, *, now: datetime
) -> Person:
    """Add a person, or bring what the platform says of them up to date. A zone they chose
    themselves stays unless the platform reports that they moved."""
    met = person(session, installation_id, facts.user_id)
    if met is not None and not facts.certain:
        return met
    home = workspace(session, installation_id, facts.team_id, platform=facts.platform)
    known = met or Person(
        workspace_id=home.id, user_id=facts.user_id, name=facts.name, zone="", facts_at=now
    )
    known.workspace_id = home.id
    known.account = facts.account or known.account
    known.name, known.title, known.standing = facts.name, facts.title, facts.standing
    known.facts_at = now
    _place(session, known, facts.zone)
    session.add(known)
    session.flush()
    if facts.gone and known.gone_at is None:
        departures.close_account(session, known, now=now)
    elif not facts.gone:
        known.gone_at = None  # their places stay ended: an alliance manager adds them again
    return known


def person(session: Session, installation_id: int, user_id: str) -> Person | None:
    return session.exec(
        select(Person)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(Workspace.installation_id == installation_id, Person.user_id == user_id)
    ).one_or_none()


def people_by_account(
    session: Session, installation_id: int, accounts: Sequence[str]
) -> list[Person]:
    """Those whom the platform addresses so."""
    chosen = (
        select(Person)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(Workspace.installation_id == installation_id, col(Person.account).in_(accounts))
    )
    return list(session.exec(chosen))


def _place(session: Session, person: Person, zone: str | None) -> None:
    known = zone if zone and cadence.known_zone(zone) else None
    if person.zone and known in (None, person.platform_zone):
        return
    person.zone = known or _usual_zone(session, person.workspace_id)
    person.zone_assumed = known is None
    person.platform_zone = known
    person.country = cadence.country_of_zone(person.zone)
    if person.next_digest_at is not None:
        members.schedule_digest(person, now=person.facts_at, anew=True)


def _usual_zone(session: Session, workspace_id: int) -> str:
    """Where most of their workspace's people are."""
    zones = session.exec(
        select(Person.zone).where(
            Person.workspace_id == workspace_id, col(Person.zone_assumed).is_(False)
        )
    )
    counted = Counter(zone for zone in zones if zone).most_common(1)
    return counted[0][0] if counted else FALLBACK_ZONE


def conversation(session: Session, installation_id: int, external_id: str) -> Conversation | None:
    """By its id, or one it had before."""
    asked = {"installation_id": installation_id, "external_id": external_id}
    found = session.exec(_CONVERSATION, params=asked).one_or_none()
    if found is not None:
        return found
    return session.exec(
        select(Conversation)
        .join(ConversationAlias, col(ConversationAlias.conversation_id) == Conversation.id)
        .where(
            ConversationAlias.installation_id == installation_id,
            ConversationAlias.external_id == external_id,
        )
    ).first()


def conversation_or_new(
    session: Session, installation_id: int, external_id: str, kind: str, *, platform: str
) -> Conversation:
    found = conversation(session, installation_id, external_id)
    if found is None:
        found = Conversation(
            installation_id=installation_id, external_id=external_id, kind=kind, platform=platform
        )
        session.add(found)
        session.flush()
    return found


def remember_conversation(
    session: Session, installation_id: int, facts: ConversationFacts, *, now: datetime
) -> Conversation:
    found = conversation_or_new(
        session, installation_id, facts.external_id, facts.kind, platform=facts.platform
    )
    found.name = facts.name or found.name
    found.sharing = facts.sharing
    found.team_ids = ",".join(sorted(facts.team_ids))
    found.has_guests = facts.has_guests is not False
    found.bot_is_in = facts.bot_is_in
    found.person_ids = ",".join(map(str, facts.person_ids))
    found.facts_at = now
    session.add(found)
    session.flush()
    return found


def forget_conversation_facts(session: Session, installation_id: int, external_id: str) -> None:
    """Something about who is there changed: nothing known counts until it is looked up again."""
    found = conversation(session, installation_id, external_id)
    if found is not None:
        found.facts_at = None
        session.add(found)


def forget_platform_facts(session: Session, installation_id: int, platform: str) -> None:
    """Nothing known of who is in a platform's conversations counts until it is looked up again."""
    forgotten = update(Conversation).where(
        col(Conversation.installation_id) == installation_id,
        col(Conversation.platform) == platform,
    )
    session.connection().execute(forgotten.values(facts_at=None))


def rename_conversation_id(session: Session, installation_id: int, old: str, new: str) -> None:
    """A conversation has a new id; the old one goes on leading to it. Something may have arrived
    under the new id already: that blank row makes room, unless it belongs to an alliance."""
    found = conversation(session, installation_id, old)
    if found is None or found.external_id == new:
        return
    taken = conversation(session, installation_id, new)
    if taken is not None and taken.id != found.id:
        if taken.alliance_id is not None:
            return
        taken.external_id = f"{new}:{taken.id}"
        session.add(taken)
        session.flush()
    session.add(
        ConversationAlias(
            installation_id=installation_id,
            external_id=found.external_id,
            conversation_id=found.id,
        )
    )
    found.external_id, found.facts_at = new, None
    session.add(found)


def firms_in(session: Session, place: Conversation, first: str) -> list[tuple[str, str]]:
    """The workspaces a conversation is shared between, as (name, team id), `first` leading."""
    teams = sorted(filter(None, place.team_ids.split(",")), key=lambda team: (team != first, team))
    found: list[tuple[str, str]] = []
    for team_id in teams:
        known = workspace(session, place.installation_id, team_id, platform=place.platform)
        found.append((known.name or f"Firm {len(found) + 1}", team_id))
    return found


def platform_of(session: Session, person: Person) -> str:
    return session.get_one(Workspace, person.workspace_id).platform


def team_of(session: Session, person: Person) -> str:
    return session.get_one(Workspace, person.workspace_id).team_id
