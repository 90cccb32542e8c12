"""Everything the environment and `.env` can say. Nothing else reads them."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+pg8000://")
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
WHERE = {
    "TEAMS_CLIENT_ID": "the app registration's Application (client) ID",
    "TEAMS_CLIENT_SECRET": "the app registration's Certificates & secrets",
    "TEAMS_TENANT_ID": "the app registration's Directory (tenant) ID",
}
PREFIXES = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}


class WrongSettings(Exception):
    """Names each setting that is missing or wrong, and what it should be."""


@dataclass(frozen=True)
class SlackCredentials:
    """With an app token the bot connects by Socket Mode, otherwise it listens on HTTP."""

    bot_token: str
    app_token: str | None = None
    signing_secret: str | None = None
    api_url: str = "https://slack.com/api/"

    @property
    def socket_mode(self) -> bool:
        return self.app_token is not None


@dataclass(frozen=True)
class TeamsCredentials:
    """Ids are GUIDs in lower case. `tenant_id` is the home; conversations of `other_tenants` are
    let in as well. `firm` names the home's firm. `several`: the bot is registered for several
    tenants, as was possible until July 2025. `unlimited`: the service takes any number of messages.
    `upload_url`: where files may be put besides Microsoft's own storage, by a local Teams.
    """

    client_id: str
    client_secret: str
    tenant_id: str
    other_tenants: tuple[str, ...] = ()
    firm: str = "Our firm"
    several: bool = False
    login_url: str = "https://login.microsoftonline.com"
    openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    service_url: str = "https://smba.trafficmanager.net/teams"
    unlimited: bool = False
    upload_url: str = ""

    @property
    def tenants(self) -> frozenset[str]:
        return frozenset((self.tenant_id, *self.other_tenants))


@dataclass(frozen=True)
class Settings:
    slack: SlackCredentials | None = None
    teams: TeamsCredentials | None = None
    database_url: str = "sqlite:///data/alliance.db"
    host: str = "0.0.0.0"
    port: int = 3000
    capture_reaction: str = "ballot_box_with_check"
    log_format: str = "text"


def read_settings(
    environment: Mapping[str, str] | None = None, dotenv: Path = Path(".env")
) -> Settings:
    """The environment wins over the file. Raises WrongSettings, naming every one that is wrong."""
    found = {name: value for name, value in dotenv_values(dotenv).items() if value is not None}
    found |= os.environ if environment is None else environment
    said = {name: value.strip() for name, value in found.items() if value.strip()}
    wrong: list[str] = []
    settings = Settings(
        slack=_slack(said, wrong),
        teams=_teams(said, wrong),
        database_url=_database_url(said, wrong),
        host=said.get("HOST", Settings.host),
        port=_port(said, wrong),
        capture_reaction=said.get("CAPTURE_REACTION", Settings.capture_reaction).strip(":"),
        log_format=_log_format(said, wrong),
    )
    if wrong:
        raise WrongSettings("\n".join(wrong))
    return settings


def _database_url(said: Mapping[str, str], wrong: list[str]) -> str:
    url = said.get("DATABASE_URL", Settings.database_url)
    if not url.startswith(DATABASES):
        wrong.append(
            "DATABASE_URL must begin with sqlite:/// and a file's path, or with postgresql://"
        )
    return url


def _port(said: Mapping[str, str], wrong: list[str]) -> int:
    text = said.get("PORT", str(Settings.port))
    if not text.isdecimal() or not 0 < int(text) < 65536:
        wrong.append(f"PORT must be a number from 1 to 65535, not “{text}”.")
        return Settings.port
    return int(text)


def _log_format(said: Mapping[str, str], wrong: list[str]) -> str:
    form = said.get("LOG_FORMAT", Settings.log_format)
    if form not in ("text", "json"):
        wrong.append(f"LOG_FORMAT is text or json, not “{form}”.")
    return form


def _slack(said: Mapping[str, str], wrong: list[str]) -> SlackCredentials | None:
    names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
    given = {name: said[name] for name in names if name in said}
    if not given:
        return None
    wrong += [
        f"{name} must begin with {prefix}"
        for name, prefix in PREFIXES.items()
        if name in given and not given[name].startswith(prefix)
    ]
    if "SLACK_BOT_TOKEN" not in given:
        wrong.append("SLACK_BOT_TOKEN is missing (OAuth & Permissions, Bot User OAuth Token)")
    if len(given) == 1 and "SLACK_BOT_TOKEN" in given:
        wrong.append(
            "SLACK_APP_TOKEN (for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP) is missing; "
            "both are under Basic Information"
        )
    return SlackCredentials(
        bot_token=given.get("SLACK_BOT_TOKEN", ""),
        app_token=given.get("SLACK_APP_TOKEN"),
        signing_secret=given.get("SLACK_SIGNING_SECRET"),
        api_url=said.get("SLACK_API_URL", SlackCredentials.api_url),
    )


def _teams(said: Mapping[str, str], wrong: list[str]) -> TeamsCredentials | None:
    names = ("TEAMS_CLIENT_ID", "TEAMS_CLIENT_SECRET", "TEAMS_TENANT_ID")
    given = {name: said[name] for name in names if name in said}
    if not given:
        return None
    wrong += [f"{name} is missing ({WHERE[name]})" for name in names if name not in given]
    others = [one for one in said.get("TEAMS_OTHER_TENANTS", "").replace(",", " ").split() if one]
    ids = [(name, given.get(name, "")) for name in ("TEAMS_CLIENT_ID", "TEAMS_TENANT_ID")]
    ids += [("TEAMS_OTHER_TENANTS", one) for one in others]
    wrong += [
        f"{name} must be an id such as 00000000-0000-0000-0000-000000000000, not “{value}”."
        for name, value in ids
        if value and not GUID.fullmatch(value)
    ]
    return TeamsCredentials(
        client_id=given.get("TEAMS_CLIENT_ID", "").casefold(),
        client_secret=given.get("TEAMS_CLIENT_SECRET", ""),
        tenant_id=given.get("TEAMS_TENANT_ID", "").casefold(),
        other_tenants=tuple(one.casefold() for one in others),
        firm=said.get("TEAMS_FIRM", TeamsCredentials.firm),
        several=_is_for_several(said, wrong),
    )


def _is_for_several(said: Mapping[str, str], wrong: list[str]) -> bool:
    kind = said.get("TEAMS_BOT_TYPE", "single")
    if kind not in ("single", "multi"):
        wrong.append(f"TEAMS_BOT_TYPE is single or multi, as the bot is registered, not “{kind}”.")
    return kind == "multi"


def keep_dotenv_closed() -> None:
    """From now on no library reads `.env` by itself: what is in it is ours to read."""
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
