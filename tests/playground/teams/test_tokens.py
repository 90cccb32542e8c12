"""Tokens in both directions."""

from datetime import UTC, datetime

import jwt
import pytest

from playground.teams import APP_ID
from tests.playground.teams.conftest import Stage


async def test_what_the_bot_is_sent_is_signed_with_a_served_key(settled: Stage) -> None:
    await settled.teams.message("olivia", "personal", "hello")
    claims = settled.decode(settled.bot.tokens[-1], await settled.keys())
    assert claims["aud"] == APP_ID
    assert claims["serviceurl"] == settled.bot.got[-1]["serviceUrl"]
    assert claims["exp"] > datetime.now(UTC).timestamp()
    assert (await settled.keys())["keys"][0]["endorsements"] == ["msteams"]


async def test_the_headers_name_conversation_and_tenant(settled: Stage) -> None:
    await settled.teams.message("olivia", "personal", "hello")
    headers, activity = settled.bot.headers[-1], settled.bot.got[-1]
    assert headers["x-ms-conversation-id"] == activity["conversation"]["id"]
    assert headers["x-ms-tenant-id"] == settled.tenant("Helix Devices")


async def test_after_a_change_of_keys_the_former_is_no_longer_served(settled: Stage) -> None:
    await settled.teams.message("olivia", "personal", "one")
    settled.teams.rotate_keys()
    await settled.teams.message("olivia", "personal", "two")
    keys = await settled.keys()
    assert settled.decode(settled.bot.tokens[-1], keys)
    assert settled.bot.tokens[-2]
    old = jwt.get_unverified_header(settled.bot.tokens[-2])["kid"]
    assert old not in [key["kid"] for key in keys["keys"]]


async def test_the_configuration_names_the_keys(stage: Stage) -> None:
    async with stage.http.get(f"{stage.url}/v1/.well-known/openidconfiguration") as got:
        said = await got.json()
    assert said["issuer"] == "https://api.botframework.com"
    assert said["jwks_uri"] == f"{stage.url}/v1/.well-known/keys"


async def test_the_token_endpoint_gives_a_token_to_the_app(stage: Stage) -> None:
    status, said = await stage.ask_token()
    assert (status, said["token_type"], said["expires_in"]) == (200, "Bearer", 3599)
    assert jwt.decode(said["access_token"], options={"verify_signature": False})["appid"] == APP_ID


@pytest.mark.parametrize(
    ("tenant", "changes", "status", "error", "code"),
    [
        ("botframework.com", {"client_secret": "no"}, 401, "invalid_client", "AADSTS7000215"),
        ("botframework.com", {"client_id": "no"}, 400, "unauthorized_client", "AADSTS700016"),
        ("botframework.com", {"scope": "openid"}, 400, "invalid_scope", "AADSTS70011"),
        ("botframework.com", {"grant_type": "x"}, 400, "unsupported_grant_type", "AADSTS70003"),
        ("nowhere", {}, 400, "invalid_request", "AADSTS90002"),
    ],
)
async def test_the_token_endpoint_refuses_as_entra_does(
    stage: Stage, tenant: str, changes: dict[str, str], status: int, error: str, code: str
) -> None:
    got, said = await stage.ask_token(tenant, **changes)
    assert (got, said["error"]) == (status, error)
    assert code in said["error_description"]


async def test_no_call_goes_without_a_token_of_ours(settled: Stage) -> None:
    room = settled.room("Alliance")
    for token in ("", "made.up.token"):
        status, said, _ = await settled.call("GET", f"conversations/{room}/members", token=token)
        assert status == 401
        assert "denied" in said["message"]


async def test_an_expired_token_is_refused(settled: Stage) -> None:
    assert await settled.say("Alliance", text="hello")
    settled.teams.expire_tokens()
    status, _, _ = await settled.post("Alliance", text="hello again")
    assert status == 401
    settled.teams.house.tokens.seconds = -1
    settled.token = ""
    status, _, _ = await settled.post("Alliance", text="hello again")
    assert status == 401


async def test_a_token_for_one_tenant_does_not_write_in_another(settled: Stage) -> None:
    tenant = settled.tenant("Northwind Bio")
    settled.token = (await settled.ask_token(tenant))[1]["access_token"]
    assert "ForbiddenOperationException" in await settled.refused("Alliance", text="hello")


async def test_neither_secret_nor_token_is_in_the_log(settled: Stage) -> None:
    await settled.say("Alliance", text="hello")
    shown = str(settled.teams.log())
    assert settled.token not in shown
    assert settled.teams.app_secret not in shown


async def test_another_host_than_the_service_url_is_refused(settled: Stage) -> None:
    base = f"{settled.url}/emea/nowhere/"
    room = settled.room("Alliance")
    status, said, _ = await settled.call("GET", f"conversations/{room}/members", base=base)
    assert (status, said["error"]["code"]) == (403, "InvalidBotApiHost")


async def test_a_former_service_url_works_until_it_is_gone(settled: Stage) -> None:
    former = settled.teams.house.service_url(settled.tenant("Helix Devices"))
    path = f"conversations/{settled.room('Alliance')}/members"
    now = settled.teams.change_service_url()
    assert now != former
    assert (await settled.call("GET", path, base=former))[0] == 200
    await settled.teams.message("olivia", "personal", "hello")
    assert settled.bot.got[-1]["serviceUrl"] == now
    last = settled.teams.change_service_url("amer", gone=True)
    assert (await settled.call("GET", path, base=now))[0] == 403
    assert (await settled.call("GET", path, base=last))[0] == 200


async def test_only_programs_on_this_machine_are_answered(stage: Stage) -> None:
    headers = {"origin": "https://elsewhere.example"}
    async with stage.http.get(f"{stage.url}/v1/.well-known/keys", headers=headers) as got:
        assert got.status == 403
