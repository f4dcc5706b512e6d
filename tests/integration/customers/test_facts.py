"""Parts, supply, proofs, household and contract: written, refused, and what billing reads of them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metercash.contexts.customers import api
from metercash.contexts.customers.contracts import (
    AccountNotFound,
    ContractTerms,
    Evidence,
    FactKind,
    FactNotFound,
    FactOverlap,
    HouseholdSize,
    PartOfArea,
    PowerContract,
    SupplyGap,
    SuspensionSpan,
    TransformerEntry,
)
from metercash.kernel.errors import InvalidInput
from metercash.kernel.interval import Interval
from metercash.platform import audit
from metercash.rating.facts_heat import AreaPart, Supply
from metercash.rating.facts_power import Transformer
from tests.support.customers import as_csv, row


BEGIN, END = date(2025, 10, 20), date(2026, 4, 21)
SEASON = Interval(BEGIN, END)
TODAY = date(2026, 1, 15)


@pytest.fixture
def account(tenant, now):
    content = as_csv([row(n) for n in range(3)])
    assert api.import_file(content=content, filename="a.csv", dry_run=False, now=now).written
    return api.get_account_by_no(account_no="10000001")


@pytest.fixture
def keep(account):
    def record(fact):
        return api.record_fact(account_id=account.account_id, fact=fact, as_of=TODAY)

    return record


def facts_of(account, period=SEASON):
    (facts,) = api.billing_facts(account_ids=[account.account_id], period=period)
    return facts


class TestBillingFacts:
    def test_of_a_plain_home_has_the_defaults(self, account):
        facts = facts_of(account)
        assert (facts.parts, facts.supply, facts.evidence) == ((), Supply.HEATED, frozenset())
        assert (facts.household_size, facts.household_from, facts.power) == (3, None, None)

    def test_of_plain_homes_asks_once_more_whatever_their_number(self, account):
        with CaptureQueriesContext(connection) as captured:
            api.billing_facts(account_ids=api.account_ids(), period=SEASON)
        asked = [q["sql"] for q in captured if "customers_" in q["sql"]]
        assert len(asked) == 3

    def test_asks_only_for_kinds_that_are_kept(self, account, keep):
        keep(Evidence("LOW_INCOME", BEGIN))
        with CaptureQueriesContext(connection) as captured:
            api.billing_facts(account_ids=[account.account_id], period=SEASON)
        asked = [q["sql"] for q in captured if "from customers_evidence" in q["sql"]]
        assert len(asked) == 2
        assert not [q for q in captured if q["sql"].startswith("select premises_id")]

    def test_has_the_parts_of_its_first_day(self, account, keep):
        keep(PartOfArea("BALCONY", 6_500, BEGIN, height_mm=2_100))
        keep(PartOfArea("ATTIC", 9_000, BEGIN + timedelta(days=1)))
        assert facts_of(account).parts == (AreaPart("BALCONY", 6_500, 2_100),)

    def test_is_of_one_home_only(self, account, keep):
        keep(PartOfArea("BALCONY", 6_500, BEGIN))
        other = api.get_account_by_no(account_no="10000002")
        assert facts_of(other).parts == ()

    def test_has_the_proofs_of_its_first_day(self, account, keep):
        keep(Evidence("LOW_INCOME", BEGIN, END))
        keep(Evidence("METER_FAULTY", BEGIN - timedelta(days=9), BEGIN))
        keep(Evidence("EARLY_PAYMENT", BEGIN + timedelta(days=1)))
        assert facts_of(account).evidence == {"LOW_INCOME"}

    @pytest.mark.parametrize(
        ("gap", "supply", "heated_from"),
        [
            (SupplyGap("STOPPED", BEGIN), Supply.STOPPED, None),
            (SupplyGap("STOPPED", BEGIN, END), Supply.STOPPED, None),
            (SupplyGap("STOPPED", BEGIN, TODAY), Supply.RESUMED, TODAY),
            (SupplyGap("STOPPED", BEGIN + timedelta(days=1)), Supply.HEATED, None),
            (SupplyGap("STOPPED", BEGIN - timedelta(days=9), BEGIN), Supply.HEATED, None),
            (SupplyGap("NOT_CONNECTED", None, TODAY), Supply.FIRST_CONNECTION, TODAY),
            (SupplyGap("NOT_CONNECTED", None, END), Supply.FIRST_CONNECTION, END),
        ],
    )
    def test_tells_how_the_season_was_supplied(self, account, keep, gap, supply, heated_from):
        keep(gap)
        facts = facts_of(account)
        assert (facts.supply, facts.heated_from) == (supply, heated_from)

    @pytest.mark.parametrize(
        ("sizes", "expected"),
        [
            ([(5, TODAY)], (5, TODAY)),
            ([(5, END)], (3, BEGIN)),
            ([(5, BEGIN), (7, TODAY)], (7, TODAY)),
            ([(7, BEGIN), (5, TODAY)], (5, BEGIN)),
            ([(2, TODAY)], (2, BEGIN)),
            ([(6, BEGIN)], (6, BEGIN)),
        ],
    )
    def test_has_the_household_at_its_end(self, account, keep, sizes, expected):
        for size, since in sizes:
            keep(HouseholdSize(size, since))
        facts = facts_of(account)
        assert (facts.household_size, facts.household_from) == expected

    def test_has_the_contract_in_force_with_its_transformers(self, account, keep):
        keep(ContractTerms(BEGIN - timedelta(days=90), contract_demand_milli=400_000))
        keep(ContractTerms(BEGIN, 500_000, 1_030_000, 850))
        keep(ContractTerms(TODAY, 600_000, 1_030_000, 850))
        keep(TransformerEntry("1", 630_000, BEGIN, model="S11-630"))
        keep(TransformerEntry("2", 400_000, TODAY, interlock="A"))
        keep(SuspensionSpan("1", TODAY, TODAY + timedelta(days=30)))
        assert facts_of(account).power == PowerContract(
            500_000,
            1_030_000,
            (
                Transformer(
                    "1",
                    630_000,
                    suspended=(Interval(TODAY, TODAY + timedelta(days=30)),),
                    model="S11-630",
                ),
                Transformer("2", 400_000, "A", Interval(TODAY, date.max)),
            ),
            Decimal("0.850"),
        )


class TestRecordFact:
    @pytest.mark.parametrize(
        "fact",
        [
            PartOfArea("SWIMMING_POOL", 1_000, BEGIN),
            PartOfArea("BALCONY", -1, BEGIN),
            PartOfArea("BALCONY", 1_000, BEGIN, height_mm=-1),
            Evidence("low income", BEGIN),
            Evidence("LOW_INCOME", BEGIN, BEGIN),
            HouseholdSize(100, BEGIN),
            ContractTerms(BEGIN),
            ContractTerms(BEGIN, contract_demand_milli=0),
            ContractTerms(BEGIN, power_factor_milli=1_001),
            TransformerEntry("", 630_000, BEGIN),
            TransformerEntry("1", 0, BEGIN),
            SuspensionSpan("1", BEGIN, END),
            SupplyGap("STOPPED"),
            SupplyGap("NOT_CONNECTED", BEGIN, END),
            SupplyGap("FROZEN", BEGIN),
        ],
    )
    def test_refuses_what_cannot_be_true(self, account, keep, fact):
        with pytest.raises(InvalidInput):
            keep(fact)
        kept = api.account_facts(account_id=account.account_id)
        assert kept == api.account_facts(account_id=account.account_id - 1)

    @pytest.mark.parametrize(
        "fact",
        [
            PartOfArea("BALCONY", 1_000, BEGIN),
            Evidence("LOW_INCOME", BEGIN),
            SupplyGap("STOPPED", BEGIN),
            HouseholdSize(5, BEGIN),
            ContractTerms(BEGIN, 500_000, valid_until=END),
            TransformerEntry("1", 630_000, BEGIN),
        ],
    )
    def test_refuses_days_that_are_taken(self, account, keep, fact):
        keep(fact)
        before = api.account_facts(account_id=account.account_id)
        with pytest.raises(FactOverlap):
            keep(fact)
        assert api.account_facts(account_id=account.account_id) == before

    def test_keeps_balconies_of_two_heights(self, account, keep):
        keep(PartOfArea("BALCONY", 1_000, BEGIN, height_mm=2_100))
        keep(PartOfArea("BALCONY", 2_000, BEGIN, height_mm=2_400))
        assert [p.area_milli for p in facts_of(account).parts] == [1_000, 2_000]

    def test_lets_a_contract_take_the_place_of_the_one_in_force(self, account, keep):
        first = keep(ContractTerms(BEGIN, 500_000))
        second = keep(ContractTerms(TODAY, 600_000))
        kept = api.account_facts(account_id=account.account_id).contracts
        assert kept == (
            ContractTerms(BEGIN, 500_000, valid_until=TODAY, fact_id=first),
            ContractTerms(TODAY, 600_000, fact_id=second),
        )

    def test_shows_the_latest_household_on_the_account(self, account, keep):
        keep(HouseholdSize(5, TODAY))
        assert api.get_account(account_id=account.account_id).household_size == 5

    def test_leaves_a_trail_of_who_and_what(self, account, keep):
        with audit.acting(audit.Actor(7, "wang")):
            keep(Evidence("LOW_INCOME", BEGIN, END, reference="DB-1"))
        (entry,) = audit.list_entries(action="customers.fact.").items
        assert (entry.actor_name, entry.subject) == ("wang", f"account:{account.account_id}")
        after = ["LOW_INCOME", "2025-10-20", "2026-04-21", "DB-1"]
        assert entry.detail == {"kind": "EVIDENCE", "before": [], "after": after}
        (proof,) = api.account_facts(account_id=account.account_id).evidences
        assert proof.recorded_by == "wang"

    def test_knows_its_accounts(self, account):
        with pytest.raises(AccountNotFound):
            api.record_fact(account_id=10**15, fact=HouseholdSize(3, TODAY), as_of=TODAY)


class TestEndFact:
    def test_ends_it_for_what_comes_after(self, account, keep):
        proof = keep(Evidence("LOW_INCOME", BEGIN))
        api.end_fact(
            account_id=account.account_id,
            kind=FactKind.EVIDENCE,
            fact_id=proof,
            on=TODAY,
            as_of=TODAY,
        )
        assert facts_of(account).evidence == {"LOW_INCOME"}
        assert facts_of(account, Interval(TODAY, END)).evidence == frozenset()

    def test_refuses_another_accounts_entry(self, account, keep):
        proof = keep(Evidence("LOW_INCOME", BEGIN))
        other = api.get_account_by_no(account_no="10000002")
        with pytest.raises(FactNotFound):
            api.end_fact(
                account_id=other.account_id,
                kind=FactKind.EVIDENCE,
                fact_id=proof,
                on=TODAY,
                as_of=TODAY,
            )

    @pytest.mark.parametrize(("kind", "on"), [("EVIDENCE", BEGIN), ("HOUSEHOLD", TODAY)])
    def test_refuses_what_makes_no_sense(self, account, keep, kind, on):
        proof = keep(Evidence("LOW_INCOME", BEGIN))
        with pytest.raises(InvalidInput):
            api.end_fact(
                account_id=account.account_id,
                kind=FactKind(kind),
                fact_id=proof,
                on=on,
                as_of=TODAY,
            )


class TestRemoveFact:
    def test_takes_it_back_with_a_trail(self, account, keep):
        part = keep(PartOfArea("BALCONY", 6_500, BEGIN))
        api.remove_fact(
            account_id=account.account_id, kind=FactKind.AREA_PART, fact_id=part, as_of=TODAY
        )
        assert facts_of(account).parts == ()
        entry = audit.list_entries(action="customers.fact.remove").items[0]
        assert entry.detail["before"] == ["BALCONY", "6.5 m²", "2025-10-20"]

    def test_keeps_a_transformer_that_has_suspensions(self, account, keep):
        one = keep(TransformerEntry("1", 630_000, BEGIN))
        keep(SuspensionSpan("1", TODAY, END))
        with pytest.raises(InvalidInput):
            api.remove_fact(
                account_id=account.account_id, kind=FactKind.TRANSFORMER, fact_id=one, as_of=TODAY
            )


class TestSupply:
    def status(self, account):
        return api.get_account(account_id=account.account_id).supply_status

    def test_shows_only_while_it_is_stopped(self, account, keep):
        keep(SupplyGap("STOPPED", TODAY + timedelta(days=1), END))
        assert self.status(account) == "SUPPLIED"
        assert api.show_supply(as_of=TODAY + timedelta(days=1)) == 1
        assert self.status(account) == "STOPPED"
        assert api.show_supply(as_of=END) == 1
        assert api.show_supply(as_of=END) == 0
        assert self.status(account) == "SUPPLIED"

    def test_follows_the_import(self, account, now):
        changed = row(1, 供用状态="停供")
        headers = ",".join(changed)
        content = f"{headers}\n{','.join(map(str, changed.values()))}\n".encode()
        assert api.import_file(content=content, filename="b.csv", dry_run=False, now=now).updated
        (gap,) = api.account_facts(account_id=account.account_id).gaps
        assert (gap.kind, gap.valid_until, self.status(account)) == ("STOPPED", None, "STOPPED")
        content = as_csv([row(1)]).replace("起始日期".encode(), "起始日期,供用状态".encode(), 1)
        content = content.replace(b"2025-10-20", "2025-10-20,正常".encode())
        assert api.import_file(content=content, filename="c.csv", dry_run=False, now=now).updated
        assert api.account_facts(account_id=account.account_id).gaps == ()
        assert self.status(account) == "SUPPLIED"

    def test_refuses_a_second_stop_of_the_same_days(self, account, keep):
        keep(SupplyGap("STOPPED", BEGIN))
        with pytest.raises(FactOverlap):
            api.stop_supply(
                service_point_id=account.service_point_id, on=TODAY, reason="报停", as_of=TODAY
            )


class TestWall:
    def test_hides_entries_from_other_companies(self, account, keep, other_tenant):
        from metercash.platform import tenancy

        keep(Evidence("LOW_INCOME", BEGIN))
        with tenancy.bind(other_tenant), pytest.raises(AccountNotFound):
            api.account_facts(account_id=account.account_id)


class TestTransformerEntry:
    def test_is_read_with_its_suspensions(self, account, keep):
        entry = TransformerEntry("1", 630_000, BEGIN)
        one = keep(entry)
        span = keep(SuspensionSpan("1", TODAY, END))
        (kept,) = api.account_facts(account_id=account.account_id).transformers
        expected = (SuspensionSpan("1", TODAY, END, span),)
        assert kept == replace(entry, fact_id=one, suspensions=expected)
