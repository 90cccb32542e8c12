"""The lines of the audit in words."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from governance import visibility
from governance.firms import sides
from governance.items import action_item_records
from governance.people import members
from governance.people.members import Seat
from governance.seeing import exposure
from governance.seeing.audit import Fact
from handlers.dates import say_day
from handlers.firms.agreement_views import LABELS
from handlers.firms.places import PLATFORMS
from handlers.seeing.seen import channel_name, own_channel_of
from handlers.views import Span, When, Words
from storage.tables import ActionItem, Conversation, Member, Person, Side

TERMS = {
    "settings": "new settings",
    "joint_channel": "a further joint channel",
    "close": "to close the alliance",
    "reopen": "to reopen the alliance",
}
CAUSES = {
    exposure.PENDING: "another firm is invited",
    exposure.UNKNOWN: "who is there is not known",
}
FIRM_LABELS = {"firm": "name", "zone": "time zone", "country": "country"}


def line(session: Session, fact: Fact, reader: Seat, *, today: date) -> list[Span]:
    """One line with its moment. A place that is over has a day and no moment."""
    said = Words(f"{SENTENCES[fact.what](Telling(session, fact, reader, today))} · ")
    if fact.what == "member.left":
        return [said, Words(say_day(fact.at.date(), today=today))]
    return [said, When(fact.at)]


class Telling:
    """One fact and its reader, with what its sentence names."""

    def __init__(self, session: Session, fact: Fact, reader: Seat, today: date) -> None:
        self.session = session
        self.fact = fact
        self.reader = reader
        self.today = today

    @property
    def by(self) -> str:
        return self.name(self.fact.by_id) if self.fact.by_id else "Alliance"

    def name(self, person_id: int) -> str:
        return self.session.get_one(Person, person_id).name

    def after(self, key: str) -> Any:
        return self.fact.after.get(key)

    @property
    def side(self) -> Side:
        return self.session.get_one(Side, self.fact.record_id)

    @property
    def member(self) -> Member:
        return self.session.get_one(Member, self.fact.record_id)

    @property
    def firm(self) -> str:
        """The firm of the member it is about."""
        return self.session.get_one(Side, self.member.side_id).firm

    @property
    def who(self) -> str:
        return self.name(self.member.person_id)

    @property
    def place(self) -> str:
        return self.channel(self.fact.record_id)

    def channel(self, place_id: int | None) -> str:
        """Its name, unless it is another firm's own by now."""
        place = self.session.get(Conversation, place_id) if place_id else None
        named = place and visibility.may_name(self.session, place, self.reader.member)
        return channel_name(place if named else None)

    def day_before(self, iso: str) -> str:
        """The last day of a place that is over on a day."""
        return say_day(date.fromisoformat(iso) - timedelta(days=1), today=self.today)


def _joined(told: Telling) -> str:
    if not told.fact.own:
        return f"{told.who} joined {told.firm}"
    role = members.ROLES[told.after("role")]
    if told.fact.by_id == told.member.person_id:
        return f"{told.who} joined {told.firm} ({role})"
    return f"{told.by} added {told.who} to {told.firm} ({role})"


def _place_changed(told: Telling) -> str:
    before, after = told.fact.before, told.fact.after
    parts = []
    if before.get("role") != after.get("role"):
        parts.append(f"{members.ROLES[after['role']]}, was {members.ROLES[before['role']]}")
    if before.get("until") != after.get("until"):
        last = after.get("until")
        parts.append(f"last day {told.day_before(last)}" if last else "no last day any more")
    if before.get("stated") and not after.get("stated"):
        parts.append(f"confirmed as one of {told.firm}'s people")
    return f"{told.by} changed {told.who}'s place: {'; '.join(parts) or 'nothing new'}"


def _ended(told: Telling) -> str:
    if told.after("why") == "account_closed":
        return f"{told.who}'s account was closed, so their place ended"
    return f"{told.by} ended {told.who}'s place at {told.firm}"


def _passed_on(told: Telling) -> str:
    to = told.after("to")
    return f"{told.by} passed on looking after {told.side.firm}'s people" + (
        f" to {told.name(to)}" if to else ""
    )


def _agreement(verb: str) -> Callable[[Telling], str]:
    def said(told: Telling) -> str:
        reason = told.after("reason")
        why = f": {reason}" if reason and told.fact.what == "agreement.declined" else ""
        return f"{told.by} {verb} {TERMS[told.after('kind')]}{why}"

    return said


def _agreed(told: Telling) -> str:
    return f"Agreed: {TERMS[told.after('kind')]}"


def _lapsed(told: Telling) -> str:
    why = told.after("reason")
    because = f"{why} So" if why else "Nobody answered in two weeks, so"
    return f"{because} this lapsed: {TERMS[told.after('kind')]}"


def _inviter(told: Telling) -> str:
    return told.name(told.after("made_by"))


def _also_here(told: Telling) -> str:
    where = PLATFORMS[told.after("platform")]
    return f"{told.side.firm} takes part from a further place on {where}, by {told.by}"


def _settings(told: Telling) -> str:
    changed = ", ".join(LABELS[key] for key in told.fact.after)
    return f"The settings of {told.reader.alliance.name} changed: {changed}"


def _linked(told: Telling) -> str:
    joint = told.after("audience") == visibility.JOINT
    whose = "as a joint channel" if joint else f"for {told.reader.side.firm} only"
    return f"{told.by} linked {told.place} {whose}"


def _opened(told: Telling) -> str:
    others = ", ".join(CAUSES.get(one, one) for one in told.after("causes"))
    return f"{told.place} opened to others ({others}); its cards were emptied"


def _shared(told: Telling) -> str:
    item = told.session.get_one(ActionItem, told.fact.record_id)
    was = told.fact.before.get("number")
    own = item.proposer_side_id == told.reader.side.id
    before = f" (it was OUR-{was})" if own else ""
    return f"{told.by} shared {_reference(told, told.fact.after)} with every firm{before}"


def _taken_back(told: Telling) -> str:
    before, after = told.fact.before, told.fact.after
    return f"{told.by} took {_reference(told, before)} back; it is {_reference(told, after)} now"


def _reference(told: Telling, kept: dict[str, Any]) -> str:
    code = "OUR" if kept["series"] else told.reader.alliance.code
    return f"{code}-{kept['number']}"


def _sent(told: Telling) -> str:
    crossing = told.fact.crossing
    assert crossing is not None
    item, sighting = crossing.item, crossing.sighting
    reference = action_item_records.reference_at(
        told.session, item, told.reader.alliance, sighting.first
    )
    firms = _firms(told, sighting.sides - {item.proposer_side_id})
    if sighting.person_id is not None:
        return f"{reference} reached {told.name(sighting.person_id)} of {firms}"
    if told.reader.side.id not in sighting.sides:
        return f"{reference} was shown in {own_channel_of(firms)}"
    place = told.channel(sighting.place_id)
    return f"{reference} was shown in {place}, which {firms} can read"


def _firms(told: Telling, ids: frozenset[int]) -> str:
    everyone = sides.of(told.session, told.reader.alliance.id)
    named = [side.firm for side in everyone if side.id in ids]
    return " and ".join(named) or "another firm"


def _refused(told: Telling) -> str:
    return f"Held back from {told.place}: somebody there may not see it"


SENTENCES: dict[str, Callable[[Telling], str]] = {
    "sent": _sent,
    "refused": _refused,
    "member.joined": _joined,
    "member.changed": _place_changed,
    "member.ended": _ended,
    "member.left": lambda told: f"{told.who} left {told.firm}",
    "member.accounts_joined": lambda told: f"{told.who} joined two accounts of theirs",
    "side.came_in": lambda told: f"{told.side.firm} came in, by {told.by}",
    "side.asked": lambda told: (
        f"{told.by} asked {told.name(told.after('person'))} to look at {told.side.firm}'s people"
    ),
    "side.checked": lambda told: f"{told.by} looked at who is on {told.side.firm}'s side",
    "side.passed_on": _passed_on,
    "side.changed": lambda told: (
        f"{told.by} changed {told.side.firm}'s "
        + ", ".join(FIRM_LABELS[key] for key in told.fact.after)
    ),
    "side.own_code_made": lambda told: (
        f"{told.by} made a code for {told.side.firm}'s people on another platform"
    ),
    "side.own_code_withdrawn": lambda told: f"{told.by} took the code of {_inviter(told)} back",
    "side.own_code_used": lambda told: f"{told.by} joined with the code of {_inviter(told)}",
    "side.also_here": _also_here,
    "side.also_confirmed": lambda told: (
        f"{told.by} confirmed a further place as {told.side.firm}'s"
    ),
    "side.also_removed": lambda told: f"{told.by} removed a further place of {told.side.firm}'s",
    "side.private_on": lambda told: f"{told.by} turned {told.side.firm}'s own records on",
    "side.private_off": lambda told: f"{told.by} turned {told.side.firm}'s own records off",
    "alliance.set_up": lambda told: f"{told.by} set up {told.after('name')}",
    "alliance.changed": _settings,
    "alliance.closed": lambda told: f"{told.reader.alliance.name} was closed",
    "alliance.reopened": lambda told: f"{told.reader.alliance.name} was reopened",
    "agreement.proposed": _agreement("proposed"),
    "agreement.agreed": _agreed,
    "agreement.declined": _agreement("said no to"),
    "agreement.withdrawn": _agreement("took back the proposal:"),
    "agreement.lapsed": _lapsed,
    "invitation.made": lambda told: f"{told.by} made a code with which a further firm can join",
    "invitation.withdrawn": lambda told: f"{told.by} took the code of {_inviter(told)} back",
    "invitation.used": lambda told: f"{told.by} joined with the code of {_inviter(told)}",
    "action_item.shared": _shared,
    "action_item.taken_back": _taken_back,
    "conversation.linked": _linked,
    "conversation.unlinked": lambda told: f"{told.by} unlinked {told.place}",
    "conversation.opened": _opened,
    "conversation.own_again": lambda told: (
        f"{told.place} is {told.reader.side.firm}'s own again; its cards came back"
    ),
}
"""A sentence for every line there is (`audit.TOPICS`)."""
