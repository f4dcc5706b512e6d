"""Entries that cannot be true, and how the trail tells those that can."""

from datetime import date

import pytest

from metercash.contexts.customers.contracts import (
    ContractTerms,
    Evidence,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
    TransformerEntry,
)
from metercash.contexts.customers.core import facts
from metercash.kernel.errors import InvalidInput


BEGIN, END = date(2025, 10, 20), date(2026, 4, 21)


class TestCheck:
    @pytest.mark.parametrize(
        ("fact", "field"),
        [
            (PartOfArea("POOL", 1, BEGIN), "部位"),
            (PartOfArea("BALCONY", 0, BEGIN), "面积"),
            (PartOfArea("BALCONY", 1, BEGIN, height_mm=60_001), "净高"),
            (PartOfArea("BALCONY", 1, BEGIN, valid_until=BEGIN), "结束日期"),
            (SupplyGap("FROZEN", BEGIN), "供用情况"),
            (SupplyGap("STOPPED", None, END), "开始日期"),
            (SupplyGap("NOT_CONNECTED"), "接入日期"),
            (Evidence("低保", BEGIN), "证明"),
            (Evidence("LOW_INCOME", BEGIN, note="长" * 201), "说明"),
            (HouseholdSize(-1, BEGIN), "人口数"),
            (ContractTerms(BEGIN), "合同"),
            (ContractTerms(BEGIN, capacity_milli=-1), "合同容量"),
            (ContractTerms(BEGIN, power_factor_milli=1_001), "功率因数"),
            (TransformerEntry("", 1, BEGIN), "名称"),
            (TransformerEntry("1", 0, BEGIN), "容量"),
        ],
    )
    def test_names_the_field(self, fact, field):
        with pytest.raises(InvalidInput) as caught:
            facts.check(fact)
        assert caught.value.data["field"] == field

    @pytest.mark.parametrize(
        "fact",
        [
            SupplyGap("NOT_CONNECTED", None, BEGIN),
            SupplyGap("STOPPED", BEGIN),
            ContractTerms(BEGIN, power_factor_milli=1_000),
            HouseholdSize(0, BEGIN),
        ],
    )
    def test_lets_pass_what_can_be_true(self, fact):
        facts.check(fact)


class TestFigures:
    def test_carry_their_units_and_leave_out_what_is_empty(self):
        part = PartOfArea("BALCONY", 6_500, BEGIN, height_mm=2_100, fact_id=9)
        assert facts.figures(part) == ["BALCONY", "6.5 m²", "2025-10-20", "2100 mm"]
        terms = ContractTerms(BEGIN, 500_000, power_factor_milli=850, valid_until=END)
        assert facts.figures(terms) == ["2025-10-20", "500 kW", "0.85", "2026-04-21"]
