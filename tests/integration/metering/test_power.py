"""What commercial electricity needs: reactive energy, announced days, use up to a frozen reading."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db import IntegrityError

from metercash.contexts.metering import api, models
from metercash.contexts.metering.contracts import (
    NewInstallation,
    ReadExists,
    RegisterDecreased,
    RegisterKind,
)
from metercash.kernel.errors import InvalidInput, NotFound
from metercash.kernel.interval import Interval
from metercash.platform import db, tenancy
from metercash.rating import document
from tests.integration.metering.conftest import FIRST, wide
from tests.unit.rating.grids import GRIDS


MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
PERIOD = Interval(MARCH, APRIL)


def read(device_no, on, value, now, register=RegisterKind.ACTIVE):
    return api.record_register_read(
        device_no=device_no, read_on=on, value_milli=value, now=now, register=register
    )


def reactive(point, now):
    found = api.determinants(service_point_ids=[point], period=PERIOD, now=now, reactive=True)
    one = found[point]
    return one.reactive_milli, one.reverse_reactive_milli


class TestReactive:
    def test_is_the_difference_of_its_own_reads(self, points, now):
        for kind, use in ((RegisterKind.REACTIVE, 40_000), (RegisterKind.REVERSE_REACTIVE, 3_000)):
            read("E0", MARCH, 900_000, now, kind)
            read("E0", APRIL, 900_000 + use, now, kind)
        read("E0", MARCH, 5_000, now)
        read("E0", APRIL, 105_000, now)
        assert reactive(points[0], now) == (40_000, 3_000)
        found = api.determinants(service_point_ids=points[:1], period=PERIOD, now=now)[points[0]]
        assert found.milli == {"total": 100_000}
        assert (found.reactive_milli, found.reverse_reactive_milli) == (None, 0)

    def test_takes_the_ratio_of_the_meter(self, points, now):
        api.exchange_device(
            device_no="E0", on=date(2026, 2, 1), end_register_milli=0,
            new=NewInstallation(points[0], "N0", date(2026, 2, 1), multiplier_milli=80_000),
        )  # fmt: skip
        read("N0", MARCH, 1_000, now, RegisterKind.REACTIVE)
        read("N0", APRIL, 2_500, now, RegisterKind.REACTIVE)
        assert reactive(points[0], now) == (120_000, 0)

    def test_is_unknown_where_reads_do_not_enclose_the_period(self, points, now):
        assert reactive(points[0], now) == (None, 0)
        read("E0", MARCH, 1_000, now, RegisterKind.REACTIVE)
        assert reactive(points[0], now) == (None, 0)
        read("E0", APRIL, 2_000, now, RegisterKind.REACTIVE)
        assert reactive(points[0], now) == (1_000, 0)
        read("E0", MARCH, 7_000, now, RegisterKind.REVERSE_REACTIVE)
        assert reactive(points[0], now) == (None, 0)

    def test_every_register_has_its_own_reads(self, points, now):
        first = read("E0", MARCH, 1_000, now, RegisterKind.REACTIVE)
        assert read("E0", MARCH, 1_000, now, RegisterKind.REACTIVE) == first
        assert read("E0", MARCH, 1_000, now) != first
        with pytest.raises(ReadExists):
            read("E0", MARCH, 2_000, now, RegisterKind.REACTIVE)
        with pytest.raises(RegisterDecreased):
            read("E0", APRIL, 500, now, RegisterKind.REACTIVE)
        api.correct_register_read(read_id=first, value_milli=1_500, note="看错", now=now)
        shown = {
            (one.register_label, one.value_milli)
            for one in api.register_reads(service_point_id=points[0])
        }
        assert shown == {("有功", 1_000), ("正向无功", 1_000), ("正向无功", 1_500)}

    def test_a_heat_meter_has_none(self, points, now):
        api.exchange_device(
            device_no="E0", on=MARCH, end_register_milli=0,
            new=NewInstallation(points[0], "H0", MARCH, unit="GJ"),
        )  # fmt: skip
        with pytest.raises(InvalidInput):
            read("H0", MARCH, 1_000, now, RegisterKind.REACTIVE)

    def test_the_database_knows_the_registers(self, points, now):
        with pytest.raises(IntegrityError), db.transaction():
            read("E0", MARCH, 1_000, now, "HEAT")


class TestMaxDemand:
    def demand(self, point, now):
        found = api.determinants(service_point_ids=[point], period=PERIOD, now=now, demand=True)
        return found[point].max_demand_milli

    def keep(self, on, value, now, device="E0"):
        read(device, on, value, now, RegisterKind.MAX_DEMAND)

    def test_is_what_the_register_shows_from_read_to_read(self, points, now):
        self.keep(MARCH, 900_000, now)
        assert self.demand(points[0], now) is None
        self.keep(APRIL, 310_000, now)
        assert self.demand(points[0], now) == 310_000
        self.keep(date(2026, 3, 20), 350_500, now)
        assert self.demand(points[0], now) == 350_500

    def test_goes_before_the_curve_and_takes_the_ratio(self, points, now):
        api.exchange_device(
            device_no="E0", on=MARCH, end_register_milli=0,
            new=NewInstallation(points[0], "N0", MARCH, multiplier_milli=80_000),
        )  # fmt: skip
        api.import_intervals(
            content=wide({("N0", MARCH): np.full(96, 0.25)}), filename="a.parquet", now=now
        )
        assert self.demand(points[0], now) == 80_000
        self.keep(MARCH, 0, now, "N0")
        self.keep(APRIL, 1_250, now, "N0")
        assert self.demand(points[0], now) == 100_000


class TestAnnouncedDays:
    HOT = date(2026, 6, 1)

    def critical(self, point, now):
        found = api.determinants(
            service_point_ids=[point], period=Interval(self.HOT, self.HOT + timedelta(days=2)),
            time_of_use=document.parse(GRIDS["广东"]).time_of_use, now=now,
        )  # fmt: skip
        return found[point].milli["critical"]

    def test_decide_the_zones_of_their_day(self, points, now):
        values = {("E0", self.HOT + timedelta(days=n)): np.full(96, 0.25) for n in range(2)}
        api.import_intervals(content=wide(values), filename="a.parquet", now=now)
        assert self.critical(points[0], now) == 0
        announced = api.announce_day(name="hot", day=self.HOT, evidence="气象台公告", now=now)
        assert self.critical(points[0], now) == 3_000
        api.announce_day(name="storm", day=self.HOT, evidence="气象台公告", now=now)
        again = api.announce_day(name="hot", day=self.HOT, evidence="另一公告", now=now)
        assert again == announced
        api.withdraw_announcement(announcement_id=announced, note="公告更正", now=now)
        assert self.critical(points[0], now) == 0
        with db.transaction():
            assert models.AnnouncedDay.objects.filter(name="hot").count() == 1

    def test_are_listed_with_their_evidence(self, tenant, other_tenant, now):
        api.announce_day(name="hot", day=self.HOT, evidence="气象台公告", now=now)
        week = Interval(self.HOT, self.HOT + timedelta(days=7))
        [one] = api.announcements(period=week)
        assert (one.name, one.day, one.evidence) == ("hot", self.HOT, "气象台公告")
        assert api.announcements(period=Interval(FIRST, self.HOT)) == []
        with tenancy.bind(other_tenant):
            assert api.announcements(period=week) == []

    def test_need_evidence_and_a_reason(self, tenant, now):
        with pytest.raises(InvalidInput):
            api.announce_day(name="hot", day=self.HOT, evidence=" ", now=now)
        found = api.announce_day(name="hot", day=self.HOT, evidence="公告", now=now)
        with pytest.raises(InvalidInput):
            api.withdraw_announcement(announcement_id=found, note="", now=now)
        api.withdraw_announcement(announcement_id=found, note="更正", now=now)
        with pytest.raises(NotFound):
            api.withdraw_announcement(announcement_id=found, note="更正", now=now)


class TestUseBefore:
    CHANGE = date(2026, 3, 11)

    def before(self, points, day=CHANGE):
        return api.use_before(service_point_ids=points, period=PERIOD, day=day)

    def test_is_known_by_a_read_on_the_day(self, points, now):
        for device in ("E0", "E1"):
            read(device, MARCH, 100_000, now)
            read(device, APRIL, 400_000, now)
        read("E0", self.CHANGE, 130_000, now)
        assert self.before(points) == {points[0]: 30_000}

    def test_needs_reads_from_the_first_day_on(self, points, now):
        api.exchange_device(
            device_no="E0", on=MARCH + timedelta(days=2), end_register_milli=0,
            new=NewInstallation(points[0], "N0", MARCH + timedelta(days=2)),
        )  # fmt: skip
        read("N0", self.CHANGE, 5_000, now)
        assert self.before(points) == {points[0]: 5_000}
        new = Interval(date(2024, 12, 1), APRIL)
        assert api.use_before(service_point_ids=points, period=new, day=self.CHANGE) == {}

    def test_is_known_by_a_curve_without_gaps(self, points, now):
        values = {
            (f"E{meter}", MARCH + timedelta(days=n)): np.full(96, 0.25)
            for meter in range(2)
            for n in range(31)
        }
        values["E1", MARCH][7] = np.nan
        api.import_intervals(content=wide(values), filename="a.parquet", now=now)
        read("E1", self.CHANGE, 5_000, now)
        assert self.before(points) == {points[0]: 240_000}

    def test_a_curve_that_begins_later_tells_nothing(self, points, now):
        values = {("E0", self.CHANGE): np.full(96, 0.25)}
        api.import_intervals(content=wide(values), filename="a.parquet", now=now)
        assert self.before(points) == {}

    @pytest.mark.parametrize("day", [MARCH, APRIL])
    def test_the_day_lies_inside(self, points, day):
        with pytest.raises(InvalidInput):
            self.before(points, day)
