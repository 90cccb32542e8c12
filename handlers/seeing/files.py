"""What is said of a file that is handed over only when somebody allows it."""

from collections.abc import Iterable

from governance.seeing.export import File
from handlers.views import Message, Text, Words, say, words

GONE = "This file is not there any more. Ask for it again if you need it."
ANSWERED = "You have answered this one already. Ask for the file again if you need it anew."
UNDER_WAY = (
    "I am carrying out your answer to this one. If nothing has come in three minutes, press Allow "
    "again."
)
AWAY = "I could not reach my records, so nothing was saved. Please press Allow again in a minute."
AWAY_DECLINED = (
    "I could not reach my records, so I could not keep your answer. Nothing was saved. Please "
    "press Decline again in a minute."
)
AWAY_MEANWHILE = (
    "I could not reach my records, so nothing was saved. Please press Allow again in three minutes."
)

UNCERTAIN = "uncertain"
"""It may have been saved all the same."""

REFUSED = "Your OneDrive did not take it."
WHY = {
    "quotaLimitReached": "Your OneDrive has no room left.",
    "throttled": "Your OneDrive was busy.",
    UNCERTAIN: "Your OneDrive did not say that it has it.",
}


def named(part: str, files: Iterable[File]) -> File | None:
    """The one of a message's files that was offered, if it is still among them."""
    return next((file for file in files if file.key == part), None)


BELOW = " Allow it below to try again: it is made anew."
LATER = " Press Allow again in three minutes: it is made anew."


def not_saved(name: str, error: str, how: str = BELOW) -> Message:
    """Why a file did not arrive, and how to try again; it is offered again with this."""
    what = "may not have arrived" if error == UNCERTAIN else "was not saved"
    lead, why = Words(f"{name} {what}. ", bold=True), WHY.get(error, REFUSED)
    return Message((Text(words(lead, why, how)),))


def declined(name: str) -> Message:
    return say(f"{name}: you declined it, and nothing was saved. Ask for it again at any time.")


def saved(name: str) -> Message:
    """Where the platform's own card for it could not be shown."""
    return say(f"{name} is saved in your OneDrive.")
