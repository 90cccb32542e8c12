"""Who may know what, told from the rows of members and from the platform's own truth about
people.

Written apart from the bot's gate, so that the two can disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from tests.leaks.ground import Ground


@dataclass(frozen=True)
class Audience:
    """One alliance, or (`side` given) one firm in it."""

    alliance: int
    side: int | None = None


@dataclass(frozen=True)
class Place:
    """A row of somebody's place in an alliance. Days are UTC."""

    alliance: int
    side: int
    user: str
    role: str
    since: date
    until: date | None
    stated: bool

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Item:
    id: int
    alliance: int
    series: int
    number: int
    joint: bool
    side: int | None
    text: str
    status: str
    token: str
    people: frozenset[str]
    """Its owner and helpers."""

    @property
    def audience(self) -> Audience:
        return Audience(self.alliance, self.side)


@dataclass(frozen=True)
class Facts:
    """The records at one moment."""

    codes: dict[int, str]
    names: dict[int, str]
    teams: dict[int, frozenset[str]]
    """The workspaces of each side."""
    side_of_alliance: dict[int, int]
    numbers: dict[int, int]
    """The next number of each side's own items."""
    rooms: dict[str, int]
    """The alliance of each linked channel."""
    keys: dict[str, str]
    """The channels by the bot's own number of them."""
    own_rooms: frozenset[str]
    """Those of one firm alone."""
    places: tuple[Place, ...]
    items: dict[int, Item]

    def host_sides(self) -> list[Audience]:
        """The sides of the firm whose workspace everything is installed in."""
        hosts = [side for side, teams in self.teams.items() if "T0NORTH" in teams]
        return [Audience(self.side_of_alliance[side], side) for side in hosts]

    def sides_of(self, user: str, ground: Ground, day: date) -> set[int]:
        """The firms whose own records somebody may read: where they have a confirmed place, and
        where they never had one but live in the firm's workspace."""
        return {
            side
            for side in self.teams
            if self.may_know(Audience(self.side_of_alliance[side], side), user, ground, day)
        }

    def alliances_of(self, user: str, ground: Ground, day: date) -> set[int]:
        return {one for one in self.codes if self.may_know(Audience(one), user, ground, day)}

    def may_know(self, what: Audience, user: str, ground: Ground, day: date) -> bool:
        mine = [p for p in self.places if p.user == user and p.alliance == what.alliance]
        if not mine:
            return self._is_of(what, user, ground)
        held = [place for place in mine if place.holds(day)]
        if what.side is None:
            return bool(held)
        return any(place.side == what.side and not place.stated for place in held)

    def _is_of(self, what: Audience, user: str, ground: Ground) -> bool:
        """A workspace vouches for its full people."""
        sides = [s for s, alliance in self.side_of_alliance.items() if alliance == what.alliance]
        wanted = sides if what.side is None else [what.side]
        if ground.is_guest(user):
            return False
        return any(ground.team_of(user) in self.teams[side] for side in wanted)

    def lives_at(self, what: Audience, user: str, ground: Ground) -> bool:
        """Whether somebody in a channel is of the firm, whatever became of their place in the
        alliance: who sits in a firm's own channel is the firm's to decide, and who sits in the
        one they share is both's, guests included."""
        if what.side is None:
            sides = [s for s, its in self.side_of_alliance.items() if its == what.alliance]
            return any(ground.team_of(user) in self.teams[side] for side in sides)
        elsewhere = [
            place
            for place in self.places
            if place.user == user and place.alliance == what.alliance and place.side != what.side
        ]
        return not elsewhere and self._is_of(what, user, ground)


Known = Callable[[str], str]


def facts(session: Session, known: Known) -> Facts:
    """Read by plain SQL. `known`: how tests call what the platform knows by an id."""

    def rows(sql: str) -> list[tuple]:  # type: ignore[type-arg]
        return [tuple(row) for row in session.connection().execute(text(sql))]

    teams: dict[int, set[str]] = {side: set() for side, _, _ in rows(_SIDES)}
    for side, team in rows("SELECT side_id, team_id FROM sideteam"):
        teams[side].add(known(team))
    helpers: dict[int, set[str]] = {}
    for item, user in rows(_HELPERS):
        helpers.setdefault(item, set()).add(known(user))
    return Facts(
        codes={key: code for key, code, _ in rows("SELECT id, code, name FROM alliance")},
        names={key: name for key, _, name in rows("SELECT id, code, name FROM alliance")},
        teams={side: frozenset(found) for side, found in teams.items()},
        side_of_alliance={side: alliance for side, alliance, _ in rows(_SIDES)},
        numbers={side: number for side, _, number in rows(_SIDES)},
        rooms={known(room): alliance for room, alliance, _ in rows(_ROOMS)},
        keys={
            str(key): known(room) for key, room in rows("SELECT id, external_id FROM conversation")
        },
        own_rooms=frozenset(known(room) for room, _, name in rows(_ROOMS) if name != "joint"),
        places=tuple(_place(row, known) for row in rows(_PLACES)),
        items={row[0]: _item(row, helpers, known) for row in rows(_ITEMS)},
    )


_SIDES = "SELECT id, alliance_id, next_number FROM side"
_ROOMS = (
    "SELECT c.external_id, c.alliance_id, a.name FROM conversation c "
    "JOIN audience a ON a.id = c.audience_id"
)
_HELPERS = "SELECT h.item_id, p.user_id FROM actionitemhelper h JOIN person p ON p.id = h.person_id"
_PLACES = (
    "SELECT m.alliance_id, m.side_id, p.user_id, m.role, m.since, m.until, m.stated "
    "FROM member m JOIN person p ON p.id = m.person_id"
)
_ITEMS = (
    "SELECT i.id, i.alliance_id, i.series_side_id, i.number, a.name, i.text, i.status, i.token, "
    "p.user_id FROM actionitem i JOIN audience a ON a.id = i.audience_id "
    "JOIN person p ON p.id = i.owner_id"
)


def _place(row: tuple, known: Known) -> Place:  # type: ignore[type-arg]
    alliance, side, user, role, since, until, stated = row
    return Place(
        alliance, side, known(user), role, _day(since), _day(until) if until else None, stated
    )


def _item(row: tuple, helpers: dict[int, set[str]], known: Known) -> Item:  # type: ignore[type-arg]
    key, alliance, series, number, audience, words, status, token, owner = row
    joint = audience == "joint"
    side = None if joint else int(audience.removeprefix("side:"))
    people = frozenset({known(owner), *helpers.get(key, set())})
    return Item(key, alliance, series, number, joint, side, words, status, token, people)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
