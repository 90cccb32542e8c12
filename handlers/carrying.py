"""Requests carried out in time, for every platform's listeners: people looked up on the way, what
may pass told from what was refused, and what can't be answered at once said later."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from governance.errors import BotError
from governance.messages import outbox
from governance.people import accounts, directory
from handlers import acts, doors, late
from handlers.doors import Asked
from handlers.late import StillCommitting
from handlers.platform import Entrance, LookUps, PlatformError
from handlers.views import MESSAGE, Choice, Message, Reply, Text, say, words
from storage.engine import Database
from storage.tables import Conversation

ROUNDS = 3
"""How often an act may find that it needs people nobody has met."""

log = structlog.get_logger()


class Clock(Protocol):
    def now(self) -> datetime: ...


class Unrecorded(BotError):
    """The database, or the platform's account of who somebody is, was out of reach: nothing was
    stored, and the same may work in a moment."""

    def __init__(self, why: str, reference: str) -> None:
        super().__init__(f"{why} Please try again in a minute (reference {reference}).")


RECORDS_AWAY = "I could not reach my records, so this was not recorded."
MAY_PASS = (Unrecorded, late.NotInTime)
"""What may work when the same is asked again."""


class Carrier:
    """`wake` is called when there is something new to send, `counted` with each act's name and how
    it ended: done, refused, late or unrecorded. `budget`: seconds that an act has."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        entrance: Entrance,
        look_ups: LookUps,
        *,
        wake: Callable[[], None],
        counted: Callable[[str, str], None] = lambda act, outcome: None,
        budget: float = late.BUDGET,
    ) -> None:
        self._database = database
        self._clock = clock
        self._entrance = entrance
        self._look_ups = look_ups
        self._wake = wake
        self._counted = counted
        self._budget = budget
        self._background: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def quiet(self) -> None:
        """Wait for requests and follow-ups in flight."""
        await self._idle.wait()
        if self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def carry_out(
        self, asked: Asked, *, hurried: bool = True, began: float | None = None
    ) -> Reply:
        """One transaction, within the time that a platform leaves, which counts from when the
        request arrived (`began`, by `time.monotonic`); look-ups count where somebody waits for
        them (`hurried`). Raises BotError."""
        started, outcome = began or time.monotonic(), "refused"
        self._busy += 1
        self._idle.clear()
        try:
            if asked.act in acts.NEEDS_PLACE:
                await self._look_at_place(asked)
            started = started if hurried else time.monotonic()
            reply = await self._until_known(asked, started)
            outcome = "done"
            return reply
        except StillCommitting as running:
            outcome = "late"
            self._follow_up(asked, running)
            raise BotError(
                "This takes longer than usual. It is being recorded; I write you when it is done."
            ) from running
        except SQLAlchemyError as error:
            outcome = "unrecorded"
            raise Unrecorded(RECORDS_AWAY, _reference(error, asked)) from error
        except PlatformError as error:
            outcome = "unrecorded"
            raise Unrecorded(self._platform_away(), _reference(error, asked)) from error
        finally:
            self._counted(asked.act if asked.act in acts.ACTS else "unknown", outcome)
            self._busy -= 1
            if not self._busy:
                self._idle.set()
            self._wake()

    def _platform_away(self) -> str:
        return (
            f"{self._look_ups.title} did not tell me what I need to know about who is meant, so "
            "this was not recorded."
        )

    async def _look_at_place(self, asked: Asked) -> None:
        channel, kind = asked.channel, asked.channel_kind
        if not channel and asked.place:
            channel, kind = await self._database.read(
                lambda session: _named(session.get_one(Conversation, int(asked.place)))
            )
        if channel and kind != "dm":
            await self._look_ups.look_at(channel)

    async def _until_known(self, asked: Asked, started: float) -> Reply:
        for _ in range(ROUNDS):
            left = self._budget - (time.monotonic() - started)
            try:
                return await late.run_in_time(self._database, self._work(asked), seconds=left)
            except acts.PeopleNeeded as needed:
                await self._look_ups.meet(needed.user_ids)
        raise BotError("I could not find everybody you mentioned. Nothing was recorded.")

    def _work(self, asked: Asked) -> Callable[[Session], Reply]:
        def work(session: Session) -> Reply:
            return doors.carry_out(session, asked, self._entrance, now=self._clock.now())

        return work

    async def choices(self, source: str, typed: str, asked: Asked) -> list[Choice]:
        """What a field offers for the words typed so far."""
        return await self._database.read(
            lambda session: doors.list_choices(
                session, source, typed, asked, self._entrance, now=self._clock.now()
            )
        )

    def _follow_up(self, asked: Asked, running: StillCommitting) -> None:
        async def tell() -> None:
            try:
                reply: Reply = await running.outcome
            except Exception as error:
                log.error("late_commit_failed", act=asked.act, error=repr(error)[:300])
                sorry = "The last thing you asked for was not recorded after all. Please try again."
                await self.try_to(self.say(asked, say(sorry)), asked)
                return
            message = reply.message or Message((Text(words("Done: it is recorded.")),))
            await self.try_to(self.say(asked, message), asked)

        self.in_background(tell())

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """What goes on after the answer; waited for when the bot stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def say(self, asked: Asked, message: Message, *, once: bool = False) -> None:
        """Put a private answer down for somebody, where their request left nothing behind; `once`
        however often the request is repeated."""

        def put(session: Session) -> None:
            if once and not doors.is_first(session, asked, now=self._clock.now()):
                return
            home = self._entrance.installation_id
            [account] = acts.find_accounts(session, home, [asked.user_id])
            place = directory.conversation(session, home, asked.channel)
            outbox.put(
                session,
                outbox.ANSWER,
                {"message": MESSAGE.dump_json(message).decode(), "account": account.id},
                key=f"answer:{asked.receipt}",
                installation_id=home,
                person_id=accounts.kept_of(session, account).id,
                conversation_id=place.id if place else None,
                thread=asked.thread,
                now=self._clock.now(),
            )

        await self._database.run(put)
        self._wake()

    async def try_to(self, saying: Awaitable[object], asked: Asked) -> None:
        try:
            await saying
        except (PlatformError, SQLAlchemyError, acts.PeopleNeeded) as error:
            log.error("not_said", act=asked.act, error=repr(error)[:300])


def _named(place: Conversation) -> tuple[str, str]:
    return place.external_id, place.kind


def unforeseen(error: Exception) -> BotError:
    """For what nobody foresaw: a reference for the log, and a sentence for the person."""
    reference = secrets.token_hex(3)
    log.error("unforeseen", reference=reference, error=repr(error)[:500], exc_info=error)
    return BotError(
        f"Something went wrong on my side (reference {reference}). Please look whether it was "
        "recorded before you try again."
    )


def _reference(error: Exception, asked: Asked) -> str:
    reference = secrets.token_hex(3)
    log.error("unrecorded", reference=reference, act=asked.act, error=repr(error)[:500])
    return reference
