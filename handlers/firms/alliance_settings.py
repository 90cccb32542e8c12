"""`settings`: what an alliance is for, when its reminders come, and what holds for its sponsors."""

from governance.errors import BotError, NotAllowed
from governance.firms import agreements, alliance_settings, rights, sides
from governance.firms.agreement_terms import SETTINGS
from governance.people.members import Seat
from governance.sponsors import rhythm
from handlers import asking
from handlers.acts import Ask, act
from handlers.firms import closing
from handlers.firms.agreement_views import LABELS, MODES, proposed, say_months
from handlers.firms.agreements import what_waits
from handlers.people.reminders import DAYS, parse_clock
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    Field,
    Form,
    Reply,
    Text,
    WordsField,
    bold,
    words,
)
from storage.tables import Alliance


@act("alliance.settings", opens_form=True)
def settings(ask: Ask) -> Reply:
    seat = ask.seat()
    if not rights.has(seat, "bind"):
        raise NotAllowed("The alliance managers change these. `reminders` is for yourself.")
    if seat.alliance.closed_at is not None:
        return Reply(message=closing.closed(seat.alliance))
    more = Buttons((Button("Sponsors…", "alliance.sponsors", str(seat.alliance.id)),))
    blocks = (*what_waits(ask, seat), _counts_for_all(ask, seat), more)
    return _form(ask, seat, "Settings", "alliance.save", blocks, _fields(seat.alliance))


def _counts_for_all(ask: Ask, seat: Seat) -> Text:
    asks = "" if _is_alone(ask, seat) else " Each of them agrees to a change."
    name = seat.alliance.name
    return Text(words("These count for every firm of ", bold(name), f".{asks}"))


def _is_alone(ask: Ask, seat: Seat) -> bool:
    return len(sides.of(ask.session, seat.alliance.id)) == 1


def _form(
    ask: Ask,
    seat: Seat,
    title: str,
    act_name: str,
    blocks: tuple[Block, ...],
    fields: tuple[Field, ...],
) -> Reply:
    kept = {**asking.place_of(ask), "alliance": str(seat.alliance.id)}
    send = "Save" if _is_alone(ask, seat) else "Propose"
    return Reply(form=Form(title, act_name, blocks, fields, kept, send))


def _fields(alliance: Alliance) -> tuple[Field, ...]:
    tiers = tuple(Choice(tier, tier.capitalize()) for tier in alliance_settings.TIERS)
    return (
        WordsField("name", LABELS["name"], alliance.name, limit=80),
        WordsField(
            "purpose",
            LABELS["purpose"],
            alliance.purpose,
            "One sentence: why the firms work together.",
            optional=True,
            limit=alliance_settings.PURPOSE_LIMIT,
        ),
        ChoiceField(
            "tier", LABELS["tier"], tiers, alliance.tier, "How closely the firms work together."
        ),
        WordsField("zone", LABELS["zone"], alliance.zone, "For example Europe/Berlin.", limit=40),
        WordsField(
            "owner_rungs",
            LABELS["owner_rungs"],
            alliance.owner_rungs.replace(",", ", "),
            "Working days after the due day; then weekly until it is done.",
            limit=40,
        ),
        WordsField(
            "manager_rung",
            LABELS["manager_rung"],
            str(alliance.manager_rung),
            "Privately, at the owner's own firm only.",
            limit=3,
        ),
        WordsField("agenda_rung", LABELS["agenda_rung"], str(alliance.agenda_rung), limit=3),
    )


@act("alliance.save")
def save(ask: Ask) -> Reply:
    seat = ask.seat()
    terms = alliance_settings.changes(seat.alliance, _wanted(ask))
    agreement = agreements.propose(ask.session, seat, SETTINGS, terms, now=ask.now)
    return proposed(ask.session, agreement, seat, now=ask.now)


def _wanted(ask: Ask) -> alliance_settings.Values:
    rungs = [_number(part, "owner_rungs") for part in ask.arg("owner_rungs").split(",")]
    return {
        "name": " ".join(ask.arg("name").split()),
        "purpose": " ".join(ask.arg("purpose").split()),
        "tier": ask.arg("tier"),
        "zone": ask.arg("zone").strip(),
        "owner_rungs": ",".join(map(str, rungs)),
        "manager_rung": _number(ask.arg("manager_rung"), "manager_rung"),
        "agenda_rung": _number(ask.arg("agenda_rung"), "agenda_rung"),
    }


def _number(text: str, field: str) -> int:
    typed = text.strip()
    if not typed.isdecimal() or len(typed) > 3:
        raise BotError("Write whole numbers of working days, such as 0, 1, 3.", field=field)
    return int(typed)


@act("alliance.sponsors", opens_form=True)
def sponsors(ask: Ask) -> Reply:
    """When an alliance's sponsors are written to, and how often they are to speak."""
    pressed = ask.arg("value")
    alliance = ask.session.get(Alliance, int(pressed)) if pressed.isdecimal() else None
    seat = ask.seat_in(alliance) if alliance is not None else ask.seat()
    if not rights.has(seat, "bind"):
        raise NotAllowed("The alliance managers change these. `sponsors` shows who sponsors it.")
    if seat.alliance.closed_at is not None:
        return Reply(message=closing.closed(seat.alliance))
    blocks = (_counts_for_all(ask, seat), Text(words("A sponsor may choose another hour.")))
    fields = _sponsor_fields(seat.alliance)
    return _form(ask, seat, "Sponsors", "alliance.sponsors_save", blocks, fields)


def _sponsor_fields(alliance: Alliance) -> tuple[Field, ...]:
    weekdays = tuple(Choice(str(number), day) for number, day in enumerate(DAYS))
    modes = tuple(Choice(mode, said) for mode, said in MODES.items())
    minute = alliance.sponsor_minute
    return (
        ChoiceField("weekday", LABELS["sponsor_weekday"], weekdays, str(alliance.sponsor_weekday)),
        WordsField(
            "time",
            LABELS["sponsor_minute"],
            f"{minute // 60:02}:{minute % 60:02}",
            "For example 08:30.",
            limit=8,
        ),
        ChoiceField(
            "months",
            LABELS["sponsor_months"],
            _months(alliance),
            AS_THE_TIER if alliance.sponsor_months is None else str(alliance.sponsor_months),
        ),
        ChoiceField("mode", LABELS["sponsor_mode"], modes, alliance.sponsor_mode),
    )


AS_THE_TIER = "tier"
OFTEN = (1, 2, 3, 4, 6, 12, 0)
"""Months between two talks that are offered; 0: when something happens."""


def _months(alliance: Alliance) -> tuple[Choice, ...]:
    tier = f"As the tier has it: {say_months(rhythm.MONTHS[alliance.tier])}"
    offered = tuple(Choice(str(months), say_months(months).capitalize()) for months in OFTEN)
    return (Choice(AS_THE_TIER, tier), *offered)


@act("alliance.sponsors_save")
def sponsors_save(ask: Ask) -> Reply:
    seat = ask.seat()
    minute = parse_clock(ask.arg("time"))
    if minute is None:
        raise BotError("Write a time such as 08:30.", field="time")
    wanted = {
        "sponsor_weekday": _chosen(ask, "weekday"),
        "sponsor_minute": minute,
        "sponsor_months": None if ask.arg("months") == AS_THE_TIER else _chosen(ask, "months"),
        "sponsor_mode": ask.arg("mode"),
    }
    terms = alliance_settings.sponsor_changes(seat.alliance, wanted)
    agreement = agreements.propose(ask.session, seat, SETTINGS, terms, now=ask.now)
    return proposed(ask.session, agreement, seat, now=ask.now)


def _chosen(ask: Ask, field: str) -> int:
    """A number chosen from a list; what is none is out of every range."""
    return int(ask.arg(field)) if ask.arg(field).isdecimal() else -1
