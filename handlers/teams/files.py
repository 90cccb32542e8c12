"""What somebody answers to a file that is offered them: Teams hears at once that it was heard, and
the person what came of it when it is done."""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from governance.errors import BotError
from governance.messages import offers
from governance.seeing.export import File
from handlers import acts, file_offers
from handlers.carrying import Carrier, Clock, unforeseen
from handlers.platform import PlatformError
from handlers.seeing import files
from handlers.teams import answers, consent, payloads, render
from handlers.teams.activities import Activity
from handlers.teams.connector import Address, Connector
from handlers.teams.consent import Press, Upload
from handlers.teams.door import Answer
from handlers.teams.places import Home
from handlers.teams.uploads import Uploads
from handlers.views import Message, say
from storage.engine import Database

log = structlog.get_logger()


class Files:
    """`wake` is called when there is something new to send."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        connector: Connector,
        carrier: Carrier,
        uploads: Uploads,
        *,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._connector = connector
        self._carrier = carrier
        self._uploads = uploads
        self._wake = wake

    async def answered(self, activity: Activity) -> Answer:
        """The invoke of a file consent card."""
        self._carrier.in_background(self._carry_out(activity))
        return answers.NOTHING

    async def _carry_out(self, activity: Activity) -> None:
        press = consent.read(activity)
        if press is None:
            log.warning("not_as_put", kind=activity.kind, person=activity.user_id)
            return await self._say(activity, say(acts.OLDER))
        try:
            await self._carry_on(activity, press)
        except file_offers.UnderWay as error:
            await self._say(activity, say(error.user_message))
        except BotError as error:
            await self._remove(activity)
            await self._say(activity, say(error.user_message))
        except Exception as error:
            await self._say(activity, say(unforeseen(error).user_message))

    async def _carry_on(self, activity: Activity, press: Press) -> None:
        try:
            row_id = await self._answer(activity, press)
        except SQLAlchemyError as error:
            _note_away(error)
            away = files.AWAY if press.accepted else files.AWAY_DECLINED
            return await self._say(activity, say(away))
        if row_id is not None:
            await (self._take if press.accepted else self._decline)(activity, press, row_id)

    async def _answer(self, activity: Activity, press: Press) -> int | None:
        """The message that offered the file; None for a repeat."""
        asked, now = payloads.of_a_file(activity), self._clock.now()
        how: offers.Answer = "begun" if press.accepted else "declined"
        return await self._database.run(
            lambda session: file_offers.answer(
                session, self._home.installation_id, asked, press.offer, how, now=now
            )
        )

    async def _decline(self, activity: Activity, press: Press, row_id: int) -> None:
        """The card makes way for what was answered."""
        told = files.declined(await self._name(row_id, press))
        if not activity.reply_to:
            return await self._say(activity, told)
        shown = render.activity(told, opens=acts.OPENS_FORM, mentions=False)
        try:
            await self._connector.update(_chat(activity), activity.reply_to, shown)
        except PlatformError as error:
            log.warning("offer_not_closed", error=error.code)

    async def _name(self, row_id: int, press: Press) -> str:
        """How a file is called now, or how it was when there is none any more."""
        try:
            return (await self._made(row_id, press)).name
        except (BotError, SQLAlchemyError):
            return press.offer.part

    async def _take(self, activity: Activity, press: Press, row_id: int) -> None:
        try:
            file = await self._leaves(row_id, press)
        except SQLAlchemyError as error:
            _note_away(error)
            return await self._say(activity, say(files.AWAY_MEANWHILE))
        try:
            await self._uploads.put(press.upload.upload_url, file.data)
        except PlatformError as error:
            await self._failed(activity, press, row_id, error, file.name)
        else:
            await self._arrived(activity, press, row_id)

    async def _leaves(self, row_id: int, press: Press) -> File:
        file, now = await self._made(row_id, press), self._clock.now()
        await self._database.run(lambda s: file_offers.leaves(s, row_id, file, now=now))
        return file

    async def _made(self, row_id: int, press: Press) -> File:
        now = self._clock.now()
        return await self._database.read(
            lambda session: file_offers.made(session, row_id, press.offer.part, now=now)
        )

    async def _failed(
        self, activity: Activity, press: Press, row_id: int, error: PlatformError, name: str
    ) -> None:
        log.warning("file_not_saved", error=error.code, fault=error.fault)
        part, now = press.offer.part, self._clock.now()
        why = error.code if error.code in files.WHY else error.fault
        try:
            await self._database.run(
                lambda session: file_offers.failed(session, row_id, part, why, now=now)
            )
        except SQLAlchemyError as away:
            _note_away(away)
            return await self._say(activity, files.not_saved(name, why, files.LATER))
        await self._remove(activity)
        self._wake()

    async def _arrived(self, activity: Activity, press: Press, row_id: int) -> None:
        """It is there, whether that can be kept or not."""
        part, now = press.offer.part, self._clock.now()
        try:
            await self._database.run(lambda s: file_offers.arrived(s, row_id, part, now=now))
        except SQLAlchemyError as error:
            _note_away(error)
        await self._show(activity, press.upload)
        await self._remove(activity)

    async def _show(self, activity: Activity, upload: Upload) -> None:
        """The file where it is now. Its address came through somebody's client as well."""
        try:
            if not self._uploads.takes(upload.content_url):
                raise PlatformError("not_a_place_for_files", "permanent")
            await self._connector.post(_chat(activity), consent.there(upload))
        except PlatformError as error:
            log.warning("file_not_shown", error=error.code)
            await self._say(activity, files.saved(upload.name))

    async def _remove(self, activity: Activity) -> None:
        """The card that was pressed."""
        if not activity.reply_to:
            return
        try:
            await self._connector.delete(_chat(activity), activity.reply_to)
        except PlatformError as error:
            log.warning("offer_not_closed", error=error.code)

    async def _say(self, activity: Activity, message: Message) -> None:
        """By the outbox, and past it where it is out of reach."""
        asked = payloads.of_a_file(activity)
        try:
            return await self._carrier.say(asked, message, once=True)
        except (SQLAlchemyError, acts.PeopleNeeded) as error:
            log.warning("said_at_once", error=repr(error)[:300])
        said = render.activity(message, opens=acts.OPENS_FORM, mentions=False)
        await self._carrier.try_to(self._connector.post(_chat(activity), said), asked)


def _note_away(error: SQLAlchemyError) -> None:
    log.warning("file_put_off", error=repr(error)[:300])


def _chat(activity: Activity) -> Address:
    return Address(activity.conversation, activity.tenant, activity.service_url)
