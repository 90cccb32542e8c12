"""Modals and Home: opening, pushing, updating, closing."""

import secrets
from typing import Any

from playground.fields import initial_state
from playground.house import House
from playground.kit import check_view, with_ids
from playground.refusal import Json, Refusal
from playground.world import View, World

MOST_VIEWS = 3


def open_modal(house: House, trigger_id: object, given: Any, *, push: bool = False) -> View:
    """Open a modal for the person a trigger id belongs to, or push onto the one it came from."""
    body = check_view(given, "modal")
    trigger = house.tickets.exchange(trigger_id)
    world = house.world
    _check_external_id(world, body)
    if not push:
        world.stacks[trigger.user] = []
    elif trigger.view is None or not _on_stack(world, trigger.user, trigger.view):
        raise Refusal("not_found")
    return push_view(world, trigger.user, body)


def _on_stack(world: World, user: str, view_id: str) -> bool:
    return any(view.id == view_id for view in world.stacks.get(user, []))


def push_view(world: World, user: str, body: Json) -> View:
    stack = world.stacks.setdefault(user, [])
    if len(stack) >= MOST_VIEWS:
        raise Refusal("push_limit_reached")
    view_id = world.next_id("V")
    root, previous = (stack[0].id, stack[-1].id) if stack else (view_id, None)
    view = View(view_id, user, {}, {}, root, previous, "")
    _fill(world, view, body)
    stack.append(view)
    return view


def _fill(world: World, view: View, body: Json) -> None:
    view.body = body | {"blocks": with_ids(world, body["blocks"])}
    view.state = initial_state(view.body["blocks"], view.state)
    view.errors = {}
    view.hash = f"{int(world.now().timestamp())}.{secrets.token_hex(4)}"
    world.revision.bump()


def _check_external_id(world: World, body: Json, but: View | None = None) -> None:
    wanted = body.get("external_id")
    views = [v for stack in world.stacks.values() for v in stack] + list(world.homes.values())
    if wanted and any(v.body.get("external_id") == wanted and v is not but for v in views):
        raise Refusal("duplicate_external_id")


def update_view(world: World, view: View, given: Any, given_hash: object = None) -> View:
    body = check_view(given, view.body["type"])
    _check_hash(view, given_hash)
    _check_external_id(world, body, view)
    _fill(world, view, body)
    return view


def _check_hash(view: View, given_hash: object) -> None:
    if given_hash and given_hash != view.hash:
        raise Refusal("hash_conflict")


def view_by_external_id(world: World, external_id: object) -> View:
    for stack in world.stacks.values():
        for view in stack:
            if external_id and view.body.get("external_id") == external_id:
                return view
    raise Refusal("not_found")


def publish_home(house: House, user: str, given: Any, given_hash: object = None) -> View:
    """External people never see it, but the answer is the same: that is how Slack does it."""
    if not house.manifest.home_enabled:
        raise Refusal("not_enabled")
    body = check_view(given, "home")
    world = house.world
    view = world.homes.get(user)
    if view is None:
        view_id = world.next_id("V")
        view = View(view_id, user, {}, {}, view_id, None, "")
    else:
        _check_hash(view, given_hash)
    _fill(world, view, body)
    world.homes[user] = view
    return view


def top_view(world: World, user: str) -> View | None:
    stack = world.stacks.get(user)
    return stack[-1] if stack else None


def close_top(world: World, user: str) -> None:
    stack = world.stacks.get(user, [])
    if stack:
        stack.pop()
    world.revision.bump()


def clear(world: World, user: str) -> None:
    world.stacks[user] = []
    world.revision.bump()


def apply_response(world: World, view: View, response: Any) -> None:
    """What the bot answered to a submission; empty closes the view it was about."""
    if response in (None, {}, ""):
        _close(world, view)
        return
    if not isinstance(response, dict):
        raise Refusal("invalid_response_action")
    match response.get("response_action"):
        case "errors":
            _show_errors(world, view, response.get("errors"))
        case "update":
            update_view(world, view, response.get("view"))
        case "push":
            body = check_view(response.get("view"), "modal")
            _check_external_id(world, body)
            push_view(world, view.user, body)
        case "clear":
            clear(world, view.user)
        case _:
            raise Refusal("invalid_response_action")


def _close(world: World, view: View) -> None:
    stack = world.stacks.get(view.user, [])
    if view in stack:
        stack.remove(view)
    world.revision.bump()


def _show_errors(world: World, view: View, errors: Any) -> None:
    inputs = {b["block_id"] for b in view.body["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise Refusal("invalid_response_errors")
    if not all(isinstance(words, str) and words for words in errors.values()):
        raise Refusal("invalid_response_errors")
    view.errors = errors
    world.revision.bump()
