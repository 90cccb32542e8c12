"""A small bot that uses of Slack what the page has to show."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


LINKS = "<javascript:alert(1)|bad> <https://example.com/x|good> <mailto:a@example.com|mail>"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def button(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": "x", **more}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    element = {**element, "action_id": "value"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def note_form(channel: str, words: str = "") -> Json:
    """Words, an owner who is searched for, a day, and a choice."""
    typed: Json = {"type": "plain_text_input", "multiline": True}
    choices = [{"text": plain(word), "value": word.lower()} for word in ("Both firms", "Mine")]
    return {
        "type": "modal",
        "callback_id": "note",
        "private_metadata": channel,
        "title": plain("New note"),
        "submit": plain("Record"),
        "close": plain("Cancel"),
        "blocks": [
            field("what", "What", typed | ({"initial_value": words} if words else {})),
            field("who", "Owner", {"type": "external_select", "min_query_length": 1}),
            field("due", "Due", {"type": "datepicker"}, optional=True, hint=plain("In your zone")),
            field(
                "see", "Who sees it", {"type": "radio_buttons", "options": choices}, optional=True
            ),
        ],
    }


def where_form(channel: str) -> Json:
    """One channel of one's own; what is answered names it."""
    kinds = {"include": ["public", "private"], "exclude_external_shared_channels": True}
    return {
        "type": "modal",
        "callback_id": "where",
        "private_metadata": channel,
        "title": plain("Where?"),
        "submit": plain("Go there"),
        "close": plain("Not yet"),
        "blocks": [field("where", "Channel", {"type": "conversations_select", "filter": kinds})],
    }


def echoed(text: str) -> list[Json]:
    """The same words in every kind of place where words can stand."""
    rich: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    cell = {"type": "raw_text", "text": text}
    return [
        {"type": "header", "text": plain(text)},
        section(escaped(text)) | {"accessory": button(text, "echo.accessory")},
        {"type": "section", "fields": [plain(text)]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": escaped(text)}]},
        {"type": "rich_text", "elements": [rich]},
        {"type": "table", "rows": [[cell], [cell]]},
    ]


def small_bot(token: str, secret: str, slack_url: str) -> AsyncApp:
    client = AsyncWebClient(token=token, base_url=f"{slack_url}/api/")
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=True)
    _commands(app)
    _notes(app)
    _home(app)
    return app


def _commands(app: AsyncApp) -> None:
    @app.command("/alliance")
    async def alliance(ack: Any, command: Json, client: AsyncWebClient) -> None:
        word, _, rest = command.get("text", "").partition(" ")
        if word == "action":
            form = note_form(command["channel_id"], rest)
            await client.views_open(trigger_id=command["trigger_id"], view=form)
        elif word == "where":
            view = where_form(command["channel_id"])
            await client.views_open(trigger_id=command["trigger_id"], view=view)
        elif word == "echo":
            await client.chat_postMessage(
                channel=command["channel_id"], text=escaped(rest), blocks=echoed(rest)
            )
        elif word == "links":
            await client.chat_postMessage(
                channel=command["channel_id"], text="links", blocks=[section(LINKS)]
            )
        await ack(text="Hello, this is for you alone." if word == "hello" else "")


def _notes(app: AsyncApp) -> None:
    @app.shortcut("note.new")
    async def new(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=note_form("C0SHARED"))
        await ack()

    @app.shortcut("note.keep")
    async def keep(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:
        form = note_form(shortcut["channel"]["id"], shortcut["message"]["text"])
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form)
        await ack()

    @app.options("value")
    async def owners(ack: Any, options: Json) -> None:
        people = {"U0PRIYA": "Priya Raman", "U0OLIVIA": "Olivia Bennett"}
        wanted = options["value"].lower()
        found = [
            {"text": plain(name), "value": user}
            for user, name in people.items()
            if wanted in name.lower()
        ]
        await ack(options=found)

    @app.view("note")
    async def record(ack: Any, view: Json, client: AsyncWebClient) -> None:
        values = {block: row["value"] for block, row in view["state"]["values"].items()}
        words = values["what"]["value"]
        if len(words) < 5:
            await ack(response_action="errors", errors={"what": "Please say a little more."})
            return
        owner = values["who"]["selected_option"]["value"]
        due = values["due"]["selected_date"] or "open"
        confirm = {
            "title": plain("Really done?"),
            "text": plain("Everybody will see it."),
            "confirm": plain("Yes, done"),
            "deny": plain("Not yet"),
        }
        said = section(f"*Note*: {escaped(words)}, <@{owner}>, {due}")
        buttons = [button("Done", "note.done", style="primary", confirm=confirm)]
        await client.chat_postMessage(
            channel=view["private_metadata"],
            text=f"Note: {escaped(words)}",
            blocks=[said, {"type": "actions", "elements": buttons}],
        )
        await ack()

    @app.view("where")
    async def there(ack: Any, view: Json, client: AsyncWebClient) -> None:
        chosen = view["state"]["values"]["where"]["value"]["selected_conversation"]
        await client.chat_postMessage(channel=view["private_metadata"], text=f"To {chosen}")
        await ack()

    @app.action("note.done")
    async def done(ack: Any, body: Json, client: AsyncWebClient) -> None:
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        line = f"Done by <@{body['user']['id']}> :white_check_mark:"
        await client.chat_update(channel=channel, ts=ts, text="Done", blocks=[section(line)])
        await ack()


def _home(app: AsyncApp) -> None:
    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "header", "text": plain("Your open notes")}, section("Nothing is open.")]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("reaction_added")
    @app.event("app_mention")
    async def noticed() -> None:
        """Nothing is to be done about it."""

    @app.event("message")
    async def heard(event: Json, client: AsyncWebClient) -> None:
        if "bot_id" not in event:
            await client.chat_postMessage(channel=event["channel"], text="I read that.")
