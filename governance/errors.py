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
