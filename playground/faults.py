"""Failures ordered in advance for calls of the Web API."""

from dataclasses import dataclass

from playground.refusal import Json, Refusal


@dataclass
class Fault:
    """The next `times` calls of `method` fail; with `after` their effect happens all the same.

    `delay` is in real seconds. A fault with a delay only makes the call slow.
    """

    method: str
    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    times: int = 1
    after: bool = False
    delay: float = 0.0

    @property
    def only_slow(self) -> bool:
        return self.status is None and self.error is None and self.retry_after is None

    def http_status(self) -> int:
        return self.status or (429 if self.retry_after is not None else 200)

    def headers(self) -> dict[str, str]:
        if self.http_status() != 429:
            return {}
        return {"retry-after": str(1 if self.retry_after is None else self.retry_after)}

    def answer(self) -> Json:
        by_status = "ratelimited" if self.http_status() == 429 else "internal_error"
        return {"ok": False, "error": self.error or by_status}


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        if not fault.method or fault.times < 1 or fault.delay < 0:
            raise Refusal("invalid_fault")
        if fault.only_slow and not fault.delay:
            raise Refusal("invalid_fault")
        self._waiting.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault this call meets, if any; it counts as one of its times."""
        found = next((f for f in self._waiting if f.method in (method, "*")), None)
        if found is not None:
            found.times -= 1
            if found.times == 0:
                self._waiting.remove(found)
        return found

    def clear(self) -> None:
        self._waiting.clear()
