"""What can go wrong in a way that a person should read about."""


class BotError(Exception):
    """Carries a kind sentence: what did not happen and what to do. Nothing was recorded.

    `field` names the part of a form it is about, where there is one.
    """

    def __init__(self, user_message: str, *, field: str | None = None) -> None:
        super().__init__(user_message)
        self.user_message = user_message
        self.field = field


class NotAllowed(BotError):
    """The person may see the record but this is for somebody else to do."""


class PlaceEnded(NotAllowed):
    """Somebody's time in an alliance is over."""


class NotFound(BotError):
    """There is no such record, or none that this person may see; the two look the same."""


class Stale(BotError):
    """Something happened to the record meanwhile, so that the button no longer fits."""


class SideUnknown(BotError):
    """It is not known which firm of the alliance a person belongs to, and it is never guessed."""

    def __init__(self, alliance_id: int, person_id: int, name: str) -> None:
        super().__init__(f"I don't know yet which firm {name} is with.")
        self.alliance_id = alliance_id
        self.person_id = person_id


class PrivateOff(BotError):
    """The firm keeps no records of its own here until its alliance manager has read who stores
    them. `may_turn_on`: whoever asked can do that. `aside` is what they hear besides."""

    def __init__(
        self, user_message: str, *, side_id: int, may_turn_on: bool, aside: str = ""
    ) -> None:
        super().__init__(f"{user_message} {aside}".strip(), field="sees")
        self.bare_message = user_message
        self.side_id = side_id
        self.may_turn_on = may_turn_on
        self.aside = aside

    def with_aside(self, aside: str) -> "PrivateOff":
        return PrivateOff(
            self.bare_message, side_id=self.side_id, may_turn_on=self.may_turn_on, aside=aside
        )


class SuccessorNeeded(BotError):
    """It would leave a firm without an alliance manager, so it is asked first who follows."""
