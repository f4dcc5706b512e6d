"""Figures over a small estate that is billed, partly paid and partly late."""

from datetime import date, datetime, timedelta

import pytest

from metercash.contexts.analytics import api
from metercash.contexts.analytics.contracts import Step
from metercash.contexts.billing import api as billing
from metercash.contexts.billing.operations import assembling
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ChartAccount
from metercash.kernel.interval import Interval
from tests.support import billing as support
from tests.support import customers as people


PERIOD = Interval(date(2025, 10, 20), date(2026, 4, 20))
HOMES = 12
BILL_FEN = 345838
DUE = date(2026, 1, 10)
AS_OF = date(2026, 1, 20)


@pytest.fixture
def billed(tenant: int, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Twelve bills of which three are paid, one of them through WeChat; ids of the accounts."""
    monkeypatch.setattr(assembling.tariffs, "plan_in_force", support.plan_in_force)
    monkeypatch.setattr(assembling.tariffs, "texts_by_hash", support.texts_by_hash)
    content = people.as_csv(people.row(number) for number in range(1, HOMES + 1))
    before = now - timedelta(days=90)
    customers.import_file(content=content, filename="homes.csv", dry_run=False, now=before)
    accounts = customers.account_ids(period=PERIOD)
    run = billing.create_run(period=PERIOD, commodity="HEAT", due_date=DUE, now=now)
    billing.execute_run(run_id=run.run_id, now=now)
    takings = [(ChartAccount.CASH, 18), (ChartAccount.CASH, 19), (ChartAccount.WECHAT_CLEARING, 19)]
    for account_id, (chart, day) in zip(accounts, takings, strict=False):
        ledger.receive(
            account_id=account_id,
            fen=BILL_FEN,
            business_key=f"test:{account_id}",
            debit=chart,
            accounting_date=date(2026, 1, day),
            occurred_at=now,
        )
    billing.refresh_open(account_ids=accounts)
    return accounts


class TestOverview:
    def test_adds_up(self, billed: list[int]) -> None:
        figures = api.overview(as_of=AS_OF)
        assert (figures.billed.fen, figures.billed.count) == (HOMES * BILL_FEN, HOMES)
        assert (figures.collected.fen, figures.collected.count) == (3 * BILL_FEN, 3)
        assert figures.rate_milli == 250
        assert figures.current is not None
        assert figures.current.period == PERIOD
        assert figures.current.rate_milli == 250
        assert figures.previous is None
        assert (figures.overdue.fen, figures.overdue.count) == (9 * BILL_FEN, 9)
        assert figures.arrears_fen == 9 * BILL_FEN
        assert (figures.late_fee_fen, figures.prepaid_fen) == (0, 0)
        assert figures.read_day == date(2026, 1, 19)
        assert figures.read_rate_milli is None

    def test_opens_to_its_bills(self, billed: list[int]) -> None:
        opening = api.overview(as_of=AS_OF).overdue.opening
        page = billing.list_bills(status=opening.status, as_of=opening.as_of)
        assert page.total == 9
        assert opening.parameters() == {"status": "OVERDUE", "as_of": "2026-01-20"}

    def test_is_empty_before_the_first_run(self, tenant: int) -> None:
        figures = api.overview(as_of=AS_OF)
        assert (figures.billed.fen, figures.rate_milli, figures.current) == (0, 0, None)


class TestCollectionTrend:
    def test_accumulates_by_day(self, billed: list[int]) -> None:
        week = Interval(date(2026, 1, 18), date(2026, 1, 21))
        points = api.collection_trend(period=week)
        assert [(p.collected.fen, p.collected.count) for p in points] == [
            (BILL_FEN, 1),
            (2 * BILL_FEN, 2),
            (0, 0),
        ]
        assert [p.rate_milli for p in points] == [83, 250, 250]

    def test_cuts_at_months(self, billed: list[int]) -> None:
        points = api.collection_trend(
            period=Interval(date(2025, 12, 15), date(2026, 2, 1)), step=Step.MONTH
        )
        assert [p.collected.fen for p in points] == [0, 3 * BILL_FEN]


class TestAgeing:
    def test_puts_items_into_bands(self, billed: list[int]) -> None:
        bands = api.ageing(as_of=AS_OF)
        assert [band.principal.count for band in bands] == [9, 0, 0, 0, 0]
        later = api.ageing(as_of=DUE + timedelta(days=181))
        assert [band.principal.count for band in later] == [0, 0, 0, 0, 9]
        assert later[4].share_milli == 1000
        due = bands[0].principal.opening.due
        assert due is not None
        assert DUE in due
        assert [band.principal.count for band in api.ageing(as_of=DUE)] == [0] * 5


class TestChannelMix:
    def test_foots_to_the_books(self, billed: list[int]) -> None:
        shares = api.channel_mix(period=Interval(date(2026, 1, 1), date(2026, 2, 1)))
        assert [(s.channel, s.taken.fen, s.taken.count, s.share_milli) for s in shares] == [
            ("CASH", 2 * BILL_FEN, 2, 666),
            ("WECHAT", BILL_FEN, 1, 333),
        ]


class TestArrearsByCommunity:
    def test_carries_coordinates_and_rate(self, billed: list[int]) -> None:
        (place,) = api.arrears_by_community(as_of=AS_OF)
        assert (place.name, place.latitude, place.accounts) == ("幸福家园", 45.756967, HOMES)
        assert (place.overdue.fen, place.rate_milli) == (9 * BILL_FEN, 250)
        page = billing.list_bills(
            status=place.overdue.opening.status,
            community_id=place.overdue.opening.community_id,
            as_of=AS_OF,
        )
        assert page.total == place.overdue.count


class TestFunnel:
    def test_agrees_at_every_hand_over(self, billed: list[int]) -> None:
        funnel = api.funnel()
        counts = funnel.counts()
        assert list(counts) == [
            "read",
            "accepted",
            "rated",
            "billed",
            "posted",
            "paid",
            "banked",
        ]
        assert (counts["rated"], counts["billed"], counts["posted"]) == (HOMES, HOMES, HOMES)
        assert funnel.agrees
