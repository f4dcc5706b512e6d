"""Two-part heat and its settlement policies, figures worked by hand."""

import pytest

from tests.unit.rating.helpers import fen, rate


BEIJING = "kind: two_part, basic: 18, metered: 0.16, unit: kWh, area_price: 30"
JINAN = (
    "kind: two_part, basic: 8.01, metered: 0.20, unit: kWh, area_price: 26.7,"
    " settlement: CAPPED_OVER_AREA, cap_percent: 10"
)
HARBIN = (
    "kind: two_part, basic: 15.33, metered: 42.55, unit: GJ, area_price: 38.32,"
    " settlement: NEVER_ABOVE_AREA_FEE"
)


def test_settled_both_ways_after_the_prepaid_season():
    rated = rate(BEIJING, area_milli=90_000, usage={"total": 9_000_000}, prepaid_fen=270000)
    assert fen(rated) == [
        ("heat.basic", 162000), ("heat.metered", 144000), ("heat.prepaid", -270000),
    ]  # fmt: skip
    assert rated.total.fen == 36000


@pytest.mark.parametrize(("kwh", "total"), [(9000, 248373), (10000, 250702), (6000, 188373)])
def test_the_ceiling_over_the_area_fee(kwh, total):
    assert rate(JINAN, area_milli=85_360, usage={"total": kwh * 1000}).total.fen == total


def test_never_above_the_area_fee():
    rated = rate(HARBIN, area_milli=80_000, usage={"total": 60_000}, usage_unit="GJ")
    assert fen(rated) == [("heat.basic", 122640), ("heat.metered", 255300), ("heat.cap", -71380)]
    assert rated.total.fen == 306560


def test_a_faulty_meter_pays_by_area():
    rated = rate(BEIJING, area_milli=90_000, evidence=frozenset({"METER_FAULTY"}))
    assert fen(rated) == [("heat.area", 270000)]


def test_the_measured_heat_is_corrected_by_the_yearly_factor():
    tianjin = (
        "kind: two_part, basic: 7.5, metered: 0.13, unit: kWh, area_price: 25, heat_factor: 1.05"
    )
    rated = rate(tianjin, area_milli=100_000, usage={"total": 10_000_000})
    assert fen(rated) == [("heat.basic", 75000), ("heat.metered", 136500)]
    assert rated.lines[1].because.arithmetic == "0.13 × 10000 × 1.05"


def test_the_basic_charge_by_day():
    luoyang = (
        "kind: two_part, basic: 0.054, basic_per: DAY, factor: 0.90, metered: 0.142, unit: kWh,"
        " area_price: 0.18"
    )
    rated = rate(luoyang, area_milli=100_000, usage={"total": 8_000_000})
    assert fen(rated) == [("heat.basic", 58806), ("heat.metered", 113600)]
