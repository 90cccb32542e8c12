"""JSON on the wire, whatever people typed."""

import json
from typing import Any

from starlette.responses import JSONResponse

KEPT = {"content-disposition": "attachment", "x-content-type-options": "nosniff"}
"""Headers of a file that is to be kept and never to be shown: what is in it may be anything."""


class PlainJSON(JSONResponse):
    """ASCII only: half an emoji, which UTF-8 cannot carry, goes through as an escape."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")
