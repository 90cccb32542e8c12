"""What people wrote in Teams as plain words, with a mark for each person mentioned."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

from handlers.commands import clean, mark
from handlers.teams.activities import BOT, Activity, Json, name_of, part, parts

LEADING = re.compile(r"/(?:alliance\b)?\s*", re.I)
TAG = re.compile(r"</?at\b[^<>]*>", re.I)
BREAK = re.compile(r"<br\s*/?>", re.I)
REPEATED = re.compile("(\ufffc\\d+\ufffc)(?:\\s*\\1)+")
"""Somebody whose name was shortened is mentioned once for each of its words."""

PERSON = ("", "person", "user")
"""How a mention says that it is of a person and not of a tag, a team or a channel."""

MARKED_SECTION = re.compile(r"<!(?!--)")
WEB = re.compile(r"https?://\S+", re.I)
_LINES = ("p", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "pre")
_UNREAD = ("script", "style", "title")


class _People:
    """Those mentioned, in order."""

    def __init__(self, *bots: str) -> None:
        self._bots = {bot.removeprefix(BOT).lower() for bot in bots if bot}
        self.ids: list[str] = []

    def said(self, mentioned: Json) -> str:
        """The mark of a person; nothing for the bot, and the name of whatever else it is."""
        who = name_of(mentioned.get("id"))
        person = name_of(mentioned.get("aadObjectId")).lower() or who
        if who.removeprefix(BOT).lower() in self._bots:
            return ""
        if not person or who.startswith(BOT) or name_of(mentioned.get("type")) not in PERSON:
            return f"@{name_of(mentioned.get('name'))}"
        if person not in self.ids:
            self.ids.append(person)
        return mark(self.ids.index(person))


def read_text(activity: Activity, bot_id: str) -> tuple[str, tuple[str, ...]]:
    """What was typed, and the people mentioned in it: their object ids, or their accounts where
    Teams says no more. The mention of the bot is left out, and so is a slash before a command."""
    people = _People(bot_id, activity.bot)
    given = activity.raw.get("text")
    rest, said = given if isinstance(given, str) else "", ""
    for entity in parts(activity.raw, "entities"):
        shown = entity.get("text")
        if entity.get("type") != "mention" or not isinstance(shown, str) or not shown:
            continue
        before, found, after = rest.partition(shown)
        if found:
            said += _plain(before) + people.said(part(entity, "mentioned"))
            rest = after
    text = REPEATED.sub(r"\1", said + _plain(rest)).strip()
    return LEADING.sub("", text, count=1) if text.startswith("/") else text, tuple(people.ids)


def _plain(piece: str) -> str:
    return _spaced_words(html.unescape(TAG.sub("", BREAK.sub("\n", piece))))


def _spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\r\n", "\n").replace("\r", "\n")


def read_message(payload: Json, bot_id: str) -> tuple[str, tuple[str, ...]]:
    """The text of a message as the message action brings it, and the people it mentions."""
    people = _People(bot_id)
    body = part(payload, "body")
    content = body.get("content")
    given = content if isinstance(content, str) else ""
    if name_of(body.get("contentType")).lower() == "text":
        return clean(_spaced(given)), ()
    mentioned = {str(one.get("id")): _mentioned(one) for one in parts(payload, "mentions")}
    reader = _Reader(lambda at, name: people.said(mentioned.get(at) or {"name": name}))
    reader.feed(MARKED_SECTION.sub("&lt;!", given))
    reader.close()
    return reader.text(), tuple(people.ids)


def _mentioned(mention: Json) -> Json:
    """As an activity would say it."""
    name = mention.get("mentionText")
    for kind in ("user", "application"):
        found = part(mention, "mentioned", kind)
        if found:
            prefix = BOT if kind == "application" else ""
            return {"id": prefix + name_of(found.get("id")).lower(), "name": name}
    return {"name": name}


class _Reader(HTMLParser):
    """`mentioned` says what stands for the mention with this number and these words."""

    def __init__(self, mentioned: Callable[[str, str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self._mentioned = mentioned
        self._said: list[str] = []
        self._at: tuple[str, int] | None = None
        self._link: tuple[str, int] | None = None
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "br":
            self._said.append("\n")
        elif tag in _LINES:
            self._new_line()
        elif tag == "at":
            self._end_mention()
            self._at = (given.get("id") or "", len(self._said))
        elif tag == "a":
            self._link = (given.get("href") or "", len(self._said))
        elif tag in ("img", "emoji"):
            self._said.append(_spaced_words(given.get("alt") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(self._unread - 1, 0)
        elif tag in _LINES:
            self._new_line()
        elif tag == "at":
            self._end_mention()
        elif tag == "a":
            self._end_link()

    def handle_data(self, data: str) -> None:
        if self._unread:
            return
        if data.isspace() and "\n" in data:
            data = "" if self._is_at_start() else " "
        self._said.append(_spaced_words(data))

    def _new_line(self) -> None:
        if not self._is_at_start():
            self._said.append("\n")

    def _is_at_start(self) -> bool:
        """Of a line."""
        said = next((piece for piece in reversed(self._said) if piece), "\n")
        return said.endswith("\n")

    def _end_mention(self) -> None:
        if self._at is not None:
            number, since = self._at
            self._at = None
            self._said[since:] = [self._mentioned(number, "".join(self._said[since:]))]

    def _end_link(self) -> None:
        """Where it leads, if that is not what it says."""
        if self._link is not None:
            url, since = clean(self._link[0]), self._link[1]
            self._link = None
            label = "".join(self._said[since:]).strip()
            if WEB.fullmatch(url) and label.rstrip("/") != url.rstrip("/"):
                self._said.append(f" ({url})" if label else url)

    def text(self) -> str:
        self._end_mention()
        lines = (" ".join(line.split()) for line in "".join(self._said).split("\n"))
        whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
        return REPEATED.sub(r"\1", whole).strip()


def _spaced_words(piece: str) -> str:
    """The spaces at its ends part names from words, so they stay."""
    return clean(f"<{_spaced(piece)}>")[1:-1]
