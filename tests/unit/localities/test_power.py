"""The shipped electricity documents: hours of the zones, and the tables they were written from."""

from datetime import date
from decimal import Decimal

import pytest

from metercash import localities
from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.components import Capacity, Demand, PowerFactor, TimeOfUse
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_power import PowerFacts, Transformer


PLANS = {
    one.plan.code: one.plan
    for code in localities.codes()
    for one in localities.load(code).documents
    if one.plan.commodity == "POWER"
}
HUBEI = {code.removeprefix("hubei-power-"): plan for code, plan in PLANS.items() if "hubei" in code}
JANUARY = Interval(date(2026, 1, 1), date(2026, 2, 1))
ZONES = ("sharp", "peak", "flat", "valley")
# the published table of January 2026: sharp, peak, flat (also without time of use), valley
TABLE = {
    "single-part-lt1kv": ("1.133999", "0.930961", "0.735686", "0.516924"),
    "single-part-10kv": ("1.113999", "0.910961", "0.715686", "0.496924"),
    "single-part-35kv": ("1.093999", "0.890961", "0.695686", "0.476924"),
    "two-part-10kv": ("1.049999", "0.848961", "0.651886", "0.432924"),
    "two-part-35kv": ("1.030199", "0.827161", "0.632086", "0.413124"),
    "two-part-110kv": ("1.012099", "0.809061", "0.613986", "0.395024"),
    "two-part-220kv": ("0.993099", "0.790061", "0.594986", "0.376024"),
}
BASIC = {
    "two-part-10kv": ("42", "26.3"),
    "two-part-35kv": ("42", "26.3"),
    "two-part-110kv": ("39", "24.4"),
    "two-part-220kv": ("39", "24.4"),
}


def row_of(name):
    """The row of the table a document is for."""
    return next(row for row in TABLE if name == row or name.startswith(row + "-"))


def parts(plan, kind):
    return [component for component in plan.components if isinstance(component, kind)]


def day(plan, on):
    """Zones of a day by the hour they begin at: ``0 valley, 8 peak``."""
    slots = [""] * 96
    for zone, ranges in plan.time_of_use.kind_of(date.fromisoformat(on)).zones:
        for start, end in ranges:
            slots[start:end] = [zone] * (end - start)
    begins = [n for n in range(96) if not n or slots[n] != slots[n - 1]]
    return ", ".join(f"{n / 4:g} {slots[n]}" for n in begins)


class TestResidentialHours:
    @pytest.mark.parametrize(
        ("code", "hours"),
        [
            ("jiangsu-power-residential-tou", "0 valley, 8 peak, 21 valley"),
            ("zhejiang-power-residential-tou", "0 valley, 8 peak, 22 valley"),
            ("henan-power-residential-tou", "0 valley, 8 peak, 22 valley"),
            ("anhui-power-residential-tou", "0 valley, 8 peak, 22 valley"),
            ("shanghai-power-residential-tou", "0 valley, 6 peak, 22 valley"),
            (
                "guangdong-power-residential-guangzhou-tou",
                "0 valley, 8 flat, 10 peak, 12 flat, 14 peak, 19 flat",
            ),
        ],
    )
    def test_lie_as_the_notice_says(self, code, hours):
        assert day(PLANS[code], "2025-07-15") == day(PLANS[code], "2025-12-15") == hours

    @pytest.mark.parametrize(
        ("on", "hours"),
        [
            ("2025-03-31", "0 valley_heating, 8 peak, 20 valley_heating"),
            ("2025-04-01", "0 valley, 8 peak, 22 valley"),
            ("2025-10-31", "0 valley, 8 peak, 22 valley"),
            ("2025-11-01", "0 valley_heating, 8 peak, 20 valley_heating"),
        ],
    )
    def test_change_in_shandong_with_the_heating_season(self, on, hours):
        assert day(PLANS["shandong-power-residential-tou"], on) == hours


class TestCommercialHours:
    @pytest.mark.parametrize(
        ("code", "on", "hours"),
        [
            (
                "hubei-power-two-part-10kv-capacity", "2026-07-01",
                "0 valley, 6 flat, 12 valley, 14 flat, 16 peak, 20 sharp, 22 peak",
            ),
            (
                "hubei-power-single-part-lt1kv", "2026-01-31",
                "0 valley, 6 flat, 12 valley, 14 flat, 16 peak, 18 sharp, 20 peak",
            ),
            (
                "shandong-power-two-part-110kv-energy", "2026-01-01",
                ("0 flat, 2 valley, 6 flat, 7 peak, 9 flat, 10 valley, 11 deep, 14 valley, "
                 "15 flat, 16 sharp, 19 peak, 21 flat"),
            ),
            (
                "shandong-power-two-part-110kv-energy", "2026-04-01",
                "0 flat, 10 valley, 11 deep, 14 valley, 15 flat, 17 sharp, 20 peak, 22 flat",
            ),
            (
                "shandong-power-two-part-110kv-energy", "2026-06-30",
                "0 flat, 7 valley, 12 flat, 16 peak, 17 sharp, 22 peak, 23 flat",
            ),
            (
                "shandong-power-two-part-110kv-energy", "2026-08-31",
                "0 flat, 1 valley, 6 flat, 16 peak, 17 sharp, 22 peak, 23 flat",
            ),
            (
                "shandong-power-two-part-110kv-energy", "2026-11-30",
                "0 flat, 10 valley, 11 deep, 14 valley, 15 flat, 16 peak, 17 sharp, 19 peak, 21 flat",
            ),
            (
                "beijing-power-two-part-10kv-energy", "2024-07-01",
                "0 valley, 7 flat, 10 peak, 11 sharp, 13 flat, 16 sharp, 17 peak, 22 flat, 23 valley",
            ),
            (
                "beijing-power-two-part-10kv-energy", "2024-12-01",
                "0 valley, 7 flat, 10 peak, 13 flat, 17 peak, 18 sharp, 21 peak, 22 flat, 23 valley",
            ),
            (
                "beijing-power-two-part-10kv-energy", "2024-10-01",
                "0 valley, 7 flat, 10 peak, 13 flat, 17 peak, 22 flat, 23 valley",
            ),
        ],
    )  # fmt: skip
    def test_lie_as_the_notice_says(self, code, on, hours):
        assert day(PLANS[code], on) == hours


class TestHubei:
    def test_has_a_document_for_every_row(self):
        assert {row_of(name) for name in HUBEI} == set(TABLE)
        for row in BASIC:
            assert {f"{row}-{kind}" for kind in ("capacity", "contract", "actual")} <= set(HUBEI)

    @pytest.mark.parametrize("name", sorted(HUBEI))
    def test_charges_the_listed_prices(self, name):
        whole = Transformer("1", 1_000_000)
        power = PowerFacts(
            demand_milli=(500_000,), contract_demand_milli=500_000, capacity_milli=1_000_000,
            transformers=(whole,), reactive_milli=0, loss_kwh=0,
        )  # fmt: skip
        usage = dict.fromkeys(ZONES, 1_000_000_000)
        facts = RatingFacts(period=JANUARY, usage=usage, power=power)
        lines = {
            line.code: line.amount.yuan for line in engine.rate(plan=HUBEI[name], facts=facts).lines
        }
        listed = dict(zip(ZONES, map(Decimal, TABLE[row_of(name)]), strict=True))
        if name.endswith("-flat"):
            charged = sum(yuan for code, yuan in lines.items() if code.startswith("energy."))
            assert charged == listed["flat"] * 4_000_000
        else:
            assert {zone: lines[f"energy.{zone}"] for zone in ZONES} == {
                zone: price * 1_000_000 for zone, price in listed.items()
            }

    @pytest.mark.parametrize("name", sorted(HUBEI))
    def test_tells_where_the_table_leaves_its_own_ratios(self, name):
        expected = {"peak", "flat"} if name.startswith("single-part") else {"peak"}
        for component in parts(HUBEI[name], TimeOfUse):
            assert set(component.departures) == expected

    @pytest.mark.parametrize("name", sorted(HUBEI))
    def test_charges_demand_or_capacity_once(self, name):
        basic = [*parts(HUBEI[name], Demand), *parts(HUBEI[name], Capacity)]
        if name.startswith("single-part"):
            assert not basic
            return
        demand, capacity = map(Decimal, BASIC[row_of(name)])
        [component] = basic
        assert component.price == (demand if component.kind == "demand" else capacity)

    @pytest.mark.parametrize("name", sorted(HUBEI))
    def test_takes_no_power_factor_of_funds(self, name):
        for component in parts(HUBEI[name], PowerFactor):
            by_zone = bool(parts(HUBEI[name], TimeOfUse))
            assert component.funds_within == (Decimal("0.0452") if by_zone else 0)
            assert "energy.fund" in component.without


class TestRealBills:
    """Demand and its charge on twelve bills of one factory at 110 kV, 2025 (win8-cmd/cenep)."""

    @pytest.mark.parametrize(
        ("kw", "yuan"),
        [
            (20664, "805896"), (20218, "788502"), (20119, "784641"), (20851, "813189"),
            (28391, "1107249"), (29343, "1144377"), (31444, "1226316"), (32687, "1274793"),
            (30844, "1202916"), (28413, "1108107"), (20174, "786786"), (18794, "732966"),
        ],
    )  # fmt: skip
    def test_charge_the_highest_demand_without_a_floor(self, kw, yuan):
        [demand] = parts(HUBEI["two-part-110kv-actual"], Demand)
        power = PowerFacts(demand_milli=(kw * 1000,), capacity_milli=50_000_000)
        billed, _ = demand.billed_kw(RatingFacts(period=JANUARY, power=power))
        assert billed * demand.price == Decimal(yuan)


@pytest.mark.parametrize("code", sorted(PLANS))
def test_the_late_fee_is_the_one_of_the_supply_rules(code):
    late_fee = PLANS[code].late_fee
    if late_fee is None:
        assert code.endswith(("-free-units", "-year-settlement"))
    elif code.endswith(("-reading-day", "-year-settlement")) or "-residential" in code:
        assert (late_fee.per_mille_per_day, late_fee.min_fen) == (1, 100)
    else:
        assert (late_fee.per_mille_per_day, late_fee.cross_year_per_mille) == (2, 3)
