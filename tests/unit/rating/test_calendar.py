"""Kinds of days: seasons, weekends, holidays, announced days, and thirteen grids that have them."""

import pickle
from datetime import date

import pytest

from metercash.kernel.interval import Interval
from metercash.rating import document
from metercash.rating.calendar import SLOTS_PER_DAY, Calendar, DayType
from metercash.rating.components.kinds_of_days import slot_of
from metercash.rating.errors import HolidaysUnlisted, PlanDocumentInvalid, UsageMissing
from tests.unit.rating import grids
from tests.unit.rating.commercial import examples, table
from tests.unit.rating.grids import GRIDS, HOLIDAYS_2026
from tests.unit.rating.helpers import fen, rate


YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
ALL_DAY = "flat 0-24"
HALVES = "peak 0-12; flat 12-24"


def made(days, more=""):
    return document.parse(grids.document(days, more)).time_of_use


def zone_at(calendar, day, clock):
    slot = slot_of(clock)
    zones = calendar.kind_of(date.fromisoformat(f"2026-{day}")).zones
    [zone] = [name for name, slots in zones if any(a <= slot < b for a, b in slots)]
    return zone


class TestGrids:
    def test_there_are_thirteen(self):
        assert len(GRIDS) == 13

    @pytest.mark.parametrize("grid", GRIDS)
    def test_every_day_is_one_kind_and_covered_once(self, grid):
        calendar = document.parse(GRIDS[grid]).time_of_use
        kinds = calendar.kinds_in(YEAR)
        assert sorted(day for days in kinds.values() for day in days) == [
            date.fromordinal(n) for n in range(YEAR.start.toordinal(), YEAR.end.toordinal())
        ]
        for kind in kinds:
            covered = [slot for _, slots in kind.zones for a, b in slots for slot in range(a, b)]
            assert sorted(covered) == list(range(SLOTS_PER_DAY))

    @pytest.mark.parametrize(
        ("grid", "day", "clock", "zone"),
        [
            ("北京", "07-15", "11:00", "critical"), ("北京", "12-31", "18:00", "critical"),
            ("北京", "12-31", "11:00", "peak"), ("北京", "03-01", "16:30", "flat"),
            ("上海", "07-15", "12:00", "critical"), ("上海", "09-20", "12:00", "peak"),
            ("上海", "09-25", "23:00", "deep"), ("上海", "03-07", "23:00", "deep"),
            ("上海", "02-28", "23:00", "valley_other"), ("上海", "01-05", "19:00", "critical"),
            ("江苏", "06-01", "12:00", "valley"), ("江苏", "03-01", "13:00", "valley"),
            ("浙江", "05-05", "11:00", "deep"), ("浙江", "05-06", "11:00", "valley"),
            ("浙江", "04-05", "11:00", "valley"), ("浙江", "08-01", "09:00", "critical"),
            ("广东", "09-30", "11:00", "critical"), ("广东", "06-20", "15:00", "critical"),
            ("广东", "06-21", "15:00", "peak"), ("山东", "05-31", "11:00", "deep"),
            ("山东", "06-01", "11:00", "flat"), ("黑龙江", "07-01", "11:15", "peak"),
            ("黑龙江", "07-01", "11:30", "flat"), ("吉林", "07-01", "23:00", "valley"),
            ("辽宁", "07-01", "17:00", "critical"), ("辽宁", "06-30", "17:00", "peak"),
            ("湖北", "08-31", "20:00", "sharp"), ("湖北", "09-01", "20:00", "peak"),
            ("新疆", "07-31", "22:45", "critical"), ("新疆", "08-31", "15:45", "deep"),
            ("新疆", "09-01", "15:45", "valley"), ("蒙西", "05-31", "12:00", "valley_windy"),
            ("蒙西", "06-01", "12:00", "deep"), ("蒙西", "01-01", "12:00", "valley_windy"),
            ("四川", "06-20", "13:30", "critical"), ("四川", "06-19", "13:30", "flat"),
        ],
    )  # fmt: skip
    def test_zones_are_those_of_the_notices(self, grid, day, clock, zone):
        assert zone_at(document.parse(GRIDS[grid]).time_of_use, day, clock) == zone


class TestCalendar:
    def test_is_a_value(self):
        calendar = document.parse(GRIDS["上海"]).time_of_use
        again = pickle.loads(pickle.dumps(calendar))
        assert again == calendar
        assert hash(again) == hash(calendar)
        assert calendar == document.parse(GRIDS["上海"]).time_of_use

    def test_names_every_zone_once(self):
        assert document.parse(GRIDS["浙江"]).time_of_use.zones == (
            "deep", "peak", "flat", "valley", "critical",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("day", "found"),
        [
            ("2026-02-14", (DayType.WORKDAY, "")),
            ("2026-02-15", (DayType.HOLIDAY, "春节")),
            ("2026-02-23", (DayType.HOLIDAY, "春节")),
            ("2026-02-24", (DayType.WORKDAY, "")),
            ("2026-03-01", (DayType.WEEKEND, "")),
        ],
    )
    def test_tells_days_by_the_notice(self, day, found):
        calendar = document.parse(GRIDS["上海"]).time_of_use
        assert calendar.day_type(date.fromisoformat(day)) == found

    def test_does_not_guess_a_year_without_holidays(self):
        calendar = document.parse(GRIDS["上海"]).time_of_use
        with pytest.raises(HolidaysUnlisted, match="no holidays of 2027"):
            calendar.kind_of(date(2027, 7, 1))
        assert document.parse(GRIDS["北京"]).time_of_use.kind_of(date(2027, 7, 1)).name == "夏季"

    def test_takes_announced_days_that_decide(self):
        calendar = document.parse(GRIDS["广东"]).time_of_use
        day = date(2026, 5, 2)
        assert calendar.kind_of(day).name == "其他"
        assert calendar.announcing([("hot", day)]).kind_of(day).name == "高温"
        assert calendar.announcing([("storm", day)]) is calendar

    def test_an_empty_calendar_is_no_calendar(self):
        with pytest.raises(AssertionError):
            Calendar(()).kind_of(date(2026, 1, 1))

    def test_holidays_may_begin_in_the_year_before(self):
        text = HOLIDAYS_2026.replace(
            "start: 2026-01-01, until: 2026-01-04", "start: 2025-12-31, until: 2026-01-04"
        )
        calendar = made([("休", "on: [HOLIDAY], ", HALVES), ("其他", "", ALL_DAY)], text)
        assert calendar.kind_of(date(2025, 12, 31)).name == "休"


class TestRefusals:
    @pytest.mark.parametrize(
        ("days", "more", "reason"),
        [
            ([("甲", "", "flat 0-8,9-24")], "", "08:00 起不属于任何时段"),
            ([("甲", "", "flat 0-9; peak 8-24")], "", "08:00 起属于两个时段"),
            ([("甲", "months: [7], ", ALL_DAY)], "", "1 月 1 日工作日没有"),
            ([("甲", "between: [{start: 11-01, until: 03-01}], ", ALL_DAY)], "", "3 月 1 日工作日没有"),
            ([("甲", "on: [WORKDAY], ", ALL_DAY)], HOLIDAYS_2026, "1 月 1 日周末没有"),
            ([("甲", "on: [WORKDAY, WEEKEND], ", ALL_DAY)], HOLIDAYS_2026, "1 月 1 日法定节假日没有"),
            ([("甲", "announced: hot, ", ALL_DAY)], "", "1 月 1 日工作日没有"),
            ([("甲", "", ALL_DAY), ("乙", "months: [7], ", HALVES)], "", "“乙”永远轮不到"),
            ([("甲", "announced: hot, ", HALVES), ("乙", "announced: hot, months: [7], ", HALVES),
              ("丙", "", ALL_DAY)], "", "“乙”永远轮不到"),
            ([("甲", "months: [7], ", ALL_DAY), ("甲", "", HALVES)], "", "name 不应重复"),
            ([("甲", "on: [WEEKEND], ", ALL_DAY), ("乙", "", HALVES)], "", "须在 holidays 列明"),
            ([("甲", "holidays: [中元节], ", ALL_DAY), ("乙", "", HALVES)], HOLIDAYS_2026,
             "2026 年的节假日里没有“中元节”"),
            ([("甲", "months: [7], ", ALL_DAY), ("乙", "", HALVES)], grids.HOT,
             "没有一种日子用到公布事项“hot”"),
            ([("甲", "months: [13], ", ALL_DAY), ("乙", "", HALVES)], "", "不得大于 12"),
            ([("甲", "between: [{start: 11-01, until: 11-01}], ", ALL_DAY), ("乙", "", HALVES)], "",
             "不能与 start 相同"),
        ],
    )  # fmt: skip
    def test_says_what_was_expected(self, days, more, reason):
        with pytest.raises(PlanDocumentInvalid, match=reason):
            made(days, more)

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("until: 2026-02-24", "until: 2026-02-15", "start 应早于 until"),
            ("2026-02-14, ", "2026-02-15, ", "不能既放假又上班"),
            ("start: 2026-01-01", "start: 2025-11-30", "2025-11-30 不在 2026 年"),
            ("2026-02-14, ", "2026-02-13, ", "2026-02-13 不是"),
            ("2026-04-07", "2026-05-02", "属于两个节假日"),
        ],
    )
    def test_holds_holidays_against_the_year(self, old, new, reason):
        text = HOLIDAYS_2026.replace(old, new)
        with pytest.raises(PlanDocumentInvalid, match=reason):
            made([("休", "on: [HOLIDAY], ", HALVES), ("其他", "", ALL_DAY)], text)

    def test_a_year_is_listed_once(self):
        twice = HOLIDAYS_2026 + HOLIDAYS_2026.partition("\n")[2]
        with pytest.raises(PlanDocumentInvalid, match="只能写一次"):
            made([("休", "on: [HOLIDAY], ", HALVES), ("其他", "", ALL_DAY)], twice)

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("peak: {price: 0.5}", 'peak: {price: 0.5, hours: [["00:00", "24:00"]]}', "不应再写"),
            ("peak: {price: 0.5}", "noon: {price: 0.5}", "时段 peak 没有价格"),
            ("      peak: {price: 0.5}\n", "      peak: {price: 0.5}\n      noon: {price: 1}\n",
             "时段 noon 在哪一种日子里都没有钟点"),
        ],
    )  # fmt: skip
    def test_holds_days_against_zones(self, old, new, reason):
        text = grids.document([("每日", "", HALVES)])
        assert old in text
        with pytest.raises(PlanDocumentInvalid, match=reason):
            document.parse(text.replace(old, new))

    def test_announcements_are_for_kinds_of_days(self):
        text = grids.HEAD + "    zones: {all: {price: 1}}\n" + grids.HOT
        with pytest.raises(PlanDocumentInvalid, match="只用于 days"):
            document.parse(text)

    def test_tells_the_line(self):
        text = grids.document([("夏季", "months: [7], ", HALVES), ("其他", "", "flat 0-8")])
        with pytest.raises(PlanDocumentInvalid) as caught:
            document.parse(text)
        [problem] = caught.value.problems
        assert (problem.path, text.splitlines()[problem.line - 1].strip()[:10]) == (
            "components.0.days.1", "- {name: 其",
        )  # fmt: skip


class TestRating:
    ZONES = (
        "kind: time_of_use, zones: {peak: {price: 1}, deep: {price: 0.1}}, days:"
        ' [{name: 夏, months: [7], hours: {peak: [["00:00", "24:00"]]}},'
        ' {name: 其他, hours: {deep: [["00:00", "24:00"]]}}]'
    )

    def test_a_zone_that_was_not_used_has_no_line(self):
        assert fen(rate(self.ZONES, usage={"peak": 2000, "deep": 0})) == [("energy.peak", 200)]

    def test_a_zone_that_was_not_measured_is_refused(self):
        with pytest.raises(UsageMissing):
            rate(self.ZONES, usage={"peak": 2000})


class TestPage:
    def test_the_example_reads_and_its_table_holds(self):
        [component] = list(examples("time-of-use"))[1].components
        for day, kind, zone in table("time-of-use", "Kinds of days")[-3:]:
            assert component.calendar.kind_of(date.fromisoformat(day)).name == kind
            assert zone_at(component.calendar, day.removeprefix("2026-"), "15:00") == zone
