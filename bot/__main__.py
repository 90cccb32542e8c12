"""The command line: run, playground, migrate, doctor, request."""

import asyncio
import gc
import logging
import signal
import socket
import sys
import webbrowser
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal, NoReturn

import structlog
import typer
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from bot import request_page
from bot.app import Bot, open_database
from bot.clock import Clock
from bot.local import LocalSlack
from bot.settings import Settings, WrongSettings, read_settings
from storage.engine import Database
from storage.migrate import differences

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

PLAYGROUND_PORT = 8080


@cli.command()
def run(
    or_playground: Annotated[
        bool, typer.Option(help="Without Slack credentials, open the built-in local Slack.")
    ] = False,
) -> None:
    """Start the bot with the Slack credentials in the environment or .env."""
    settings = _settings()
    if settings.slack is not None:
        _serve(_run_bot(settings))
    elif or_playground:
        typer.echo("No Slack credentials found, so this opens the built-in local Slack.")
        playground()
    else:
        _fail(
            "No Slack credentials found. Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or "
            "SLACK_SIGNING_SECRET. `alliance-bot playground` needs none."
        )


@cli.command()
def playground(
    port: Annotated[
        int | None, typer.Option(help="8080 by default, or any free one if that is taken.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="Database URL; a temporary one by default.")
    ] = None,
    seed: Annotated[str, typer.Option(help="demo or empty")] = "demo",
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try the bot in a built-in local Slack; nothing leaves this machine."""
    _log("text", logging.WARNING)
    if seed not in ("demo", "empty"):
        _fail("--seed is demo or empty.")
    chosen: Literal["demo", "empty"] = "demo" if seed == "demo" else "empty"
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
    """Check settings, database and Slack without starting the bot."""
    settings = _settings()
    typer.echo("Settings: fine." if settings.slack else "Settings: no Slack credentials.")
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
    if settings.slack is not None:
        _serve(_greet_slack(settings))
        typer.echo("Slack: the credentials are taken.")


@cli.command()
def request() -> None:
    """Print a page for your Slack administrator: scopes and why, and where the data lives."""
    typer.echo(request_page.page(_settings()), nl=False)


async def _greet_slack(settings: Settings) -> None:
    bot = await Bot.start(settings, Clock())
    await bot.stop()


async def _run_bot(settings: Settings) -> None:
    assert settings.slack is not None
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
        if settings.slack.socket_mode:
            assert bot.slack is not None
            await bot.slack.listen()
        how = "Socket Mode" if settings.slack.socket_mode else f"port {settings.port}"
        typer.echo(f"Alliance Bot is connected to Slack ({how}). Health: /health")
        await server.serve()
    finally:
        await bot.stop()


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


async def _run_playground(
    port: int, database: str | None, seed: Literal["demo", "empty"], browser: bool
) -> None:
    local = LocalSlack(port=port, database_url=database, seed=seed)
    url = await local.start(typer.echo)
    typer.echo(f"The local Slack is open at {url} (Ctrl-C ends it)")
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
