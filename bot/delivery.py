"""Sends what the outbox holds: claim, look again, render, send, record.

No transaction is open while the network is used. A claim is a lease: when a sender dies, another
takes the row up again, and because it is then uncertain whether the message exists, it is looked
for first where that is possible.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import metrics
from bot.clock import Clock
from bot.handing_over import hand_over, pin
from bot.sending import Cancel, Hold, LookAgain, Plan, Refuse, Send, Wait, plan
from governance.messages import outbox, posting
from governance.messages.posting import Outcome
from handlers.platform import Connection, Messenger, PlatformError, Sent
from storage.engine import Database
from storage.tables import Outbox

BATCH = 40
AT_ONCE = 8
BURST = 3
"""Posts to one channel that may follow each other at once; over time it is one a second."""

SWEEP = 1.0
"""Seconds after which the outbox is looked at without having been woken."""

NEAR_LAPSE = timedelta(seconds=25)
"""With less than this left of a lease nothing is begun: another sender may soon take the row."""

KEPT_BACK_FOR = 6
"""Failed tries (about a minute) for which later messages to the same place wait behind one, so
that they keep their order; then one message no longer holds up the others."""

Group = tuple[int | None, int | None]
"""A conversation, a person: what is said there keeps its order."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""A message that was taken away is not brought up to date; nobody needs to hear of it."""

log = structlog.get_logger()


class Delivery:
    """`platforms` are those that are connected, by name."""

    def __init__(
        self, database: Database, clock: Clock, platforms: Mapping[str, Connection]
    ) -> None:
        self._database = database
        self._clock = clock
        self._platforms = platforms
        self._woken = asyncio.Event()
        self._round = asyncio.Lock()
        self._limit = asyncio.Semaphore(AT_ONCE)
        self._posts: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=BURST))
        self._resting: dict[Group, datetime] = {}

    def wake(self) -> None:
        """There may be something new to send."""
        self._woken.set()

    def between_rounds(self) -> asyncio.Lock:
        """Held while nothing is half sent."""
        return self._round

    async def run(self) -> None:
        """Send for as long as the bot runs; ends when cancelled, and for nothing else."""
        while True:
            try:
                # Not wait_for: woken in the moment it is cancelled, it would swallow that.
                async with asyncio.timeout(SWEEP):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                await self.deliver_all()
            except SQLAlchemyError as error:
                log.error("outbox_out_of_reach", error=repr(error)[:300])
                await asyncio.sleep(SWEEP)
            except Exception as error:
                log.error("sending_failed", exc_info=error)
                await asyncio.sleep(SWEEP)

    async def deliver_all(self) -> None:
        """Send until nothing is due."""
        while await self.deliver_some():
            pass

    async def deliver_some(self) -> bool:
        """Send one batch; whether there was any."""
        async with self._round:
            now = self._clock.now()
            rows = await self._database.run(
                lambda session: posting.claim(session, now=now, limit=BATCH)
            )
            if not rows:
                return False
            outcomes = await asyncio.gather(
                *(self._in_turn(group, rows_of) for group, rows_of in _grouped(rows).items())
            )
            await self._record([outcome for group in outcomes for outcome in group])
            return True

    async def _record(self, outcomes: list[Outcome]) -> None:
        await self._database.run(
            lambda session: posting.finish(session, outcomes, now=self._clock.now())
        )

    async def _in_turn(self, group: Group, rows: list[Outbox]) -> list[Outcome]:
        """Rows of one conversation or person keep their order: behind one that must be tried
        again, the others wait. What was written to them unprompted is recorded before the next is
        weighed against their two a day."""
        outcomes = []
        for row in rows:
            outcome = self._not_yet(group, row) or await self._deliver(row)
            metrics.count_message(row.kind, outcome.ending)
            if outcome.tried and outcome.again_at is not None and row.attempts <= KEPT_BACK_FOR:
                self._resting[group] = outcome.again_at
            if outcome.unprompted and row is not rows[-1]:
                await self._record([outcome])
            else:
                outcomes.append(outcome)
        return outcomes

    def _not_yet(self, group: Group, row: Outbox) -> Outcome | None:
        """Put back what waits behind another message, or whose lease is about to lapse."""
        now = self._clock.now()
        until = self._resting.get(group)
        if until is not None and now < until:
            return Outcome(row.id, "later", error=row.error, again_at=until)
        self._resting.pop(group, None)
        assert row.lease_until is not None
        if row.lease_until - now < NEAR_LAPSE:
            return Outcome(row.id, "later", error=row.error, again_at=now)
        return None

    async def _deliver(self, row: Outbox) -> Outcome:
        async with self._limit:
            try:
                return await self._send(row, await self._plan(row))
            except PlatformError as error:
                return self._failed(row, error)
            except Exception as error:
                log.error("not_sent", kind=row.kind, row=row.id, exc_info=error)
                return Outcome(row.id, "later", error=type(error).__name__)

    async def _plan(self, row: Outbox) -> Plan:
        now = self._clock.now()

        def decide(session: Session) -> Plan:
            return plan(session, row, now=now)

        decided = await self._database.read(decide)
        if isinstance(decided, LookAgain):
            await self._connection(decided.platform).look_ups.look_at(decided.channel)
            decided = await self._database.read(decide)
        return decided

    def _connection(self, platform: str) -> Connection:
        """Raises PlatformError for one that is not connected, perhaps only for the moment."""
        found = self._platforms.get(platform)
        if found is None:
            raise PlatformError(f"{platform}_not_connected", "unsent")
        return found

    async def _send(self, row: Outbox, decided: Plan) -> Outcome:
        match decided:
            case Cancel():
                return Outcome(row.id, "cancelled", error=decided.why)
            case Refuse():
                return Outcome(row.id, "dead", error=decided.why.partition(":")[0])
            case Hold():
                return Outcome(row.id, "held")
            case Wait():
                return Outcome(row.id, "later", again_at=decided.until)
            case LookAgain():
                return Outcome(row.id, "later", error="conversation_unknown")
            case Send():
                return await self._carry(row, decided)

    async def _carry(self, row: Outbox, what: Send) -> Outcome:
        full = self._too_soon(what)
        if full is not None:
            return Outcome(row.id, "later", again_at=full)
        messenger = self._connection(what.platform).messenger
        try:
            there = await self._already(messenger, row, what)
            sent = there or await hand_over(messenger, row, what)
        except PlatformError as error:
            return _so_far(self._failed(row, error), error.begun, what)
        if what.pin and sent.ts is not None:
            await pin(messenger, sent)
        return Outcome(
            row.id,
            "sent",
            channel=sent.channel,
            ts=sent.ts,
            records=() if sent.offered else what.records,
            unprompted=what.unprompted,
            direct=what.mode in ("direct", "files"),
        )

    async def _already(self, messenger: Messenger, row: Outbox, what: Send) -> Sent | None:
        """The message itself, where an earlier try may have posted it and it can be looked for."""
        findable = outbox.KINDS[row.kind].repeat == "findable"
        if not row.uncertain or not findable or what.mode != "direct":
            return None
        channel = what.channel or await messenger.open_direct(what.user_id)
        return await messenger.find(channel, row.token, since=row.created_at)

    def _too_soon(self, what: Send) -> datetime | None:
        """When this may be posted, if its channel has had its share; None for now."""
        if what.mode not in ("post", "whisper") or self._connection(what.platform).keeps_pace:
            return None
        now, posts = self._clock.now(), self._posts[what.channel]
        if len(posts) == BURST and now - posts[0] < timedelta(seconds=BURST):
            return posts[0] + timedelta(seconds=BURST)
        posts.append(now)
        return None

    def _failed(self, row: Outbox, error: PlatformError) -> Outcome:
        code, fault = error.code, error.fault
        log.warning("send_failed", kind=row.kind, row=row.id, error=code, fault=fault)
        direct = row.conversation_id is None and not outbox.KINDS[row.kind].files
        if fault == "throttled":
            return self._again(row, code, timedelta(seconds=error.retry_after or 30))
        if fault == "permanent":
            gone = code in GONE or row.kind in (outbox.EDIT.name, outbox.HOME.name)
            return Outcome(row.id, "cancelled" if gone else "dead", error=code, direct=direct)
        wait = posting.backoff(row.attempts)
        return self._again(row, code, wait, uncertain=fault == "uncertain")

    def _again(
        self, row: Outbox, error: str, wait: timedelta, *, uncertain: bool = False
    ) -> Outcome:
        at = self._clock.now() + wait
        ending: posting.Ending = "uncertain" if uncertain else "later"
        return Outcome(row.id, ending, error=error, again_at=at, tried=True)


def _grouped(rows: list[Outbox]) -> dict[Group, list[Outbox]]:
    groups: dict[Group, list[Outbox]] = defaultdict(list)
    for row in rows:
        groups[(row.conversation_id, row.person_id)].append(row)
    return groups


def _so_far(failed: Outcome, begun: Sent | None, what: Send) -> Outcome:
    """With what of the message is there already."""
    if begun is None:
        return failed
    return replace(failed, channel=begun.channel, ts=begun.ts, records=what.records)
