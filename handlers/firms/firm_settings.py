"""`firm`: what a firm decides for itself, by its own alliance managers."""

from governance.errors import NotAllowed
from governance.firms import rights, side_settings, sides
from governance.people import consent, members
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act
from handlers.seeing import private_records
from handlers.views import (
    Block,
    Choice,
    ChoiceField,
    Facts,
    Field,
    Form,
    Heading,
    Message,
    Note,
    Reply,
    Spans,
    Text,
    Words,
    WordsField,
    answer,
    words,
)

ON, OFF = "on", "off"


@act("firm.settings", opens_form=True)
def settings(ask: Ask) -> Reply:
    seat = ask.seat()
    if seat.member.stated:
        raise NotAllowed(
            f"An alliance manager of {seat.side.firm} confirms you first; then you see this."
        )
    if not rights.has(seat, "firm"):
        return Reply(message=_page(ask, seat))
    kept = {**asking.place_of(ask), "alliance": str(seat.alliance.id)}
    said = words(Words(f"Looked after by {_managers(ask, seat)}. "), "`people` changes that.")
    blocks: tuple[Block, ...] = (Text(said),)
    if seat.side.private_since is None:
        blocks += private_records.terms(ask.session, seat.side)
    return Reply(form=Form("Your firm", "firm.save", blocks, _fields(seat), kept, "Save"))


def _fields(seat: Seat) -> tuple[Field, ...]:
    side = seat.side
    return (
        WordsField(
            "name",
            "Firm",
            side.firm,
            "Everybody in the alliance sees it.",
            limit=sides.NAME_LIMIT,
        ),
        WordsField(
            "zone",
            "Time zone",
            side.zone or "",
            "For your people of whom I know none, such as Europe/Berlin.",
            optional=True,
            limit=40,
        ),
        WordsField(
            "country",
            "Holidays of",
            side.country or "",
            "For the same people. Two letters, such as DE or US.",
            optional=True,
            limit=6,
        ),
        ChoiceField(
            "private",
            "Records of your firm only",
            (Choice(ON, "On"), Choice(OFF, "Off: nothing new; what there is stays readable")),
            ON if side.private_since is not None else OFF,
        ),
    )


@act("firm.save")
def save(ask: Ask) -> Reply:
    seat = ask.seat()
    changed = side_settings.change(
        ask.session,
        seat,
        name=ask.arg("name"),
        zone=ask.arg("zone"),
        country=ask.arg("country"),
        now=ask.now,
    )
    turned = _turn_private(ask, seat, on=ask.arg("private") == ON)
    if not changed and not turned:
        return answer("That is how it is already, so nothing changes.")
    return answer(Words(f"The settings of {seat.side.firm} are changed."))


def _turn_private(ask: Ask, seat: Seat, *, on: bool) -> bool:
    """Returns whether that is different from before."""
    if on == (seat.side.private_since is not None):
        return False
    turn = consent.turn_private_on if on else consent.turn_private_off
    turn(ask.session, seat, now=ask.now)
    return True


def _page(ask: Ask, seat: Seat) -> Message:
    """The same to read, for those who don't administer it."""
    side = seat.side
    pairs: tuple[tuple[str, Spans], ...] = tuple(
        (label, (Words(text),))
        for label, text in (
            ("Time zone", side.zone or "not set"),
            ("Holidays of", side.country or "not set"),
            ("Records of your firm only", ON if side.private_since is not None else OFF),
            ("Looked after by", _managers(ask, seat)),
        )
    )
    note = "Your alliance managers change these. `reminders` is for yourself."
    return Message((Heading(side.firm), Facts(pairs), Note(words(note))))


def _managers(ask: Ask, seat: Seat) -> str:
    people = members.managers(ask.session, seat.alliance.id, seat.side.id, now=ask.now)
    return " and ".join(person.name for person in people) or "nobody yet"
