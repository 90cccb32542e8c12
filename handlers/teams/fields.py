"""A form's fields as inputs of an Adaptive Card, and what was typed put back into them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from governance.errors import BotError
from governance.words import length
from handlers.teams.elements import ALARMING, SMALL, Setting, rich, sound
from handlers.teams.sealing import sealed_words
from handlers.views import (
    ChannelField,
    Choice,
    ChoiceField,
    DayField,
    Field,
    ManyField,
    PersonField,
    Words,
    WordsField,
)

Json = dict[str, Any]

CHANNELS = "channels"
"""What a ChannelField asks for."""

_MISSING = {
    "words": "Please write something here.",
    "day": "Please choose a day.",
    "person": "Please choose somebody.",
    "choice": "Please choose one.",
    "many": "Please choose at least one.",
    "channel": "Please choose a channel.",
}


def inputs(field: Field, setting: Setting, names: Mapping[str, str]) -> list[Json]:
    """The input, with its hint below; `names` says how to call who or what was chosen before."""
    shown: Json = {"id": field.name, "label": sound(field.label), **_input(field, setting, names)}
    if not field.optional:
        shown |= {"isRequired": True, "errorMessage": _MISSING[field.type]}
    if not field.hint:
        return [shown]
    return [shown, rich((Words(field.hint),), setting, SMALL) | {"spacing": "none"}]


def problem(error: BotError, setting: Setting) -> Json:
    return rich((Words(error.user_message),), setting, ALARMING)


def _input(field: Field, setting: Setting, names: Mapping[str, str]) -> Json:
    match field:
        case WordsField():
            return _words(field)
        case DayField():
            value = {"value": field.value.isoformat()} if field.value else {}
            return {"type": "Input.Date", **value}
        case PersonField():
            return _found(field.source, field.value, "Type a name", setting)
        case ChoiceField():
            known = any(choice.value == field.value for choice in field.choices)
            chosen = {"value": sound(field.value)} if known else {}
            return _choice_set("compact", field.choices) | chosen
        case ManyField():
            return _many(field)
        case ChannelField():
            name = names.get(field.value, "The channel chosen so far")
            chosen_channel = Choice(field.value, name) if field.value else None
            return _found(CHANNELS, chosen_channel, "Type the name of a channel", setting)


def _words(field: WordsField) -> Json:
    begun = sound(field.value)
    shown: Json = {"type": "Input.Text", "isMultiline": field.long}
    return shown | {
        "maxLength": max(field.limit, length(begun)),
        **({"value": begun} if begun else {}),
    }


def _choice_set(style: str, choices: tuple[Choice, ...]) -> Json:
    return {"type": "Input.ChoiceSet", "style": style, "choices": [choice(c) for c in choices]}


def choice(offered: Choice) -> Json:
    return {"title": sound(offered.label) or "…", "value": sound(offered.value)}


def _many(field: ManyField) -> Json:
    """Teams sends what was ticked as one string with commas, so that no value can have any."""
    assert not any("," in one.value for one in field.choices), field.name
    ticked = ",".join(c.value for c in field.choices if c.value in field.values)
    shown = _choice_set("expanded", field.choices) | {"isMultiSelect": True}
    return shown | ({"value": ticked} if ticked else {})


def _found(dataset: str, chosen: Choice | None, placeholder: str, setting: Setting) -> Json:
    """Found by typing. The question for choices comes without the form, so that what the form
    carries goes along in the name of what is asked for."""
    kept = urlencode({name: sound(value) for name, value in setting.kept.items() if value})
    asked = f"{dataset}?{kept}" if kept else dataset
    query = {"type": "Data.Query", "dataset": sealed_words(asked)}
    shown = _choice_set("filtered", (chosen,) if chosen else ())
    shown |= {"choices.data": query, "placeholder": placeholder}
    return shown | ({"value": sound(chosen.value)} if chosen else {})


def filled(field: Field, values: Mapping[str, str], names: Mapping[str, str]) -> Field:
    """The field with what was typed or chosen, as it was sent."""
    if field.name not in values:
        return field
    value = values[field.name]
    match field:
        case DayField():
            return replace(field, value=_day(value))
        case PersonField():
            return replace(field, value=_person(field, value, names))
        case ManyField():
            return replace(field, values=tuple(value.split(",")))
        case _:
            return replace(field, value=value)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _person(field: PersonField, value: str, names: Mapping[str, str]) -> Choice | None:
    if field.value is not None and field.value.value == value:
        return field.value
    return Choice(value, names.get(value, "The person chosen so far")) if value else None
