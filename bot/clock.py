"""The one object that says what time it is. Doors and ticks read it; the rest is told."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The real time (aware UTC), possibly moved ahead: the playground sets it forward."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta(0) if start is None else start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, instant: datetime) -> None:
        """Move on to an instant; time never goes back."""
        self._ahead = max(self._ahead, instant - datetime.now(UTC))

    def restart(self, instant: datetime) -> None:
        """Begin anew at an instant, perhaps an earlier one: for a world that is made anew."""
        self._ahead = instant - datetime.now(UTC)
