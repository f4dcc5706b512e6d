"""Facts survive the way through JSON; what is no fact is refused by its name."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from metercash.kernel.interval import Interval
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_json import FactsInvalid, from_json, to_json
from metercash.rating.facts_power import PowerFacts, Transformer


PERIOD = Interval(date(2025, 10, 20), date(2026, 4, 21))
WRITTEN = {"start": "2025-10-20", "end": "2026-04-21"}
FULL = RatingFacts(
    period=PERIOD,
    area_milli=90_250,
    usable_area_milli=70_000,
    category="RESIDENTIAL",
    usage={"total": 30_000, "peak": 10_000, "valley": 20_000},
    before_change_milli=5,
    evidence=frozenset({"LOW_INCOME", "EARLY"}),
    heat=HeatFacts(
        parts=(AreaPart("BALCONY", 5_000, 2_100),),
        supply=Supply.RESUMED,
        heated_from=date(2025, 11, 1),
    ),
    power=PowerFacts(
        demand_milli=(5_000, 6_000),
        transformers=(Transformer("1", 315_000, suspended=(PERIOD,)),),
        power_factor=Decimal("0.90"),
    ),
)


def test_only_what_differs_is_written():
    assert to_json(RatingFacts(period=PERIOD)) == {"period": WRITTEN}


@pytest.mark.parametrize("facts", [RatingFacts(period=PERIOD), FULL])
def test_facts_survive(facts):
    assert from_json(json.loads(json.dumps(to_json(facts)))) == facts


def test_nothing_is_written_as_null():
    assert from_json({"period": WRITTEN, "before_change_milli": None}) == RatingFacts(period=PERIOD)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "period"),
        ({"period": WRITTEN, "aera_milli": 1}, "aera_milli.*没有这个名称"),
        ({"period": {"start": "2026-01-01", "end": "2026-01-01"}}, "end 应晚于 start"),
        ({"period": ["2026-01-01", "2026-02-01"]}, "period"),
        ({"period": {"start": "1.1.2026", "end": "2026-02-01"}}, "period.start.*应为日期"),
        ({"period": WRITTEN, "area_milli": 1.5}, "area_milli.*整数"),
        ({"period": WRITTEN, "area_milli": True}, "area_milli.*整数"),
        ({"period": WRITTEN, "usage": {"total": "5"}}, "usage.total"),
        ({"period": WRITTEN, "evidence": "LOW_INCOME"}, "evidence.*列表"),
        ({"period": WRITTEN, "heat": {"supply": "COLD"}}, "heat.supply.*HEATED"),
        ({"period": WRITTEN, "power": {"power_factor": "x"}}, "power.power_factor.*数字"),
        (
            {"period": WRITTEN, "power": {"transformers": [{"name": "1"}]}},
            "transformers.0.capacity",
        ),
        ([], "facts"),
    ],
)
def test_what_is_no_fact_is_refused_by_its_name(data, said):
    with pytest.raises(FactsInvalid) as refused:
        from_json(data)
    assert re.search(said, refused.value.chinese)
