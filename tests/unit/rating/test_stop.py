"""Stopped homes pay a share of the season, as the season's own rule says."""

from datetime import date

import pytest

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.errors import FactMissing, PlanDocumentInvalid, StopNotWhole, TermsMissing
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import HeatFacts, Supply
from tests.unit.rating.helpers import HEAD, fen, plan, rate


AREA = "kind: area, price: 26.7"
STOPPED = HeatFacts(supply=Supply.STOPPED)
JINAN = (
    "kind: stop_fee, shares: [{percent: 15, effective_from: 2010-11-15, clause: 2010 年通知},"
    " {percent: 0, effective_from: 2016-11-15, clause: 条例}]"
)


def season(year):
    return Interval(date(year, 11, 15), date(year + 1, 3, 16))


@pytest.mark.parametrize(("year", "expected"), [(2010, 40050), (2015, 40050), (2016, 0)])
def test_the_share_of_the_season_decides(year, expected):
    rated = rate(AREA, JINAN, area_milli=100_000, heat=STOPPED, period=season(year))
    assert fen(rated) == [("heat.stop_fee", expected)]


def test_the_first_day_of_the_season_decides_for_all_of_it():
    rule = JINAN.replace("2016-11-15", "2016-12-01")
    january = Interval(date(2017, 1, 1), date(2017, 2, 1))
    assert rate(AREA, rule, area_milli=100_000, heat=STOPPED, period=january).total.fen == 40050


def test_without_a_season_the_first_day_of_the_period_decides():
    made = plan(AREA, JINAN, head=HEAD.replace("season: {start: 11-15, until: 03-16}\n", ""))
    january = Interval(date(2017, 1, 1), date(2017, 2, 1))
    facts = RatingFacts(period=january, area_milli=100_000, heat=STOPPED)
    assert engine.rate(plan=made, facts=facts).total.fen == 0


def test_tells_its_clause_and_arithmetic():
    [line] = rate(AREA, JINAN, area_milli=100_000, heat=STOPPED, period=season(2010)).lines
    assert (line.because.clause, line.because.arithmetic) == ("2010 年通知", "2670 × 15%")


def test_stands_for_every_line_of_the_season():
    height = "kind: height_surcharge, over_mm: 3000, flat_percent: 100"
    rule = "kind: stop_fee, shares: [{percent: 20}]"
    other = "kind: area, price: 1, code: service"
    rated = rate(AREA, height, other, rule, area_milli=100_000, height_mm=3500, heat=STOPPED)
    assert fen(rated) == [("service", 10000), ("heat.stop_fee", 106800)]


def test_a_stop_of_part_of_the_season_is_refused():
    heat = HeatFacts(supply=Supply.STOPPED, heated_from=date(2011, 1, 1))
    with pytest.raises(StopNotWhole, match="2011-01-01"):
        rate(AREA, JINAN, area_milli=100_000, heat=heat, period=season(2010))


def test_a_heated_home_pays_as_before():
    assert fen(rate(AREA, JINAN, area_milli=100_000)) == [("heat.area", 267000)]


def test_before_the_first_rule_there_is_none():
    with pytest.raises(TermsMissing, match="2009-11-15"):
        rate(AREA, JINAN, area_milli=100_000, heat=STOPPED, period=season(2009))


def test_a_share_of_nothing_is_refused():
    with pytest.raises(FactMissing, match="供暖期热费"):
        rate(JINAN, area_milli=100_000, heat=STOPPED)


def test_shares_stand_in_order():
    with pytest.raises(PlanDocumentInvalid, match="先后排列"):
        plan("kind: stop_fee, shares: [{percent: 15}, {percent: 0}]")
