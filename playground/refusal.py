"""One kind of error: something the playground refuses, with the code Slack uses for it."""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """`code` is what stands in `error`; `detail` is merged into the answer."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    def answer(self) -> Json:
        return {"ok": False, "error": self.code, **self.detail}


def invalid(code: str, problems: list[str]) -> Refusal:
    """A refusal that says where the input is wrong, in the form Slack gives it."""
    return Refusal(code, response_metadata={"messages": [f"[ERROR] {line}" for line in problems]})
