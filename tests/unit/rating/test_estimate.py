"""What was used and not yet billed, for warnings."""

from datetime import date
from decimal import Decimal

import pytest

from metercash.kernel.interval import Interval
from metercash.rating.errors import FactMissing, UsageMissing
from metercash.rating.estimate import unbilled_yuan, usage_so_far
from metercash.rating.facts import RatingFacts
from tests.unit.rating.commercial import table
from tests.unit.rating.helpers import plan


PERIOD = Interval(date(2025, 1, 1), date(2025, 1, 11))


class TestUsageSoFar:
    def test_adds_the_mean_of_the_measured_days(self):
        for measured, days, since, found in table("prepay", "Estimate"):
            usage = usage_so_far(
                measured={"total": int(measured) * 1000}, days_measured=int(days),
                days_since=int(since),
            )  # fmt: skip
            assert usage == {"total": Decimal(found) * 1000}

    def test_keeps_the_total_the_sum_of_the_zones(self):
        measured = {"peak": 1, "valley": 1, "total": 2}
        usage = usage_so_far(measured=measured, days_measured=2, days_since=1)
        assert usage == {"peak": 2, "valley": 2, "total": 4}

    def test_without_further_days_is_what_was_measured(self):
        assert usage_so_far(measured={"total": 7}, days_measured=0, days_since=0) == {"total": 7}

    def test_does_not_guess_without_a_measured_day(self):
        with pytest.raises(FactMissing):
            usage_so_far(measured={"total": 7}, days_measured=0, days_since=1)


class TestUnbilledYuan:
    PRICED = plan("kind: metered, price: 0.5, unit: kWh")

    def test_is_not_rounded(self):
        facts = RatingFacts(period=PERIOD, usage={"total": 1_001})
        assert unbilled_yuan(plan=self.PRICED, facts=facts) == Decimal("0.5005")

    def test_is_never_a_credit(self):
        credit = plan("kind: build_up, parts: {share: {price: -1}}")
        facts = RatingFacts(period=PERIOD, usage={"total": 1_000})
        assert unbilled_yuan(plan=credit, facts=facts) == 0

    def test_refuses_what_cannot_be_rated(self):
        with pytest.raises(UsageMissing):
            unbilled_yuan(plan=self.PRICED, facts=RatingFacts(period=PERIOD))
