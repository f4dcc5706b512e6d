"""Record and withdraw what was announced for a day."""

from datetime import date, datetime

from metercash.contexts.metering import models
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.platform import audit, db


@db.transaction_required
def announce(*, name: str, day: date, evidence: str, now: datetime) -> int:
    """Record an announcement; the same again changes nothing."""
    if not name.strip() or not evidence.strip():
        raise InvalidInput(field="公布事项", reason="名称和依据都必须填写")
    row, created = models.AnnouncedDay.objects.get_or_create(
        name=name.strip(),
        day=day,
        withdrawn_at=None,
        defaults={"evidence": evidence.strip(), "recorded_at": now},
    )
    if created:
        audit.record(
            action="metering.day.announce",
            subject=f"announcement:{row.id}",
            detail={"name": row.name, "day": day.isoformat(), "evidence": row.evidence},
        )
    return int(row.id)


@db.transaction_required
def withdraw(*, announcement_id: int, note: str, now: datetime) -> None:
    """Withdraw an announcement that should not stand; bills made by it are not touched."""
    if not note.strip():
        raise InvalidInput(field="撤销原因", reason="必须填写")
    standing = models.AnnouncedDay.objects.filter(id=announcement_id, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_at=now):
        raise NotFound(what="公布事项")
    audit.record(
        action="metering.day.withdraw",
        subject=f"announcement:{announcement_id}",
        detail={"note": note},
    )
