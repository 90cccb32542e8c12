"""`settings`: what an alliance is for, and when its reminders come."""

from governance.errors import BotError, NotAllowed
from governance.firms import agreements, alliance_settings, rights, sides
from governance.firms.agreement_terms import SETTINGS
from handlers import asking
from handlers.acts import Ask, act
from handlers.firms import closing
from handlers.firms.agreement_views import LABELS, proposed
from handlers.firms.agreements import what_waits
from handlers.views import (
    Block,
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
    name = seat.alliance.name
    alone = len(sides.of(ask.session, seat.alliance.id)) == 1
    asks = "" if alone else " Each of them agrees to a change."
    said = words("These count for every firm of ", bold(name), f".{asks}")
    blocks: tuple[Block, ...] = (*what_waits(ask, seat), Text(said))
    return Reply(
        form=Form(
            "Settings",
            "alliance.save",
            blocks,
            _fields(seat.alliance),
            {**asking.place_of(ask), "alliance": str(seat.alliance.id)},
            "Save" if alone else "Propose",
        )
    )


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
