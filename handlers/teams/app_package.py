"""The app package that a Teams administrator uploads: the manifest with this bot's ids, and icons.

Manifest 1.30 has the `/` menu and messages that one person sees. For a tenant that refuses it there
is 1.19, of late 2024, without them: people mention the bot instead.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "package"
ICONS = ("color.png", "outline.png")
NEWEST, FALLBACK = "1.30", "1.19"
LONGEST_NAME = 32
"""Letters of who offers the app, as the manifest allows."""

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v{}/MicrosoftTeams.schema.json"


@dataclass(frozen=True)
class Publisher:
    """Who offers the app to people of the tenant; the pages are https addresses."""

    developer: str
    website: str
    privacy: str
    terms: str


def manifest(bot_id: str, by: Publisher, *, version: str = NEWEST) -> Json:
    """`bot_id`: the app registration's client id, which is the app's id as well."""
    template = json.loads((FOLDER / "manifest.json").read_text())
    values = {
        "app_id": bot_id,
        "bot_id": bot_id,
        "developer": by.developer,
        "website": by.website,
        "privacy": by.privacy,
        "terms": by.terms,
    }
    filled: Json = _filled(template, values)
    return filled if version == NEWEST else _older(filled)


def _filled(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    is_template = isinstance(part, str) and "${" in part
    return Template(part).substitute(values) if is_template else part


def _older(newest: Json) -> Json:
    """What is newer than the fallback left out."""
    older = newest | {"$schema": SCHEMA.format(FALLBACK), "manifestVersion": FALLBACK}
    del older["supportsChannelFeatures"]
    [bot] = older["bots"]
    lists = [
        {name: value for name, value in one.items() if name != "triggers"}
        for one in bot["commandLists"]
    ]
    kept = {name: value for name, value in bot.items() if name != "supportsTargetedMessages"}
    older["bots"] = [kept | {"commandLists": lists}]
    return older


def packed(bot_id: str, by: Publisher, *, version: str = NEWEST) -> bytes:
    """The zip file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        shown = json.dumps(manifest(bot_id, by, version=version), indent=2, ensure_ascii=False)
        package.writestr("manifest.json", shown)
        for icon in ICONS:
            package.writestr(icon, (FOLDER / icon).read_bytes())
    return whole.getvalue()
