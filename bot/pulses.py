"""Closes pulses: reads what people reacted with once more, then has it counted."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

import structlog
from sqlmodel import Session

from bot.clock import Clock
from governance.errors import BotError
from governance.trust import pulse_closing
from governance.trust.pulse_closing import Found, Shown, ToRead
from handlers import acts
from handlers.platform import Connection, PlatformError
from storage.engine import Database
from storage.tables import Person

GONE = "message_not_found"

log = structlog.get_logger()


class Pulses:
    """`platforms` are those that are connected, by name. `wake` tells the sender of what is new."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        platforms: Mapping[str, Connection],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._platforms = platforms
        self._wake = wake

    async def tick(self) -> None:
        """Read those that are about to close, and close those that have been read. No transaction
        is open while the network is used."""
        now = self._clock.now()
        for one in await self._database.read(partial(pulse_closing.to_read, now=now)):
            await self._read(one)
        while await self._database.run(partial(pulse_closing.close_due, now=self._clock.now())):
            self._wake()

    async def _read(self, what: ToRead) -> None:
        read_at = self._clock.now()
        try:
            looked = [await self._look(message) for message in what.messages]
            found = [one for one in looked if isinstance(one, Found)]
            await self._meet(what, found)
        except PlatformError as error:
            log.warning("pulse_not_read", pulse=what.pulse_id, error=error.code)
            later = partial(pulse_closing.put_off, what=what, now=self._clock.now())
            return await self._database.run(later)
        gone = GONE in looked
        await self._database.run(
            lambda session: self._note(session, what, found, gone=gone, read_at=read_at)
        )

    async def _look(self, message: Shown) -> Found | str:
        """What is on a message, or why nothing can be told of it for good."""
        connection = self._platforms.get(message.platform)
        if connection is None:
            raise PlatformError(f"{message.platform}_not_connected", "unsent")
        try:
            there = await connection.messenger.reactions(message.channel, message.ts)
        except PlatformError as error:
            if error.fault != "permanent":
                raise
            log.warning("pulse_not_read", card=message.card_id, error=error.code)
            return error.code
        return "no reactions here" if there is None else Found(message.card_id, there)

    async def _meet(self, what: ToRead, found: list[Found]) -> None:
        """Learn who people are of whom no event was heard; of whom nothing is told, nothing
        counts."""
        platforms = {message.card_id: message.platform for message in what.messages}
        for one in found:
            users = sorted({user for user, _ in one.there})
            known = await self._database.read(partial(_known, what=what, users=users))
            for user in set(users) - set(known):
                with suppress(BotError):
                    await self._platforms[platforms[one.card_id]].look_ups.meet([user])

    def _note(
        self,
        session: Session,
        what: ToRead,
        found: list[Found],
        *,
        gone: bool,
        read_at: datetime,
    ) -> None:
        users = sorted({user for one in found for user, _ in one.there})
        known = _known(session, what, users)
        now = self._clock.now()
        pulse_closing.note_read(session, what, found, known, gone=gone, read_at=read_at, now=now)


def _known(session: Session, what: ToRead, users: list[str]) -> dict[str, Person]:
    return acts.known_accounts(session, what.installation_id, users)
