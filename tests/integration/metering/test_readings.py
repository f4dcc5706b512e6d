"""Interval values from the file to the determinants."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from metercash.contexts.metering import api
from metercash.contexts.metering.contracts import FileUnreadable, Flag, Method
from metercash.kernel.interval import Interval
from metercash.platform import tenancy
from metercash.rating import document
from tests.integration.metering.conftest import FIRST, month, wide
from tests.unit.rating.grids import GRIDS


JANUARY = Interval(FIRST, date(2026, 2, 1))
ZONES = {"peak": [(32, 88)], "valley": [(0, 32), (88, 96)]}


def load(values, now, ending="parquet"):
    return api.import_intervals(content=wide(values, ending), filename=f"a.{ending}", now=now)


def milli(array):
    return np.rint(array * 1000).astype(int)


class TestImportIntervals:
    @pytest.mark.parametrize("ending", ["parquet", "csv"])
    def test_sums_by_zone(self, points, now, ending):
        values = month()
        report = load(values, now, ending)
        assert (report.read, report.accepted, report.refused) == (3 * 31 * 96, 3 * 31 * 96, 0)
        found = api.determinants(
            service_point_ids=points, period=JANUARY, time_of_use=ZONES, now=now
        )
        for meter, point in enumerate(points):
            days = [milli(array) for (name, _), array in values.items() if name == f"E{meter}"]
            one = found[point]
            assert one.milli["total"] == sum(int(day.sum()) for day in days)
            assert one.milli["peak"] == sum(int(day[32:88].sum()) for day in days)
            assert one.milli["peak"] + one.milli["valley"] == one.milli["total"]
            assert (one.days, one.missing_days, one.estimated_milli) == (31, 0, 0)
            assert one.unfinished_days == 12
            assert one.methods == Method.MEASURED

    def test_sums_by_kind_of_day(self, points, now):
        values = month()
        load(values, now)
        calendar = document.parse(GRIDS["浙江"]).time_of_use
        zones = {day: dict(calendar.kind_of(day).zones) for _, day in values}
        period = Interval(FIRST, date(2026, 2, 1))
        found = api.determinants(
            service_point_ids=points, period=period, time_of_use=calendar, now=now
        )
        for meter, point in enumerate(points):
            expected = dict.fromkeys(calendar.zones, 0)
            for (name, day), array in values.items():
                for zone, slots in zones[day].items() if name == f"E{meter}" else ():
                    expected[zone] += sum(int(milli(array)[a:b].sum()) for a, b in slots)
            assert found[point].milli == {**expected, "total": sum(expected.values())}
            assert found[point].max_demand_milli is None

    def test_kinds_of_days_differ_within_a_period(self, points, now):
        load({("E0", date(2026, 2, day)): np.full(96, 0.25) for day in (14, 15)}, now)
        calendar = document.parse(GRIDS["浙江"]).time_of_use
        period = Interval(date(2026, 2, 14), date(2026, 2, 16))
        found = api.determinants(
            service_point_ids=points[:1], period=period, time_of_use=calendar, now=now
        )
        assert found[points[0]].milli == {
            "deep": 4000, "peak": 12000, "flat": 14000, "valley": 18000, "critical": 0,
            "total": 48000,
        }  # fmt: skip

    def test_the_highest_quarter_hour_is_the_demand(self, points, now):
        values = month(meters=1, days=2)
        values["E0", FIRST][40] = 2.5
        load(values, now)
        values["E0", FIRST + timedelta(days=1)][7] = 3.125
        load({("E0", FIRST + timedelta(days=1)): values["E0", FIRST + timedelta(days=1)]}, now)
        found = api.determinants(service_point_ids=points, period=JANUARY, demand=True, now=now)
        assert found[points[0]].max_demand_milli == 12_500
        assert found[points[1]].max_demand_milli is None

    def test_bucket_gives_the_same(self, points, now):
        load(month(), now)
        asked = api.determinants(
            service_point_ids=points, period=JANUARY, time_of_use=ZONES, now=now
        )
        by_bucket = {}
        for bucket in range(api.BUCKETS):
            by_bucket |= api.determinants_of_bucket(
                bucket=bucket, period=JANUARY, time_of_use=ZONES, now=now
            )
        assert by_bucket == asked

    def test_same_file_changes_nothing(self, points, now):
        first = load(month(), now)
        again = load(month(), now)
        assert again.repeated
        assert again.batch_id == first.batch_id
        assert api.list_batches().total == 1

    def test_later_version_wins_and_gaps_keep_the_earlier(self, points, now):
        values = month(meters=1, days=2)
        load(values, now)
        changed = values["E0", FIRST].copy()
        changed[:4] = 1.0
        changed[4:] = np.nan
        load({("E0", FIRST): changed}, now)
        expected = milli(values["E0", FIRST])
        expected[:4] = 1000
        one_day = Interval(FIRST, FIRST + timedelta(days=1))
        points_read = api.curve(service_point_id=points[0], period=one_day)
        assert [point.milli for point in points_read] == expected.tolist()
        found = api.determinants(service_point_ids=points[:1], period=one_day, now=now)
        assert found[points[0]].milli == {"total": int(expected.sum())}

    def test_tells_every_refusal(self, points, now):
        text = (
            "表号,时间,数值,单位\n"
            "E0,2026-01-01 00:00,0.5,kWh\n"
            "E9,2026-01-01 00:00,0.5,kWh\n"
            "E0,昨天,0.5,kWh\n"
            "E0,2026-01-01 00:07,0.5,kWh\n"
            "E0,2024-01-01 00:15,0.5,kWh\n"
            "E0,2026-01-01 00:15,多,kWh\n"
            "E0,2026-01-01 00:15,0.5,斤\n"
            "E0,2026-01-01 00:00,0.7,kWh\n"
            "E0,2026/01/01 00:15:00,250,Wh\n"
        )
        report = api.import_intervals(content=text.encode("gb18030"), filename="a.csv", now=now)
        assert (report.read, report.accepted, report.refused) == (9, 2, 7)
        assert sorted((error.row, error.reason) for error in report.errors) == [
            (3, "没有登记这块表"),
            (4, "不是时间"),
            (5, "不在整刻钟上"),
            (6, "当日没有安装这块表"),
            (7, "不是数字"),
            (8, "不能换算为表计的单位"),
            (9, "与同一时刻的前一个值不同"),
        ]
        curve = api.curve(service_point_id=points[0], period=Interval(FIRST, date(2026, 1, 2)))
        assert [point.milli for point in curve[:3]] == [500, 250, None]

    def test_splits_hours_evenly_and_shows_hours(self, points, now):
        hours = np.arange(1, 25) / 1000
        report = load({("E0", FIRST): hours}, now)
        assert report.accepted == 24
        one_day = Interval(FIRST, date(2026, 1, 2))
        curve = api.curve(service_point_id=points[0], period=one_day)
        assert [point.milli for point in curve] == list(range(1, 25))
        assert {point.minutes for point in curve} == {60}
        assert curve[1].start.isoformat() == "2026-01-01T01:00:00+08:00"
        found = api.determinants(service_point_ids=points[:1], period=one_day, now=now)
        assert found[points[0]].method_codes == ("MEASURED", "SPLIT")

    def test_takes_offsets_and_utc(self, points, now):
        text = (
            "meter_no,timestamp,value\nE0,2026-01-01T00:15:00+08:00,1\nE0,2025-12-31T16:30:00Z,2\n"
        )
        report = api.import_intervals(content=text.encode(), filename="a.csv", now=now)
        assert report.refused == 0
        curve = api.curve(service_point_id=points[0], period=Interval(FIRST, date(2026, 1, 2)))
        assert [point.milli for point in curve[:4]] == [None, 1000, 2000, None]

    @pytest.mark.parametrize(
        ("content", "name"),
        [(b"x,y\n1,2\n", "a.csv"), (b"junk", "a.xlsx"), (b"junk", "a.parquet"), (b"", "a.pdf")],
    )
    def test_refuses_what_is_no_reading_file(self, points, now, content, name):
        with pytest.raises(FileUnreadable):
            api.import_intervals(content=content, filename=name, now=now)
        assert api.list_batches().total == 0

    def test_other_tenant_sees_nothing(self, points, now, other_tenant):
        load(month(), now)
        with tenancy.bind(other_tenant):
            found = api.determinants(service_point_ids=points, period=JANUARY, now=now)
            assert {one.days for one in found.values()} == {0}
            with pytest.raises(FileUnreadable):
                api.import_intervals(content=b"a,b\n", filename="a.csv", now=now)
            assert load(month(), now).refused == 3 * 31 * 96


class TestEstimate:
    def test_fills_gaps_and_keeps_what_is_there(self, points, now):
        values = month(meters=1, days=20)
        day = FIRST + timedelta(days=12)
        short = values["E0", day].copy()
        short[40:44] = np.nan
        values["E0", day] = short
        del values["E0", day + timedelta(days=1)]
        load(values, now)
        period = Interval(FIRST, FIRST + timedelta(days=20))
        before = api.determinants(service_point_ids=points[:1], period=period, now=now)[points[0]]
        assert (before.days, before.missing_days) == (19, 2)
        report = api.estimate(service_point_ids=points[:1], period=period, now=now)
        assert (report.linear, report.like_day, report.still_missing) == (4, 96, 0)
        after = api.determinants(service_point_ids=points[:1], period=period, now=now)[points[0]]
        assert (after.days, after.missing_days) == (20, 0)
        assert after.milli["total"] == before.milli["total"] + after.estimated_milli
        assert after.methods == Method.MEASURED | Method.LINEAR | Method.LIKE_DAY
        again = api.estimate(service_point_ids=points[:1], period=period, now=now)
        assert (again.linear, again.days_written) == (0, 0)
        curve = api.curve(service_point_id=points[0], period=Interval(day, day + timedelta(days=1)))
        assert [slot for slot, point in enumerate(curve) if point.estimated] == [40, 41, 42, 43]
        rate = api.collection_rate(day=day)
        assert (rate.expected, rate.received, rate.estimated) == (3, 1, 1)
        assert (rate.points_received, rate.points_estimated) == (92, 4)

    def test_measured_value_replaces_estimate(self, points, now):
        values = month(meters=1, days=10)
        whole = values["E0", FIRST].copy()
        short = whole.copy()
        short[40:44] = np.nan
        load(values | {("E0", FIRST): short}, now)
        period = Interval(FIRST, FIRST + timedelta(days=10))
        api.estimate(service_point_ids=points[:1], period=period, now=now)
        late = np.full(96, np.nan)
        late[40:44] = whole[40:44]
        load({("E0", FIRST): late}, now)
        found = api.determinants(service_point_ids=points[:1], period=period, now=now)[points[0]]
        assert found.milli["total"] == sum(int(milli(array).sum()) for array in values.values())
        assert (found.estimated_milli, found.missing_days) == (0, 0)
        assert found.methods == Method.MEASURED


class TestUsage:
    def test_days_and_months(self, points, now):
        values = month(meters=1, days=40)
        load(values, now)
        period = Interval(FIRST, date(2026, 3, 1))
        days = api.daily_usage(service_point_id=points[0], period=period)
        assert [day.milli for day in days] == [int(milli(v).sum()) for v in values.values()]
        months = api.monthly_usage(service_point_id=points[0], period=period)
        assert [(m.month, m.days) for m in months] == [(FIRST, 31), (date(2026, 2, 1), 9)]
        assert days[0].quantity.endswith(" kWh")

    def test_compaction_changes_no_number(self, points, now):
        values = month()
        for day in range(31):
            part = {key: v for key, v in values.items() if key[1] == FIRST + timedelta(days=day)}
            load(part, now)
        before = api.determinants(service_point_ids=points, period=JANUARY, now=now)
        assert api.compact_readings() > 0
        assert api.determinants(service_point_ids=points, period=JANUARY, now=now) == before

    def test_flags_high_days(self, points, now):
        values = month(meters=1, days=20)
        load(values, now)
        report = load({("E0", FIRST + timedelta(days=20)): np.full(96, 9.0)}, now)
        assert report.flagged_days == 1
        period = Interval(FIRST, FIRST + timedelta(days=21))
        found = api.determinants(service_point_ids=points[:1], period=period, now=now)
        assert found[points[0]].flags == Flag.HIGH | Flag.STUCK


def test_excel_is_read(points, now):
    import io

    out = io.BytesIO()
    frame = pl.DataFrame({"表号": ["E0"], "时间": ["2026-01-01 00:00"], "数值": [1.5]})
    frame.write_excel(out)
    report = api.import_intervals(content=out.getvalue(), filename="a.xlsx", now=now)
    assert (report.accepted, report.refused) == (1, 0)


class TestReadingDay:
    def test_is_the_last_of_a_season_that_is_over(self, points, now):
        asked = FIRST + timedelta(days=100)
        assert api.reading_day(until=asked) == asked
        load(month(meters=1, days=40), now)
        last = FIRST + timedelta(days=39)
        assert api.reading_day(until=asked) == last
        # A silence of two weeks is a fault to show, not the end of the season.
        assert api.reading_day(until=last + timedelta(days=14)) == last + timedelta(days=14)
        assert api.reading_day(until=FIRST + timedelta(days=5)) == FIRST + timedelta(days=5)
