"""views.*: modals and Home."""

from playground import modals
from playground.api import Call, method
from playground.refusal import Json, Refusal
from playground.shapes import view_json
from playground.world import View


def _answer(call: Call, view: View) -> Json:
    return {"view": view_json(call.house.world, view)}


def _trigger(call: Call) -> object:
    return call.args.get("trigger_id") or call.args.get("interactivity_pointer")


@method("views.open")
def open_view(call: Call) -> Json:
    return _answer(call, modals.open_modal(call.house, _trigger(call), call.args.get("view")))


@method("views.push")
def push_view(call: Call) -> Json:
    given = call.args.get("view")
    return _answer(call, modals.open_modal(call.house, _trigger(call), given, push=True))


@method("views.update")
def update_view(call: Call) -> Json:
    world = call.house.world
    if call.text("view_id"):
        view = world.view(call.args["view_id"])
    else:
        view = modals.view_by_external_id(world, call.args.get("external_id"))
    changed = modals.update_view(world, view, call.args.get("view"), call.args.get("hash"))
    return _answer(call, changed)


@method("views.publish")
def publish_view(call: Call) -> Json:
    user = call.text("user_id")
    if user not in call.house.world.people:
        raise Refusal("user_not_found")
    view = modals.publish_home(call.house, user, call.args.get("view"), call.args.get("hash"))
    return _answer(call, view)
