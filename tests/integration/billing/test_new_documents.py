"""A heat price that changes in the middle of a season, every fen worked out by hand."""

from datetime import date, datetime

import pytest

from metercash.contexts.billing import api as billing
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import PartyInput
from metercash.kernel.interval import Interval
from metercash.proof.bill import verify
from tests.support import homes


SEASON = Interval(date(2025, 10, 20), date(2026, 4, 20))
DOCUMENT = """\
code: heat
name_zh: 热价
name_en: Heat
citation: 测试
source: 测试
locality: test
commodity: HEAT
confidence: D
effective_from: {since}
season: {{start: 10-20, until: 04-20}}
components:
  - {{kind: area, price: {price}, {rule}}}
"""


@pytest.mark.parametrize(
    ("rule", "old", "new", "lines"),
    [
        # 73 days to the new year, 109 after it, of 182; 90.25 m².
        ("per: DAY", "0.2", "0.25", [131_765, 245_931]),
        ("proration: ACTUAL_DAYS", "36.4", "54.6", [131_765, 295_118]),
        # 3285.10 × 73 ÷ 182 = 1317.65; 4927.65 × 109 ÷ 182 = 2951.175, of equal rests the earlier is favored.
        ("per: SEASON", "36.4", "54.6", [328_510, 131_765 - 328_510, 492_765, 295_117 - 492_765]),
        # 3285.10 again: 1317.65 and 1967.45 sum to it.
        ("per: SEASON", "36.4", "36.4", [328_510, 131_765 - 328_510, 328_510, 196_745 - 328_510]),
    ],
)
def test_each_day_has_the_price_of_its_document(
    tenant: int, now: datetime, rule: str, old: str, new: str, lines: list[int]
) -> None:
    first = DOCUMENT.format(since="2020-01-01", price=old, rule=rule)
    first = first.replace("season:", "effective_until: 2026-01-01\nseason:")
    homes.publish(now, first, DOCUMENT.format(since="2026-01-01", price=new, rule=rule))
    bill = homes.home(1, "HEAT", "heat", now).billed(SEASON, now)
    assert [line.amount_fen for line in bill.lines] == lines
    assert bill.bill_id is not None
    assert verify(billing.proof(bill_id=bill.bill_id)) == []


def test_holder_and_price_both_change(tenant: int, now: datetime) -> None:
    # 36.40, from 1 January 54.60; 90.25 m²: 3285.10 and 4927.65 for 182 days. The first holder has
    # 20 October to 30 November, 42 days; the second 31 days under the old price, 109 under the new.
    first = DOCUMENT.format(since="2020-01-01", price="36.4", rule="per: SEASON")
    first = first.replace("season:", "effective_until: 2026-01-01\nseason:")
    homes.publish(now, first, DOCUMENT.format(since="2026-01-01", price="54.6", rule="per: SEASON"))
    home = homes.home(1, "HEAT", "heat", now)
    customers.change_owner(
        account_id=home.account_id, party=PartyInput(name="李静"), on=date(2025, 12, 1)
    )
    home.run(SEASON, now)
    borne = [
        [line.amount_fen for line in bill.lines if line.code == "heat.area"] + [bill.total_fen]
        for bill in home.bills()
    ]
    # 758.10; 559.55 and 2951.175, whose half fen falls to the earlier of equals.
    assert borne == [[328_510, 75_810], [328_510, 492_765, 55_955 + 295_117]]
    for bill in home.bills():
        assert bill.bill_id is not None
        assert verify(billing.proof(bill_id=bill.bill_id)) == []
