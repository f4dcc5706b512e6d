"""What the writes share: one row locked in the status a step begins from, and its audit entry."""

from typing import Any

from metercash.contexts.tariffs.contracts import DocumentStatus, NotTheNextStep
from metercash.contexts.tariffs.models import PriceDocument as Row
from metercash.kernel.errors import NotFound
from metercash.platform import audit, db


@db.transaction_required
def locked(document_id: int, *expected: DocumentStatus) -> Row:
    """The row, held until the transaction ends.

    Raises:
        NotFound: if there is none.
        NotTheNextStep: if it is in none of the statuses expected.
    """
    row: Row | None = Row.objects.select_for_update().filter(id=document_id).first()
    if row is None:
        raise NotFound(what="价格文件")
    if row.status not in expected:
        raise NotTheNextStep(
            document_status=DocumentStatus(row.status).label,
            expected="”或“".join(status.label for status in expected),
        )
    return row


@db.transaction_required
def record(verb: str, row: Row, **detail: Any) -> None:
    """Note the step in the audit trail."""
    audit.record(
        action=f"tariffs.document.{verb}",
        subject=f"price:{row.id}",
        detail={"code": row.code, "version": row.version, "sha256": row.sha256, **detail},
    )
