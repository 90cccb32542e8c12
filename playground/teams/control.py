"""The control interface to the local Teams: /_control/teams, beside that of the local Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from playground.control import Arguments, changes, get, post
from playground.refusal import Refusal
from playground.wire import KEPT

if TYPE_CHECKING:
    from playground.teams.app import Teams

_ARGUMENTS: dict[str, Arguments] = {
    "message": ({"person", "conversation", "text"}, {"thread", "targeted"}),
    "edit": ({"person", "message_id", "text"}, set()),
    "delete": ({"person", "message_id"}, set()),
    "undelete": ({"person", "message_id"}, set()),
    "reaction": ({"person", "message_id", "type"}, {"added"}),
    "click": ({"person", "message_id", "action"}, {"inputs"}),
    "look": ({"person", "message_id"}, set()),
    "submit": ({"person"}, {"values", "button"}),
    "close_dialog": ({"person"}, set()),
    "search": ({"person", "field", "words"}, {"message_id", "typed"}),
    "message_action": ({"person", "command_id", "message_id"}, set()),
    "accept_file": ({"person", "message_id"}, set()),
    "decline_file": ({"person", "message_id"}, set()),
    "open_personal": ({"person"}, set()),
    "install": ({"where"}, {"by"}),
    "uninstall": ({"where"}, {"by"}),
    "add_member": ({"where", "person"}, {"by"}),
    "remove_member": ({"where", "person"}, {"by"}),
    "block": ({"where"}, {"blocked"}),
    "fault": ({"method"}, {"status", "error", "retry_after", "times", "after", "delay"}),
}


def routes(teams: Teams) -> list[Route]:
    async def state(request: Request) -> Any:
        return teams.state()

    async def messages(request: Request) -> Any:
        return teams.messages(request.path_params["id"], request.query_params.get("as"))

    async def dialogs(request: Request) -> Any:
        return teams.dialogs(request.path_params["id"])

    async def log(request: Request) -> Any:
        return teams.log()

    async def file(request: Request) -> Response:
        """To be kept, never to be shown: what is in it may be anything."""
        try:
            data = teams.file(request.path_params["id"])
        except Refusal:
            return PlainTextResponse("no such file", 404)
        return Response(data, media_type="application/octet-stream", headers=KEPT)

    return [
        Route("/_control/teams/files/{id}", file),
        get("teams/state", state),
        get("teams/messages/{id}", messages),
        get("teams/dialogs/{id}", dialogs),
        get("teams/log", log),
        get("teams/changes", changes(teams.changes)),
        *(post(f"teams/{name}", getattr(teams, name), args) for name, args in _ARGUMENTS.items()),
    ]
