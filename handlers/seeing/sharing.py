"""Sharing a firm's own action item with every firm, and taking it back. Both show first what
will be seen."""

from governance.errors import BotError
from governance.firms import sides
from governance.people.members import Seat
from governance.seeing import sharing
from handlers.acts import Ask, act
from handlers.items.action_item_page import keep_account
from handlers.items.action_items import change, item_of, reference_of
from handlers.seeing.sharing_views import emptied_words, share_form, take_back_form
from handlers.views import Reply
from storage.tables import ActionItem, Conversation


@act("action_item.share", opens_form=True)
def share(ask: Ask) -> Reply:
    item, seat = item_of(ask)
    sharing.check_may_share(ask.session, item, seat, now=ask.now)
    channels = sharing.joint_channels(ask.session, item.alliance_id)
    keep_account(ask, [item])
    return Reply(form=share_form(ask, item, seat, channels))


@act("action_item.share_as")
def share_as(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        was = reference_of(ask, item)
        text, place = ask.arg("text"), _place(ask, item)
        sharing.share(ask.session, item, seat, text=text, place=place, now=ask.now)
        seen_by = sides.every_firm(ask.session, item.alliance_id)
        return f"{was} is {reference_of(ask, item)} now. {seen_by.capitalize()} can see it."

    return change(ask, do_it)


def _place(ask: Ask, item: ActionItem) -> Conversation | None:
    """The channel chosen, or the only one."""
    channels = sharing.joint_channels(ask.session, item.alliance_id)
    if not ask.arg("shown_in"):
        return channels[0] if channels else None
    chosen = [place for place in channels if str(place.id) == ask.arg("shown_in")]
    if not chosen:
        raise BotError("Choose one of the channels.", field="shown_in")
    return chosen[0]


@act("action_item.take_back", opens_form=True)
def take_back(ask: Ask) -> Reply:
    item, seat = item_of(ask)
    sharing.check_may_take_back(ask.session, item, seat, now=ask.now)
    seen = sharing.shown_to_others(ask.session, item, seat)
    keep_account(ask, [item])
    return Reply(form=take_back_form(ask, item, seat, seen))


@act("action_item.take_back_now")
def take_back_now(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        was = reference_of(ask, item)
        emptied = sharing.take_back(ask.session, item, seat, now=ask.now)
        only = f"Only {seat.side.firm} can see it."
        return f"{was} is {reference_of(ask, item)} now. {only}{emptied_words(emptied)}"

    return change(ask, do_it)
