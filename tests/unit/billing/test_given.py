"""What the engine is given of one account."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from metercash import localities
from metercash.contexts.billing.core import given
from metercash.contexts.customers.contracts import BillingFacts, PowerContract
from metercash.contexts.metering.contracts import Determinants, Flag, Method
from metercash.kernel.interval import Interval
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_power import PowerFacts, Transformer
from metercash.rating.plan import Plan


def plan(locality: str, code: str) -> Plan:
    """A price document as it ships."""
    [found] = [d.plan for d in localities.load(locality).documents if d.plan.code == code]
    return found


TIERS = plan("beijing", "beijing-power-residential")
HEAT = plan("harbin", "harbin-heat-residential")
MARCH = Interval(date(2026, 3, 1), date(2026, 4, 1))
HOME = BillingFacts(
    account_id=1, account_no="1", name="", address="", community_id=1, building_id=1,
    service_point_id=1, category="RESIDENT", commodity="POWER", plan_code="", area_milli=90_250,
    height_mm=0, household_size=5, valid_from=date(2020, 1, 1), valid_until=None,
)  # fmt: skip
USED = Determinants(
    1, {"total": 300_000}, 0, 31, 0, 0, Method(0), Flag(0), max_demand_milli=410_000,
    reactive_milli=90_000, reverse_reactive_milli=1_000,
)  # fmt: skip


def made(
    facts: BillingFacts = HOME,
    *,
    by: Plan = TIERS,
    used: Determinants | None = None,
    before: given.Remembered = given.NOTHING,
) -> RatingFacts:
    """Facts of March."""
    return given.rating_facts(facts, by, MARCH, given.Used(used), before, 0)


class TestMonthsServed:
    def test_are_twelve_for_who_stays(self) -> None:
        assert made().tier_months == 12

    def test_count_a_started_month(self) -> None:
        assert made(replace(HOME, valid_from=date(2026, 2, 28))).tier_months == 11

    def test_end_with_the_owner(self) -> None:
        left = replace(HOME, valid_until=MARCH.end, held_until=date(2026, 4, 10))
        assert made(left).tier_months == 4

    def test_begin_with_the_owner_whatever_his_plan(self) -> None:
        moved = replace(HOME, valid_from=MARCH.start, held_from=date(2025, 5, 1))
        assert made(moved).tier_months == 12

    def test_of_the_household_begin_with_its_proof(self) -> None:
        large = replace(HOME, household_from=date(2026, 2, 10))
        before = given.Remembered(used={2026: 500}, before_household={2026: 300})
        facts = made(large, before=before)
        assert (facts.household_months, facts.before_household_milli) == (11, 300)

    def test_of_the_household_are_none_before_its_proof(self) -> None:
        assert made(replace(HOME, household_from=MARCH.end)).household_months == 0


class TestRatingFacts:
    def test_hold_the_contract_and_the_registers(self) -> None:
        transformers = (Transformer("1", 630_000),)
        contract = PowerContract(800_000, 630_000, transformers, Decimal("0.9"))
        assert made(replace(HOME, power=contract), used=USED).power == PowerFacts(
            demand_milli=(410_000,), contract_demand_milli=800_000, capacity_milli=630_000,
            transformers=transformers, reactive_milli=90_000, reverse_reactive_milli=1_000,
            power_factor=Decimal("0.9"),
        )  # fmt: skip

    def test_leave_unmeasured_demand_unknown(self) -> None:
        power = made(used=replace(USED, max_demand_milli=None)).power
        assert power.demand_milli == ()

    def test_hold_the_parts_and_the_late_start(self) -> None:
        parts = (AreaPart("BALCONY", 6_000),)
        late = replace(HOME, parts=parts, supply=Supply.RESUMED, heated_from=date(2025, 12, 1))
        facts = made(late, by=HEAT, before=given.Remembered(carried_fen=-500))
        assert facts.heat == HeatFacts(
            parts=parts, supply=Supply.RESUMED, heated_from=date(2025, 12, 1), carried_fen=-500
        )

    def test_join_the_proofs_with_the_category(self) -> None:
        poor = replace(HOME, category="LOW_INCOME", evidence=frozenset({"METER_FAULTY"}))
        assert made(poor).evidence == {"LOW_INCOME", "METER_FAULTY"}

    def test_leave_the_surcharges_unknown_where_nobody_asked(self) -> None:
        assert made().ladder_charged_fen is None
        assert made(before=given.Remembered(ladder_fen={2026: 700})).ladder_charged_fen == 700
