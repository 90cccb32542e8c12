"""Ways in which the gate could break, to show that the search finds each of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from governance import visibility
from governance.items import action_item_lists, action_item_records, action_items
from governance.items.action_item_lists import Page, Which
from governance.people import roster
from governance.people.members import Seat
from governance.seeing import exposure
from handlers.acts import ACTS
from storage.tables import ActionItem, Alliance, Audience, Installation, Member, Person
from tests.leaks.around import ChangeRoom, Pass, PutPerson
from tests.leaks.forged import Probe
from tests.leaks.story import Action
from tests.leaks.typed import Type

PARTNER_MANAGES: tuple[Action, ...] = (
    PutPerson("U0PRIYA", "U0OLIVIA", "Helix Devices", "manager"),
    PutPerson("U0OLIVIA", "U0TOMASZ", "Helix Devices", "lead"),
)
OWN_CARD_AFTER_A_GUEST: tuple[Action, ...] = (
    ChangeRoom("slips in"),
    Pass("PT61S"),
    Type("U0HANA", "command", "action", tail="* by Fri", room=1),
)
DETAILS = sorted(ACTS).index("action_item.details")
THE_PARTNER_PRESSES_WHAT_IS_HIDDEN: tuple[Action, ...] = (
    Probe("U0TOMASZ", DETAILS, 0, as_form=False),
)
THE_PARTNER_GUESSES: tuple[Action, ...] = (Type("U0TOMASZ", "dm", "show", "OUR-2"),)
THE_PARTNER_READS_A_LIST: tuple[Action, ...] = (Type("U0TOMASZ", "dm", "open"),)

Break = Callable[[pytest.MonkeyPatch], None]


def anything_is_said_anywhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(visibility, "may_be_said_in", _yes)


def everybody_may_see_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(visibility, "may_see", _yes)


def lists_forget_the_sides(patch: pytest.MonkeyPatch) -> None:
    def audiences_of(member: Member) -> SelectOfScalar[int]:
        return select(Audience.id).where(Audience.alliance_id == member.alliance_id)

    patch.setattr(visibility, "audiences_of", audiences_of)


def old_facts_are_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(visibility, "facts_are_fresh", _yes)


def references_are_not_checked(patch: pytest.MonkeyPatch) -> None:
    checked = action_item_records.by_reference

    def by_reference(session: Session, by: Seat, reference: str) -> ActionItem:
        number = reference.partition("-")[2]
        chosen = select(ActionItem).where(
            ActionItem.alliance_id == by.alliance.id,
            col(ActionItem.series_side_id) != 0,
            ActionItem.number == (int(number) if number.isdecimal() else 0),
        )
        if not reference.upper().startswith("OUR-"):
            return checked(session, by, reference)
        return session.exec(chosen).first() or checked(session, by, reference)

    patch.setattr(action_item_records, "by_reference", by_reference)


def lists_count_what_they_do_not_show(patch: pytest.MonkeyPatch) -> None:
    honest = action_item_lists.listed

    def listed(session: Session, which: Which, by: Seat, *, today: date, page: int = 1) -> Page:
        every = select(ActionItem).where(ActionItem.alliance_id == by.alliance.id)
        shown = honest(session, which, by, today=today, page=page)
        return replace(shown, total=len(session.exec(every).all()))

    patch.setattr(action_item_lists, "listed", listed)


def everything_is_numbered_together(patch: pytest.MonkeyPatch) -> None:
    apart = action_item_records.next_number

    def next_number(session: Session, alliance: Alliance, series: int) -> int:
        return apart(session, alliance, 0)

    for module in (action_item_records, action_items):
        patch.setattr(module, "next_number", next_number)


def cards_stay_when_a_guest_comes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(exposure, "hide", lambda session, place, *, now: None)


def everybody_is_offered_to_every_manager(patch: pytest.MonkeyPatch) -> None:
    def may_be_added(
        session: Session, seat_of: Seat, installation: Installation, *, now: datetime
    ) -> list[Person]:
        return list(session.exec(select(Person).where(Person.standing != "bot")))

    patch.setattr(roster, "may_be_added", may_be_added)


def _yes(*_: Any, **__: Any) -> bool:
    return True


DEFECTS: dict[Break, tuple[Action, ...]] = dict.fromkeys(
    (
        anything_is_said_anywhere,
        everybody_may_see_everything,
        lists_forget_the_sides,
        old_facts_are_believed,
        references_are_not_checked,
        lists_count_what_they_do_not_show,
        everything_is_numbered_together,
        cards_stay_when_a_guest_comes,
        everybody_is_offered_to_every_manager,
    ),
    (),
) | {
    old_facts_are_believed: OWN_CARD_AFTER_A_GUEST,
    everybody_may_see_everything: THE_PARTNER_PRESSES_WHAT_IS_HIDDEN,
    references_are_not_checked: THE_PARTNER_GUESSES,
    lists_forget_the_sides: THE_PARTNER_READS_A_LIST,
    lists_count_what_they_do_not_show: THE_PARTNER_READS_A_LIST,
    everybody_is_offered_to_every_manager: PARTNER_MANAGES,
}
"""With what must have happened first, where random stories would take long to come to it."""
