"""Views as Adaptive Cards: messages, and the dialogs in which forms are filled in."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from governance.errors import BotError
from governance.words import clip
from handlers.teams.elements import (
    Setting,
    elements,
    mention_line,
    notified,
    sound,
    title,
)
from handlers.teams.fields import filled, inputs, problem
from handlers.teams.paging import LIMIT, ROOM, parts, size
from handlers.teams.sealing import sealed
from handlers.text import lead
from handlers.views import (
    FORM,
    Block,
    Form,
    Message,
    Note,
    Text,
    Who,
    Words,
    words,
)

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
FALLBACK = "This Teams is too old to show this. Update it, or open Teams in a browser."
"""Our own words only: what is shown here may be read as markdown."""

MORE = Note(words("There is more than fits in here."))
SUMMARY_LIMIT = 250
TITLE_LIMIT = 60
MANY = 6
"""Blocks and fields from which a dialog is a high one."""

SHOWN_AGAIN = 3_000
"""Letters of a form that it may carry of itself."""

_LEAST_ROOM = 2_000


def card(
    message: Message,
    *,
    opens: Container[str],
    zone: str = "UTC",
    mentions: bool = True,
    here: Container[str] | None = None,
) -> Json:
    """One card, which says so where it can't hold everything; `pages` holds it on several.

    `opens`: the acts whose buttons open a dialog. `zone`: the IANA zone of whoever reads the
    times. `mentions`: whether people of Teams are notified that they are named, of all or of those
    who are `here`, by their object ids.
    """
    setting = Setting(opens, zone)
    blocks = _fitting(message.blocks, setting, ROOM)
    return _card_for(blocks, setting, _called(blocks, here) if mentions else [])


def activity(
    message: Message,
    *,
    opens: Container[str],
    zone: str = "UTC",
    mentions: bool = True,
    here: Container[str] | None = None,
) -> Json:
    """A message to send: the card, and the line that a phone shows."""
    shown = card(message, opens=opens, zone=zone, mentions=mentions, here=here)
    return _activity(message, shown)


def pages(
    message: Message,
    *,
    opens: Container[str],
    zone: str = "UTC",
    mentions: bool = True,
    here: Container[str] | None = None,
    most: int | None = None,
) -> list[Json]:
    """The message as activities to send one after the other: one, unless it is very long. The
    first has the message's lead, and nobody is notified twice. `most`: how many there may be; the
    last of them says so where they don't hold everything."""
    setting = Setting(opens, zone)
    told: set[str] = set()
    sent: list[Json] = []
    for blocks in _at_most(parts(message.blocks, setting), most):
        people = [who for who in _called(blocks, here) if mentions and _key(who) not in told]
        told |= {_key(who) for who in people}
        said = Message(blocks, "" if sent else message.lead)
        sent.append(_activity(said, _card_for(blocks, setting, people)))
    return sent


def _called(blocks: Sequence[Block], here: Container[str] | None) -> list[Who]:
    return [who for who in notified(blocks) if here is None or _key(who) in here]


def _key(who: Who) -> str:
    return (who.user_id or "").lower()


def _activity(message: Message, shown: Json) -> Json:
    summary = clip(" ".join(sound(lead(message)).split()), SUMMARY_LIMIT)
    attachment = {"contentType": CARD, "content": shown}
    return {"type": "message", "summary": summary or "Alliance", "attachments": [attachment]}


def _fitting(blocks: Sequence[Block], setting: Setting, room: int) -> tuple[Block, ...]:
    return _at_most(parts(blocks, setting, room), 1)[0]


def _at_most(groups: list[tuple[Block, ...]], most: int | None) -> list[tuple[Block, ...]]:
    if most is None or len(groups) <= most:
        return groups
    return [*groups[: most - 1], (*groups[most - 1], MORE)]


def _card_for(blocks: Sequence[Block], setting: Setting, people: Sequence[Who]) -> Json:
    body = elements(blocks, setting)
    if not people:
        return _around(body, {"width": "Full"})
    line, entities = mention_line(people)
    return _around([*body, line], {"width": "Full", "entities": entities})


def _around(body: list[Json], teams: Json) -> Json:
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": "1.5",
        "body": body or elements((Text(()),), Setting()),
        "msteams": teams,
        "fallbackText": FALLBACK,
    }


def dialog(
    form: Form,
    *,
    values: Mapping[str, str] | None = None,
    error: BotError | None = None,
    names: Mapping[str, str] | None = None,
    zone: str = "UTC",
) -> Json:
    """What a dialog is continued with. `values`: what was typed, by field. `error`: what is wrong
    with it, shown above the field that it is about. `names`: how to call the people and channels
    chosen, by their ids."""
    setting = Setting(zone=zone, in_dialog=True, kept=form.args)
    fields = tuple(filled(field, values or {}, names or {}) for field in form.fields)
    asked = _asked(replace(form, fields=fields), setting, error, names or {})
    above = [problem(error, setting)] if error and not _has_field(form, error) else []
    room = max(LIMIT - _LEAST_ROOM - size([*above, *asked, _actions(form)]), _LEAST_ROOM)
    said = elements(_fitting(form.blocks, setting, room), setting)
    content = _around([*above, *said, *asked], {"width": "Full"})
    actions = _actions(form)
    return _continued(
        form.title,
        content | ({"actions": actions} if actions else {}),
        "large" if len(form.blocks) + len(form.fields) > MANY else "medium",
    )


def _has_field(form: Form, error: BotError) -> bool:
    return any(field.name == error.field for field in form.fields)


def _asked(
    form: Form, setting: Setting, error: BotError | None, names: Mapping[str, str]
) -> list[Json]:
    asked: list[Json] = []
    for field in form.fields:
        if error is not None and error.field == field.name:
            asked.append(problem(error, setting))
        asked += inputs(field, setting, names)
    return asked


def _actions(form: Form) -> list[Json]:
    """Teams tells nobody when a dialog is closed. Where that is an answer, it has a button."""
    kept = {name: sound(value) for name, value in form.args.items()}
    actions = []
    if form.submit:
        data: Json = {"act": form.act, "form": True, "kept": kept}
        data["fields"] = {field.name: field.type for field in form.fields}
        data["shown"] = _to_show_again(form)
        actions.append(_submit(form.submit, data) | {"style": "positive"})
    if form.closed:
        data = {"act": form.closed, "closed": True, "kept": kept}
        actions.append(_submit(form.close or "Close", data) | {"associatedInputs": "none"})
    return actions


def _to_show_again(form: Form) -> str:
    """The form itself, since nothing but what was typed comes back: it is shown again when that
    was wrong. What stands above the fields stays behind where it is long."""
    whole = _packed(form)
    return whole if len(whole) < SHOWN_AGAIN else _packed(replace(form, blocks=()))


def _packed(form: Form) -> str:
    return sound(json.dumps(FORM.dump_python(form, mode="json"), ensure_ascii=False))


def _submit(label: str, data: Json) -> Json:
    return {"type": "Action.Submit", "title": title(label), "data": sealed(data)}


def _continued(named: str, content: Json, height: str = "medium") -> Json:
    return {
        "title": clip(sound(named), TITLE_LIMIT),
        "height": height,
        "width": "medium",
        "card": {"contentType": CARD, "content": content},
    }


def page(message: Message, title: str = "Alliance", *, zone: str = "UTC") -> Json:
    """A dialog that shows a message."""
    return dialog(Form(title, "page", message.blocks), zone=zone)


def confirmation(text: str, label: str, act: str, value: str, *, card: str = "") -> Json:
    """The dialog that asks first. `card`: the id of the message whose button was pressed, which is
    drawn anew once it is done."""
    asked = _around(elements((Text((Words(text),)),), Setting(in_dialog=True)), {"width": "Full"})
    data = {"act": act, "value": sound(value), "confirmed": True, "card": card}
    return _continued("Are you sure?", asked | {"actions": [_submit(label, data)]}, "small")
