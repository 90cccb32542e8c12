"""The app package: a valid manifest that says what the code does, and its icons."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.__main__ import cli
from handlers import commands
from handlers.acts import ACTS
from handlers.teams import app_package
from handlers.teams.app_package import FALLBACK, NEWEST, Publisher, manifest, packed

Json = dict[str, Any]

BOT = "11111111-2222-3333-4444-555555555555"
BY = Publisher("Northwind Bio", *["https://northwind-bio.example/alliance"] * 3)


def typed(made: Json) -> list[str]:
    [bot] = made["bots"]
    return [one["title"] for listed in bot["commandLists"] for one in listed["commands"]]


def test_every_command_it_offers_is_one_that_the_bot_understands() -> None:
    words = typed(manifest(BOT, BY))
    assert words
    assert [word for word in words if word not in commands.VERBS] == []
    for listed in manifest(BOT, BY)["bots"][0]["commandLists"]:
        for one in listed["commands"]:
            example = one["description"].rpartition(": ")[2]
            if example.startswith(one["title"]):
                assert isinstance(commands.parse(example), commands.Command)


def test_every_message_action_is_an_act() -> None:
    [extension] = manifest(BOT, BY)["composeExtensions"]
    assert [one["id"] for one in extension["commands"]] == ["action_item.from_message"]
    assert all(one["id"] in ACTS for one in extension["commands"])


@pytest.mark.skipif(
    "TEAMS_MANIFEST_SCHEMA" not in os.environ,
    reason="TEAMS_MANIFEST_SCHEMA names no schema to compare with",
)
def test_the_manifest_is_valid() -> None:
    schema = json.loads(Path(os.environ["TEAMS_MANIFEST_SCHEMA"]).read_text())
    made = manifest(BOT, BY)
    jsonschema.Draft4Validator(schema).validate(made)
    pinned = schema["properties"]["manifestVersion"]["const"]  # which draft 4 does not look at
    assert made["manifestVersion"] == pinned == NEWEST
    assert f"/v{NEWEST}/" in made["$schema"]
    broken = made | {"accentColor": "blue"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate(broken)


@pytest.mark.parametrize("version", [NEWEST, FALLBACK])
def test_it_says_that_the_bot_hands_over_files(version: str) -> None:
    [bot] = manifest(BOT, BY, version=version)["bots"]
    assert bot["supportsFiles"] is True
    assert "personal" in bot["scopes"]


def test_the_older_manifest_leaves_out_what_is_newer() -> None:
    older = manifest(BOT, BY, version=FALLBACK)
    assert older["manifestVersion"] == FALLBACK
    assert f"/v{FALLBACK}/" in older["$schema"]
    said = json.dumps(older)
    for newer in ("supportsTargetedMessages", "triggers", "supportsChannelFeatures"):
        assert newer not in said
        assert newer in json.dumps(manifest(BOT, BY))
    assert typed(older) == typed(manifest(BOT, BY))
    for listed in older["bots"][0]["commandLists"]:
        assert len(listed["commands"]) <= 10
        assert all(len(one["description"]) <= 128 for one in listed["commands"])


def test_the_package_holds_the_manifest_and_both_icons_in_their_sizes() -> None:
    package = zipfile.ZipFile(io.BytesIO(packed(BOT, BY)))
    assert sorted(package.namelist()) == ["color.png", "manifest.json", "outline.png"]
    made = json.loads(package.read("manifest.json"))
    assert made["bots"][0]["botId"] == made["id"] == BOT
    assert "${" not in json.dumps(made)
    colour, outline = (Image.open(io.BytesIO(package.read(icon))) for icon in app_package.ICONS)
    assert (colour.size, outline.size) == ((192, 192), (32, 32))
    seen = {pixel[:3] for pixel in outline.convert("RGBA").get_flattened_data() if pixel[3] > 0}
    assert seen == {(255, 255, 255)}, "white on nothing, as Teams asks"


def test_the_command_writes_it_with_the_ids_from_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    asked = ["teams-package", "--website", "https://northwind-bio.example"]
    without = run(cli, asked)
    assert without.exit_code == 1
    assert "TEAMS_CLIENT_ID" in without.output
    for name, value in (
        ("TEAMS_CLIENT_ID", BOT),
        ("TEAMS_CLIENT_SECRET", "s"),
        ("TEAMS_TENANT_ID", BOT),
    ):
        monkeypatch.setenv(name, value)
    plain = run(cli, ["teams-package", "--website", "http://northwind-bio.example"])
    assert plain.exit_code == 1
    assert "https://" in plain.output
    written = run(cli, asked)
    assert written.exit_code == 0, written.output
    package = zipfile.ZipFile(tmp_path / "alliance-teams.zip")
    assert BOT in package.read("manifest.json").decode()
