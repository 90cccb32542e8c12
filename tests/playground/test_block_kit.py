"""Block Kit's limits, one at its edge and one beyond."""

from typing import Any

import pytest

from playground.kit import check_blocks
from playground.kit_objects import units
from playground.refusal import Refusal
from tests.playground.conftest import actions, button, field, option, plain, text_field


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": plain(text)}


def select(number: int, **more: Any) -> dict[str, Any]:
    options = [option(f"o{n}") for n in range(number)]
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def rich(*spans: dict[str, Any]) -> dict[str, Any]:
    part = {"type": "rich_text_section", "elements": list(spans)}
    return {"type": "rich_text", "elements": [part]}


def table(rows: int, cells: int, text: str = "x") -> dict[str, Any]:
    row = [{"type": "raw_text", "text": text}] * cells
    return {"type": "table", "rows": [row] * rows}


def where(kinds: dict[str, Any]) -> dict[str, Any]:
    return field("where", {"type": "conversations_select", "filter": kinds})


FINE: list[list[dict[str, Any]]] = [
    [{"type": "divider"}] * 50,
    [section("x" * 3000)],
    [header("x" * 150)],
    [{"type": "section", "fields": [plain("x")] * 10}],
    [{"type": "context", "elements": [plain("x")] * 10}],
    [actions(*[button(f"b{n}") for n in range(25)])],
    [actions(button("b", value="v" * 2000) | {"text": plain("x" * 75)})],
    [actions(select(100))],
    [section("x") | {"accessory": {"type": "overflow", "options": [option("a")]}}],
    [text_field("what")],
    [rich({"type": "text", "text": "<!channel>"}, {"type": "user", "user_id": "U0PRIYA"})],
    [rich({"type": "date", "timestamp": 1795424400, "format": "{date_short}"})],
    [table(100, 4)],
    [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}],
]

WRONG: list[tuple[str, list[Any]]] = [
    ("no more than 50", [{"type": "divider"}] * 51),
    ("must be an object", ["divider"]),
    ("unsupported type", [{"type": "paragraph"}]),
    ("invalid additional property", [{"type": "divider", "text": plain("x")}]),
    ("less than 3001", [section("x" * 3001)]),
    ("less than 3001", [section("😀" * 1501)]),
    ("more than 0", [section("")]),
    ("missing required field: text", [{"type": "section"}]),
    ("less than 151", [header("x" * 151)]),
    ("unsupported type", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
    ("no more than 10", [{"type": "section", "fields": [plain("x")] * 11}]),
    ("less than 2001", [{"type": "section", "fields": [plain("x" * 2001)]}]),
    ("no more than 10", [{"type": "context", "elements": [plain("x")] * 11}]),
    ("no more than 25", [actions(*[button(f"b{n}") for n in range(26)])]),
    ("no less than 1", [actions()]),
    ("already exists in this block", [actions(button("b"), button("b"))]),
    ("`block_id` row already exists", [actions(button("a")), actions(button("b"))]),
    ("less than 76", [actions(button("b") | {"text": plain("x" * 76)})]),
    ("less than 2001", [actions(button("b", value="v" * 2001))]),
    ("less than 256", [actions(button("b" * 256))]),
    ("must be one of danger, primary", [actions(button("b", style="huge"))]),
    ("no more than 100", [actions(select(101))]),
    ("either options or option_groups", [actions({"type": "static_select", "action_id": "s"})]),
    ("among the options", [actions(select(2, initial_option=option("other")))]),
    ("no more than 5", [actions({"type": "overflow", "options": [option("a")] * 6})]),
    ("no more than 10", [actions({"type": "checkboxes", "options": [option("a")] * 11})]),
    ("unsupported type", [actions({"type": "plain_text_input", "action_id": "t"})]),
    ("wrong format", [actions({"type": "datepicker", "initial_date": "27 Nov"})]),
    ("missing required field: label", [{"type": "input", "element": {"type": "datepicker"}}]),
    ("is_decimal_allowed", [field("n", {"type": "number_input"})]),
    ("must be between 1 and 3000", [field("t", {"type": "plain_text_input", "max_length": 3001})]),
    ("at least one filter", [field("c", {"type": "conversations_select", "filter": {}})]),
    ("im, mpim, private, public", [where({"include": ["dm"]})]),
    ("must be a boolean", [where({"exclude_bot_users": "yes"})]),
    ("invalid additional property", [where({"only": "mine"})]),
    ("more than 0", [rich({"type": "text", "text": ""})]),
    ("unsupported type", [rich({"type": "plain_text", "text": "x"})]),
    ("must be an integer", [rich({"type": "date", "timestamp": "1", "format": "x"})]),
    ("no more than 100", [table(101, 1)]),
    ("no more than 20", [table(1, 21)]),
    ("no more than 10000", [table(2, 1, "x" * 5001)]),
    ("only_one_table_allowed", [table(1, 1), table(1, 1)]),
    ("alt_text", [{"type": "image", "image_url": "https://example.com/a.png"}]),
]


@pytest.mark.parametrize("blocks", FINE)
def test_blocks_within_the_limits_pass(blocks: list[dict[str, Any]]) -> None:
    assert check_blocks(blocks) == blocks


@pytest.mark.parametrize(("words", "blocks"), WRONG)
def test_blocks_beyond_a_limit_are_refused(words: str, blocks: list[Any]) -> None:
    with pytest.raises(Refusal) as caught:
        check_blocks(blocks)
    assert caught.value.code == "invalid_blocks"
    messages = caught.value.detail["response_metadata"]["messages"]
    assert any(words in line for line in messages), messages


def test_a_message_has_about_thirteen_thousand_characters_in_all() -> None:
    with pytest.raises(Refusal, match="msg_blocks_too_long"):
        check_blocks([section("x" * 3000)] * 5)


def test_lengths_are_counted_in_utf_16() -> None:
    assert [units(text) for text in ("abc", "ü", "😀", "\ud800")] == [3, 1, 2, 1]
