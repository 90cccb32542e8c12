"""`audit`: what an alliance manager reads of sends across, people, rights and visibility."""

from governance.firms import alliances
from governance.people.members import Seat
from governance.seeing import audit
from governance.seeing.audit import Fact, Topic
from handlers.acts import Ask, act
from handlers.seeing.audit_views import line
from handlers.views import Block, Button, Buttons, Form, Note, Reply, Span, Text, Words, bold, words

LABELS: dict[Topic, str] = {
    "all": "All",
    "sent": "Sent across",
    "people": "People",
    "rights": "Rights",
    "visibility": "Visibility",
}
LINES_TOGETHER = 10
"""Lines in one block, which has room for 3,000 letters."""


@act("alliance.audit", opens_form=True)
def show(ask: Ask) -> Reply:
    topic, number, alliance_id = _asked(ask)
    seat = (
        ask.seat_in(alliances.alliance_by_id(ask.session, ask.installation.id, alliance_id))
        if alliance_id
        else ask.seat()
    )
    facts, older = audit.page(ask.session, seat, topic, number=number, now=ask.now)
    blocks: list[Block] = [
        Text((bold(seat.alliance.name), Words(f" · {LABELS[topic]}"))),
        _filters(seat, topic),
        *_lines(ask, facts, seat),
        *_turning(seat, topic, number, older=older),
        _note(seat),
    ]
    return Reply(form=Form("Audit", "page", tuple(blocks)))


def _asked(ask: Ask) -> tuple[Topic, int, str]:
    """The topic, page and alliance of a button; or a topic that was typed."""
    name, _, rest = ask.arg("value").partition(":")
    number, _, alliance_id = rest.partition(":")
    typed = ask.arg("words").casefold()
    topic: Topic = next((one for one in LABELS if one in (name, typed)), "all")
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    return topic, max(1, page), alliance_id


def _button(seat: Seat, label: str, topic: Topic, number: int = 1) -> Button:
    return Button(label, "alliance.audit", f"{topic}:{number}:{seat.alliance.id}")


def _filters(seat: Seat, chosen: Topic) -> Buttons:
    return Buttons(
        tuple(_button(seat, label, topic) for topic, label in LABELS.items() if topic != chosen)
    )


def _lines(ask: Ask, facts: list[Fact], seat: Seat) -> list[Block]:
    if not facts:
        return [Text(words("There is nothing to tell."))]
    said = [line(ask.session, fact, seat, today=ask.today) for fact in facts]
    together = [said[at : at + LINES_TOGETHER] for at in range(0, len(said), LINES_TOGETHER)]
    return [Text(_joined(spans)) for spans in together]


def _joined(said: list[list[Span]]) -> tuple[Span, ...]:
    spans = [span for one in said for span in (*one, Words("\n"))]
    return tuple(spans[:-1])


def _turning(seat: Seat, topic: Topic, number: int, *, older: bool) -> list[Block]:
    buttons = [_button(seat, "Newer", topic, number - 1)] if number > 1 else []
    buttons += [_button(seat, "Older", topic, number + 1)] if older else []
    return [Buttons(tuple(buttons))] if buttons else []


def _note(seat: Seat) -> Note:
    return Note(
        words(
            f"For the alliance managers of {seat.side.firm}. Of another firm it tells only who "
            "joined or left. Nothing here can be changed; what was sent is kept for 400 days."
        )
    )
