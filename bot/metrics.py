"""What is counted for whoever runs the bot: no words of anybody's, no names."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, generate_latest

__all__ = ["CONTENT_TYPE_LATEST", "count_act", "count_message", "expose"]

_ACTS = Counter(
    "alliance_acts", "Acts that people asked for, by name and how they ended.", ("act", "outcome")
)
_MESSAGES = Counter(
    "alliance_messages", "Messages taken from the outbox, by kind and outcome.", ("kind", "outcome")
)
_OLDEST = Gauge(
    "alliance_outbox_oldest_seconds",
    "How long the oldest message that is due has been waiting to be sent.",
)


def count_act(act: str, outcome: str) -> None:
    _ACTS.labels(act, outcome).inc()


def count_message(kind: str, outcome: str) -> None:
    _MESSAGES.labels(kind, outcome).inc()


def expose(oldest_seconds: float) -> bytes:
    """Everything counted in this process, as Prometheus reads it."""
    _OLDEST.set(oldest_seconds)
    return generate_latest()
