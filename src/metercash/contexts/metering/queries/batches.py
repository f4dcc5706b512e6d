"""Reads of import batches."""

from metercash.contexts.metering import models
from metercash.contexts.metering.contracts import ImportReport, RowError
from metercash.platform import db
from metercash.platform.paging import Page, window


@db.transaction_required
def list_batches(*, page: int, per_page: int) -> Page[ImportReport]:
    """Batches, newest first."""
    rows = models.ImportBatch.objects.order_by("-id")
    items = [report_of(batch) for batch in rows[window(page, per_page)]]
    return Page(items, rows.count(), page, per_page)


def report_of(batch: models.ImportBatch, *, repeated: bool = False) -> ImportReport:
    """The kept counts of a batch."""
    return ImportReport(
        batch_id=batch.id,
        sha256=batch.sha256,
        read=batch.read,
        accepted=batch.accepted,
        refused=batch.refused,
        days=batch.days,
        flagged_days=batch.flagged_days,
        errors=[RowError(**error) for error in batch.errors],
        repeated=repeated,
    )
