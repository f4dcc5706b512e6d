"""The floor × unit grid of a building: who has paid, at a glance."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import GridCell
from metercash.contexts.ledger import api as ledger
from metercash.interfaces.console import clock, params
from metercash.platform.access import requires


LONG_DAYS = 90
LEGEND = ("OVERDUE_LONG", "OVERDUE", "DUE", "PAID", "STOPPED", "NONE")


@requires("billing.view")
@require_safe
def building(request: HttpRequest) -> HttpResponse:
    """One building; the first of the first community where none was chosen."""
    communities = customers.list_communities()
    wanted = params.number(request.GET, "building")
    community_id = params.number(request.GET, "community")
    if community_id is None and wanted is not None:
        for community in communities:
            if any(b.id == wanted for b in customers.list_buildings(community_id=community.id)):
                community_id = community.id
                break
    if community_id is None and communities:
        community_id = communities[0].id
    buildings = customers.list_buildings(community_id=community_id) if community_id else []
    known = {one.id for one in buildings}
    building_id = wanted if wanted in known else (buildings[0].id if buildings else None)
    context: dict[str, Any] = {
        "communities": communities,
        "community_id": community_id,
        "buildings": buildings,
        "building_id": building_id,
    }
    if building_id is not None:
        context |= _grid(customers.building_grid(building_id=building_id))
    return render(request, "console/building.html", context)


def _grid(cells: Sequence[GridCell]) -> dict[str, Any]:
    today = clock.today()
    account_ids = [cell.account_id for cell in cells if cell.account_id is not None]
    owed: dict[int, int] = {}
    oldest: dict[int, int] = {}
    for item in ledger.list_open_items(account_ids=account_ids) if account_ids else []:
        owed[item.account_id] = owed.get(item.account_id, 0) + item.open_fen
        days = (today - item.due_date).days
        oldest[item.account_id] = max(oldest.get(item.account_id, days), days)

    def state(cell: GridCell) -> str:
        if cell.account_id is None:
            return "NONE"
        if owed.get(cell.account_id, 0) > 0:
            days = oldest[cell.account_id]
            return "OVERDUE_LONG" if days > LONG_DAYS else "OVERDUE" if days > 0 else "DUE"
        return "STOPPED" if cell.status == "STOPPED" else "PAID"

    units = sorted({cell.unit for cell in cells})
    widths = {
        unit: max(
            (
                len(list(group))
                for _floor, group in groupby(
                    sorted((c for c in cells if c.unit == unit), key=lambda c: c.floor),
                    key=lambda c: c.floor,
                )
            ),
            default=1,
        )
        for unit in units
    }
    floors = []
    for floor in sorted({cell.floor for cell in cells}, reverse=True):
        row = []
        for unit in units:
            homes = sorted(
                (c for c in cells if c.floor == floor and c.unit == unit), key=lambda c: c.room
            )
            shown = [(home, state(home), owed.get(home.account_id or 0, 0)) for home in homes]
            row.append((shown, range(widths[unit] - len(homes))))
        floors.append((floor, row))
    counts = Counter(state(cell) for cell in cells)
    return {
        "floors": floors,
        "units": [(unit, widths[unit]) for unit in units],
        "legend": [(code, counts[code]) for code in LEGEND if counts[code]],
        "owed_fen": sum(owed.values()),
    }
