"""What people of the partner can do and be seen as, and what guests can."""

from typing import Any

import pytest

from tests.playground.conftest import Stage, actions, button, modal

SHARED = "C0SHARED"


@pytest.fixture
def listening(stage: Stage) -> Stage:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await ack("noted")

    @stage.app.shortcut("start")
    async def start(ack: Any) -> None:
        await ack()

    return stage


async def test_external_people_have_no_commands_or_shortcuts(listening: Stage) -> None:
    slack = listening.slack
    for answer in (
        await slack.command("olivia", SHARED, "/act"),
        await slack.shortcut("olivia", "start"),
    ):
        assert answer == {
            "ok": False,
            "error": "not_available_to_external_people",
            "messages": [],
        }
    assert slack.log() == []


async def test_guests_have_commands_and_shortcuts(listening: Stage) -> None:
    assert (await listening.slack.command("lena", SHARED, "/act"))["ok"]
    assert (await listening.slack.shortcut("lena", "start"))["ok"]
    shown = (await listening.client.users_info(user="U0LENA"))["user"]
    assert (shown["is_restricted"], shown["team_id"]) == (True, "T0NORTH")


async def test_an_external_profile_has_neither_email_nor_locale(stage: Stage) -> None:
    ours = (await stage.client.users_info(user="U0PRIYA", include_locale=True))["user"]
    theirs = (await stage.client.users_info(user="U0OLIVIA", include_locale=True))["user"]
    unzoned = (await stage.client.users_info(user="U0KWAME"))["user"]
    assert ours["locale"]
    assert "is_stranger" not in ours
    assert (theirs["team_id"], theirs["is_stranger"]) == ("T0HELIX", False)
    assert "locale" not in theirs
    assert "email" not in theirs["profile"]
    assert theirs["tz"] == "Europe/London"
    assert "tz" not in unzoned


async def test_people_without_a_common_channel_are_strangers(stage: Stage) -> None:
    assert (await stage.slack.command("priya", SHARED, "/remove @olivia"))["ok"]
    shown = (await stage.client.users_info(user="U0OLIVIA"))["user"]
    assert shown["is_stranger"] is True
    answer = await stage.refused("conversations.open", users="U0OLIVIA")
    assert answer["error"] == "user_not_visible"
    answer = await stage.slack.message("olivia", SHARED, "am I still here?")
    assert answer["error"] == "not_in_channel"


async def test_home_does_not_exist_for_external_people(stage: Stage) -> None:
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    published = await stage.client.views_publish(user_id="U0OLIVIA", view=view)
    assert published["ok"]
    assert stage.slack.home_view("olivia") is None
    assert (await stage.slack.home("olivia"))["view"] is None
    assert stage.sent("app_home_opened") == []


async def test_a_submission_names_the_persons_own_team(stage: Stage) -> None:
    bodies: list[dict[str, Any]] = []

    @stage.app.action("go")
    async def go(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @stage.app.view("form")
    async def sent(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()

    card = await stage.client.chat_postMessage(
        channel=SHARED, text="card", blocks=[actions(button("go"))]
    )
    answer = await stage.slack.click("ines", SHARED, card["ts"], action_id="go")
    await stage.slack.submit("ines", answer["view"]["id"], {})
    body = bodies[0]
    assert body["team"]["id"] == "T0HELIX"
    assert body["user"]["team_id"] == "T0HELIX"
    assert body["view"]["app_installed_team_id"] == "T0NORTH"


async def test_a_mention_by_a_partner_carries_their_team(stage: Stage) -> None:
    @stage.app.event("app_mention")
    async def mention(say: Any) -> None:
        await say("here")

    answer = await stage.slack.message("tomasz", SHARED, "@Helper are you there?")
    assert [m["text"] for m in answer["messages"]] == ["<@U0BOT> are you there?", "here"]
    envelope = stage.sent("app_mention")[0]
    assert envelope["is_ext_shared_channel"]
    assert envelope["authorizations"][0]["team_id"] == "T0NORTH"
    assert envelope["event"]["user_team"] == envelope["event"]["team"] == "T0HELIX"


async def test_both_firms_have_the_same_roles(stage: Stage) -> None:
    users = [u for u in stage.slack.state()["users"] if not u["is_bot"]]
    for external in (True, False):
        titles = [u["title"].lower() for u in users if u["external"] is external]
        for role, number in [
            ("alliance manager", 1),
            ("executive sponsor", 1),
            ("business lead", 1),
            ("team member", 3),
        ]:
            assert sum(role in title for title in titles) == number
    assert {u["tz"] for u in users} == {
        "Europe/Berlin",
        "America/New_York",
        "Europe/London",
        None,
    }


async def test_a_channel_may_stop_being_shared(stage: Stage) -> None:
    await stage.slack.channel(SHARED, shared=False)
    rooms = {c["id"]: c for c in stage.slack.state()["channels"]}
    assert rooms[SHARED]["shared"] is False
    assert "U0OLIVIA" not in rooms[SHARED]["members"]
    await stage.slack.channel(SHARED, shared=True, new_id="C0AGAIN")
    assert stage.sent("channel_shared")[0]["event"]["connected_team_id"] == "T0HELIX"
    assert (await stage.refused("conversations.info", channel=SHARED))[
        "error"
    ] == "channel_not_found"
