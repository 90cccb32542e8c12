"""One person in front of the page: what they do, and what their browser noticed."""

from collections.abc import Awaitable
from copy import copy
from typing import Protocol

from playwright.async_api import ConsoleMessage, Dialog, Locator, Page, expect


class Visit(Protocol):
    def __call__(
        self, user: str, channel: str = "C0SHARED", *, width: int = 1280
    ) -> Awaitable["Visitor"]: ...


class Visitor:
    """Somebody before the left screen, or the right one. `requests` are all addresses that were
    asked for; `troubles` should stay empty."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.side = "left"
        self.requests: list[str] = []
        self.troubles: list[str] = []
        page.set_default_timeout(8000)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("console", self._heard)
        page.on("dialog", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    async def _asked(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    async def open(self, user: str, channel: str) -> None:
        await self.page.goto(f"{self.url}/#left={user},{channel}")
        await expect(self.screen).to_be_visible()

    @property
    def screen(self) -> Locator:
        return self.page.locator(f".screen[data-side={self.side}]")

    @property
    def other(self) -> "Visitor":
        """The same page, by its other screen."""
        found = copy(self)
        found.side = "right" if self.side == "left" else "left"
        return found

    @property
    def composer(self) -> Locator:
        return self.screen.get_by_role("combobox", name="Message as")

    @property
    def form(self) -> Locator:
        return self.screen.locator("dialog.modal")

    async def say(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    def message(self, words: str) -> Locator:
        """The message in the channel that has these words."""
        return self.screen.locator(".main .msg").filter(has_text=words)

    async def more(self, words: str, choice: str) -> None:
        """Chooses from the menu of a message."""
        await self.message(words).hover()
        await self.message(words).get_by_role("button", name="More for the message").click()
        await self.page.get_by_role("menuitem", name=choice).click()

    async def become(self, name: str) -> None:
        await self.screen.get_by_role("button", name="You are").click()
        await self.page.get_by_role("menuitemradio", name=name).click()

    async def go(self, place: str) -> None:
        """To Home, a channel ("# name") or the direct message with the bot ("Alliance")."""
        rooms = self.screen.get_by_role("navigation", name="Channels of")
        await rooms.locator(".label").get_by_text(place, exact=True).click()
