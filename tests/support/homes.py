"""Homes with meters under the price documents of real cities, and their bills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from metercash import localities
from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import BillDetail, RunSummary
from metercash.contexts.customers import api as customers
from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import NewInstallation
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.interval import Interval
from tests.support.customers import as_csv, row


AUTHOR, APPROVER = 1, 2
SINCE = date(2025, 10, 20)
COMMODITIES = {"HEAT": "供热", "POWER": "供电"}


def text_of(locality: str, plan_code: str) -> str:
    """The price document of a plan as it ships."""
    [text] = [d.text for d in localities.load(locality).documents if d.plan.code == plan_code]
    return text


def publish(now: datetime, *texts: str) -> None:
    """Put price documents in force."""
    tariffs.adopt(texts=texts, author_id=AUTHOR, approver_id=APPROVER, now=now)


@dataclass(frozen=True)
class Home:
    """A home with one account and, where it is metered, the meter ``M<number>``."""

    number: int
    account_id: int
    service_point_id: int
    commodity: str

    @property
    def meter(self) -> str:
        """Number of the meter it began with."""
        return f"M{self.number}"

    def read(self, on: date, thousandths: int, now: datetime, meter: str = "") -> None:
        """Note what the register showed at the beginning of a day, × 1000."""
        metering.record_register_read(
            device_no=meter or self.meter, read_on=on, value_milli=thousandths, now=now
        )

    def run(self, period: Interval[date], now: datetime) -> RunSummary:
        """Bill this home alone."""
        run = billing.create_run(
            period=period,
            commodity=self.commodity,
            account_ids=[self.account_id],
            due_date=period.end,
            now=now,
        )
        return billing.execute_run(run_id=run.run_id, now=now)

    def bills(self) -> list[BillDetail]:
        """Its bills, oldest period first."""
        rows = billing.list_bills(account_id=self.account_id, sort="period_from").items
        return [billing.get_bill(bill_id=row.bill_id) for row in rows]

    def billed(self, period: Interval[date], now: datetime) -> BillDetail:
        """The bill of a period, proved equal to the preview shown before."""
        [shown] = billing.preview(account_id=self.account_id, period=period, now=now)
        done = self.run(period, now)
        assert (done.status, done.counts.posted, done.counts.excepted) == ("DONE", 1, 0)
        [bill] = [bill for bill in self.bills() if bill.period == period]
        assert told(bill) == told(shown)
        return bill


def told(bill: BillDetail) -> tuple[object, ...]:
    """All that a bill tells its customer, in a preview and when it is issued."""
    return (
        bill.account_no, bill.name, bill.address, bill.category, bill.plan_code, bill.area_milli,
        bill.period, bill.generation, bill.usage_milli, bill.usage_unit, bill.lines, bill.total_fen,
        bill.open_fen, bill.determinants, bill.estimated_milli, bill.citations, bill.reasons,
        bill.replaces_bill_id,
    )  # fmt: skip


def amounts(bill: BillDetail) -> dict[str, int]:
    """Fen by line code; each code stands once."""
    found = {line.code: line.amount_fen for line in bill.lines}
    assert len(found) == len(bill.lines)
    assert sum(found.values()) == bill.total_fen
    return found


def home(
    number: int, commodity: str, plan_code: str, now: datetime, *, unit: str = "", **changes: object
) -> Home:
    """A home of 90.25 m² and three persons, supplied since 2025-10-20.

    Args:
        unit: Unit of its meter's register; none means no meter.
        changes: Fields of the import by header.
    """
    fields = {
        "用能类型": COMMODITIES[commodity],
        "价格方案": plan_code,
        "起始日期": SINCE.isoformat(),
    }
    content = as_csv([row(number, **{**fields, **changes})])
    report = customers.import_file(content=content, filename="a.csv", dry_run=False, now=now)
    assert (report.created, report.errors) == (1, [])
    account = customers.get_account_by_no(account_no=f"1{number:07d}")
    made = Home(number, account.account_id, account.service_point_id, commodity)
    if unit:
        metering.install_devices(
            installations=[NewInstallation(made.service_point_id, made.meter, SINCE, unit=unit)]
        )
    return made
