"""A year's settlement by a plan of its own, every fen worked out by hand."""

from datetime import date, datetime

import pytest

from metercash.contexts.billing import api as billing
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval
from metercash.proof.bill import verify
from tests.support import homes


DOCUMENT = """\
code: {code}
name_zh: 居民电价
name_en: Homes
citation: 测试
source: 测试
locality: test
commodity: POWER
confidence: D
effective_from: 2020-01-01
components:
  - {{{rule}}}
"""
LADDER = "kind: tiered, cycle: MONTH, base: 0.5, bounds: [180, 260], prices: [0.05, 0.3]"
YEAR = Interval(date(2025, 11, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("settles", "bounds", "status", "fen"),
    [
        # November 300 kWh: 80 × 0.05 + 40 × 0.30 = 16.00; December 0. Bounds of a year are for the
        # months served: 100 and 900 a month for two months, 300 − 200 = 100 × 0.05 = 5.00 due.
        ("RETURN", "[1200, 10800]", "NEGATIVE", -1_100),
        # 50 and 60 a month: 20 × 0.05 + 180 × 0.30 = 55.00, less 16.00.
        ("TOP_UP", "[600, 720]", "", 3_900),
    ],
)
def test_a_year_is_settled_once_by_its_own_plan(
    tenant: int, now: datetime, settles: str, bounds: str, status: str, fen: int
) -> None:
    rule = f"kind: year_settlement, bounds: {bounds}, prices: [0.05, 0.3], settles: {settles}"
    homes.publish(now, DOCUMENT.format(code="ladder", rule=LADDER))
    homes.publish(now, DOCUMENT.format(code="settlement", rule=rule))
    home = homes.home(1, "POWER", "ladder", now, unit="kWh", 起始日期="2025-11-01")
    for on, register in (
        (date(2025, 11, 1), 0), (date(2025, 12, 1), 300_000), (date(2026, 1, 1), 300_000),
    ):  # fmt: skip
        home.read(on, register, now)
    home.billed(Interval(date(2025, 11, 1), date(2025, 12, 1)), now)

    run = billing.create_run(
        period=YEAR, purpose="SETTLEMENT", settlement_plan="settlement", commodity="POWER",
        plan_code="ladder", due_date=YEAR.end, now=now,
    )  # fmt: skip
    billing.execute_run(run_id=run.run_id, now=now)
    held = billing.list_exceptions().items
    assert [one.reason for one in held] == ([status] if status else [])
    [shown] = billing.preview(
        account_id=home.account_id, period=YEAR, purpose="SETTLEMENT:settlement", now=now
    )
    assert (shown.plan_code, shown.total_fen) == ("settlement", fen)
    if not status:
        [settled] = [bill for bill in home.bills() if bill.purpose != "REGULAR"]
        assert (settled.total_fen, settled.plan_code) == (fen, "settlement")
        assert settled.bill_id is not None
        assert verify(billing.proof(bill_id=settled.bill_id)) == []


def test_a_settlement_names_its_plan_and_accounts_and_nothing_else_does(
    tenant: int, now: datetime
) -> None:
    for purpose, plan in (
        ("SETTLEMENT", None), ("REGULAR", "settlement"), ("SETTLEMENT", "settlement"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match="清算"):
            billing.create_run(
                period=YEAR, purpose=purpose, settlement_plan=plan, commodity="POWER",
                due_date=YEAR.end, now=now,
            )  # fmt: skip
