"""`ask @sponsor text [by date]`: an alliance manager asks a sponsor of their firm for help."""

from collections.abc import Callable

from governance.errors import BotError
from governance.people.members import Seat
from governance.sponsors import ask_lists, asks, naming, news, seats
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.sponsors import access, ask_views
from handlers.understanding import OwnerUnclear, day_chosen, understand
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    DayField,
    Form,
    Heading,
    Message,
    Note,
    Quote,
    Reply,
    Text,
    Words,
    WordsField,
    answer,
    bold,
    words,
)
from storage.sponsor_tables import SponsorAsk, SponsorSeat

SHOWN = 15
NOT_A_SPONSOR = (
    "{name} is no sponsor of {firm}, so nothing was sent. `sponsors` shows who is; `action @owner "
    "text by Fri` records something for anybody."
)


@act("sponsor.ask", opens_form=True)
def ask_sponsor(ask: Ask) -> Reply:
    by = ask.seat()
    if not ask.arg("words").strip():
        return _form_or_list(ask, by)
    naming.check_manages(by, by.side.id, by.side.firm)
    try:
        understood = understand(ask, by)
    except OwnerUnclear as unclear:
        raise BotError(
            f"I am not sure who “{unclear.name}” is. Begin with `ask` alone, and choose."
        ) from unclear
    held = _meant(ask, by, understood.owner.id, named=understood.owner.id != ask.caller.id)
    if held is None:
        raise BotError(NOT_A_SPONSOR.format(name=understood.owner.name, firm=by.side.firm))
    made = asks.put(ask.session, by, held, understood.text, understood.due, now=ask.now)
    aside = (
        f" I did not understand “{understood.not_a_day[:60]}” as a date."
        if understood.not_a_day
        else ""
    )
    return _put(ask, held, made, aside)


def _meant(ask: Ask, by: Seat, owner_id: int, *, named: bool) -> SponsorSeat | None:
    """Who was named, or else the only sponsor of the firm."""
    if named:
        return seats.seat_of(ask.session, by.alliance.id, owner_id)
    own = seats.held(ask.session, by.alliance.id, by.side.id)
    if len(own) == 1:
        return own[0]
    raise BotError("Whom do you ask? For example: `ask @sponsor join the review by Fri`")


def _put(ask: Ask, held: SponsorSeat, made: SponsorAsk, aside: str = "") -> Reply:
    due = f", by {say_day(made.due, today=ask.today)}" if made.due else ""
    return answer(
        Words(f"{access.holder(ask, held).name} is asked{due}. You hear what they say.{aside}"),
        note="Your firm's sponsors and alliance managers see it, nobody else.",
        buttons=(Button("Withdraw it", "sponsor_ask.withdraw", made.token),),
    )


def _form_or_list(ask: Ask, by: Seat) -> Reply:
    naming.check_manages(by, by.side.id, by.side.firm)
    own = seats.held(ask.session, by.alliance.id, by.side.id)
    if not own:
        raise BotError(f"{by.side.firm} has no sponsor yet. `sponsors` names one.")
    return Reply(form=_form(ask, by, own, own[0]))


@act("sponsor_ask.new", opens_form=True)
def new(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    naming.check_manages(by, held.side_id, by.side.firm)
    own = seats.held(ask.session, by.alliance.id, by.side.id)
    return Reply(form=_form(ask, by, own, held))


def _form(ask: Ask, by: Seat, own: list[SponsorSeat], chosen: SponsorSeat) -> Form:
    choices = tuple(Choice(one.token, access.holder(ask, one).name) for one in own)
    fields = (
        ChoiceField("seat", "Whom?", choices, chosen.token),
        WordsField(
            "text",
            "What do you ask for?",
            hint="Unblock, speak up, attend, decide: one thing they can do.",
            long=True,
            limit=asks.TEXT_LIMIT,
        ),
        DayField("due", "By when?", optional=True),
    )
    kept = {**asking.place_of(ask), "alliance": str(by.alliance.id)}
    blocks: list[Block] = []
    before = ask_lists.of_side(ask.session, by.alliance.id, by.side.id, limit=SHOWN)
    if before:
        blocks.append(Buttons((Button("Asks so far", "sponsor_ask.list", str(by.alliance.id)),)))
    return Form("Ask a sponsor", "sponsor_ask.put", tuple(blocks), fields, kept, "Ask")


@act("sponsor_ask.put")
def put(ask: Ask) -> Reply:
    held, by = access.seat(ask, ask.arg("seat"))
    made = asks.put(ask.session, by, held, ask.arg("text"), day_chosen(ask, "due"), now=ask.now)
    return _put(ask, held, made)


@act("sponsor_ask.list", opens_form=True)
def listed(ask: Ask) -> Reply:
    """What was asked of a firm's sponsors, and what came of it."""
    by = access.place(ask, int(ask.arg("value"))) if ask.arg("value").isdecimal() else ask.seat()
    naming.check_manages(by, by.side.id, by.side.firm)
    blocks: list[Block] = [Heading(f"Asked of {by.side.firm}'s sponsors")]
    for one in ask_lists.of_side(ask.session, by.alliance.id, by.side.id, limit=SHOWN):
        held = ask.session.get_one(SponsorSeat, one.seat_id)
        line = f"{access.holder(ask, held).name}: {one.text}"
        blocks.append(
            Text((bold(line), Words(f"\n{ask_views.became(one, ask.caller, ask.today)}")))
        )
        if one.state in asks.OPEN:
            blocks.append(Buttons((Button("Withdraw it", "sponsor_ask.withdraw", one.token),)))
    blocks.append(Note(words("Your firm's sponsors and alliance managers see this.")))
    return Reply(message=Message(tuple(blocks)))


@act("sponsor_ask.withdraw")
def withdraw(ask: Ask) -> Reply:
    request, by = access.request(ask)
    asks.withdraw(ask.session, request, by, now=ask.now)
    return answer("Withdrawn. If they have read it, they see so.")


@act("sponsor_ask.take")
def take(ask: Ask) -> Reply:
    request, by = access.request(ask)
    asks.take(ask.session, request, by, now=ask.now)
    return answer("Thank you. They hear that you are on it; press Done once it is.")


@act("sponsor_ask.done", opens_form=True)
def done(ask: Ask) -> Reply:
    return _one_question(
        ask,
        "Done",
        "sponsor_ask.done_with",
        "effect",
        "What came of it?",
        "One line; who asked reads it.",
    )


@act("sponsor_ask.ask_back", opens_form=True)
def ask_back(ask: Ask) -> Reply:
    return _one_question(
        ask, "Need to know more", "sponsor_ask.asked_back", "question", "What do you need to know?"
    )


@act("sponsor_ask.pass", opens_form=True)
def pass_on(ask: Ask) -> Reply:
    return _one_question(
        ask,
        "Ask someone else",
        "sponsor_ask.passed",
        "whom",
        "Who is better placed?",
        "A name, and a word why.",
    )


@act("sponsor_ask.reply", opens_form=True)
def reply(ask: Ask) -> Reply:
    request, _ = access.request(ask)
    quoted = (Quote((Words(request.question),)),)
    return _one_question(
        ask, "Answer", "sponsor_ask.replied", "reply", "Your answer", blocks=quoted
    )


def _one_question(
    ask: Ask,
    title: str,
    act_name: str,
    field: str,
    label: str,
    hint: str = "",
    blocks: tuple[Block, ...] = (),
) -> Reply:
    request, by = access.request(ask)
    asked = WordsField(field, label, hint=hint, long=True, limit=news.WORDS_LIMIT)
    kept = {**asking.place_of(ask), "value": request.token, "alliance": str(by.alliance.id)}
    about = (Text((bold(request.text),)), *blocks)
    return Reply(form=Form(title, act_name, about, (asked,), kept, "Send"))


def _answered(ask: Ask, do_it: Callable[[SponsorAsk, Seat], None], said: str) -> Reply:
    request, by = access.request(ask)
    do_it(request, by)
    return answer(said)


@act("sponsor_ask.done_with")
def done_with(ask: Ask) -> Reply:
    return _answered(
        ask,
        lambda request, by: asks.complete(ask.session, request, by, ask.arg("effect"), now=ask.now),
        "Thank you. Who asked hears what came of it.",
    )


@act("sponsor_ask.asked_back")
def asked_back(ask: Ask) -> Reply:
    return _answered(
        ask,
        lambda request, by: asks.ask_back(
            ask.session, request, by, ask.arg("question"), now=ask.now
        ),
        "They hear what you need to know; it waits until then.",
    )


@act("sponsor_ask.passed")
def passed(ask: Ask) -> Reply:
    return _answered(
        ask,
        lambda request, by: asks.pass_to(ask.session, request, by, ask.arg("whom"), now=ask.now),
        "Thank you. They hear whom to ask instead.",
    )


@act("sponsor_ask.replied")
def replied(ask: Ask) -> Reply:
    return _answered(
        ask,
        lambda request, by: asks.answer_back(
            ask.session, request, by, ask.arg("reply"), now=ask.now
        ),
        "They have your answer, and the ask again.",
    )
