"""The demo's story so far, told through the same doors that people use."""

from datetime import UTC, datetime, time, timedelta

from bot.story import BEGINS, OLIVIA, OWN, PRIYA, SHARED, STEPS, moment, said
from bot.telling import InSlack, done
from playground.app import Playground

OPENS = time(14, 30)
"""UTC, when all of the demo's people are at work."""

SET_UP_AT = time(9)


def opening(now: datetime) -> datetime:
    """When the demo opens: the latest weekday at 14:30 UTC."""
    day = datetime.combine(now.astimezone(UTC).date(), OPENS, UTC)
    day = day if day <= now else day - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def beginning(opens: datetime) -> datetime:
    """When the story begins that ends at this opening."""
    return moment(opens, BEGINS, SET_UP_AT)


async def tell(playground: Playground, opens: datetime) -> None:
    """Set the alliance up and let seven weeks of work pass. Raises StoryBroke."""
    slack = InSlack(playground)
    await _set_up(playground, slack)
    await _partner_looks(playground, slack)
    await _link_own_channel(slack)
    for step in STEPS:
        await playground.set_clock(moment(opens, step.day, step.at))
        await slack.tell(step, said(step.words, opens))
    await playground.set_clock(opens)
    playground.restart_clients()


async def _set_up(playground: Playground, slack: InSlack) -> None:
    asked = await slack.form_of(PRIYA, SHARED, "/alliance setup")
    previewed = await slack.fill(PRIYA, asked, name="Helix alliance", code="HEL")
    created = await slack.fill(PRIYA, previewed)
    await done(playground.click(PRIYA, view_id=created, action_id="counterpart.ask"))
    await slack.close(PRIYA)


async def _partner_looks(playground: Playground, slack: InSlack) -> None:
    """The counterpart answers in the shared channel and turns her firm's own records on."""
    question = playground.messages(SHARED, OLIVIA)[-1]
    opened = await done(playground.click(OLIVIA, SHARED, question["ts"], action_id="roster.check"))
    await done(playground.submit(OLIVIA, opened["view"]["id"], {}))
    await slack.close(OLIVIA)


async def _link_own_channel(slack: InSlack) -> None:
    asked = await slack.form_of(PRIYA, OWN, "/alliance link")
    await slack.fill(PRIYA, asked)
    await slack.close(PRIYA)
