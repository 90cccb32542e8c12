"""What the bot puts into cards comes back through somebody's client, which could send anything in
its place. It is sealed when it is put there, and nothing is done with what bears no seal of ours.

The key is the deployment's own, kept with its records, so that a card can be pressed after years.
"""

import hashlib
import hmac
import json
from typing import Any

Json = dict[str, Any]

SEAL = "seal"
SEALED = frozenset(
    {
        "act",
        "card",
        "closed",
        "confirm",
        "confirmed",
        "fields",
        "form",
        "in_page",
        "kept",
        "label",
        "shown",
        "value",
    }
)
"""What a button brings back that is ours; everything else is what somebody typed or chose."""

RESERVED = SEALED | {"msteams", SEAL}
"""What buttons bring back under these names would be mixed up with an input of the same name."""

_key = b""


def use(key: str) -> None:
    """The key of the deployment that this process serves."""
    global _key
    _key = key.encode()


def sealed(data: Json) -> Json:
    return data | {SEAL: _seal_of(data)}


def is_sealed(data: Json) -> bool:
    """Whether this is as the bot put it there."""
    return hmac.compare_digest(str(data.get(SEAL, "")).encode(), _seal_of(data).encode())


def sealed_words(words: str) -> str:
    """A text with its seal in front."""
    return f"{_seal_of({'value': words})}.{words}"


def opened_words(text: str) -> str | None:
    """The text behind a seal of ours; None where it has none."""
    seal, _, words = text.partition(".")
    fits = hmac.compare_digest(seal.encode(), _seal_of({"value": words}).encode())
    return words if fits else None


def _seal_of(data: Json) -> str:
    ours = {name: value for name, value in data.items() if name in SEALED}
    said = json.dumps(ours, sort_keys=True, default=str).encode()
    return hmac.new(_key, said, hashlib.sha256).hexdigest()[:32]
