"""Finding accounts, moving people, and what billing reads."""

from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from metercash.contexts.customers import api
from metercash.contexts.customers.contracts import (
    AccountNotFound,
    AccountNumberTaken,
    AgreementOverlap,
    DateOutsideAgreement,
    PartyInput,
)
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval
from metercash.platform import db
from tests.support.customers import as_csv, row


SEASON = Interval(date(2025, 10, 20), date(2026, 4, 21))


@pytest.fixture
def loaded(tenant, now):
    rows = [row(n) for n in range(40)]
    rows[3]["户名"] = "哈尔滨市道里区第一小学"
    content = as_csv(rows)
    assert api.import_file(content=content, filename="a.csv", dry_run=False, now=now).written
    return tenant


def numbers(text):
    return [account.account_no for account in api.search(text=text)]


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("10000017", "10000017"),
            ("0017", "10000017"),
            ("13800000021", "10000021"),
            ("第一小学", "10000003"),
            ("哈尔滨 小学", "10000003"),
            ("幸福家园2号楼2单元702", "10000033"),
            ("家园 2-2-702", "10000033"),
            ("2号楼2单元702室", "10000033"),
            ("王乙1", "10000001"),
            ("１００００００２", "10000002"),
        ],
    )
    def test_finds(self, loaded, text, expected):
        found = numbers(text)
        assert (found[0] if found else None) == expected

    def test_puts_the_exact_number_first_and_limits(self, loaded):
        assert numbers("1000000")[0] == "10000000"
        assert len(api.search(text="王", limit=7)) == 7
        assert numbers("   ") == []
        assert numbers("不存在的") == []

    def test_can_use_an_index_behind_row_level_security(self, loaded):
        """Only leakproof operators reach an index under a policy; which index is the planner's choice."""
        with db.transaction(), connection.cursor() as cursor:
            cursor.execute(
                "select bool_and(proleakproof) from pg_proc where proname in ('text_ge', 'text_lt')"
            )
            assert cursor.fetchone() == (True,)
            cursor.execute(
                "select indexdef from pg_indexes where tablename = 'customers_searchtoken'"
            )
            definitions = [definition for (definition,) in cursor.fetchall()]
        assert any("(tenant_id, token" in definition for definition in definitions)


class TestListAccounts:
    def test_filters_sorts_and_pages(self, loaded):
        page = api.list_accounts(per_page=15, page=3, sort="-account_no")
        assert (page.total, page.pages, len(page.items)) == (40, 3, 10)
        assert page.items[-1].account_no == "10000000"
        community = api.list_communities()[0]
        assert api.list_accounts(community_id=community.id, category="RESIDENT").total == 40
        assert api.list_accounts(category="LOW_INCOME").total == 0
        assert api.list_accounts(text="第一小学", sort="name").total == 1

    def test_reads_in_two_statements(self, loaded):
        with CaptureQueriesContext(connection) as captured:
            api.list_accounts(text="王")
        assert sum("customers_account" in q["sql"] for q in captured) == 2


class TestBuildingGrid:
    def test_orders_buildings_and_homes(self, loaded):
        community = api.list_communities()[0]
        buildings = api.list_buildings(community_id=community.id)
        assert [b.name for b in buildings] == ["1号楼", "2号楼"]
        grid = api.building_grid(building_id=buildings[0].id)
        assert len(grid) == 20
        assert (grid[0].floor, grid[0].unit, grid[0].room) == (10, "1单元", "1001")
        assert {cell.status for cell in grid} == {"ACTIVE"}


class TestMoves:
    def test_moves_out_and_in_without_overlap(self, loaded, now):
        old = api.get_account_by_no(account_no="10000005")
        with pytest.raises(AgreementOverlap):
            self.move_in(old.service_point_id, date(2026, 1, 5), now)
        api.move_out(account_id=old.account_id, on=date(2026, 1, 10))
        with pytest.raises(AgreementOverlap):
            self.move_in(old.service_point_id, date(2026, 1, 5), now)
        fresh = self.move_in(old.service_point_id, date(2026, 1, 10), now)
        facts = api.billing_facts(account_ids=[old.account_id, fresh], period=SEASON)
        assert [(f.name, f.valid_from, f.valid_until) for f in facts] == [
            (old.name, date(2025, 10, 20), date(2026, 1, 10)),
            ("赵新", date(2026, 1, 10), None),
        ]
        assert api.get_account(account_id=old.account_id).status == "CLOSED"
        assert old.account_id not in api.account_ids()
        assert old.account_id in api.account_ids(period=SEASON, plan_code="plan-a")
        with pytest.raises(AccountNumberTaken):
            self.move_in(old.service_point_id, date(2026, 2, 10), now, expect_free=True)
        with pytest.raises(DateOutsideAgreement):
            api.move_out(account_id=old.account_id, on=date(2026, 3, 1))

    def test_changes_the_owner_and_keeps_the_number(self, loaded):
        account = api.get_account_by_no(account_no="10000006")
        person = PartyInput(name="李接手", id_number="11010519491231002X")
        api.change_owner(account_id=account.account_id, party=person, on=date(2026, 1, 1))
        facts = api.billing_facts(account_ids=[account.account_id], period=SEASON)
        assert [(f.name, f.valid_from, f.valid_until) for f in facts] == [
            (account.name, date(2025, 10, 20), date(2026, 1, 1)),
            ("李接手", date(2026, 1, 1), None),
        ]
        detail = api.get_account(account_id=account.account_id)
        assert detail.id_number_masked == "1101**********002X"
        assert numbers("李接手") == ["10000006"]
        assert numbers(account.name) == []
        with pytest.raises(DateOutsideAgreement):
            api.change_owner(account_id=account.account_id, party=person, on=date(2025, 1, 1))

    def test_changes_the_plan_and_the_supply(self, loaded):
        account = api.get_account_by_no(account_no="10000008")
        api.change_plan(account_id=account.account_id, plan_code="plan-b", on=date(2026, 2, 1))
        api.change_plan(account_id=account.account_id, plan_code="plan-b", on=date(2026, 3, 1))
        api.stop_supply(
            service_point_id=account.service_point_id,
            on=date(2026, 2, 1),
            reason="报停",
            as_of=date(2026, 2, 1),
        )
        facts = api.billing_facts(account_ids=[account.account_id], period=SEASON)
        assert [(f.plan_code, f.supply_status) for f in facts] == [
            ("plan-a", "STOPPED"),
            ("plan-b", "STOPPED"),
        ]
        assert api.get_account(account_id=account.account_id).status == "STOPPED"
        assert api.list_accounts(status="STOPPED").total == 1
        api.resume_supply(
            service_point_id=account.service_point_id,
            on=date(2026, 3, 1),
            reason="复热",
            as_of=date(2026, 3, 1),
        )
        assert api.list_accounts(status="STOPPED").total == 0

    def test_is_guarded_by_the_database(self, loaded):
        account = api.get_account_by_no(account_no="10000009")
        with pytest.raises(IntegrityError), db.transaction(), connection.cursor() as cursor:
            cursor.execute(
                "insert into customers_agreement (tenant_id, account_id, party_id, "
                "service_point_id, plan_code, valid_from, is_latest) "
                "values (%s, %s, %s, %s, 'x', '2026-01-01', false)",
                [loaded, account.account_id, account.party_id, account.service_point_id],
            )

    def test_tells_when_an_account_is_unknown(self, loaded):
        with pytest.raises(AccountNotFound):
            api.get_account(account_id=10**15)
        with pytest.raises(AccountNotFound):
            api.move_out(account_id=10**15, on=date(2026, 1, 1))

    def move_in(self, service_point_id, on, now, *, expect_free=False):
        if expect_free:
            taken = api.get_account_by_no(account_no="20000001")
            api.move_out(account_id=taken.account_id, on=on)
        return api.move_in(
            service_point_id=service_point_id,
            party=PartyInput(name="赵新"),
            account_no="20000001",
            plan_code="plan-a",
            on=on,
            now=now,
            phone="13900001234",
        )


class TestRecordContact:
    def test_marks_quality_and_keeps_one_primary(self, loaded, now):
        account_id = api.get_account_by_no(account_no="10000010").account_id
        api.record_contact(account_id=account_id, value="139 1234 9876", now=now, primary=True)
        detail = api.get_account(account_id=account_id)
        assert detail.phone == "13912349876"
        assert [c.is_primary for c in detail.contacts] == [True, False]
        assert numbers("9876") == ["10000010"]
        api.record_contact(account_id=account_id, value="13912349876", now=now, quality="WRONG")
        assert api.get_account(account_id=account_id).phone == ""
        assert numbers("9876") == []
        with pytest.raises(InvalidInput):
            api.record_contact(account_id=account_id, value="12", now=now)


class TestBillingFacts:
    def test_leaves_out_agreements_beside_the_period(self, loaded):
        ids = api.account_ids(commodity="HEAT", plan_code="plan-a")
        assert len(ids) == 40
        before = Interval(date(2025, 1, 1), date(2025, 10, 20))
        assert api.billing_facts(account_ids=ids, period=before) == []
        assert len(api.billing_facts(account_ids=ids, period=SEASON)) == 40
        assert len(api.summaries(account_ids=ids[:5])) == 5
