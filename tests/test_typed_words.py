"""What people typed is shown as they typed it, counted as the platform counts, and who saw an item
at their own asking is kept."""

from sqlmodel import Session, select

from governance.words import clip, length
from storage.tables import Delivery, Person
from tests.world import HANA, OLIVIA, PRIYA, SHARED, TOMASZ, World


def styled(shown: object) -> list[str]:
    """Everything that is shown as code."""
    if isinstance(shown, list):
        return [one for part in shown for one in styled(part)]
    if not isinstance(shown, dict):
        return []
    style = shown.get("style")
    own = [shown["text"]] if isinstance(style, dict) and style.get("code") else []
    return own + [one for part in shown.values() for one in styled(part)]


async def test_backticks_that_people_type_are_shown_as_typed(world: World) -> None:
    text = "run `make test` and `make run`"
    await world.command(PRIYA, f"action @tomasz {text} by Fri")
    await world.press(TOMASZ, "Decline", channel=SHARED)
    assert text in str(world.form(TOMASZ)["blocks"])
    await world.fill(TOMASZ, reason="we `never` run `anything`")
    page = world.form(TOMASZ)
    await world.close(TOMASZ)
    asked = world.read(PRIYA, f"D{PRIYA[1:]}")[-1]
    assert "we `never` run `anything`" in str(asked["blocks"])
    for shown in (page, asked, world.read(OLIVIA, SHARED)[-1]):
        assert styled(shown["blocks"]) == []


def test_length_and_clip_count_utf16_units() -> None:
    assert [length(text) for text in ("abc", "ü", "😀", "\ud800")] == [3, 1, 2, 1]
    assert clip("😀" * 5, 10) == "😀" * 5
    assert clip("😀" * 6, 10) == "😀" * 4 + "…"
    assert clip("one two", 5) == "one…"


async def test_an_item_has_room_for_what_the_form_has_room_for(world: World) -> None:
    refused = await world.command(HANA, "action " + "😀" * 251)
    assert "That is 502 letters; an action item has room for 500." in refused.private
    said = await world.chat(OLIVIA, "😀" * 400)
    await world.shortcut(HANA, "action_item.from_message", said)
    sent = await world.fill(HANA, owner=HANA)
    assert "HEL-1 is yours" in sent.text


async def test_who_looked_at_an_item_is_kept(world: World) -> None:
    await world.command(HANA, "action file the report by Fri")
    await world.press(OLIVIA, "Details", channel=SHARED)
    await world.command(PRIYA, "open")

    def shown(session: Session) -> list[tuple[str, str, int | None, bool]]:
        chosen = (
            select(Person.user_id, Delivery.record, Delivery.record_id, Delivery.unprompted)
            .join(Person, Person.id == Delivery.person_id)
            .where(Delivery.kind == "shown")
            .order_by(Delivery.id)
        )
        return [tuple(row) for row in session.exec(chosen)]

    assert world.stored(shown) == [
        (OLIVIA, "action_item", 1, False),
        (PRIYA, "action_item", 1, False),
    ]
