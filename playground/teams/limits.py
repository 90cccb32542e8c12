"""How often a bot may do what in one conversation, by the world's clock."""

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta

from playground.teams.denial import Denied, denied

_SEND = ((7, 1), (8, 2), (60, 30), (1800, 3600))  # times in seconds
_MEMBERS = ((14, 1), (16, 2), (120, 30), (3600, 3600))
_ALL_MEMBERS = ((5, 60),)
RULES = {"send": _SEND, "create": _SEND, "members": _MEMBERS, "all members": _ALL_MEMBERS}


class Limits:
    """Off until `enforced`: a clock that stands still would let nobody pass."""

    def __init__(self) -> None:
        self.enforced = False
        self._past: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    def count(self, kind: str, room: str, now: datetime) -> None:
        if not self.enforced:
            return
        past = self._past[kind, room]
        waits = [_wait(past, now, times, seconds) for times, seconds in RULES[kind]]
        if max(waits) > 0:
            raise _throttled(math.ceil(max(waits)))
        past.append(now)
        while past and past[0] <= now - timedelta(hours=1):
            past.popleft()

    def clear(self) -> None:
        self._past.clear()


def _wait(past: deque[datetime], now: datetime, times: int, seconds: int) -> float:
    """Real seconds until one more fits into the window; 0 when it fits now."""
    since = now - timedelta(seconds=seconds)
    recent = [at for at in past if at > since]
    if len(recent) < times:
        return 0.0
    return (recent[-times] - since).total_seconds()


def _throttled(seconds: int) -> Denied:
    refused = denied("Throttled")
    refused.headers = {"retry-after": str(seconds)}
    return refused
