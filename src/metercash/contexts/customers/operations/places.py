"""Communities, buildings, premises and service points come into being when first named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metercash.contexts.customers.core import words
from metercash.contexts.customers.core.decide import Place
from metercash.contexts.customers.core.record import CustomerRecord
from metercash.contexts.customers.models import Building, Community, Premises, ServicePoint
from metercash.contexts.customers.operations import bulk
from metercash.platform import db


@db.transaction_required
def ensure_communities(records: Iterable[CustomerRecord]) -> dict[str, int]:
    """Ids of the records' communities by name; coordinates given by a record are taken over."""
    wanted: dict[str, tuple[int | None, int | None]] = {}
    for record in records:
        if record.latitude_micro is not None or record.community not in wanted:
            wanted[record.community] = (record.latitude_micro, record.longitude_micro)
    stored = {row.name: row for row in Community.objects.filter(name__in=wanted)}
    ids = {name: row.id for name, row in stored.items()}
    fresh = [name for name in wanted if name not in stored]
    columns = ["name", "latitude_micro", "longitude_micro"]
    ids.update(
        zip(
            fresh,
            bulk.insert(Community, columns, [(name, *wanted[name]) for name in fresh]),
            strict=True,
        )
    )
    bulk.update(
        Community,
        {"latitude_micro": "bigint", "longitude_micro": "bigint"},
        [
            (row.id, *wanted[name])
            for name, row in stored.items()
            if wanted[name][0] is not None
            and (row.latitude_micro, row.longitude_micro) != wanted[name]
        ],
    )
    return ids


@db.transaction_required
def ensure_buildings(
    records: Iterable[CustomerRecord], communities: dict[str, int]
) -> dict[tuple[str, str], int]:
    """Ids of the records' buildings by community and building name."""
    wanted = list(dict.fromkeys((record.community, record.building) for record in records))
    names = {identity: name for name, identity in communities.items()}
    rows = Building.objects.filter(community_id__in=names).values_list("community_id", "name", "id")
    ids = {(names[community], name): identity for community, name, identity in rows}
    fresh = [pair for pair in wanted if pair not in ids]
    created = bulk.insert(
        Building,
        ["community_id", "name"],
        [(communities[community], name) for community, name in fresh],
    )
    ids.update(zip(fresh, created, strict=True))
    return ids


def premises_values(record: CustomerRecord, building_id: int) -> tuple[object, ...]:
    """The record's values for ``PREMISES_COLUMNS``."""
    return (
        building_id,
        record.unit,
        record.floor,
        record.room,
        words.compose_address(*record.place),
        record.building_area_milli,
        record.usable_area_milli,
        record.inside_area_milli,
        record.chargeable_area_milli,
        record.height_mm,
    )


PREMISES_COLUMNS = {
    "building_id": "bigint",
    "unit": "text",
    "floor": "int",
    "room": "text",
    "address": "text",
    "building_area_milli": "bigint",
    "usable_area_milli": "bigint",
    "inside_area_milli": "bigint",
    "chargeable_area_milli": "bigint",
    "height_mm": "int",
}


@db.transaction_required
def ensure_service_points(
    records: Sequence[CustomerRecord],
    buildings: dict[tuple[str, str], int],
    stored_premises: dict[Place, int],
) -> list[int]:
    """Service point ids of the records, in order; premises already stored take the new measures."""
    by_place = {record.place: record for record in records}
    premises = {place: i for place, i in stored_premises.items() if place in by_place}
    bulk.update(
        Premises,
        PREMISES_COLUMNS,
        [
            (identity, *premises_values(by_place[place], buildings[place[0], place[1]]))
            for place, identity in premises.items()
        ],
    )
    fresh = [place for place in by_place if place not in premises]
    rows = [premises_values(by_place[place], buildings[place[0], place[1]]) for place in fresh]
    premises.update(zip(fresh, bulk.insert(Premises, [*PREMISES_COLUMNS], rows), strict=True))
    points = {
        (premises_id, commodity): identity
        for premises_id, commodity, identity in ServicePoint.objects.filter(
            premises_id__in=list(stored_premises.values())
        ).values_list("premises_id", "commodity", "id")
    }
    status = {(premises[r.place], r.commodity): r.supply_status for r in records}
    missing = [key for key in status if key not in points]
    created = bulk.insert(
        ServicePoint,
        ["premises_id", "commodity", "supply_status"],
        [(*key, status[key]) for key in missing],
    )
    bulk.update(
        ServicePoint,
        {"supply_status": "text"},
        [(points[key], value) for key, value in status.items() if key in points],
    )
    points.update(zip(missing, created, strict=True))
    return [points[premises[record.place], record.commodity] for record in records]
