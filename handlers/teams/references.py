"""Where Teams conversations are reached, as the last verified request about each told."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Conversation, ConversationReference


def remember(
    session: Session,
    installation_id: int,
    external_id: str,
    *,
    tenant_id: str,
    service_url: str,
    now: datetime,
) -> None:
    found = session.get(ConversationReference, external_id) or ConversationReference(
        external_id=external_id,
        installation_id=installation_id,
        tenant_id=tenant_id,
        service_url=service_url,
        seen_at=now,
    )
    found.tenant_id, found.service_url, found.seen_at = tenant_id, service_url, now
    session.add(found)


def of(session: Session, external_id: str) -> ConversationReference | None:
    return session.get(ConversationReference, external_id)


def newest_of_tenant(session: Session, tenant_id: str) -> ConversationReference | None:
    """Any conversation of a tenant tells where its people are reached."""
    chosen = select(ConversationReference).where(ConversationReference.tenant_id == tenant_id)
    return session.exec(chosen.order_by(col(ConversationReference.seen_at).desc()).limit(1)).first()


def joined(session: Session, installation_id: int, tenant_id: str) -> list[str]:
    """The channels of a tenant that the bot is known to be in."""
    chosen = (
        select(Conversation.external_id)
        .join(
            ConversationReference,
            col(ConversationReference.external_id) == Conversation.external_id,
        )
        .where(
            Conversation.installation_id == installation_id,
            Conversation.kind == "channel",
            col(Conversation.bot_is_in).is_(True),
            ConversationReference.tenant_id == tenant_id,
        )
    )
    return list(session.exec(chosen))
