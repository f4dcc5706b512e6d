"""Columns of facts: what they hold, what they give back, what they refuse."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from metercash.kernel.interval import Interval
from metercash.rating import engine
from metercash.rating.errors import FactMissing
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_power import PowerFacts
from metercash.rating.vector import Columns, rate_many
from tests.unit.rating.helpers import plan


JANUARY = Interval(date(2026, 1, 1), date(2026, 2, 1))
HOME = RatingFacts(period=JANUARY, area_milli=80_000, usage={"total": 5}, category="RESIDENT")
LATE = replace(
    HOME,
    usable_area_milli=60_000,
    household_months=3,
    usage={"peak": 3, "valley": 4},
    evidence=frozenset({"LOW_INCOME"}),
    heat=HeatFacts(
        supply=Supply.RESUMED, heated_from=date(2026, 1, 9), paid_by="CASH", carried_fen=-7
    ),
)


class TestColumns:
    def test_give_back_the_facts_they_were_made_of(self):
        facts = [HOME, LATE, replace(HOME, before_change_milli=0)]
        columns = Columns.of(facts)
        assert list(columns.facts([0, 1, 2])) == facts
        assert columns.others == {}

    @pytest.mark.parametrize(
        "strange",
        [
            replace(HOME, heat=HeatFacts(parts=(AreaPart("ATTIC", 1),))),
            replace(HOME, power=PowerFacts(loss_kwh=1)),
            replace(HOME, usage_unit="GJ"),
            replace(HOME, period=Interval(date(2026, 1, 1), date(2026, 1, 2))),
            replace(HOME, area_milli=2**63),
        ],
    )
    def test_leave_facts_they_cannot_hold_to_the_account(self, strange: RatingFacts):
        columns = Columns.of([HOME, strange])
        assert columns.others == {1: strange}
        assert list(columns.facts([0, 1])) == [HOME, strange]

    def test_need_an_account(self):
        with pytest.raises(ValueError, match="at least one"):
            Columns.of([])

    @pytest.mark.parametrize(
        "wrong",
        [
            {"ints": {"shoe_size": np.zeros(1, np.int64)}},
            {"ints": {"area_milli": np.zeros(2, np.int64)}},
            {"ints": {"area_milli": np.zeros(1, np.int32)}},
            {"known": {"usable_area_milli": np.ones(1, np.bool_)}},
            {"measured": {"peak": np.ones(1, np.bool_)}},
        ],
    )
    def test_refuse_what_they_do_not_know(self, wrong: dict[str, object]):
        with pytest.raises(ValueError, match=r"whole number|unknown"):
            Columns(period=JANUARY, count=1, **wrong)


class TestRateMany:
    def test_is_the_engine_for_every_account_and_line(self):
        made = plan("kind: area, price: 20", "kind: metered, price: 0.5, unit: kWh")
        facts = [HOME, LATE, replace(HOME, area_milli=0), replace(HOME, area_milli=1)]
        rated = rate_many(made, Columns.of(facts))
        assert rated.total_fen.tolist() == [
            engine.rate(plan=made, facts=one).total.fen if one.area_milli else 0 for one in facts
        ]
        assert rated.lines["heat.area"].tolist() == [160_000, 160_000, 0, 2]
        assert list(rated.refused) == [2]
        assert isinstance(rated.refused[2], FactMissing)
        assert rated.refused[2].data == {"fact": "收费面积"}

    def test_never_lets_an_amount_overflow(self):
        made = plan("kind: metered, price: 1000000000, unit: kWh")
        with pytest.raises(OverflowError):
            rate_many(made, Columns.of([replace(HOME, usage={"total": 2**62})]))
