"""Teams' activities: what was done to act, reply to answer. No feature is known here."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from governance.errors import BotError
from handlers import acts
from handlers.carrying import Carrier, Clock, Unrecorded, unforeseen
from handlers.doors import Asked
from handlers.platform import PlatformError
from handlers.teams import answers, consent, fields, payloads, render, several
from handlers.teams.activities import Activity, Json, Misshapen, read
from handlers.teams.connector import Address, Connector
from handlers.teams.door import Answer
from handlers.teams.events import Events
from handlers.teams.files import Files
from handlers.teams.places import Home, Places
from handlers.teams.uploads import Uploads
from handlers.text import plain
from handlers.views import FORM, Choice, Form, Message, Reply, say
from storage.engine import Database
from storage.tables import TEAMS, Conversation

TOO_FAR = "I can't see who is in that conversation, so nothing was recorded. Add me there first."
BEHIND = "Done. The message shows it."
"""In a dialog's place, where the button only changed the message it stands on."""

log = structlog.get_logger()


class Listeners:
    """`wake` is called when there is something new to send."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        places: Places,
        connector: Connector,
        carrier: Carrier,
        uploads: Uploads,
        *,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._home = home
        self._places = places
        self._connector = connector
        self._carrier = carrier
        self._events = Events(database, clock, home, places, connector, carrier, wake=wake)
        files = Files(database, clock, home, connector, carrier, uploads, wake=wake)
        self._invokes = {
            "adaptiveCard/action": self._pressed,
            "task/fetch": self._fetched,
            "task/submit": self._submitted,
            "composeExtension/fetchTask": self._of_message,
            "composeExtension/submitAction": self._submitted,
            "application/search": self._searched,
            consent.INVOKE: files.answered,
        }

    async def hear(self, raw: Json) -> Answer:
        """One activity whose sender was verified. What is unknown is answered calmly."""
        try:
            activity = replace(read(raw), began=time.monotonic())
        except Misshapen:
            return answers.NOTHING
        try:
            return await self._hear(activity)
        except Exception as error:
            return await self._went_wrong(activity, error)

    async def _hear(self, activity: Activity) -> Answer:
        await self._events.note_place(activity)
        if activity.kind in ("installationUpdate", "conversationUpdate"):
            await self._events.hear(activity)
            return answers.NOTHING
        listener = self._invokes.get(activity.kind)
        if activity.kind == "message":
            listener = self._pressed_by_message if payloads.purpose(activity) else self._message
        if listener is None or not payloads.is_from_a_person(activity):
            return answers.NOTHING
        try:
            await self._events.note_person(activity)
        except BotError as error:
            return await self._refused(activity, error)
        if payloads.purpose(activity) and not payloads.is_as_put(activity):
            log.warning("not_as_put", kind=activity.kind, person=activity.user_id)
            return await self._refused(activity, BotError(acts.OLDER))
        return await listener(activity)

    async def _message(self, activity: Activity) -> Answer:
        asked = payloads.message(activity, self._home.bot_id)
        try:
            asked = await self._with_people(asked, activity)
            reply = await self._carrier.carry_out(
                replace(asked, can_open=False), began=activity.began
            )
        except BotError as error:
            await self._apologise(activity, asked, error)
            return answers.NOTHING
        if reply.message is not None:
            await self._carrier.try_to(self._carrier.say(asked, reply.message), asked)
        return answers.NOTHING

    async def _with_people(self, asked: Asked, activity: Activity) -> Asked:
        """The people mentioned by their object ids, looked up where they are new."""
        known = await self._places.known(asked.people)
        new = [one for one in asked.people if one not in known]
        met = await self._places.meet_in(activity.conversation, new) if new else []
        if any(not facts.user_id for facts in met):
            raise BotError("I can't give anything to a guest of a meeting. Nothing was recorded.")
        known |= {one: facts.user_id for one, facts in zip(new, met, strict=True)}
        return replace(asked, people=tuple(known[one] for one in asked.people))

    async def _apologise(self, activity: Activity, asked: Asked, error: BotError) -> None:
        if not isinstance(error, Unrecorded):
            sorry = self._carrier.say(asked, say(error.user_message), once=True)
            return await self._carrier.try_to(sorry, asked)
        await self._carrier.try_to(self._say_at_once(activity, error.user_message), asked)

    async def _say_at_once(self, activity: Activity, said: str) -> None:
        """Past the outbox, which is out of reach."""
        to = Address(activity.conversation, activity.tenant, activity.service_url)
        sorry = render.activity(say(said), opens=acts.OPENS_FORM, mentions=False)
        if activity.place == "dm":
            await self._connector.post(to, sorry)
        else:
            await self._connector.whisper(to, activity.account, sorry, thread=activity.thread)

    async def _pressed_by_message(self, activity: Activity) -> Answer:
        """An old Teams sends what opens a dialog as a message, which can't be answered by one."""
        asked = replace(await self._press(activity), can_open=False)
        try:
            reply = await self._carrier.carry_out(asked, began=activity.began)
        except BotError as error:
            reply = Reply(message=say(error.user_message))
        if reply.redraw is not None:
            self._redraw(asked, reply.redraw)
        elif reply.message is not None:
            await self._carrier.try_to(self._carrier.say(asked, reply.message), asked)
        return answers.NOTHING

    async def _pressed(self, activity: Activity) -> Answer:
        if not payloads.purpose(activity):
            return answers.text("")
        asked = replace(await self._press(activity), can_open=False)
        try:
            reply = await self._carrier.carry_out(asked, began=activity.began)
        except BotError as error:
            return answers.text(error.user_message)
        drawn = reply.redraw or (reply.message if reply.closes else None)
        if drawn is not None:
            self._redraw(asked, drawn)
            ts, zone = asked.message_ts or "", activity.zone or "UTC"
            return answers.card(several.card_anew(drawn, ts, activity.reply_to, zone=zone))
        if reply.message is None:
            return answers.text("")
        if answers.fits_below(reply.message):
            return answers.text(plain(reply.message))
        await self._carrier.say(asked, reply.message)
        return answers.text("I have written you the answer.")

    async def _press(self, activity: Activity) -> Asked:
        """What was pressed, on the message that the card belongs to."""
        asked = payloads.pressed(activity)
        if activity.place != "dm" or asked.message_ts is None:
            return asked
        ts = await self._places.message_of(activity.conversation, asked.message_ts)
        return replace(asked, message_ts=ts)

    def _redraw(self, asked: Asked, drawn: Message) -> None:
        """For everybody who has the card, and for the next time it is looked at."""
        if asked.message_ts:
            drawing = self._places.redraw(asked.channel, asked.message_ts, drawn)
            self._carrier.in_background(self._carrier.try_to(drawing, asked))

    async def _fetched(self, activity: Activity) -> Answer:
        purpose = payloads.purpose(activity)
        if not purpose:
            return answers.NOTHING
        if purpose == "confirm":
            asks = payloads.to_confirm(activity)
            return answers.dialog(
                render.confirmation(asks.text, asks.label, asks.act, asks.value, card=asks.card)
            )
        shown = await self._in_dialog(activity, await self._press(activity))
        return answers.note(BEHIND) if shown == answers.NOTHING else shown

    async def _submitted(self, activity: Activity) -> Answer:
        match payloads.purpose(activity):
            case "form":
                return await self._form_sent(activity)
            case "closed":
                return await self._form_closed(activity)
            case "press" | "confirmed":
                return await self._in_dialog(activity, await self._press(activity))
        return answers.NOTHING

    async def _in_dialog(self, activity: Activity, asked: Asked) -> Answer:
        try:
            reply = await self._carrier.carry_out(asked, began=activity.began)
        except BotError as error:
            return answers.dialog(render.page(say(error.user_message)))
        return await self._shown(activity, asked, reply)

    async def _shown(self, activity: Activity, asked: Asked, reply: Reply) -> Answer:
        """A reply as the dialog's next page; none closes it."""
        if reply.redraw is not None:
            self._redraw(asked, reply.redraw)
        if reply.form is not None:
            chosen = [field.value for field in reply.form.fields if field.type == "channel"]
            names = await self._names(asked.user_id, chosen) if any(chosen) else {}
            zone = activity.zone or "UTC"
            return answers.dialog(render.dialog(reply.form, names=names, zone=zone))
        if reply.message is not None:
            return answers.dialog(render.page(reply.message, zone=activity.zone or "UTC"))
        return answers.NOTHING

    async def _form_sent(self, activity: Activity) -> Answer:
        asked = payloads.submitted(activity)
        try:
            reply = await self._carrier.carry_out(asked, began=activity.began)
        except BotError as error:
            return await self._form_again(activity, asked, error)
        return await self._shown(activity, asked, reply)

    async def _form_again(self, activity: Activity, asked: Asked, error: BotError) -> Answer:
        """The same form with what was typed, and what is wrong with it."""
        form = form_sent(activity)
        if form is None:
            return answers.dialog(render.page(say(error.user_message)))
        names = await self._names(asked.user_id, [*asked.args.values(), asked.channel])
        return answers.dialog(
            render.dialog(
                form,
                values=payloads.filled_in(activity),
                error=error,
                names=names,
                zone=activity.zone or "UTC",
            )
        )

    async def _names(self, user_id: str, values: list[str]) -> dict[str, str]:
        """The people chosen in a form, and the channels as far as this person is in them, by their
        ids."""

        def read_names(session: Session) -> dict[str, str]:
            home = self._home.installation_id
            [asker] = acts.find_people(session, home, [user_id])
            people = acts.known_people(session, home, values)
            chosen = select(Conversation).where(col(Conversation.external_id).in_(values))
            channels = {
                place.external_id: place.name
                for place in session.exec(chosen)
                if str(asker.id) in place.person_ids.split(",")
            }
            return channels | {one: person.name for one, person in people.items()}

        return await self._database.read(read_names)

    async def _form_closed(self, activity: Activity) -> Answer:
        try:
            await self._carrier.carry_out(payloads.closed(activity), began=activity.began)
        except BotError as error:
            log.warning("not_taken_up", why=error.user_message)
        return answers.NOTHING

    async def _of_message(self, activity: Activity) -> Answer:
        asked = payloads.from_message(activity, self._home.bot_id)
        args = dict(asked.args)
        author = args.get("author", "")
        if author and not await self._met(activity, author):
            args["author"] = ""
        known = await self._places.known(asked.people)
        people = tuple(known.get(one, one) for one in asked.people)
        return await self._in_dialog(activity, replace(asked, args=args, people=people))

    async def _met(self, activity: Activity, person: str) -> bool:
        """Whether somebody is known; a message may be of people whom nobody tells of."""
        if person in await self._places.known([person]):
            return True
        try:
            return bool((await self._places.meet_in(activity.conversation, [person]))[0].user_id)
        except (BotError, PlatformError):
            return False

    async def _searched(self, activity: Activity) -> Answer:
        source, typed, asked = payloads.searched(activity)
        if source == fields.CHANNELS:
            return answers.choices(
                await self._database.read(lambda s: self._channels(s, asked.user_id, typed))
            )
        return answers.choices(await self._carrier.choices(source, typed, asked))

    def _channels(self, session: Session, user_id: str, typed: str) -> list[Choice]:
        """The Teams conversations that the bot is in, by name, as far as this person is in them."""
        [person] = acts.find_people(session, self._home.installation_id, [user_id])
        chosen = select(Conversation).where(
            Conversation.installation_id == self._home.installation_id,
            Conversation.platform == TEAMS,
            Conversation.kind == "channel",
            col(Conversation.bot_is_in).is_(True),
            col(Conversation.name).icontains(typed, autoescape=True),
        )
        places = [
            place
            for place in session.exec(chosen.order_by(Conversation.name))
            if str(person.id) in place.person_ids.split(",")
        ]
        return [Choice(place.external_id, place.name) for place in places[: answers.OFFERED]]

    async def _refused(self, activity: Activity, error: BotError) -> Answer:
        """Who asks is not known, and nobody tells."""
        if activity.kind in ("message", consent.INVOKE):
            asked = payloads.message(activity, self._home.bot_id)
            await self._carrier.try_to(self._say_at_once(activity, error.user_message), asked)
            return answers.NOTHING
        if activity.kind == "adaptiveCard/action":
            return answers.text(error.user_message)
        if activity.kind == "application/search":
            return answers.choices([])
        return answers.note(error.user_message)

    async def _went_wrong(self, activity: Activity, error: Exception) -> Answer:
        """What no listener foresaw, or the database is away: whoever waits is told."""
        if isinstance(error, SQLAlchemyError | PlatformError):
            log.warning("activity_put_off", kind=activity.kind, error=repr(error)[:300])
            sorry = BotError("I could not look that up, so nothing was recorded. Try again soon.")
        else:
            sorry = unforeseen(error)
        if payloads.waiting(activity, receipt="") is None:
            return answers.NOTHING
        return await self._refused(activity, sorry)


def form_sent(activity: Activity) -> Form | None:
    """The form that was filled in, as it came along with it."""
    data: Mapping[str, object] = (activity.raw.get("value") or {}).get("data") or {}
    try:
        return FORM.validate_json(str(data.get("shown", "")))
    except ValidationError:
        return None
