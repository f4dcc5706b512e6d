"""Days for which something was announced."""

from datetime import date

from metercash.contexts.metering import models
from metercash.contexts.metering.contracts import Announcement
from metercash.kernel.interval import Interval
from metercash.platform import db


@db.transaction_required
def announcements(*, period: Interval[date]) -> list[Announcement]:
    """What stands announced for the days of a period, in order of the days."""
    rows = models.AnnouncedDay.objects.filter(
        day__gte=period.start, day__lt=period.end, withdrawn_at__isnull=True
    )
    return [
        Announcement(row.id, row.name, row.day, row.evidence, row.recorded_at)
        for row in rows.order_by("day", "name")
    ]
