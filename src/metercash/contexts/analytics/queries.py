"""Reads of analytics: figures asked of the contexts below and put together."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from metercash.contexts.analytics import core
from metercash.contexts.analytics.contracts import (
    AgeBand,
    Amount,
    ChannelShare,
    CommunityArrears,
    Funnel,
    FunnelStage,
    Opening,
    Overview,
    PeriodFigures,
    Step,
    TrendPoint,
)
from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import BillFilter, BillTotals, RunSummary, StageCounts
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount, ItemKind
from metercash.contexts.metering import api as metering
from metercash.contexts.payments import api as payments
from metercash.kernel.interval import Interval
from metercash.platform import db
from metercash.platform.paging import PER_PAGE_MAX


PAGES_MAX = 100
CHANNELS = {
    ChartAccount.CASH: ("CASH", "现金"),
    ChartAccount.POS_CLEARING: ("POS", "刷卡"),
    ChartAccount.WECHAT_CLEARING: ("WECHAT", "微信支付"),
    ChartAccount.ALIPAY_CLEARING: ("ALIPAY", "支付宝"),
    ChartAccount.TRANSFER_CLEARING: ("TRANSFER", "转账"),
    ChartAccount.AGENCY_CLEARING: ("AGENCY", "代收"),
    ChartAccount.BANK: ("BANK", "银行"),
}


@db.transaction_required
def overview(as_of: date) -> Overview:
    """The state of the money on a day."""
    totals = billing.bill_totals()
    overdue = billing.bill_totals(status=BillFilter.OVERDUE, as_of=as_of)
    unpaid = billing.bill_totals(status=BillFilter.UNPAID)
    books = ledger.trial_balance()
    late_fee_fen = books.get(ChartAccount.LATE_FEE_RECEIVABLE, 0)
    runs = _runs()
    figures = [
        _period_figures(period, runs) for period in core.latest_periods([r.period for r in runs], 2)
    ]
    read_day = metering.reading_day(until=as_of - timedelta(days=1))
    reads = metering.collection_rate(day=read_day)
    overdue_filter = Opening(status=BillFilter.OVERDUE, as_of=as_of)
    return Overview(
        as_of=as_of,
        billed=Amount(totals.total_fen, totals.bills, Opening()),
        collected=Amount(
            totals.paid_fen, totals.bills - unpaid.bills, Opening(status=BillFilter.PAID)
        ),
        rate_milli=core.share_milli(totals.paid_fen, totals.total_fen),
        current=figures[0] if figures else None,
        previous=figures[1] if len(figures) > 1 else None,
        open=Amount(unpaid.open_fen, unpaid.bills, Opening(status=BillFilter.UNPAID)),
        overdue=Amount(overdue.open_fen, overdue.bills, overdue_filter),
        late_fee_fen=late_fee_fen,
        arrears_fen=overdue.open_fen + late_fee_fen,
        prepaid_fen=-books.get(ChartAccount.PREPAID, 0),
        read_day=read_day,
        reads_expected=reads.expected,
        reads_received=reads.received,
        read_rate_milli=(
            core.share_milli(reads.received, reads.expected) if reads.expected else None
        ),
        reads=Opening(what="readings", as_of=read_day),
    )


@db.transaction_required
def collection_trend(period: Interval[date], step: Step) -> list[TrendPoint]:
    """Money taken step by step, with the share of all standing bills collected so far."""
    billed_fen = billing.bill_totals().total_fen
    taken: dict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for item in ledger.takings(start=period.start, end=period.end):
        count, fen = taken[item.day]
        taken[item.day] = (count + item.payments, fen + item.fen)
    points, cumulative = [], 0
    for part in core.steps(period, step):
        days = [value for day, value in taken.items() if day in part]
        fen = sum(value[1] for value in days)
        cumulative += fen
        opening = Opening(what="payments", period=part)
        amount = Amount(fen, sum(value[0] for value in days), opening)
        rate = core.share_milli(cumulative, billed_fen)
        points.append(TrendPoint(part, amount, cumulative, billed_fen, rate))
    return points


@db.transaction_required
def ageing(as_of: date) -> list[AgeBand]:
    """Overdue principal and late fees in five bands."""
    bands = [[0, 0, 0] for _ in core.AGE_BOUNDS]
    for total in ledger.open_by_due_date(before=as_of):
        band = bands[core.age_band((as_of - total.due_date).days)]
        if total.kind == ItemKind.LATE_FEE:
            band[2] += total.open_fen
        else:
            band[0] += total.open_fen
            band[1] += total.items
    whole = sum(band[0] for band in bands)
    return [
        AgeBand(
            *core.band_days(index),
            principal=Amount(
                fen,
                items,
                Opening(status=BillFilter.OVERDUE, as_of=as_of, due=core.band_due(index, as_of)),
            ),
            late_fee_fen=late_fee,
            share_milli=core.share_milli(fen, whole),
        )
        for index, (fen, items, late_fee) in enumerate(bands)
    ]


@db.transaction_required
def channel_mix(period: Interval[date]) -> list[ChannelShare]:
    """What every channel took in, the largest first."""
    taken: dict[ChartAccount, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for item in ledger.takings(start=period.start, end=period.end):
        count, fen = taken[item.chart]
        taken[item.chart] = (count + item.payments, fen + item.fen)
    whole = sum(fen for _, fen in taken.values())
    shares = []
    for chart, (count, fen) in taken.items():
        channel, label = CHANNELS[chart]
        opening = Opening(what="payments", period=period, channel=channel)
        share = core.share_milli(fen, whole)
        shares.append(ChannelShare(channel, label, Amount(fen, count, opening), share))
    return sorted(shares, key=lambda share: (-share.taken.fen, share.channel))


@db.transaction_required
def arrears_by_community(as_of: date) -> list[CommunityArrears]:
    """Every community with what it owes, the most overdue first."""
    sums = {total.community_id: total for total in billing.totals_by_community(as_of=as_of)}
    rows = []
    for community in customers.list_communities():
        total = sums.get(community.id)
        billed = total.total_fen if total else 0
        collected = total.total_fen - total.open_fen if total else 0
        opening = Opening(status=BillFilter.OVERDUE, community_id=community.id, as_of=as_of)
        rows.append(
            CommunityArrears(
                community_id=community.id,
                name=community.name,
                latitude=community.latitude,
                longitude=community.longitude,
                accounts=community.account_count,
                billed_fen=billed,
                collected_fen=collected,
                rate_milli=core.share_milli(collected, billed),
                overdue=Amount(
                    total.overdue_fen if total else 0, total.overdue_bills if total else 0, opening
                ),
            )
        )
    return sorted(rows, key=lambda row: (-row.overdue.fen, row.name))


@db.transaction_required
def funnel() -> Funnel:
    """The way of a reading, counted at every station by the context that owns it."""
    read, accepted, refused = _readings()
    runs = _runs()
    counts = sum((run.counts for run in runs), StageCounts())
    run_fen = sum(run.total_fen for run in runs)
    money = payments.money_flow()
    held = money.suspense
    return Funnel(
        (
            FunnelStage("read", "采集", "values", None, read, 0),
            FunnelStage("accepted", "入库", "values", read, accepted, refused),
            FunnelStage("rated", "计费", "bills", counts.selected, counts.rated, counts.excepted),
            FunnelStage("billed", "出账", "bills", counts.rated, counts.billed, 0, run_fen),
            FunnelStage("posted", "记账", "bills", counts.billed, counts.posted, 0, run_fen),
            FunnelStage(
                "paid", "收款", "payments", money.paid + held, money.paid, held, money.paid_fen
            ),
            FunnelStage(
                "banked",
                "到账",
                "payments",
                money.paid,
                money.banked,
                money.paid - money.banked,
                money.banked_fen,
            ),
        )
    )


def _runs() -> list[RunSummary]:
    """Every run, newest first."""
    runs: list[RunSummary] = []
    for page in range(1, PAGES_MAX + 1):
        found = billing.list_runs(page=page, per_page=PER_PAGE_MAX)
        runs.extend(found.items)
        if len(found.items) < PER_PAGE_MAX:
            break
    return runs


def _readings() -> tuple[int, int, int]:
    """Values read, accepted and refused by all import batches."""
    sums = [0, 0, 0]
    for page in range(1, PAGES_MAX + 1):
        found = metering.list_batches(page=page, per_page=PER_PAGE_MAX)
        for batch in found.items:
            for index, value in enumerate((batch.read, batch.accepted, batch.refused)):
                sums[index] += value
        if len(found.items) < PER_PAGE_MAX:
            break
    return sums[0], sums[1], sums[2]


def _period_figures(period: Interval[date], runs: list[RunSummary]) -> PeriodFigures:
    own = [run.run_id for run in runs if run.period == period]
    totals = [billing.bill_totals(run_id=run_id) for run_id in own]
    paid = [billing.bill_totals(run_id=run_id, status=BillFilter.PAID) for run_id in own]
    billed = _sum(totals)
    run_id = own[0] if len(own) == 1 else None
    return PeriodFigures(
        period=period,
        billed=Amount(billed.total_fen, billed.bills, Opening(run_id=run_id, period=period)),
        collected=Amount(
            billed.paid_fen,
            sum(total.bills for total in paid),
            Opening(run_id=run_id, period=period, status=BillFilter.PAID),
        ),
        rate_milli=core.share_milli(billed.paid_fen, billed.total_fen),
    )


def _sum(totals: list[BillTotals]) -> BillTotals:
    return BillTotals(
        sum(total.bills for total in totals),
        sum(total.total_fen for total in totals),
        sum(total.open_fen for total in totals),
    )
