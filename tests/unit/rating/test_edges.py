"""Both sides of the bounds: where one more, one less or the bound itself makes a difference."""

from datetime import date
from decimal import Decimal

import pytest

from metercash.kernel.interval import Interval
from metercash.rating import engine, estimate, facts_json
from metercash.rating.components.months import months_of, started_months, thirtieths
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_json import FactsInvalid
from metercash.rating.facts_power import PowerFacts, Transformer
from metercash.rating.terms import corrections
from metercash.rating.terms.late_fee import Change, CutOff, LateFeeTerms, late_fee
from metercash.rating.terms.prepay import PrepayFacts, PrepayTerms, State, status
from tests.grid.axes import KINDS
from tests.grid.documents import RULES
from tests.unit.rating.helpers import HEAD, fen, plan, rate
from tests.unit.rating.refusals import TALL_PARTS
from tests.unit.rating.spoken import AREA, ENERGY, LADDER, LINKED, MONTH, TERMS, TWO_PART, late


PROOF = frozenset({"LOW_INCOME"})
CHANGE = "kind: price_change, old: 0.5, new: [0.6], changes_on: {}"


def flow(rule):
    """A rule as the text of a YAML flow mapping."""
    return yaml_flow(rule)[1:-1]


def yaml_flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {yaml_flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(yaml_flow, value)) + "]"
    return f'"{value}"'


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_for_others_is_silent(kind):
    rule = RULES[kind](0, 0)[-1] | {"categories": ["SHOP"]}
    assert fen(rate(flow(rule), category="RESIDENT")) == []


class TestPriceChange:
    @pytest.mark.parametrize(
        ("on", "inside"),
        [("2026-01-01", False), ("2026-01-02", True), ("2026-01-31", True), ("2026-02-01", False)],
    )
    def test_lies_inside_the_period_or_not(self, on, inside):
        day = (date.fromisoformat(on),) if inside else ()
        assert plan(CHANGE.format(on)).changes_in(MONTH) == day
        linked = LINKED.replace("published_on: 2026-01-20", f"published_on: {on}").replace(
            ", noticed_on: 2026-01-22", ""
        )
        assert plan(linked).changes_in(MONTH) == day

    @pytest.mark.parametrize(
        ("on", "frozen", "codes"),
        [
            ("2026-01-01", 4, ["energy.new"]),
            ("2026-02-01", 4, ["energy.old"]),
            ("2026-01-11", 0, ["energy.new"]),
            ("2026-01-11", 9, ["energy.old"]),
            ("2026-01-11", 8, ["energy.old", "energy.new"]),
        ],
    )
    def test_takes_a_frozen_reading_from_nothing_to_all(self, on, frozen, codes):
        rated = rate(
            CHANGE.format(on), period=MONTH, usage={"total": 9}, before_change_milli=frozen
        )
        assert [line.code for line in rated.lines] == codes

    @pytest.mark.parametrize("frozen", [0, 1, 9])
    def test_of_a_linked_price_takes_a_frozen_reading_too(self, frozen):
        rated = rate(LINKED, period=MONTH, usage={"total": 9}, before_change_milli=frozen)
        assert [int(line.quantity * 1000) for line in rated.lines] == [frozen, 9 - frozen]

    def test_of_a_linked_price_leaves_the_rest_of_a_kwh_to_the_last(self):
        rated = rate(LINKED, period=MONTH, usage={"total": 999})
        assert [line.quantity for line in rated.lines] == [0, Decimal("0.999")]


class TestMonths:
    @pytest.mark.parametrize(
        ("start", "end", "count"),
        [
            ("2026-01-31", "2026-02-01", 1), ("2026-01-31", "2026-02-02", 2),
            ("2026-01-01", "2026-01-01", 0), ("2025-11-15", "2026-03-16", 5),
            ("2024-12-01", "2026-01-01", 13), ("2026-01-01", "2026-03-01", 2),
        ],
    )  # fmt: skip
    def test_started(self, start, end, count):
        assert started_months(date.fromisoformat(start), date.fromisoformat(end)) == count

    @pytest.mark.parametrize(
        ("days", "count"), [(1, 1), (27, 27), (28, 30), (29, 30), (30, 30), (31, 30)]
    )
    def test_thirtieths(self, days, count):
        assert (
            thirtieths(date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days))
            == count
        )

    def test_are_counted_from_the_start_day(self):
        assert months_of(date(2025, 11, 15), date(2026, 2, 15)) == (11, 12, 1)
        assert months_of(date(2025, 11, 15), date(2026, 2, 16)) == (11, 12, 1, 2)


class TestFreeUnits:
    @pytest.mark.parametrize(
        ("carry", "evidence", "quantity"),
        [("true", PROOF, 85), ("false", PROOF, 90), ("true", frozenset(), 100)],
    )
    def test_carry_only_where_written_and_proved(self, carry, evidence, quantity):
        rated = rate(
            ENERGY + f", free: {{per_month: 10, carry: {carry}}}", period=MONTH,
            usage={"total": 100_000}, evidence=evidence, free_left_milli=5000,
        )  # fmt: skip
        assert rated.lines[0].quantity == quantity

    @pytest.mark.parametrize(("used", "left"), [(9_999, 1), (10_000, 0), (10_001, 0)])
    def test_left_is_never_below_zero(self, used, left):
        [made] = plan(ENERGY + ", free: {per_month: 10, carry: true}").components
        facts = RatingFacts(period=MONTH, usage={"total": used}, evidence=PROOF)
        assert made.free.left_milli(facts, "kWh") == left
        [lapsing] = plan(ENERGY + ", free: {per_month: 10}").components
        assert lapsing.free.left_milli(facts, "kWh") == 0

    def test_are_paid_back_for_the_months_there_are(self):
        rule = "kind: free_units_refund, price: 1, per_month: 10, paid_every_months: 3"
        quarter_and_more = Interval(date(2026, 1, 1), date(2026, 6, 1))
        rated = rate(rule, period=quarter_and_more, evidence=PROOF)
        assert fen(rated) == [("refund.free_kwh", -3000), ("refund.free_kwh", -2000)]


class TestTiers:
    CROSSED = LADDER + ", prices: [0.05, 0.3], crossed: {2: {peak: 0.06}}"

    @pytest.mark.parametrize(
        ("before", "used", "codes"),
        [
            (2_880_000, 1, ["ladder.2"]),
            (2_880_001, 1, ["ladder.2.peak"]),
            (2_880_001, 1_919_999, ["ladder.2.peak"]),
            (2_880_001, 1_920_000, ["ladder.2", "ladder.3"]),
            (4_800_001, 1, ["ladder.3"]),
            (2_879_999, 1, []),
            (2_879_999, 2, ["ladder.2"]),
        ],
    )
    def test_of_zones_hold_from_the_period_after_the_crossing(self, before, used, codes):
        rated = rate(self.CROSSED, period=MONTH, usage={"peak": used}, year_to_date_milli=before)
        assert [line.code for line in rated.lines] == codes

    def test_of_the_year_are_cut_to_whole_thousandths(self):
        rule = "kind: year_settlement, bounds: [100], prices: [1], settles: BOTH"
        rated = rate(rule, usage={"total": 58_334}, tier_months=7, ladder_charged_fen=0)
        assert rated.lines[0].exact == Decimal("0.001")

    @pytest.mark.parametrize(
        ("used", "settles", "codes"),
        [
            (200_000, "BOTH", []),
            (200_001, "TOP_UP", ["ladder.year_topup"]),
            (200_001, "RETURN", []),
            (199_999, "RETURN", ["ladder.year_refund"]),
            (199_999, "TOP_UP", []),
            (200_900, "TOP_UP", ["ladder.year_topup"]),
        ],
    )
    def test_are_settled_on_their_side_of_nothing(self, used, settles, codes):
        rule = f"kind: year_settlement, bounds: [100], prices: [1], settles: {settles}"
        rated = rate(rule, usage={"total": used}, ladder_charged_fen=10_000)
        assert [line.code for line in rated.lines] == codes


class TestTakenOff:
    @pytest.mark.parametrize(
        ("amount", "off"), [("30", []), ("29.99", [-1]), ("29.5", [-50]), ("30.01", [])]
    )
    def test_a_cap_takes_off_what_is_above(self, amount, off):
        rated = rate("kind: area, price: 30", f"kind: cap, amount: {amount}", area_milli=1000)
        assert [line.amount.fen for line in rated.lines[1:]] == off

    def test_a_cap_sees_only_its_lines(self):
        rated = rate(
            AREA, ENERGY, "kind: cap, amount: 1, on: [energy.]", area_milli=1000,
            usage={"total": 4000},
        )  # fmt: skip
        assert fen(rated)[2:] == [("cap", -100)]

    def test_payers_share_only_their_lines(self):
        payers = (
            "kind: payers, own: 1, others: [{share: 1, code: subsidy, label_zh: 甲, label_en: A}]"
        )
        rated = rate(AREA, ENERGY, payers, area_milli=1000, usage={"total": 4000})
        assert fen(rated)[2:] == [("subsidy", -1875)]

    @pytest.mark.parametrize(("area", "off"), [(1, [0]), (2, [-1]), (3, [-1])])
    def test_payers_share_a_single_fen(self, area, off):
        payers = (
            "kind: payers, own: 1, others: [{share: 1, code: subsidy, label_zh: 甲, label_en: A}]"
        )
        rated = rate("kind: area, price: 10", payers, area_milli=area)
        assert [line.amount.fen for line in rated.lines[1:]] == off

    @pytest.mark.parametrize(("used", "off"), [(1000, []), (1020, [-2]), (1500, [-50])])
    def test_a_ceiling_takes_off_what_is_above_the_area_fee(self, used, off):
        rule = TWO_PART.replace("0.15", "1").replace("12.5", "1")
        rated = rate(
            rule + ", area_price: 2, settlement: NEVER_ABOVE_AREA_FEE", area_milli=1000,
            usage={"total": used},
        )  # fmt: skip
        assert [line.amount.fen for line in rated.lines if line.code == "heat.cap"] == off


class TestHeat:
    @pytest.mark.parametrize(("height", "code"), [(1, "heat.low"), (2199, "heat.low"),
                                                  (2200, "heat.balcony")])  # fmt: skip
    def test_low_parts_end_at_the_height(self, height, code):
        parts = HeatFacts(parts=(AreaPart("BALCONY", 1, height),))
        assert [line.code for line in rate(TALL_PARTS, heat=parts).lines] == [code]

    @pytest.mark.parametrize(
        ("begun", "served"),
        [("2025-11-14", 121), ("2025-11-15", 121), ("2025-11-16", 120), ("2026-03-15", 1),
         ("2026-03-16", 0), ("2026-03-17", 0)],
    )  # fmt: skip
    def test_a_late_start_counts_from_its_day(self, begun, served):
        heat = HeatFacts(supply=Supply.RESUMED, heated_from=date.fromisoformat(begun))
        rated = rate("kind: area, price: 121, late_by_days: [RESUMED]", area_milli=1000, heat=heat)
        assert rated.total.fen == served * 100

    @pytest.mark.parametrize(("height", "lines"), [(3000, 1), (3001, 1), (3299, 1), (3300, 2)])
    def test_whole_steps_begin_with_the_step(self, height, lines):
        rule = "kind: height_surcharge, over_mm: 3000, step_mm: 300, percent_per_step: 10"
        assert len(rate(AREA, rule, area_milli=1000, height_mm=height).lines) == lines

    @pytest.mark.parametrize(
        ("height", "percent"), [(3750, "24.9"), (3751, "24.93"), (3900, "24.93")]
    )
    def test_a_ceiling_of_the_surcharge_holds_from_its_height(self, height, percent):
        rule = (
            "kind: height_surcharge, over_mm: 3003, step_mm: 300, percent_per_step: 10,"
            " partial_step: PROPORTIONAL, max_percent: 24.93"
        )
        rated = rate(AREA, rule, area_milli=1000, height_mm=height)
        assert rated.lines[1].quantity == Decimal(percent)

    def test_a_negotiated_height_is_still_priced(self):
        rule = "kind: height_surcharge, over_mm: 3000, flat_percent: 100, negotiated_over_mm: 6000"
        assert len(rate(AREA, rule, area_milli=1000, height_mm=6000).lines) == 2


class TestPower:
    @pytest.mark.parametrize(
        ("suspended", "minimum", "thirtieths_charged"), [(10, 10, 21), (10, 11, 30), (9, 10, 30)]
    )
    def test_a_suspension_counts_from_its_least_length(
        self, suspended, minimum, thirtieths_charged
    ):
        stop = Interval(date(2026, 1, 11), date(2026, 1, 11 + suspended))
        rated = rate(
            f"kind: capacity, price: 30, suspension_days_min: {minimum}", period=MONTH,
            power=PowerFacts(transformers=(Transformer("1", 1000, suspended=(stop,)),)),
        )  # fmt: skip
        assert rated.total.fen == thirtieths_charged * 100

    @pytest.mark.parametrize(
        ("used", "fen_due"), [(259_999, 10_000), (260_000, 9_000), (260_001, 9_000)]
    )
    def test_high_use_is_earned_at_its_limit(self, used, fen_due):
        rated = rate(
            "kind: demand, price: 100, by: ACTUAL, discount: {kwh_per_kva_min: 260, factor: 0.9}",
            period=MONTH, usage={"total": used},
            power=PowerFacts(demand_milli=(1000,), capacity_milli=1000),
        )  # fmt: skip
        assert rated.total.fen == fen_due

    @pytest.mark.parametrize(("factor", "percent"), [("0", 145), ("0.004", 145), ("0.895", 0),
                                                     ("0.894", "0.5"), ("1", "-0.75")])  # fmt: skip
    def test_the_power_factor_is_rounded_half_up(self, factor, percent):
        rated = rate(
            "kind: metered, price: 1, unit: kWh", 'kind: power_factor, standard: "0.90"',
            usage={"total": 100_000_000}, power=PowerFacts(power_factor=Decimal(factor)),
        )  # fmt: skip
        assert rated.lines[1].exact == Decimal(percent) * 1000

    def test_losses_of_a_whole_month_are_those_of_thirty_days(self):
        head = "losses: {models: {A: {month_kwh: 30}}}\n"
        for days, kwh in ((10, 10), (28, 30), (31, 30)):
            period = Interval(
                date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days)
            )
            made = plan(ENERGY, head=head + HEAD)
            facts = RatingFacts(
                period=period, usage={"total": 0},
                power=PowerFacts(transformers=(Transformer("1", 1, model="A"),)),
            )  # fmt: skip
            assert engine.rate(plan=made, facts=facts).lines[0].quantity == kwh


class TestTerms:
    @pytest.mark.parametrize(
        ("months", "days", "fen_due"), [(0, 5, 500), (1, 1, 3100), (1, 0, 3000), (0, 1, 100)]
    )
    def test_private_capacity_counts_months_and_days(self, months, days, fen_due):
        arrears, _ = corrections.private_capacity(
            terms=TERMS, capacity_milli=1000, price=Decimal(30), months=months, days=days
        )
        assert arrears.amount.fen == fen_due

    @pytest.mark.parametrize("unpaid", [0, 1, 100])
    def test_a_flat_fee_tells_its_days(self, unpaid):
        fee = late_fee(
            principal_fen=100, due_date=date(2025, 12, 31), as_of=date(2026, 1, 30),
            changes=[Change(date(2025, 12, 31), 100 - unpaid)],
            terms=LateFeeTerms(per_mille_per_day=Decimal(0), flat_percent=Decimal(50)),
        )  # fmt: skip
        told = [(one.start, one.end, one.unpaid_fen, one.fee_fen) for one in fee.segments]
        days = (date(2026, 1, 1), date(2026, 1, 31))
        assert told == ([(*days, unpaid, (unpaid + 1) // 2)] if unpaid else [])

    def test_a_season_may_be_a_day(self):
        cut = CutOff(Interval(date(2026, 1, 11), date(2026, 1, 12)), 1)
        assert [*late(cut, heat_loss_percent=Decimal(20))][1].amount.fen == 54_135

    @pytest.mark.parametrize(("deposit", "state"), [(0, State.OK), (-1, State.CUT_DUE)])
    def test_one_limit_may_warn_and_cut(self, deposit, state):
        terms = PrepayTerms(warn_below_fen=0, cut_below_fen=0)
        facts = PrepayFacts(date(2026, 1, 1), 5, 5 - deposit, Decimal(0))
        assert status(terms=terms, facts=facts).state is state

    @pytest.mark.parametrize(
        ("measured", "found"),
        [
            ({"total": 10, "peak": 10}, {"total": 30, "peak": 30}),
            ({"total": 10}, {"total": 30}),
            ({"peak": 5, "valley": 5, "total": 10}, {"peak": 15, "valley": 15, "total": 30}),
        ],
    )
    def test_an_estimate_goes_on_from_one_day(self, measured, found):
        made = estimate.usage_so_far(measured=measured, days_measured=1, days_since=2)
        assert made == found


class TestFactsAsJson:
    def test_sets_are_sorted_and_lists_keep_their_order(self):
        codes = [f"PROOF_{letter}" for letter in "FBGADCE"]
        facts = RatingFacts(
            period=MONTH, evidence=frozenset(codes), power=PowerFacts(demand_milli=(3, 1, 2))
        )
        written = facts_json.to_json(facts)
        assert written["evidence"] == sorted(codes)
        assert written["power"] == {"demand_milli": [3, 1, 2]}

    @pytest.mark.parametrize(
        ("written", "path"),
        [
            ({"period": {"start": "2026-01-01", "end": "x"}}, "period.end"),
            ({"period": {"start": "x", "end": "2026-01-01"}}, "period.start"),
            ({"period": 1}, "period"),
        ],
    )
    def test_says_where_a_mistake_is(self, written, path):
        with pytest.raises(FactsInvalid) as caught:
            facts_json.from_json(written)
        assert caught.value.data["path"] == path
