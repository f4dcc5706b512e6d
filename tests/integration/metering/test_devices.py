"""Meters put on, exchanged and read."""

from datetime import date

import pytest
from django.db import Error

from metercash.contexts.metering import api, models
from metercash.contexts.metering.contracts import (
    InstallationOverlaps,
    MeterUnknown,
    NewInstallation,
    ReadExists,
    RegisterDecreased,
)
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval
from metercash.platform import db


def read(device_no, on, value, now):
    return api.record_register_read(device_no=device_no, read_on=on, value_milli=value, now=now)


def used(point, start, end, now):
    period = Interval(start, end)
    return api.determinants(service_point_ids=[point], period=period, now=now)[point]


class TestExchange:
    def test_loses_no_use(self, points, now):
        point = points[0]
        read("E0", date(2025, 12, 1), 100_000, now)
        api.exchange_device(
            device_no="E0",
            on=date(2025, 12, 11),
            end_register_milli=150_000,
            new=NewInstallation(point, "N0", date(2025, 12, 11), start_register_milli=7_000),
        )
        read("N0", date(2026, 1, 1), 50_000, now)
        one = used(point, date(2025, 12, 1), date(2026, 1, 1), now)
        assert (one.milli["total"], one.missing_days) == (50_000 + 43_000, 0)
        assert one.method_codes == ("REGISTER",)
        history = api.device_history(service_point_id=point)
        assert [(i.device_no, i.removed_on) for i in history] == [
            ("E0", date(2025, 12, 11)),
            ("N0", None),
        ]
        on_day = api.device_of(service_point_id=point, on=date(2025, 12, 11))
        assert on_day is not None
        assert on_day.device_no == "N0"

    def test_refuses_a_second_meter(self, points, now):
        new = NewInstallation(points[0], "X", date(2026, 1, 1))
        with pytest.raises(InstallationOverlaps):
            api.install_devices(installations=[new])
        assert [i.device_no for i in api.device_history(service_point_id=points[0])] == ["E0"]


class TestRecordRead:
    def test_same_read_twice_is_one(self, points, now):
        first = read("E0", date(2025, 12, 1), 100_000, now)
        assert read("E0", date(2025, 12, 1), 100_000, now) == first

    def test_refuses_another_value(self, points, now):
        read("E0", date(2025, 12, 1), 100_000, now)
        with pytest.raises(ReadExists):
            read("E0", date(2025, 12, 1), 100_001, now)

    def test_refuses_a_fall_but_takes_a_rollover(self, points, now):
        read("E0", date(2025, 12, 1), 999_900_000, now)
        with pytest.raises(RegisterDecreased):
            read("E0", date(2026, 1, 1), 500_000_000, now)
        read("E0", date(2026, 1, 1), 200_000, now)
        one = used(points[0], date(2025, 12, 1), date(2026, 1, 1), now)
        assert one.milli["total"] == 300_000

    def test_refuses_unknown_meters_and_impossible_values(self, points, now):
        with pytest.raises(MeterUnknown):
            read("Z", date(2026, 1, 1), 0, now)
        with pytest.raises(InvalidInput):
            read("E0", date(2026, 1, 1), 1_000_000_000, now)


class TestCorrectRead:
    def test_supersedes_and_keeps(self, points, now):
        wrong = read("E0", date(2026, 1, 1), 900_000, now)
        api.correct_register_read(read_id=wrong, value_milli=90_000, note="看错一位", now=now)
        one = used(points[0], date(2025, 1, 1), date(2026, 1, 1), now)
        assert one.milli["total"] == 90_000
        reads = api.register_reads(service_point_id=points[0])
        assert [r.value_milli for r in reads] == [900_000, 90_000]
        with pytest.raises(ReadExists):
            api.correct_register_read(read_id=wrong, value_milli=1, note="再改", now=now)

    def test_database_refuses_changing_a_read(self, points, now):
        read_id = read("E0", date(2026, 1, 1), 900_000, now)
        with pytest.raises(Error), db.transaction():
            models.RegisterRead.objects.filter(id=read_id).update(value_milli=1)
