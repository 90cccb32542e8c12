"""How long what people typed is, as chat platforms count: in UTF-16 units, of which an emoji takes
two or more."""


def length(text: str) -> int:
    return len(text) if text.isascii() else len(_encoded(text)) // 2


def clip(text: str, limit: int) -> str:
    """At most `limit` units, with an ellipsis at the end where something was left out."""
    if length(text) <= limit:
        return text
    return _encoded(text)[: 2 * (limit - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
