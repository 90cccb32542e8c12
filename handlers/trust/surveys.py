"""`survey`: a private pulse, asked of everybody alone."""

from datetime import timedelta
from typing import cast

from governance.errors import BotError, NotFound
from governance.firms import sides
from governance.people.members import Seat
from governance.trust import surveys
from governance.trust.questions import How
from governance.trust.surveys import Mode, Plan
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.text import joined
from handlers.trust import survey_views
from handlers.understanding import day_chosen
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
    Reply,
    Text,
    Words,
    WordsField,
    answer,
    bold,
    words,
)
from storage.survey_tables import Survey
from storage.tables import Alliance

SHOWN = 10
DAYS = timedelta(days=7)


@act("survey.new", opens_form=True)
def new(ask: Ask) -> Reply:
    by = ask.seat()
    surveys.check(by, Plan(False, "four", ask.today + DAYS), now=ask.now)
    firm = by.side.firm
    fields = (
        ChoiceField(
            "scope",
            "Who is asked?",
            (
                Choice("all", "Everybody in the alliance, both firms"),
                Choice("own", f"{firm} only: your partner does not learn of it"),
            ),
            "all",
        ),
        ChoiceField(
            "how",
            "Which questions?",
            (
                Choice("four", "Four of the ten, in turn (twenty seconds)"),
                Choice("ten", "All ten"),
            ),
            "four",
        ),
        DayField("last_day", "Until when?", ask.today + DAYS, "It closes at 18:00 that day."),
        ChoiceField(
            "mode",
            "Who sees what?",
            (
                Choice("private", "Averages by firm, no names"),
                Choice("named", "Openly, with names (for very small teams)"),
            ),
            "private",
        ),
        ChoiceField(
            "threshold",
            "From how many answers does a firm have a figure?",
            tuple(Choice(str(n), str(n)) for n in surveys.THRESHOLDS),
            "3",
        ),
    )
    kept = {**asking.place_of(ask), "alliance": str(by.alliance.id)}
    return Reply(form=Form("Private pulse", "survey.preview", (), fields, kept, "Look first"))


def _plan(ask: Ask) -> Plan:
    last_day = day_chosen(ask, "last_day")
    if last_day is None:
        raise BotError("Until which day?", field="last_day")
    threshold = ask.arg("threshold")
    return Plan(
        own=ask.arg("scope") == "own",
        how=cast(How, ask.arg("how")),
        last_day=last_day,
        threshold=int(threshold) if threshold.isdecimal() else 0,
        mode=cast(Mode, ask.arg("mode")),
    )


@act("survey.preview")
def preview(ask: Ask) -> Reply:
    """What would be asked of whom, and what would be shown, before anything is sent."""
    by, plan = ask.seat(), _plan(ask)
    surveys.check(by, plan, now=ask.now)
    blocks: list[Block] = [
        Text(words(bold("Asked: "), Words(_asked(ask, by, plan)))),
        Text(words(bold("Shown: "), Words(_shown(plan)))),
        Text((bold("The questions"),)),
    ]
    asked = surveys.to_ask(ask.session, by, plan)
    blocks += [Text(words(f"{n}. {question}")) for n, (_, question) in enumerate(asked, 1)]
    kept = {
        **asking.place_of(ask),
        "alliance": str(by.alliance.id),
        **{name: ask.arg(name) for name in ("scope", "how", "last_day", "mode", "threshold")},
    }
    return Reply(form=Form("Private pulse", "survey.send", tuple(blocks), (), kept, "Send"))


def _asked(ask: Ask, by: Seat, plan: Plan) -> str:
    people = surveys.asked(ask.session, by, plan, now=ask.now)
    counts = [
        f"{sum(its.id == side.id for _, its in people)} of {side.firm}"
        for side in sides.of(ask.session, by.alliance.id)
        if side.id == by.side.id or not plan.own
    ]
    return f"{joined(counts)}, each alone, in their direct messages."


def _shown(plan: Plan) -> str:
    if plan.mode == "named":
        return "who answered what, to everybody who is asked. Each reads so before they answer."
    return (
        f"averages if {plan.threshold} answer at a firm; fewer are put together with other "
        "firms' few, or not shown. Near the ends of the scale a range stands for the average, so "
        "that nobody can work out another's answer."
    )


@act("survey.send")
def send(ask: Ask) -> Reply:
    by, plan = ask.seat(), _plan(ask)
    survey = surveys.open_survey(ask.session, by, plan, now=ask.now)
    day = say_day(survey.closes_on, today=ask.today)
    return answer(
        f"On its way, to each in their working hours. It closes on {day} at 18:00; nothing is "
        "shown before.",
        buttons=(Button("Call it off", "survey.cancel", survey.token),),
    )


def _survey(ask: Ask, token: str) -> tuple[Survey, Seat]:
    """One that the caller may know of; in the same words for what is missing."""
    survey = surveys.by_token(ask.session, token)
    by = ask.seat_in(ask.session.get_one(Alliance, survey.alliance_id))
    if not surveys.may_read(survey, by):
        raise NotFound("I can't find that any more.")
    return survey, by


@act("survey.answer")
def answered(ask: Ask) -> Reply:
    token, _, rest = ask.arg("value").partition(":")
    question, _, value = rest.partition(":")
    survey, by = _survey(ask, token)
    given = int(value) if value in "12345" and len(value) == 1 else 0
    surveys.answer(ask.session, survey, by, question, given, now=ask.now)
    return answer("Kept.")


@act("survey.skip")
def skipped(ask: Ask) -> Reply:
    token, _, question = ask.arg("value").partition(":")
    survey, by = _survey(ask, token)
    surveys.answer(ask.session, survey, by, question, None, now=ask.now)
    return answer("Skipped.")


@act("survey.again")
def again(ask: Ask) -> Reply:
    survey, by = _survey(ask, ask.arg("value"))
    surveys.begin_again(ask.session, survey, by, now=ask.now)
    return answer("From the first question.")


@act("survey.comment", opens_form=True)
def comment(ask: Ask) -> Reply:
    survey, by = _survey(ask, ask.arg("value"))
    mine = surveys.reader(ask.session, survey, by)
    field = WordsField(
        "comment",
        "Your comment",
        mine.comment,
        f"For the alliance managers of {by.side.firm}, without your name.",
        long=True,
        optional=True,
        limit=surveys.COMMENT_LIMIT,
    )
    kept = {**asking.place_of(ask), "survey": survey.token, "alliance": str(by.alliance.id)}
    return Reply(form=Form("A comment", "survey.commented", (), (field,), kept, "Keep it"))


@act("survey.commented")
def commented(ask: Ask) -> Reply:
    survey, by = _survey(ask, ask.arg("survey"))
    surveys.comment(ask.session, survey, by, ask.arg("comment"), now=ask.now)
    return answer("Kept. It is passed on without your name, if enough of your firm answer.")


@act("survey.cancel")
def cancel(ask: Ask) -> Reply:
    survey, by = _survey(ask, ask.arg("value"))
    surveys.cancel(ask.session, survey, by, now=ask.now)
    return answer("Called off. What was answered is deleted, and nothing of it is shown.")


@act("survey.show", opens_form=True)
def show(ask: Ask) -> Reply:
    survey, by = _survey(ask, ask.arg("value"))
    return Reply(message=survey_views.results(ask.session, survey, by, today=ask.today))


@act("survey.list")
def listed(ask: Ask) -> Reply:
    by = ask.seat()
    blocks: list[Block] = [Heading(f"Private pulses · {by.alliance.name}")]
    found = surveys.listed(ask.session, by, limit=SHOWN)
    blocks += [survey_views.row_of(ask.session, one, ask.today) for one in found]
    if not found:
        blocks.append(Text(words("None yet.")))
    if by.is_manager and not by.member.stated:
        blocks.append(Buttons((Button("New private pulse", "survey.new"),)))
    blocks.append(Note(words("Figures are shown when one has closed.")))
    return Reply(message=Message(tuple(blocks)))
