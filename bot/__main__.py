"""The command line: run, playground, migrate, doctor, request, teams-package."""

import asyncio
import gc
import logging
import signal
import socket
import sys
import webbrowser
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, get_args

import structlog
import typer
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from bot import request_page
from bot.app import Bot, open_database
from bot.clock import Clock
from bot.settings import Settings, WrongSettings, read_settings
from handlers.teams import app_package
from playground.seed import Seed
from storage.engine import Database
from storage.migrate import differences

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

PLAYGROUND_PORT = 8080


@cli.command()
def run(
    or_playground: Annotated[
        bool, typer.Option(help="Without any credentials, open the built-in local Slack.")
    ] = False,
) -> None:
    """Start the bot with the credentials for Slack, Teams or both in the environment or .env."""
    settings = _settings()
    if settings.slack is not None or settings.teams is not None:
        _serve(_run_bot(settings))
    elif or_playground:
        typer.echo("No Slack credentials found, so this opens the built-in local Slack.")
        playground()
    else:
        _fail(
            "No Slack credentials found. Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or "
            "SLACK_SIGNING_SECRET; for Microsoft Teams TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and "
            "TEAMS_TENANT_ID. `alliance-bot playground` needs none."
        )


@cli.command()
def playground(
    port: Annotated[
        int | None, typer.Option(help="8080 by default, or any free one if that is taken.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="Database URL; a temporary one by default.")
    ] = None,
    seed: Annotated[str, typer.Option(help="demo, empty or two-platforms")] = "demo",
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try the bot in a built-in local Slack; nothing leaves this machine."""
    _log("text", logging.WARNING)
    chosen = next((known for known in get_args(Seed) if known == seed), None)
    if chosen is None:
        _fail("--seed is demo, empty or two-platforms.")
    _serve(_run_playground(_port(port), database, chosen, browser))


@cli.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    try:
        open_database(_settings().database_url).close()
    except WrongSettings as wrong:
        _fail(str(wrong))
    typer.echo("The database is up to date.")


@cli.command()
def doctor() -> None:
    """Check settings, database, Slack and Teams without starting the bot."""
    settings = _settings()
    connected = settings.slack is not None or settings.teams is not None
    typer.echo("Settings: fine." if connected else "Settings: no Slack credentials.")
    database = Database(settings.database_url)
    try:
        missing = differences(database)
    except SQLAlchemyError as error:
        _fail(f"Database: out of reach ({type(error).__name__}).")
    finally:
        database.close()
    typer.echo(
        "Database: not up to date; `alliance-bot migrate` mends it."
        if missing
        else "Database: fine."
    )
    if connected:
        _serve(_greet(settings))
    if settings.slack is not None:
        typer.echo("Slack: the credentials are taken.")
    if settings.teams is not None:
        typer.echo("Microsoft Teams: the credentials are taken.")


@cli.command("teams-package")
def teams_package(
    website: Annotated[str, typer.Option(help="Your firm's page, https://…")],
    privacy: Annotated[str, typer.Option(help="Your privacy page; the website by default.")] = "",
    terms: Annotated[str, typer.Option(help="Your terms of use; the website by default.")] = "",
    older: Annotated[
        bool, typer.Option("--older", help="For a tenant that refuses manifest 1.30: 1.19.")
    ] = False,
    file: Annotated[Path, typer.Option(help="Where to write it.")] = Path("alliance-teams.zip"),
) -> None:
    """Write the app package that a Teams administrator uploads."""
    teams = _settings().teams
    if teams is None:
        _fail("Set TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID first.")
    pages = (website, privacy or website, terms or website)
    if not all(page.startswith("https://") for page in pages):
        _fail("Give addresses that begin with https://; Teams takes no others.")
    by = app_package.Publisher(teams.firm[: app_package.LONGEST_NAME], *pages)
    version = app_package.FALLBACK if older else app_package.NEWEST
    file.write_bytes(app_package.packed(teams.client_id, by, version=version))
    typer.echo(f"Wrote {file}. A Teams administrator uploads it; see the README.")


@cli.command()
def request() -> None:
    """Print a page for your Slack administrator: scopes and why, and where the data lives."""
    typer.echo(request_page.page(_settings()), nl=False)


async def _greet(settings: Settings) -> None:
    """Connect to each platform that there are credentials for."""
    bot = await Bot.start(settings, Clock())
    await bot.stop()


async def _run_bot(settings: Settings) -> None:
    _log(settings.log_format, logging.INFO)
    bot = await Bot.start(settings, Clock())
    # What is loaded by now stays for good. Unfrozen, every full collection would look at all of
    # it: a tenth of a second in the middle of somebody's request.
    gc.freeze()
    server = _Server(
        uvicorn.Config(
            bot.web, host=settings.host, port=settings.port, log_level="warning", access_log=False
        )
    )
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, server.handle_exit, name, None)
    try:
        if bot.slack is not None and bot.slack.by_socket:
            await bot.slack.listen()
        typer.echo(f"Alliance Bot is connected to {_connections(bot, settings)}. Health: /health")
        await server.serve()
    finally:
        await bot.stop()


def _connections(bot: Bot, settings: Settings) -> str:
    found = []
    if bot.slack is not None:
        how = "Socket Mode" if bot.slack.by_socket else f"port {settings.port}"
        found.append(f"Slack ({how})")
    if bot.teams is not None:
        found.append(f"Microsoft Teams (port {settings.port}, /api/messages)")
    return " and ".join(found)


class _Server(uvicorn.Server):
    """Uvicorn raises the signal that stopped it once more when it has stopped, and SIGTERM would
    then end the process before the bot has finished what is under way."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _port(wanted: int | None) -> int:
    """The port asked for, or the usual one, or 0 (any) when that is taken."""
    if wanted is not None:
        return wanted
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PLAYGROUND_PORT))
        except OSError:
            return 0
    return PLAYGROUND_PORT


async def _run_playground(port: int, database: str | None, seed: Seed, browser: bool) -> None:
    from bot.local import LocalSlack  # a real bot does not pay for the playground

    local = LocalSlack(port=port, database_url=database, seed=seed)
    url = await local.start(typer.echo)
    chats = "The local Slack and Teams are" if local.teams else "The local Slack is"
    typer.echo(f"{chats} open at {url} (Ctrl-C ends it)")
    if browser:
        _open(url)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    await local.stop()


def _open(url: str) -> None:
    try:
        webbrowser.open(url)
    except webbrowser.Error:
        typer.echo("No browser was found; open the address yourself.")


def _serve(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except WrongSettings as wrong:
        _fail(str(wrong))
    except OSError as error:
        _fail(f"Could not start: {error}")


def _settings() -> Settings:
    try:
        return read_settings()
    except WrongSettings as wrong:
        _fail(str(wrong))


def _fail(why: str) -> NoReturn:
    typer.echo(why, err=True)
    sys.exit(1)


def _log(form: str, level: int) -> None:
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    renderer = structlog.processors.JSONRenderer() if form == "json" else None
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer or structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def main() -> None:
    cli()


if __name__ == "__main__":
    main()
