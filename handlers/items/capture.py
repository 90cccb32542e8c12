"""Capturing an action item, from wherever it was said."""

from dataclasses import replace
from datetime import date

from governance import history, visibility
from governance.errors import BotError, PrivateOff, SideUnknown
from governance.firms import sides
from governance.items import action_item_records, action_items
from governance.items.action_items import Capture, Source
from governance.people import members
from governance.people.members import Seat
from governance.words import clip
from handlers import asking
from handlers.acts import AllianceUnclear, Ask, act, known_people
from handlers.dates import say_due
from handlers.firms import first_steps
from handlers.items import captured
from handlers.items.action_item_forms import PRIVATE, capture_form
from handlers.items.action_item_page import page
from handlers.understanding import OwnerUnclear, Understood, day_chosen, understand, with_names
from handlers.views import (
    Choice,
    Form,
    Message,
    Quote,
    Reply,
    Text,
    Words,
    words,
)
from storage.tables import ActionItem, Person


@act("action_item.capture")
def capture(ask: Ask) -> Reply:
    return _from_words(ask, private=None)


@act("action_item.capture_private")
def capture_private(ask: Ask) -> Reply:
    """The message itself may have been read by the partner: its writer hears so, whatever comes
    of the item."""
    warning = _readable_warning(ask)
    try:
        reply = _from_words(ask, private=True)
    except (SideUnknown, AllianceUnclear):
        raise
    except PrivateOff as off:
        raise off.with_aside(warning) from off
    except BotError as error:
        raise BotError(f"{error.user_message} {warning}".strip(), field=error.field) from error
    if not warning or reply.message is None:
        return reply
    blocks = (*reply.message.blocks, Text(words(warning)))
    return replace(reply, message=replace(reply.message, blocks=blocks))


@act("action_item.new", opens_form=True)
def new(ask: Ask) -> Reply:
    """An empty form: the card's button, the global shortcut, the command without words."""
    return _empty_form(ask, private=None)


def _empty_form(ask: Ask, *, private: bool | None) -> Reply:
    seat = ask.seat()
    wanted = _private_here(ask, seat) if private is None else private
    return Reply(form=_form(ask, seat, owner=ask.caller, private=wanted))


@act("action_item.from_message")
def from_message(ask: Ask) -> Reply:
    """A form with the words of a message, whose author is proposed as the owner."""
    seat = ask.seat()
    first = action_item_records.captured_from(
        ask.session, seat, ask.arg("source_channel"), ask.arg("source_ts")
    )
    if first is not None:
        return Reply(form=page(ask, first, seat, note=ALREADY))
    quote = with_names(ask.arg("text"), _names_known(ask)).strip()
    kept = {name: ask.arg(name) for name in SOURCE_ARGS} | {"text": quote}
    author, here = _author(ask, seat), _private_here(ask, seat)
    across = here and author is not None and _is_of_another_side(ask, seat, author)
    form = _form(
        ask,
        seat,
        text=clip(" ".join(quote.split()), action_items.TEXT_LIMIT),
        owner=author,
        private=here and not across,
        note=_becomes_joint(ask, seat, author) if author is not None and across else "",
        quote=quote,
        args={"source": asking.keep(ask, "source", kept)},
    )
    asked = (
        Text(words("Keep this as an action item? Only you are asked.")),
        Quote((Words(clip(quote, 300)),)),
    )
    return Reply(message=Message(asked), form=form)


def offer(ask: Ask) -> Reply:
    """For a sentence that begins with no command: perhaps it is to be recorded."""
    seat = ask.seat()
    here = _private_here(ask, seat)
    try:
        understood = understand(ask, seat)
    except OwnerUnclear as unclear:
        return _offer_owners(ask, seat, unclear, private=here)
    note = "Shall I record this as an action item? Nothing is recorded yet."
    form = _form(
        ask,
        seat,
        text=clip(understood.text, action_items.TEXT_LIMIT),
        owner=understood.owner,
        due=understood.due,
        private=here and not _is_of_another_side(ask, seat, understood.owner),
        note=note,
    )
    return Reply(message=Message((Text(words(note)),)), form=form)


SOURCE_ARGS = ("source_channel", "source_ts", "source_link", "source_thread", "author", "text")
ALREADY = "This message is an action item already."


def _names_known(ask: Ask) -> list[str]:
    """The people a message mentions, as far as they are known: a quote is no reason to look
    anybody up."""
    known = known_people(ask.session, ask.installation.id, ask.people)
    return [known[one].name if one in known else "@somebody" for one in ask.people]


def _author(ask: Ask, seat: Seat) -> Person | None:
    if not ask.arg("author"):
        return None
    author = ask.person(ask.arg("author"))
    if author.standing == "bot":
        return None
    try:
        members.seat(ask.session, seat.alliance, author, now=ask.now)
    except (SideUnknown, BotError):
        return None
    return author


@act("action_item.create")
def create(ask: Ask) -> Reply:
    """The form was sent. Somebody may have sent one made from the same message meanwhile."""
    seat = ask.seat()
    due = day_chosen(ask, "due")
    owner = ask.person(ask.arg("owner")) if ask.arg("owner") else ask.caller
    private = ask.arg("sees") == PRIVATE
    source, thread = _source(ask)
    if source is not None:
        first = action_item_records.captured_from(
            ask.session, seat, source.channel, source.ts, alone=True
        )
        if first is not None:
            return Reply(form=page(ask, first, seat, note=ALREADY))
    if source is not None and not private and _private_here(ask, seat):
        source = Source(source.channel, source.ts)  # what was said elsewhere is not the partner's
    what = Capture(text=ask.arg("text"), owner=owner, due=due, private=private, source=source)
    item = _record(ask, seat, what, thread=thread or ask.thread)
    next_line = first_steps.what_comes_next(ask, item, seat)
    said = (captured.said_of(ask, item), captured.why_no_card(ask, item), next_line)
    shown = page(ask, item, seat, note=" ".join(filter(None, said)))
    asks = first_steps.next_question(ask, seat.alliance)
    return Reply(form=replace(shown, blocks=(*shown.blocks, *asks)))


def _source(ask: Ask) -> tuple[Source | None, str | None]:
    if not ask.arg("source"):
        return None, None
    kept = asking.kept(ask, ask.arg("source")).args
    author = ask.person(kept["author"]).name if kept.get("author") else ""
    source = Source(
        channel=kept["source_channel"],
        ts=kept["source_ts"],
        link=kept["source_link"] or None,
        quote=kept["text"],
        author=author,
    )
    return source, kept["source_thread"] or kept["source_ts"]


def _from_words(ask: Ask, *, private: bool | None) -> Reply:
    if not ask.arg("words").strip():
        return _empty_form(ask, private=private)
    seat = ask.seat()
    here = _private_here(ask, seat)
    wanted = here if private is None else private
    try:
        understood = understand(ask, seat)
    except OwnerUnclear as unclear:
        return _offer_owners(ask, seat, unclear, private=wanted)
    if private is None and here and _is_of_another_side(ask, seat, understood.owner):
        return _ask_who_sees(ask, seat, understood)
    what = Capture(
        text=understood.text,
        owner=understood.owner,
        helpers=understood.helpers,
        due=understood.due,
        private=wanted,
        source=_typed_source(ask),
    )
    item = _record(ask, seat, what, thread=ask.thread)
    return captured.confirm(ask, seat, item, understood)


def _typed_source(ask: Ask) -> Source | None:
    """A mention is a message of its own: the item remembers where it was said."""
    if ask.door != "mention" or ask.conversation is None or ask.message_ts is None:
        return None
    return Source(ask.conversation.external_id, ask.message_ts, ask.arg("link") or None)


def _private_here(ask: Ask, seat: Seat) -> bool:
    """Whether what is captured here is the writer's own firm's unless they say otherwise."""
    place = ask.conversation
    if place is None or place.audience_id is None or place.alliance_id != seat.alliance.id:
        return True
    return place.audience_id != visibility.joint_audience(ask.session, seat.alliance.id).id


def _is_of_another_side(ask: Ask, seat: Seat, owner: Person) -> bool:
    theirs = members.seat(ask.session, seat.alliance, owner, now=ask.now)
    return theirs.side.id != seat.side.id


def _form(
    ask: Ask,
    seat: Seat,
    *,
    text: str = "",
    owner: Person | None = None,
    due: date | None = None,
    private: bool = False,
    note: str = "",
    quote: str = "",
    args: dict[str, str] | None = None,
    offered: tuple[Choice, ...] = (),
) -> Form:
    history.check_open(seat.alliance)
    return capture_form(
        seat,
        text=text,
        owner=owner,
        due=due,
        private=private,
        note=note,
        quote=quote,
        args={**asking.place_of(ask), **(args or {})},
        firms=len(sides.of(ask.session, seat.alliance.id)),
        offered=offered,
    )


def _offer_owners(ask: Ask, seat: Seat, unclear: OwnerUnclear, *, private: bool) -> Reply:
    """Never silently the writer: the form asks who owns it."""
    if unclear.fitting:
        note = f"{len(unclear.fitting)} people fit “{unclear.name}”. Which one?"
    else:
        note = f"I know nobody called “{unclear.name}” here. Who owns it? Nothing is recorded yet."
    offered = tuple(Choice(person.user_id, person.name) for person in unclear.fitting[:25])
    form = _form(
        ask, seat, text=unclear.text, due=unclear.due, private=private, note=note, offered=offered
    )
    return Reply(message=Message((Text((Words(note),)),)), form=form)


def _ask_who_sees(ask: Ask, seat: Seat, what: Understood) -> Reply:
    """An owner of the partner's, in a place that is not shared: show what they will see first."""
    note = _becomes_joint(ask, seat, what.owner)
    form = _form(ask, seat, text=what.text, owner=what.owner, due=what.due, note=note)
    due = f"due {say_due(what.due, today=ask.today)}" if what.due else "no date yet"
    exactly = Quote((Words(f"“{what.text}”, {what.owner.name}, {due}, from {ask.caller.name}"),))
    return Reply(message=Message((Text((Words(note),)), exactly)), form=form)


def _becomes_joint(ask: Ask, seat: Seat, owner: Person) -> str:
    firm = members.seat(ask.session, seat.alliance, owner, now=ask.now).side.firm
    everybody = "both" if len(sides.of(ask.session, seat.alliance.id)) == 2 else "all"
    return (
        f"{owner.name} is with {firm}, so {everybody} firms would see this: the words, the owner, "
        "the date and your name. Nothing is recorded yet."
    )


def _record(ask: Ask, seat: Seat, what: Capture, *, thread: str | None) -> ActionItem:
    place = None if what.private and captured.in_open_place(ask) else ask.conversation
    shown = replace(what, place=place, thread=thread)
    return action_items.capture(ask.session, shown, seat, now=ask.now)


def _readable_warning(ask: Ask) -> str:
    """For words meant for one firm, written where the other can read them."""
    place = ask.conversation
    if ask.door != "mention" or place is None or place.audience_id is None:
        return ""
    if len(visibility.sides_of(ask.session, place.audience_id)) < 2:
        return ""
    return (
        "What you record with `internal` is for your firm only, but everybody in "
        f"#{place.name} can read the message you wrote there. Delete it if that matters."
    )
