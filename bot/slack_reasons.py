"""Why each scope and event of manifest.yml is asked for, and what is not: the page for an
administrator prints it, docs/slack.md repeats it, and a test compares all of them with the code."""

SCOPES = {
    "app_mentions:read": (
        "Hear `@Alliance ...` in channels: partners, who have no slash commands, capture and "
        "answer this way."
    ),
    "channels:read": (
        "See whether a public channel is shared with another firm and who is in it, so that one "
        "firm's own items are never posted where others read."
    ),
    "chat:write": "Post and update cards, answer privately, write direct messages.",
    "commands": "`/alliance` and the two shortcuts.",
    "files:write": "Send an alliance manager the export they asked for, in their direct messages. "
    "The bot sends no other files and reads none.",
    "groups:read": (
        "The same as `channels:read` for private channels, which most alliance channels are."
    ),
    "im:history": (
        "Read what people write to the bot in its direct messages, and find a direct message by "
        "its token before it is sent again. It covers the bot's own conversations only."
    ),
    "im:write": "Open a direct message with somebody who is asked or reminded.",
    "pins:write": "Pin the alliance's card in its channel.",
    "reactions:read": (
        "Capture by reaction: hear of the reaction, and read the one message it was put on. Count "
        "what people answer a pulse with, and read its message once more before it closes."
    ),
    "reactions:write": "Put the numbers one to five below a pulse, ready to be pressed.",
    "team:read": "Propose the firms' names when an alliance is set up.",
    "users:read": (
        "Names, titles and time zones of the people involved, and whether somebody is a guest."
    ),
}

EVENTS = {
    "app_home_opened": (
        "Fill the Home tab when somebody opens it; greet somebody of the installing firm once, "
        "while there is no alliance."
    ),
    "app_mention": "What is written to the bot in a channel.",
    "channel_id_changed": (
        "A private channel gets a new id when sharing starts; the old one goes on leading to it."
    ),
    "channel_rename": "Messages name the channel as people know it.",
    "channel_shared": "Sharing began: what was known of the channel's readers no longer counts.",
    "channel_unshared": "Sharing ended: the same, so that it is looked at anew.",
    "group_rename": "As `channel_rename`, for private channels.",
    "member_joined_channel": (
        "Somebody may now read along, a guest for example; or the bot itself was invited, and "
        "answers whoever invited it by direct message."
    ),
    "member_left_channel": "Somebody no longer reads along.",
    "message.im": "What is written to the bot directly.",
    "reaction_added": "Capture by reaction; an answer to a pulse.",
    "reaction_removed": "An answer to a pulse is taken back or changed.",
    "user_change": "Somebody moved to another zone, changed their name, became a guest or left.",
}

NOT_ASKED = (
    "`channels:history` and `groups:history`: the bot does not read along. A message is read only "
    "when somebody turns it into an action item, by a shortcut, a reaction or a mention.",
    "`users:read.email` and profile fields: nobody's address is needed to remind them.",
    "`chat:write.public`, `channels:join`, `channels:manage`: the bot speaks only where somebody "
    "invited it, and changes no channel.",
    "`files:read`, `search:read`, user tokens, and everything for administrators.",
    "Presence, and the feelings people show with reactions: nothing is measured about individuals. "
    "Only the numbers on a pulse, which says so, are counted.",
)


def table(first: str, reasons: dict[str, str]) -> str:
    """A Markdown table of names and reasons."""
    rows = "\n".join(f"| `{name}` | {why} |" for name, why in reasons.items())
    return f"| {first} | What it is needed for |\n| --- | --- |\n{rows}"


def listed(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)
