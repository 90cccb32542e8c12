"""`settings`: what an alliance is for, and when its reminders come."""

from governance import alliances
from governance.alliances import Rungs
from governance.errors import BotError, NotAllowed
from handlers import asking
from handlers.acts import Ask, act
from handlers.views import Choice, ChoiceField, Form, Reply, Text, WordsField, answer, bold, words


@act("alliance.settings")
def settings(ask: Ask) -> Reply:
    seat = ask.seat()
    if not seat.is_manager:
        raise NotAllowed("The alliance managers change these. `reminders` is for yourself.")
    alliance = seat.alliance
    tiers = tuple(Choice(tier, tier.capitalize()) for tier in alliances.TIERS)
    fields = (
        WordsField("name", "Alliance", alliance.name, limit=80),
        WordsField(
            "purpose",
            "Purpose",
            alliance.purpose,
            "One sentence: why the firms work together.",
            optional=True,
            limit=alliances.PURPOSE_LIMIT,
        ),
        ChoiceField("tier", "Tier", tiers, alliance.tier, "How closely the firms work together."),
        WordsField("zone", "Time zone", alliance.zone, "For example Europe/Berlin.", limit=40),
        WordsField(
            "owner",
            "Owners hear on working day",
            alliance.owner_rungs.replace(",", ", "),
            "Working days after the due day; then weekly until it is done.",
            limit=40,
        ),
        WordsField(
            "manager",
            "Their alliance manager hears on working day",
            str(alliance.manager_rung),
            "Privately, at the owner's own firm only.",
            limit=3,
        ),
        WordsField(
            "agenda",
            "Marked for the joint agenda on working day",
            str(alliance.agenda_rung),
            limit=3,
        ),
    )
    note = (Text(words("These count for every firm of ", bold(alliance.name), ".")),)
    return Reply(form=Form("Settings", "alliance.save", note, fields, asking.place_of(ask), "Save"))


@act("alliance.save")
def save(ask: Ask) -> Reply:
    seat = ask.seat()
    rungs = Rungs(
        owner=tuple(_number(part, "owner") for part in ask.arg("owner").split(",")),
        manager=_number(ask.arg("manager"), "manager"),
        agenda=_number(ask.arg("agenda"), "agenda"),
    )
    alliances.change(
        ask.session,
        seat,
        name=ask.arg("name"),
        purpose=ask.arg("purpose"),
        tier=ask.arg("tier"),
        zone=ask.arg("zone").strip(),
        rungs=rungs,
        now=ask.now,
    )
    return answer(f"The settings of {seat.alliance.name} are changed, for every firm in it.")


def _number(text: str, field: str) -> int:
    typed = text.strip()
    if not typed.isdecimal() or len(typed) > 3:
        raise BotError("Write whole numbers of working days, such as 0, 1, 3.", field=field)
    return int(typed)
