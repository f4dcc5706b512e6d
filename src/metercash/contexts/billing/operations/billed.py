"""Reads posted bills with the facts they were made from, a page at a time."""

from typing import Any

from metercash.contexts.billing.contracts import BillStatus
from metercash.contexts.billing.contracts.billed import Billed, BilledStretch, Population
from metercash.contexts.billing.models import Bill, BillDocument
from metercash.platform import db
from metercash.rating import facts_json


@db.transaction_required
def billed(population: Population, after: int, limit: int) -> list[Billed]:
    """Bills with ids above ``after``, in order."""
    rows = Bill.objects.filter(
        id__gt=after,
        status=BillStatus.POSTED,
        plan_code=population.plan_code,
        purpose=population.purpose,
        period_from__gte=population.period.start,
        period_until__lte=population.period.end,
    )
    if population.community_id is not None:
        rows = rows.filter(community_id=population.community_id)
    if population.category:
        rows = rows.filter(category=population.category)
    page = list(
        rows.order_by("id").values_list(
            "id", "account_id", "account_no", "community_id", "category", "area_milli", "total_fen"
        )[:limit]
    )
    made_from = dict(
        BillDocument.objects.filter(bill_id__in=[row[0] for row in page]).values_list(
            "bill_id", "content__stretches"
        )
    )
    return [
        Billed(*row, stretches=tuple(map(_stretch, made_from[row[0]])))  # type: ignore[misc]
        for row in page
    ]


def _stretch(data: dict[str, Any]) -> BilledStretch:
    share = data.get("share")
    return BilledStretch(
        data["document"],
        facts_json.from_json(data["facts"]),
        (tuple(share["days"]), share["index"]) if share else None,
    )
