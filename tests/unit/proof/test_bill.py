"""The second calculator finds what is not as documents and facts make it."""

import copy
import hashlib
from datetime import date
from fractions import Fraction

import pytest

from metercash.kernel.interval import Interval
from metercash.kernel.money import Money
from metercash.proof.bill import verify, worked_out
from metercash.proof.rules import percent_of_1983
from metercash.rating import engine
from metercash.rating.components.power_factor_1983 import PERCENT
from metercash.rating.document import parse
from metercash.rating.facts import RatingFacts
from metercash.rating.sharing import Among, borne_by_others
from tests.support import proofs


PRICE = """
code: two-part
name_zh: 两部制
name_en: Two-part
locality: somewhere
commodity: HEAT
citation: 某价〔2025〕1号
source: 某处
confidence: D
effective_from: 2020-01-01
season: {start: "11-15", until: "03-16"}
components:
- {kind: two_part, basic: 18, metered: 0.16, unit: kWh, area_price: 30}
- {kind: discount, percent: 3, evidence: LOW_INCOME, on: [heat.basic]}
"""
FACTS = RatingFacts(
    period=Interval(date(2025, 11, 15), date(2026, 3, 16)),
    area_milli=90_000,
    usage={"total": 9_000_000},
    prepaid_fen=270_000,
    evidence=frozenset({"LOW_INCOME"}),
)


@pytest.fixture
def bill():
    return proofs.rated(PRICE, FACTS)


def told(bill):
    return "\n".join(zh for zh, _ in verify(bill))


class TestVerify:
    def test_agrees_with_what_the_engine_printed(self, bill):
        assert [line["code"] for line in bill["lines"]] == [
            "heat.basic", "heat.metered", "heat.prepaid", "discount"
        ]  # fmt: skip
        assert verify(bill) == []

    def test_finds_an_amount(self, bill):
        bill["lines"][0]["amount_fen"] += 1
        bill["lines"][0]["because"]["amount_fen"] += 1
        bill["total_fen"] += 1
        assert "第 1 行“基本热费”的金额应为 1620，账单写 1620.01。" in told(bill)

    def test_finds_an_amount_that_its_reason_does_not_say(self, bill):
        bill["lines"][1]["because"]["amount_fen"] -= 1
        assert "说明中的金额应为 1440，账单写 1439.99" in told(bill)

    def test_finds_a_price_in_the_text(self, bill):
        [document] = bill["documents"].values()
        document["text"] = document["text"].replace("metered: 0.16", "metered: 0.17")
        assert "内容与指纹不符" in told(bill)
        forged = hashlib.sha256(document["text"].encode()).hexdigest()
        bill["documents"] = {forged: document}
        bill["stretches"][0]["document"] = forged
        assert "第 2 行“计量热费”的单价应为 0.17，账单写 0.16。" in told(bill)

    def test_finds_a_quantity(self, bill):
        bill["lines"][1]["quantity"] = "9001"
        assert "第 2 行“计量热费”的数量应为 9000，账单写 9001。" in told(bill)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("area_milli", 90_001), ("prepaid_fen", 0), ("evidence", []), ("usage", {"total": 1})],
    )
    def test_finds_a_fact(self, bill, name, value):
        bill["stretches"][0]["facts"][name] = value
        assert told(bill)

    def test_finds_a_line_removed_doubled_or_moved(self, bill):
        for change in (
            lambda lines: lines.pop(),
            lambda lines: lines.append(copy.deepcopy(lines[0])),
            lambda lines: lines.reverse(),
            lambda lines: lines.clear(),
        ):
            changed = copy.deepcopy(bill)
            change(changed["lines"])
            changed["total_fen"] = sum(line["amount_fen"] for line in changed["lines"])
            assert "按规则应有 4 行" in told(changed)

    def test_finds_a_total(self, bill):
        bill["total_fen"] += 1
        assert f"各行相加为 {bill['total_fen'] - 1} 分，合计写 {bill['total_fen']} 分。" in told(
            bill
        )

    def test_finds_arithmetic_that_comes_to_something_else(self, bill):
        bill["lines"][0]["because"]["arithmetic"] = "18 × 91"
        assert "第 1 行“基本热费”的算式结果应为 1638，账单写 1620。" in told(bill)

    def test_tells_in_english(self, bill):
        bill["lines"][1]["quantity"] = "9001"
        assert [en for _, en in verify(bill)] == [
            "Line 2 heat.metered: the quantity should be 9000, the bill says 9001."
        ]

    @pytest.mark.parametrize(
        "break_it",
        [
            lambda bill: bill.update(format="metercash-bill/2"),
            lambda bill: bill.update(stretches=[]),
            lambda bill: bill.update(documents={}),
            lambda bill: bill["stretches"][0]["facts"].update(unheard_of=1),
            lambda bill: bill["stretches"][0]["facts"].update(area_milli=0.5),
            lambda bill: bill["stretches"][0]["facts"].update(area_milli=0),
            lambda bill: bill["stretches"][0]["facts"].pop("period"),
            lambda bill: bill["stretches"][0]["facts"]["period"].update(start="2019-11-15"),
            lambda bill: bill["lines"][0].pop("because"),
            lambda bill: bill["lines"][0]["because"].update(arithmetic="__import__('os')"),
            lambda bill: bill["lines"][0]["because"].update(arithmetic="2 ×× 9"),
        ],
    )
    def test_what_it_cannot_recompute_is_a_failure(self, bill, break_it):
        break_it(bill)
        assert told(bill).startswith("无法核对：")

    @pytest.mark.parametrize("unknown", ["{kind: haggle}", "{kind: cap, amount: 1, mood: good}"])
    def test_a_rule_it_does_not_know_is_a_failure(self, bill, unknown):
        [document] = bill["documents"].values()
        document["text"] += f"- {unknown}\n"
        assert "无法核对" in told(bill)

    def test_a_season_of_several_holders(self):
        lines = engine.rate(plan=parse(PRICE), facts=FACTS).lines
        total = Money(sum(line.amount.fen for line in lines))
        own = borne_by_others(total, [92, 29], 1, among=Among.HOLDERS, citation="某价〔2025〕1号")
        share = {
            "period": {"start": "2026-02-15", "end": "2026-03-16"},
            "days": [92, 29],
            "index": 1,
        }
        bill = proofs.proof([(PRICE, FACTS)], [*lines, own])
        bill["stretches"][0]["share"] = share
        assert verify(bill) == []
        share["days"] = [91, 30]
        assert "由前后户主承担" in told(bill)

    def test_a_late_fee_is_held_against_its_own_words(self):
        because = {
            "arithmetic": "max(100 × 0.5‰ × 3, 1)", "exact_yuan": "1", "amount_fen": 100,
            "rounding": "HALF_UP_FEN",
        }  # fmt: skip
        fee = {"code": "late_fee", "label": "违约金", "amount_fen": 100, "because": because}
        bill = {**proofs.proof([], []), "lines": [fee], "total_fen": 100}
        assert verify(bill) == []
        fee["amount_fen"] = bill["total_fen"] = 101
        assert "取整后金额应为 1，账单写 1.01" in told(bill)


class TestWorkedOut:
    @pytest.mark.parametrize(
        ("arithmetic", "value"),
        [
            ("38.32 × 80", "3065.6"),
            ("0 − 2700 × 3%", "-81"),
            ("−0.5653 × 30", "-16.959"),
            ("-5 × -2", "10"),
            ("0 − min(3 × 100, 250)", "-250"),
            ("24.2 × 100 × 50 ÷ 121", "1000"),
            ("(1300 + (1300 − 1000 × 105%))", "1550"),
            ("1 ÷ 3 × 3", "1"),
            ("2 × 2‰ × 2", "0.008"),
        ],
    )
    def test_is_exact(self, arithmetic, value):
        assert worked_out(arithmetic) == Fraction(value)

    @pytest.mark.parametrize("arithmetic", ["2 ** 3", "a", "open('x')", "1 if 1 else 2", "", "[1]"])
    def test_reads_nothing_else(self, arithmetic):
        with pytest.raises((LookupError, ValueError, SyntaxError)):
            worked_out(arithmetic)


class TestPercentOf1983:
    @pytest.mark.parametrize("standard", PERCENT)
    def test_makes_the_whole_table(self, standard):
        made = [percent_of_1983(int(standard[2:]), factor) for factor in range(101)]
        assert made == [Fraction(percent) for percent in PERCENT[standard]]
