"""Late fees: by the day, flat, across years, within ceiling and minimum, until cut off."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating import document
from metercash.rating.errors import FactMissing, PlanDocumentInvalid
from metercash.rating.terms.late_fee import Change, CutOff, LateFeeFacts, LateFeeTerms, late_fee
from metercash.rating.terms.late_fee import lines as explained
from tests.unit.rating.helpers import HEAD


AREA = "  - {kind: area, price: 1}\n"
DUE = date(2024, 12, 31)
ELECTRIC = "per_mille_per_day: 2, cross_year_per_mille: 3"


def policy(text):
    """The late-fee section of a document."""
    section = f"late_fee: {{confidence: C, citation: 合同, {text}}}\n"
    return document.parse(HEAD + AREA + section).late_fee


def charged(text, principal_fen, as_of, *, due_date=DUE, changes=(), cut_off=None):
    facts = LateFeeFacts(principal_fen, due_date, as_of, tuple(changes), cut_off)
    return explained(terms=policy(text), facts=facts, citation="合同", clause="第五条")


def fen(lines):
    return [(line.code, line.amount.fen) for line in lines]


def refused(text):
    with pytest.raises(PlanDocumentInvalid) as caught:
        policy(text)
    return str(caught.value)


class TestLateFee:
    @pytest.mark.parametrize(
        ("text", "principal_fen", "due", "paid", "fee_fen"),
        [
            ("per_mille_per_day: 2", 250_000, DUE, date(2025, 1, 20), 10_000),
            ("per_mille_per_day: 0.2", 227_911, date(2018, 11, 15), date(2018, 11, 30), 684),
            ("per_mille_per_day: 0.3", 226_780, date(2020, 11, 15), date(2020, 12, 25), 2_721),
            ("per_mille_per_day: 1, min_fen: 100", 5_000, DUE, date(2025, 1, 5), 100),
            ("flat_percent: 5", 270_675, DUE, date(2025, 1, 1), 13_534),
            ("flat_percent: 5", 270_675, DUE, date(2026, 1, 1), 13_534),
        ],
    )
    def test_as_published(self, text, principal_fen, due, paid, fee_fen):
        lines = charged(text, principal_fen, paid, due_date=due)
        assert fen(lines) == [("late_fee", fee_fen)]

    @pytest.mark.parametrize("text", ["per_mille_per_day: 1, min_fen: 100", "flat_percent: 5"])
    def test_is_nothing_on_the_due_date(self, text):
        assert charged(text, 20_000, DUE) == ()
        paid = [Change(DUE, 20_000)]
        assert charged(text, 20_000, date(2025, 6, 1), changes=paid) == ()

    def test_waits_for_the_days_of_grace(self):
        text = "per_mille_per_day: 1, grace_days: 5"
        assert charged(text, 20_000, date(2025, 1, 5)) == ()
        assert fen(charged(text, 20_000, date(2025, 1, 6))) == [("late_fee", 20)]

    def test_goes_down_with_what_is_paid(self):
        changes = [Change(date(2025, 1, 10), 100_000), Change(date(2025, 1, 31), 200_000)]
        lines = charged("per_mille_per_day: 1", 300_000, date(2025, 2, 9), changes=changes)
        assert fen(lines) == [("late_fee.1", 3_000), ("late_fee.2", 4_200)]
        assert lines[1].because.sentence_zh() == (
            "依据合同第五条：计收基数（元） 2000，每日比例（‰） 1，逾期天数 21；"
            "2000 × 1‰ × 21 = 42 元，四舍五入到分为 42.00 元。"
        )

    def test_stays_on_the_full_fee_where_the_contract_says_so(self):
        changes = [Change(DUE, 150_000), Change(date(2025, 1, 4), 10_000)]
        text = "per_mille_per_day: 2, base: FULL_PRINCIPAL"
        lines = charged(text, 200_000, date(2025, 1, 10), changes=changes)
        assert fen(lines) == [("late_fee", 4_000)]

    def test_never_exceeds_its_ceiling(self):
        text = "per_mille_per_day: 3, max_percent_of_principal: 100"
        lines = charged(text, 20_000, date(2026, 6, 1))
        assert fen(lines) == [("late_fee", 20_000)]
        assert lines[0].because.arithmetic == "min(200 × 3‰ × 517, 200)"
        changes = [Change(date(2025, 6, 30), 5_000)]
        lines = charged(text, 20_000, date(2026, 6, 1), changes=changes)
        assert fen(lines) == [("late_fee.1", 10_860), ("late_fee.2", 9_140)]

    def test_makes_up_its_minimum_in_the_last_line(self):
        changes = [Change(date(2025, 1, 1), 1_000)]
        text = "per_mille_per_day: 1, min_fen: 100"
        lines = charged(text, 5_000, date(2025, 1, 3), changes=changes)
        assert fen(lines) == [("late_fee.1", 5), ("late_fee.2", 95)]
        assert lines[1].because.arithmetic == "max(40 × 1‰ × 2, 0.95)"

    def test_splits_at_the_end_of_the_year(self):
        lines = charged(ELECTRIC, 200_000, date(2022, 1, 18), due_date=date(2021, 12, 15))
        assert fen(lines) == [("late_fee.1", 6_400), ("late_fee.2", 10_800)]
        january = charged(ELECTRIC, 300_000, date(2022, 1, 18), due_date=date(2022, 1, 15))
        assert fen(january) == [("late_fee", 1_800)]
        later = charged(ELECTRIC, 100_000, date(2023, 1, 2), due_date=date(2020, 12, 31))
        assert fen(later) == [("late_fee", 219_600)]

    def test_used_to_take_the_higher_share_for_all_days(self):
        text = ELECTRIC + ", cross_year: ALL_DAYS"
        due = date(2021, 12, 15)
        assert fen(charged(text, 200_000, date(2022, 1, 18), due_date=due)) == [
            ("late_fee", 20_400)
        ]
        assert fen(charged(text, 200_000, date(2021, 12, 31), due_date=due)) == [
            ("late_fee", 6_400)
        ]
        paid = [Change(date(2021, 12, 31), 200_000)]
        lines = charged(text, 200_000, date(2022, 1, 18), due_date=due, changes=paid)
        assert fen(lines) == [("late_fee", 6_400)]

    def test_stops_when_supply_is_cut_off(self):
        text = "per_mille_per_day: 2, stops_at_cut_off: true, heat_loss_percent: 20"
        cut = date(2025, 2, 1)
        cut_off = CutOff(Interval(cut, cut + timedelta(days=59)), 151)
        lines = charged(text, 250_000, date(2025, 6, 1), cut_off=cut_off)
        assert fen(lines) == [("late_fee", 15_500), ("heat.loss_fee", 19_536)]
        assert lines[1].because.arithmetic == "2500 × 20% × 59 ÷ 151"
        goes_on = charged("per_mille_per_day: 2", 250_000, date(2025, 2, 2), cut_off=cut_off)
        assert fen(goes_on) == [("late_fee", 16_500)]
        with pytest.raises(FactMissing):
            charged(text, 250_000, cut, cut_off=CutOff(cut_off.stopped, 0))

    @given(
        st.integers(1, 10**8),
        st.lists(
            st.tuples(st.integers(0, 500), st.integers(-(10**6), 10**7)).map(
                lambda pair: Change(DUE + timedelta(days=pair[0]), pair[1])
            ),
            max_size=5,
        ),
        st.integers(0, 600),
        st.sampled_from(["UNPAID_PRINCIPAL", "FULL_PRINCIPAL"]),
        st.sampled_from([None, Decimal(10), Decimal(100)]),
    )
    def test_grows_with_the_days_and_is_the_sum_of_its_lines(
        self, principal, changes, count, base, cap
    ):
        terms = LateFeeTerms(
            Decimal(2),
            base=base,
            max_percent_of_principal=cap,
            min_fen=100 if cap is None else 0,
            cross_year_per_mille=Decimal(3),
        )

        def fee(as_of):
            return late_fee(
                principal_fen=principal, due_date=DUE, changes=changes, as_of=as_of, terms=terms
            ).fee_fen

        as_of = DUE + timedelta(days=count)
        facts = LateFeeFacts(principal, DUE, as_of, tuple(changes))
        lines = explained(terms=terms, facts=facts, citation="合同")
        assert (
            sum(line.amount.fen for line in lines) == fee(as_of) <= fee(as_of + timedelta(days=1))
        )


class TestSection:
    def test_needs_one_way_of_counting(self):
        assert "应写且只写一个" in refused("min_fen: 1")
        assert "应写且只写一个" in refused("per_mille_per_day: 1, flat_percent: 5")

    def test_refuses_what_a_flat_fee_cannot_mean(self):
        assert "一次计收" in refused("flat_percent: 5, cross_year_per_mille: 3")
        assert "一次计收" in refused("flat_percent: 5, base: FULL_PRINCIPAL")

    def test_refuses_all_days_without_a_share(self):
        assert "就应写 cross_year_per_mille" in refused(
            "per_mille_per_day: 1, cross_year: ALL_DAYS"
        )
