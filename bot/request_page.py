"""The page to hand to a Slack administrator, in Markdown."""

from sqlalchemy import URL, make_url

from bot import slack_reasons
from bot.settings import Settings
from governance.messages import posting
from handlers import asking

PAGE = """\
# Request: install the Slack app Alliance

Alliance is a bot that keeps what two firms promise each other: action items with one owner and a
date, followed up politely until they are closed. People use it in the Slack Connect channel that
the firms share. We run it ourselves.

## What it asks for

It is installed in our workspace only, with a bot token and no user token. {connection}

{scopes}

Events it hears:

{events}

## What it does not ask for

{not_asked}

## Where the data lives

In {database}. It sends nothing anywhere but to Slack.

| What | Kept for |
| --- | --- |
| Action items and their history | as long as the alliance's records are kept |
| Text of messages it has sent | {content} days |
| Who was shown which record, without the words | {receipts} days |
| Requests received, to recognise a repeat | {requests} days |
| Forms begun and not sent | {drafts} days |

## What the partner sees

- Nothing until one of us has seen a preview and pressed *Post and pin*; then one pinned card in
  the shared channel, which says who set it up and that our firm stores the records.
- Joint items only. One firm's own items are never shown where somebody of another firm, or a
  guest, can read: the bot looks at who is in the channel each time.
- No direct message, until the partner's alliance manager has agreed or the person has used the
  bot themselves.

## What the partner's administrator must do

Accept the shared channel, as for any Slack Connect channel, and let our app take part in it.
There is nothing to install, no token and no setting at their side.

## How to revoke it

- `/remove @Alliance` takes it out of one channel.
- Slack administration, *Manage apps*, *Alliance*, *Remove app* ends all access at once.
- The records stay in our database until we delete it.
"""


def page(settings: Settings) -> str:
    return PAGE.format(
        connection=_connection(settings),
        scopes=slack_reasons.table("Scope", slack_reasons.SCOPES),
        events=slack_reasons.table("Event", slack_reasons.EVENTS),
        not_asked=slack_reasons.listed(slack_reasons.NOT_ASKED),
        database=_database(make_url(settings.database_url)),
        content=posting.CONTENT_KEPT.days,
        receipts=posting.RECEIPTS_KEPT.days,
        requests=posting.REQUESTS_KEPT.days,
        drafts=asking.DRAFTS_LAST.days,
    )


def _connection(settings: Settings) -> str:
    if settings.slack is not None and not settings.slack.socket_mode:
        return "Slack calls it over HTTPS; each request's signature is checked."
    return "It connects to Slack from inside our network (Socket Mode); nothing calls in."


def _database(url: URL) -> str:
    """Where, and never how one gets in."""
    if url.get_backend_name() == "sqlite":
        return f"a SQLite file on the machine that runs the bot (`{url.database}`)"
    port = f", port {url.port}" if url.port else ""
    return f"our PostgreSQL database `{url.database}` on `{url.host or 'localhost'}`{port}"
