"""Source files of a draft."""

from datetime import datetime

from metercash.contexts.tariffs.contracts import AttachmentRefused, DocumentStatus, NotTheAuthor
from metercash.contexts.tariffs.core import attachments
from metercash.contexts.tariffs.models import PriceAttachment
from metercash.contexts.tariffs.operations.rows import locked, record
from metercash.kernel.errors import NotFound
from metercash.platform import db, files


@db.transaction_required
def attach(
    document_id: int, name: str, content: bytes, author_id: int, now: datetime
) -> PriceAttachment:
    """Keep a source file with a draft; the same content is kept once."""
    row = locked(document_id, DocumentStatus.DRAFT)
    if row.drafted_by != author_id:
        raise NotTheAuthor
    kind = attachments.media_type(name, content)
    kept = PriceAttachment.objects.filter(document_id=document_id)
    if kept.count() >= attachments.FILES_MAX:
        reason = f"一份价格文件至多 {attachments.FILES_MAX} 个附件"
        raise AttachmentRefused(name=name, reason=reason)
    sha256 = files.put(content)
    if kept.filter(sha256=sha256).exists():
        raise AttachmentRefused(name=name, reason="同样内容的附件已经有了")
    attachment: PriceAttachment = PriceAttachment.objects.create(
        document_id=document_id,
        name=name,
        media_type=kind,
        size_bytes=len(content),
        sha256=sha256,
        added_by=author_id,
        added_at=now,
    )
    record("attach", row, file=name, file_sha256=sha256)
    return attachment


@db.transaction_required
def detach(attachment_id: int, author_id: int) -> None:
    """Take a source file off a draft."""
    attachment: PriceAttachment | None = PriceAttachment.objects.filter(id=attachment_id).first()
    if attachment is None:
        raise NotFound(what="附件")
    row = locked(attachment.document_id, DocumentStatus.DRAFT)
    if row.drafted_by != author_id:
        raise NotTheAuthor
    attachment.delete()
    record("detach", row, file=attachment.name, file_sha256=attachment.sha256)
