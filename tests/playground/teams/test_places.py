"""Where the app is, who is there, and what the bot hears of it."""

from tests.playground.teams.conftest import Json, Stage


def kinds(stage: Stage) -> list[tuple[str, str | None]]:
    return [
        (a["type"], a.get("action") or a["channelData"].get("eventType")) for a in stage.bot.got
    ]


async def test_installing_in_a_chat_of_ones_own_opens_it(stage: Stage) -> None:
    answer = await stage.teams.open_personal("olivia")
    assert answer["conversation"].startswith("a:1")
    assert kinds(stage) == [("conversationUpdate", None), ("installationUpdate", "add")]
    update = stage.bot.got[0]
    assert [m["id"] for m in update["membersAdded"]] == [
        stage.teams.house.world.bot,
        stage.who("olivia"),
    ]
    assert "localTimezone" not in update
    again = await stage.teams.open_personal("olivia")
    assert (again["conversation"], len(stage.bot.got)) == (answer["conversation"], 2)


async def test_installing_in_a_team_names_team_and_channel(stage: Stage) -> None:
    await stage.teams.install("Alliances", by="grant")
    update = stage.bot.got[0]
    assert update["channelData"]["eventType"] == "teamMemberAdded"
    assert update["channelData"]["team"]["name"] == "Alliances"
    assert (
        update["channelData"]["settings"]["selectedChannel"]["id"] == update["conversation"]["id"]
    )
    assert update["from"]["aadObjectId"] == stage.object_id("grant")
    assert (await stage.teams.install("Alliances"))["error"] == "already_installed"


async def test_a_shared_channel_needs_the_app_by_itself(stage: Stage) -> None:
    assert (await stage.teams.install("Joint"))["error"] == "install_in_the_team_first"
    await stage.teams.install("Alliances")
    assert "BotNotInConversationRoster" in await stage.refused("Joint", text="hello")
    assert (await stage.teams.install("Alliance"))["error"] == "install_in_the_team"
    await stage.teams.install("Joint")
    assert await stage.say("Joint", text="hello")


async def test_an_upgrade_says_so(settled: Stage) -> None:
    await settled.teams.install("olivia", upgrade=True)
    assert kinds(settled) == [("installationUpdate", "add-upgrade")]


async def test_after_uninstalling_the_bot_is_out(settled: Stage) -> None:
    await settled.teams.uninstall("Alliances")
    assert kinds(settled) == [
        ("conversationUpdate", "teamMemberRemoved"),
        ("installationUpdate", "remove"),
    ]
    for room in ("Alliance", "Joint"):
        assert "403 BotNotInConversationRoster" in await settled.refused(room, text="hello")
    await settled.teams.uninstall("olivia")
    assert "BotNotInConversationRoster" in await settled.refused("olivia", text="hello")


async def test_members_come_and_go(settled: Stage) -> None:
    await settled.teams.remove_member("Alliances", "kwame")
    await settled.teams.add_member("Alliances", "kwame")
    await settled.teams.add_member("Joint", "hana")
    await settled.teams.add_member("Launch", "priya")
    assert [kind for _, kind in kinds(settled)] == [
        "teamMemberRemoved",
        "teamMemberAdded",
        "channelMemberAdded",
        None,
    ]
    added = settled.bot.got[2]["membersAdded"][0]
    assert added["membershipSource"]["tenantId"] == settled.tenant("Northwind Bio")
    refused = await settled.teams.add_member("Alliances", "priya")
    assert refused["error"] == "person_of_another_tenant"


async def test_a_channel_is_renamed_and_shared(settled: Stage) -> None:
    await settled.teams.rename_channel("Alliance", "Devices alliance")
    await settled.teams.share_channel("Joint", "Partners")
    await settled.teams.rename_channel("Alliances", "All alliances")
    renamed, shared, team = settled.bot.got
    assert renamed["channelData"]["eventType"] == "channelRenamed"
    assert renamed["channelData"]["channel"]["name"] == "Devices alliance"
    assert shared["channelData"]["sharedWithTeams"][0]["name"] == "Partners"
    assert team["channelData"]["team"]["name"] == "All alliances"
    assert settled.teams.messages("Joint", "hana") == []
    await settled.teams.unshare_channel("Joint", "Partners")
    assert settled.who("hana") not in settled.teams.house.world.people_in(
        settled.teams.house.world.room("Joint")
    )


async def test_channels_and_chats_are_made_and_removed(settled: Stage) -> None:
    made = await settled.teams.add_channel("Alliances", "Quality", "private")
    chat = await settled.teams.add_chat("Two firms", ["olivia", "priya"])
    assert chat["conversation"].endswith("@thread.v2")
    await settled.teams.delete_channel(made["conversation"])
    assert [kind for _, kind in kinds(settled)] == ["channelCreated", "channelDeleted"]
    assert (await settled.call("GET", f"conversations/{made['conversation']}/members"))[0] == 404


async def test_the_roster_tells_roles_and_tenants(settled: Stage) -> None:
    guest = await settled.teams.add_person("Helix Devices", "lena", "Lena Vogt", guest=True)
    await settled.teams.add_member("Alliances", guest["person"])
    rows = await members(settled, "Alliance")
    lena = next(row for row in rows if row["name"] == "Lena Vogt")
    assert (lena["userRole"], lena["tenantId"]) == ("guest", settled.tenant("Helix Devices"))
    assert "#EXT#" in lena["userPrincipalName"]
    joint = await members(settled, "Joint")
    priya = next(row for row in joint if row["name"] == "Priya Raman")
    assert (priya["userRole"], priya["tenantId"]) == ("user", settled.tenant("Northwind Bio"))


async def members(stage: Stage, room: str, query: str = "") -> list[Json]:
    path = f"conversations/{stage.room(room)}/pagedMembers{query}"
    status, said, _ = await stage.call("GET", path)
    assert status == 200, said
    rows: list[Json] = said["members"]
    return rows


async def test_somebody_in_a_shared_channel_twice_is_listed_twice(settled: Stage) -> None:
    await settled.teams.share_channel("Joint", "Partners")
    rows = [row for row in await members(settled, "Joint") if row["name"] == "Priya Raman"]
    kinds_of = [row["membershipSource"][0]["membershipType"] for row in rows]
    assert kinds_of == ["direct", "transitive"]


async def test_the_roster_comes_in_pages_of_at_least_fifty(settled: Stage) -> None:
    for number in range(60):
        made = await settled.teams.add_person("Helix Devices", f"p{number}", f"Person {number}")
        await settled.teams.add_member("Launch", made["person"])
    path = f"conversations/{settled.room('Launch')}/pagedMembers?pageSize=5"
    _, first, _ = await settled.call("GET", path)
    assert len(first["members"]) == 50
    token = first["continuationToken"]
    _, second, _ = await settled.call("GET", f"{path}&continuationToken={token}")
    assert (len(second["members"]), "continuationToken" in second) == (14, False)


async def test_one_member_is_found_by_account_or_object_id(settled: Stage) -> None:
    base = f"conversations/{settled.room('Alliance')}/members"
    for asked in (settled.who("ines"), settled.object_id("ines")):
        _, said, _ = await settled.call("GET", f"{base}/{asked}")
        assert (said["name"], said["aadObjectId"]) == ("Inês Carvalho", settled.object_id("ines"))
    status, said, _ = await settled.call("GET", f"{base}/{settled.who('priya')}")
    assert (status, said["error"]["code"]) == (404, "MemberNotFoundInConversation")


async def test_a_team_is_described_where_the_app_is(settled: Stage) -> None:
    team = settled.room("Alliances/General")
    _, said, _ = await settled.call("GET", f"teams/{team}")
    assert (said["name"], said["memberCount"], said["channelCount"]) == ("Alliances", 6, 3)
    _, said, _ = await settled.call("GET", f"teams/{team}/conversations")
    assert [row["name"] for row in said["conversations"]] == [None, "Alliance", "Joint"]
    await settled.teams.uninstall("Alliances")
    assert (await settled.call("GET", f"teams/{team}"))[0] == 403
    assert (await settled.call("GET", "teams/19:nowhere@thread.tacv2"))[0] == 404


async def test_somebody_changes(settled: Stage) -> None:
    assert (await settled.teams.person("kwame", zone="Africa/Accra", guest=True))["ok"]
    assert (await settled.teams.person("kwame", zone="Nowhere/Land"))["error"] == "invalid_zone"
    assert (await settled.teams.person("kwame", id="x"))["error"] == "unknown_change"
    shown = {p["handle"]: p for p in settled.teams.state()["people"]}["kwame"]
    assert (shown["zone"], shown["guest"]) == ("Africa/Accra", True)


async def test_the_world_goes_back_to_its_seed(settled: Stage) -> None:
    await settled.say("Alliance", text="hello")
    await settled.teams.reset()
    state = settled.teams.state()
    assert not any(room["bot"] for room in state["conversations"])
    assert len(state["people"]) == 10
    assert settled.teams.messages("Alliance") == []
