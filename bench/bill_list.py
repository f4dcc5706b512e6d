"""Lists of bills, filtered and sorted, over many bills of one tenant."""

import statistics
from datetime import date
from functools import partial
from typing import Any

from bench import stage


REPEATS = 21
COMMUNITIES = 200


def run(tenant_id: int) -> dict[str, object]:
    """Fill the table and time every list."""
    from metercash.contexts.billing import api as billing

    _fill(tenant_id)
    lists: dict[str, dict[str, Any]] = {
        "latest": {},
        "unpaid_by_due_date": {"status": "UNPAID", "sort": "due_date"},
        "unpaid_by_amount": {"status": "UNPAID", "sort": "-open_fen"},
        "overdue_by_amount": {"status": "OVERDUE", "as_of": date(2026, 3, 1), "sort": "-open_fen"},
        "paid_latest": {"status": "PAID"},
        "community_unpaid": {"status": "UNPAID", "community_id": 7, "sort": "-open_fen"},
        "community_by_total": {"community_id": 7, "sort": "-total_fen"},
        "by_total": {"sort": "-total_fen"},
        "part_paid": {"status": "PART_PAID"},
        "owing_much": {"min_open_fen": 900_000},
        "page_100": {"page": 100},
    }
    figures: dict[str, object] = {"bills": stage.BILLS}
    everything: list[float] = []
    for name, arguments in lists.items():
        times = [stage.timed(partial(billing.list_bills, **arguments)) for _ in range(REPEATS)]
        everything += times
        figures[f"{name}_median_ms"] = round(statistics.median(times), 1)
    figures["all_p95_ms"] = round(statistics.quantiles(everything, n=20)[18], 1)
    figures["totals_of_everything_ms"] = round(stage.timed(billing.bill_totals), 1)
    return figures


def _fill(tenant_id: int) -> None:
    """Invented bills: two thirds paid, some in part, over 200 communities that pay alike."""
    from django.db import connection

    from metercash.contexts.billing.models import Bill
    from metercash.platform import db

    with db.transaction(), connection.cursor() as cursor:
        cursor.execute(
            """
            insert into billing_bill (tenant_id, account_id, account_no, name, community_id,
                building_id, category, commodity, plan_code, area_milli, period_from, period_until,
                purpose, generation, usage_milli, year_usage_milli, total_fen, open_fen, status,
                due_date, issued_at, reversal_reason)
            select %s, n, n::text, '户' || n, drawn %% %s, n / 40, 'RESIDENT', 'HEAT', 'p', 90000,
                '2025-10-20', '2026-04-20', 'REGULAR', 1, 0, 0, total,
                case n %% 6 when 0 then total when 1 then total / 2 else 0 end,
                'POSTED', date '2026-01-01' + (n %% 90)::int, '2025-12-01', ''
            from (
                select n, drawn, 100000 + drawn * 7919 %% 900000 as total
                from (
                    select n, abs(hashint8(n)::bigint) as drawn from generate_series(1::bigint, %s) n
                ) numbers
            ) homes
            """,
            [tenant_id, COMMUNITIES, stage.BILLS],
        )
        db.refresh_statistics(Bill)


if __name__ == "__main__":
    with stage.tenant("HEAT") as bound:
        stage.report(run(bound))
