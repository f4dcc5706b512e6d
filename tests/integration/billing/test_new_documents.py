"""A heat price that changes in the middle of a season, every fen worked out by hand."""

from datetime import date, datetime

import pytest

from metercash.contexts.billing import api as billing
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
        ("per: SEASON", "36.4", "54.6", [328_510]),
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
