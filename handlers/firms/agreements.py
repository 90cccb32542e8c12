"""A firm's press on a change that binds every firm: agree, no and why, or take it back."""

from governance.errors import NotFound, Stale
from governance.firms import agreements, rights
from governance.people.members import Seat
from handlers.acts import Ask, act
from handlers.firms import agreement_views
from handlers.views import Block, Form, Message, Reply, Rule, Text, WordsField, answer, words
from storage.tables import Agreement, Alliance


@act("agreement.agree")
def agree(ask: Ask) -> Reply:
    agreement, seat = _pressed(ask)
    try:
        agreements.answer(ask.session, agreement, seat, agrees=True, now=ask.now)
    except Stale:
        return _as_it_stands(ask, agreement, seat)
    return agreement_views.answered(ask.session, agreement)


@act("agreement.refuse", opens_form=True)
def refuse(ask: Ask) -> Reply:
    agreement, seat = _pressed(ask)
    if agreement.state != "waiting":
        return _as_it_stands(ask, agreement, seat)
    reason = WordsField(
        "reason",
        "Why not?",
        hint="One sentence; whoever proposed it reads it.",
        long=True,
        limit=agreements.REASON_LIMIT,
    )
    intro = Text(words("Nothing changes then. They can propose something else."))
    return Reply(
        form=Form(
            "No, and why",
            "agreement.refuse_with",
            (intro,),
            (reason,),
            {"value": agreement.token},
            "Send",
        )
    )


@act("agreement.refuse_with")
def refuse_with(ask: Ask) -> Reply:
    agreement, seat = _pressed(ask)
    try:
        agreements.answer(
            ask.session, agreement, seat, agrees=False, reason=ask.arg("reason"), now=ask.now
        )
    except Stale:
        return _as_it_stands(ask, agreement, seat)
    return agreement_views.answered(ask.session, agreement)


@act("agreement.withdraw")
def withdraw(ask: Ask) -> Reply:
    agreement, seat = _pressed(ask)
    try:
        agreements.withdraw(ask.session, agreement, seat, now=ask.now)
    except Stale:
        return _as_it_stands(ask, agreement, seat)
    return answer("Taken back. Nothing changes.")


def what_waits(ask: Ask, seat: Seat) -> list[Block]:
    """What waits for a press of any firm, to stand above the settings."""
    blocks: list[Block] = []
    for agreement in agreements.waiting(ask.session, seat.alliance.id, now=ask.now):
        blocks += agreement_views.proposal(ask.session, agreement, seat, now=ask.now)
        blocks.append(Rule())
    return blocks


def _pressed(ask: Ask) -> tuple[Agreement, Seat]:
    """What the button is about. To whoever manages no firm of it, it is not there."""
    agreement = agreements.by_token(ask.session, ask.arg("value"))
    seat = ask.seat_in(ask.session.get_one(Alliance, agreement.alliance_id))
    if not rights.has(seat, "bind"):
        raise NotFound(agreements.GONE)
    return agreement, seat


def _as_it_stands(ask: Ask, agreement: Agreement, seat: Seat) -> Reply:
    """Somebody was quicker: what came of it."""
    blocks = agreement_views.proposal(ask.session, agreement, seat, now=ask.now)
    return Reply(message=Message(tuple(blocks)))
