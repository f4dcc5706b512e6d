"""One company's season, as its staff would work it: customers, meters, prices, bills, money, arrears."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from metercash import localities as registry
from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import RunSummary
from metercash.contexts.collections import api as collections
from metercash.contexts.collections.contracts import LateFeePass
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import OpenItem
from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import NewInstallation
from metercash.contexts.payments import api as payments
from metercash.contexts.payments.contracts import Tender
from metercash.contexts.tariffs import api as tariffs
from metercash.interfaces.cli.demo import workbook
from metercash.interfaces.cli.demo.city import Home
from metercash.kernel.errors import MetercashError
from metercash.kernel.interval import Interval


TELL = Callable[[str], None]


class SetUpFailed(MetercashError):
    """Data of the demo was refused; a fault in the demo itself."""

    code = "demo.set_up_failed"
    status = 500
    message_zh = "演示数据未被接受：{reason}"
    message_en = "Demo data was refused: {reason}"


@dataclass(frozen=True, slots=True)
class Portions:
    """How people pay: shares of the accounts, in percent."""

    counter: int
    wechat: int
    partial: int


def publish_prices(
    *, localities: Sequence[str], author_id: int, approver_id: int, now: datetime
) -> None:
    """Draft, approve and publish the price documents of the places; two different people."""
    for code in localities:
        texts = [document.text for document in registry.load(code).documents]
        tariffs.adopt(texts=texts, author_id=author_id, approver_id=approver_id, now=now)


def bring_customers(homes: Sequence[Home], *, since: date, now: datetime) -> dict[str, int]:
    """Import the customers from an Excel file.

    Returns:
        Service point ids by account number.

    Raises:
        SetUpFailed: if any row was refused.
    """
    content = workbook.customers(homes, since=since)
    report = customers.import_file(content=content, filename="用户.xlsx", dry_run=False, now=now)
    if report.errors:
        raise SetUpFailed(reason=str(report.errors[0]))
    period = Interval(since, date(since.year + 2, 1, 1))
    facts = customers.billing_facts(account_ids=customers.account_ids(), period=period)
    return {fact.account_no: fact.service_point_id for fact in facts}


def install_meters(
    homes: Sequence[Home], points: Mapping[str, int], *, on: date, unit: str
) -> None:
    """Put a meter on every metered home."""
    metering.install_devices(
        installations=[
            NewInstallation(
                service_point_id=points[home.account_no],
                device_no=home.meter_no,
                installed_on=on,
                unit=unit,
            )
            for home in homes
            if home.metered
        ]
    )


def bill(
    *, period: Interval[date], commodity: str, due: date, now: datetime, account_ids: Sequence[int]
) -> RunSummary:
    """Make and execute one bill run."""
    run = billing.create_run(
        period=period,
        purpose="REGULAR",
        commodity=commodity,
        account_ids=account_ids,
        due_date=due,
        now=now,
    )
    return billing.execute_run(run_id=run.run_id, now=now)


def collect_at_counter(
    *,
    account_ids: Sequence[int],
    clerk_id: int,
    cashier_id: int,
    portion: Portions,
    now: datetime,
    seed: int,
) -> int:
    """Residents come to the counter; some pay in full, some a part, some in two ways at once.

    Returns:
        How many receipts were issued.
    """
    draw = random.Random(seed)  # noqa: S311 - a rehearsed day, not a secret
    shift = payments.open_shift(user_id=clerk_id, now=now)
    receipts = 0
    for account_id, items in _owing(account_ids).items():
        if draw.randrange(100) >= portion.counter:
            continue
        owed = sum(item.open_fen for item in items)
        paid = owed // 2 if draw.randrange(100) < portion.partial else owed
        payments.take_payment(
            shift_id=shift.shift_id,
            account_id=account_id,
            tenders=_tenders(paid, draw),
            idempotency_key=f"demo:{shift.shift_id}:{account_id}",
            now=now,
        )
        receipts += 1
    counted = payments.get_shift(shift_id=shift.shift_id).expected_fen
    payments.close_shift(shift_id=shift.shift_id, counted_fen=counted, now=now)
    payments.hand_over_shift(shift_id=shift.shift_id, received_by=cashier_id, now=now)
    payments.bank_shift(shift_id=shift.shift_id, reference=f"交款单{shift.shift_id:06d}", now=now)
    return receipts


def collect_by_wechat(
    *,
    account_ids: Sequence[int],
    orders_max: int,
    pay: Callable[[str], None],
    now: Callable[[], datetime],
) -> int:
    """Residents pay on the phone: order, scan at the provider, notification.

    Args:
        pay: Pays an order at the provider, as the resident's phone would.

    Returns:
        How many orders succeeded.
    """
    succeeded = 0
    for account_id, items in list(_owing(account_ids).items())[:orders_max]:
        order = payments.create_order(
            account_id=account_id,
            fen=sum(item.open_fen for item in items),
            provider="WECHAT",
            idempotency_key=f"demo:{account_id}:{items[0].reference}",
            now=now(),
        )
        pay(order.order_no)
        succeeded += payments.poll_order(order_no=order.order_no, now=now()).status == "SUCCEEDED"
    return succeeded


def reverse_and_rebill(*, run: RunSummary, by: int, now: datetime) -> tuple[int, int]:
    """A wrong bill is reversed and made again.

    Returns:
        The reversed bill and the one that stands in for it.
    """
    first = billing.list_bills(run_id=run.run_id, sort="bill_id", per_page=1).items[0]
    billing.reverse_bill(
        bill_id=first.bill_id, reason="面积登记有误，核实后重出账单", now=now, by=by
    )
    return first.bill_id, billing.rebill(bill_id=first.bill_id, now=now, by=by)


def chase(*, as_of: date, now: datetime) -> tuple[LateFeePass, int]:
    """Add late fees by the company's policy and send the first reminders.

    Returns:
        The late-fee pass and the number of reminders.
    """
    return collections.accrue_late_fees(as_of=as_of, now=now), collections.send_reminders(
        as_of=as_of, now=now
    )


def collection_rate_permille() -> int:
    """Paid of billed, per thousand, over every bill of the company."""
    totals = billing.bill_totals()
    return 1000 * totals.paid_fen // totals.total_fen if totals.total_fen else 0


def _owing(account_ids: Sequence[int]) -> dict[int, list[OpenItem]]:
    owing: dict[int, list[OpenItem]] = {}
    for item in ledger.list_open_items(account_ids=account_ids):
        owing.setdefault(item.account_id, []).append(item)
    return owing


def _tenders(fen: int, draw: random.Random) -> list[Tender]:
    way = draw.randrange(10)
    if way < 6:
        return [Tender("CASH", fen)]
    if way < 9 or fen < 20_000:
        return [Tender("POS", fen, f"{draw.randrange(10**12):012d}")]
    return [Tender("CASH", 10_000), Tender("POS", fen - 10_000, f"{draw.randrange(10**12):012d}")]
