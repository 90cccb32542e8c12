"""A small bot that uses of Teams what the page has to show: it answers invokes, and no more."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.refusal import Json

CARD = "application/vnd.microsoft.card.adaptive"
MANIFEST: Json = {
    "bots": [
        {
            "supportsTargetedMessages": True,
            "supportsFiles": True,
            "commandLists": [
                {
                    "scopes": ["team", "groupChat"],
                    "triggers": ["mention", "slash"],
                    "commands": [
                        {"title": "note", "description": "Keep something"},
                        {"title": "mine", "description": "What is yours"},
                    ],
                },
                {
                    "scopes": ["personal"],
                    "triggers": ["mention"],
                    "commands": [{"title": "home", "description": "Everything"}],
                },
            ],
        }
    ],
    "composeExtensions": [
        {"commands": [{"id": "keep", "title": "Keep this message", "context": ["message"]}]}
    ],
}


def card(*body: Json, **more: Any) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}


def text(*runs: Json | str, **more: Any) -> Json:
    inlines = [{"type": "TextRun", "text": run} if isinstance(run, str) else run for run in runs]
    return {"type": "RichTextBlock", "inlines": inlines, **more}


def execute(title: str, verb: str, **more: Any) -> Json:
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": {"x": verb}, **more}


def opens(title: str) -> Json:
    data = {"msteams": {"type": "task/fetch"}}
    return {"type": "Action.Submit", "title": title, "data": data}


def buttons(*actions: Json) -> Json:
    return {"type": "ActionSet", "actions": list(actions)}


def note_form(words: str = "", owner: Json | None = None, problem: str = "") -> Json:
    """Words, an owner who is searched for, a day, and choices; with what is wrong above them."""
    what: Json = {"type": "Input.Text", "id": "what", "label": "What", "isRequired": True}
    what |= {"isMultiline": True, "errorMessage": "Please write something.", "value": words}
    who: Json = {"type": "Input.ChoiceSet", "id": "who", "label": "Owner", "style": "filtered"}
    who |= {"choices.data": {"type": "Data.Query", "dataset": "people"}}
    who |= {"choices": [owner], "value": owner["value"]} if owner else {"choices": []}
    tags: Json = {"type": "Input.ChoiceSet", "id": "tags", "label": "Tags", "style": "expanded"}
    tags |= {"isMultiSelect": True, "value": "a"}
    tags["choices"] = [{"title": "Alpha", "value": "a"}, {"title": "Beta", "value": "b"}]
    fields = [what, who, {"type": "Input.Date", "id": "due", "label": "Due"}, tags]
    wrong = [text({"type": "TextRun", "text": problem, "color": "attention"})] if problem else []
    send = {"type": "Action.Submit", "title": "Record", "data": {}, "style": "positive"}
    return task("New note", card(*wrong, *fields, actions=[send]))


def task(title: str, content: Json) -> Json:
    return {
        "task": {
            "type": "continue",
            "value": {"title": title, "card": {"contentType": CARD, "content": content}},
        }
    }


class SmallTeamsBot:
    """`sent` is what the forms held that it took."""

    def __init__(self) -> None:
        self.sent: list[Json] = []
        self.app = Starlette(routes=[Route("/", self._hear, methods=["POST"])])

    async def _hear(self, request: Request) -> JSONResponse:
        activity = await request.json()
        answers = {
            "adaptiveCard/action": self._pressed,
            "task/fetch": lambda value: note_form(),
            "task/submit": self._submitted,
            "composeExtension/fetchTask": self._kept,
            "composeExtension/submitAction": self._submitted,
            "application/search": _found,
        }
        answer = answers.get(activity.get("name", ""), lambda value: {})
        return JSONResponse(answer(activity.get("value") or {}))

    def _pressed(self, value: Json) -> Json:
        if value["action"]["verb"] == "say":
            said = "application/vnd.microsoft.activity.message"
            return {"statusCode": 200, "type": said, "value": "<b>Noted</b> for you."}
        return {"statusCode": 200, "type": CARD, "value": card(text("Accepted by you"))}

    def _submitted(self, value: Json) -> Json:
        data = value["data"]
        if len(data["what"]) < 5:
            owner = {"title": "Olivia Bennett", "value": data["who"]} if "who" in data else None
            return note_form(data["what"], owner, "Please say a little more.")
        self.sent.append(data)
        return {}

    def _kept(self, value: Json) -> Json:
        said = value["messagePayload"]["body"]["content"]
        return note_form(said.removeprefix("<div>").removesuffix("</div>"))


def _found(value: Json) -> Json:
    people = {"Olivia Bennett": "o-1", "Tomasz Zieliński": "t-1"}
    wanted = value["queryText"].lower()
    rows = [{"title": k, "value": v} for k, v in people.items() if wanted in k.lower()]
    found = "application/vnd.microsoft.search.searchResponse"
    return {"statusCode": 200, "type": found, "value": {"results": rows}}
