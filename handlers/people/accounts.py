"""`accounts`: one's accounts on two platforms joined to one person, by a word from each."""

import re
import secrets
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from governance.errors import BotError
from governance.messages import outbox
from governance.people import accounts, directory
from handlers import asking
from handlers.acts import Ask, act
from handlers.firms.places import PLATFORMS
from handlers.views import MESSAGE, Button, Reply, answer, say
from storage.tables import Draft, Person

CODE_LASTS = timedelta(minutes=30)
LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"
"""Without those that look like others."""

LENGTH = 8
CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
OFFERED = "accounts.offered"
ONLY_YOU = "Only you see this."
UNKNOWN = "I can't find that code. It may be used, or older than half an hour."


@act("accounts.join")
def join(ask: Ask) -> Reply:
    """Without words a code to write from the other account; with one, the question; `apart`."""
    typed = ask.arg("words").strip()
    if typed.casefold() in ("apart", "separate", "split"):
        return _apart(ask)
    return _ask_which(ask, typed) if typed else _offer(ask)


def _offer(ask: Ask) -> Reply:
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    for former in asking.begun(ask, OFFERED):
        ask.session.delete(former)
    asking.keep(ask, OFFERED, {"code": code})
    joined = [_named(ask, other) for other in accounts.others_of(ask.session, ask.caller)]
    already = (
        f"Joined already: {', '.join(joined)}. `accounts apart` undoes that. " if joined else ""
    )
    return answer(
        f"{already}Do you use me with a second account, on Slack or on Teams? Write this to me "
        f"from there within half an hour: `accounts {code}`. I then treat both as you, and write "
        "to one of them only.",
        note=ONLY_YOU,
    )


def _ask_which(ask: Ask, code: str) -> Reply:
    draft, other = _offered(ask, code)
    accounts.check(ask.session, ask.caller, other, now=ask.now)
    buttons = tuple(
        Button(
            f"Write to me on {_platform(ask, person)}", "accounts.confirm", f"{draft.token}:{at}"
        )
        for at, person in (("here", ask.caller), ("there", other))
    )
    return answer(
        f"Are you also {_named(ask, other)}? Then everything of yours comes together: items, "
        "places, and one daily message. Where shall I write to you?",
        note=ONLY_YOU,
        buttons=(*buttons, Button("That is not me", "accounts.not_me", draft.token)),
    )


@act("accounts.confirm")
def confirm(ask: Ask) -> Reply:
    """One account has said yes; the one that made the code is asked as well."""
    token, _, where = ask.arg("value").partition(":")
    draft, other = _by_token(ask, token)
    if "code" not in draft.args:
        raise BotError(UNKNOWN)
    accounts.check(ask.session, ask.caller, other, now=ask.now)
    kept = ask.caller if where == "here" else other
    ask.session.delete(draft)
    waits = Draft(
        person_id=other.id,
        act=OFFERED,
        args={"with": ask.caller.id, "kept": kept.id},
        created_at=ask.now,
    )
    ask.session.add(waits)
    ask.session.flush()
    question = say(
        f"{_named(ask, ask.caller)} says that you are the same person. Is that so? Everything of "
        f"both comes together then, and I write to you on {_platform(ask, kept)}.",
        note=ONLY_YOU,
        buttons=(
            Button("Yes, both are me", "accounts.agree", waits.token, "primary"),
            Button("That is not me", "accounts.not_me", waits.token),
        ),
    )
    outbox.put(
        ask.session,
        outbox.ANSWER,
        {"message": MESSAGE.dump_json(question).decode(), "account": other.id},
        key=f"accounts:{waits.token}",
        installation_id=ask.installation.id,
        person_id=other.id,
        now=ask.now,
    )
    said = f"One more step: I have asked you on {_platform(ask, other)}. Say yes there."
    return replace(answer(said), closes=True)


@act("accounts.agree")
def agree(ask: Ask) -> Reply:
    draft, maker = _by_token(ask, ask.arg("value"))
    if maker.id != ask.caller.id or "with" not in draft.args:
        raise BotError(UNKNOWN)
    two = [ask.caller, ask.session.get_one(Person, draft.args["with"])]
    two.sort(key=lambda person: person.id != draft.args["kept"])
    kept, other = two
    on = _platform(ask, kept)
    ask.session.delete(draft)
    accounts.join(ask.session, kept, other, now=ask.now)
    said = f"Done. You are one person to me, and I write to you on {on}. "
    return replace(answer(f"{said}`accounts apart` undoes this."), closes=True)


@act("accounts.not_me")
def not_me(ask: Ask) -> Reply:
    draft, _ = _by_token(ask, ask.arg("value"))
    ask.session.delete(draft)
    return replace(answer("All right. Nothing was joined."), closes=True)


def _apart(ask: Ask) -> Reply:
    others = accounts.part(ask.session, ask.caller)
    if not others:
        raise BotError("Your account stands by itself already.")
    names = " and ".join(_named(ask, other) for other in others)
    return answer(f"{names} stands by itself again. What there is stays with {ask.caller.name}.")


def _offered(ask: Ask, code: str) -> tuple[Draft, Person]:
    """Who wrote down this code a moment ago. Raises BotError."""
    wanted = code.upper().replace("-", "").replace(" ", "")
    if not CODE.fullmatch(wanted):
        raise BotError(UNKNOWN)
    drafts = select(Draft).where(Draft.act == OFFERED, col(Draft.created_at) > ask.now - CODE_LASTS)
    for draft in ask.session.exec(drafts):
        if secrets.compare_digest(draft.args.get("code", ""), wanted):
            return draft, ask.session.get_one(Person, draft.person_id)
    raise BotError(UNKNOWN)


def _by_token(ask: Ask, token: str) -> tuple[Draft, Person]:
    draft = ask.session.get(Draft, token)
    if draft is None or draft.act != OFFERED or draft.created_at <= ask.now - CODE_LASTS:
        raise BotError(UNKNOWN)
    return draft, ask.session.get_one(Person, draft.person_id)


def _named(ask: Ask, person: Person) -> str:
    return f"{person.name} on {_platform(ask, person)}"


def _platform(ask: Ask, person: Person) -> str:
    return PLATFORMS[directory.platform_of(ask.session, person)]
