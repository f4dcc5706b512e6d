"""Any number and order of calls on the ledger's front door, on real PostgreSQL, against a model of integers.

After every step: each journal and the tenant balance (P1), a business key has one journal (P2) and one answer
(P5), money is credited wholly or not at all (P3), no more is given back than came in (P4), a payment counts
unless its reversal was accepted (P6), every amount is an integer of fen (P13), and allocations plus prepaid
balance are what was received (P14).
"""

import itertools
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger import contracts as c
from metercash.kernel.errors import MetercashError
from metercash.platform import db, tenancy
from tests.support.ledger_model import Books


CHART = c.ChartAccount
NOON = datetime(2026, 1, 20, 4, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)
DAYS = 6
MONEY = (CHART.CASH, CHART.WECHAT_CLEARING)
ACCOUNTS = (7, 8)

accounts = st.sampled_from(ACCOUNTS)
kinds = st.sampled_from(["BILL", "BILL", "LATE_FEE"])
days = st.integers(0, DAYS).map(lambda number: FIRST_DAY + timedelta(days=number))
fens = st.integers(1, 300) | st.sampled_from([1, 10**13 + 1])
aside = st.sampled_from([0, 0, 1, -1, 40, -40, 500, 500])
which = st.integers(0, 40)
targets = st.none() | st.lists(which, max_size=3)

revenue = {"BILL": CHART.REVENUE_HEAT, "LATE_FEE": CHART.REVENUE_LATE_FEE}


class LedgerMachine(RuleBasedStateMachine):
    """The model says what every call must answer or refuse; the ledger does it."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.journal_ids: dict[str, int] = {}
        self.item_ids: dict[str, int] = {}
        self.keys = (f"k{number}" for number in itertools.count())
        self.stack = ExitStack()

    @initialize(order=st.sampled_from(c.AllocationOrder))
    def found(self, order: c.AllocationOrder) -> None:
        code = f"law-{secrets.token_hex(6)}"
        tenant = tenancy.Tenant.objects.create(
            code=code, name=code, kind="HEAT", settings={"allocation_order": order.value}
        )
        self.stack.enter_context(tenancy.bind(tenant.id))
        self.books = Books(fees_first=order is c.AllocationOrder.LATE_FEE_FIRST)

    def teardown(self) -> None:
        self.stack.close()

    # Calls of every kind

    @rule(account=accounts, kind=kinds, fen=fens, due=days, day=days)
    def charge(self, **call: Any) -> None:
        self.perform("charge", key=next(self.keys), **call)

    @rule(
        drawn=st.lists(st.tuples(accounts, fens), min_size=1, max_size=3),
        kind=kinds,
        due=days,
        day=days,
    )
    def charge_many(self, drawn: list[tuple[int, int]], kind: str, due: date, day: date) -> None:
        charges = [
            {"key": next(self.keys), "account": a, "kind": kind, "fen": f, "due": due, "day": day}
            for a, f in drawn
        ]
        self.perform("charge_many", charges=charges)

    @rule(account=accounts, more=aside, debit=st.sampled_from(MONEY), chosen=targets, day=days)
    def receive(
        self, account: int, more: int, debit: CHART, chosen: list[int] | None, day: date
    ) -> None:
        references = self.choose(account, chosen)
        owed = sum(map(self.books.open_fen, references or self.choose(account, range(99)) or ()))
        self.perform(
            "receive",
            key=next(self.keys),
            account=account,
            fen=owed + more,
            debit=debit,
            targets=references,
            day=day,
        )

    @rule(account=accounts, fen=st.none() | aside, chosen=targets, day=days)
    def use_balance(
        self, account: int, fen: int | None, chosen: list[int] | None, day: date
    ) -> None:
        references = self.choose(account, chosen)
        wanted = None if fen is None else fen + self.books.held(account)
        self.perform(
            "use_balance",
            key=next(self.keys),
            account=account,
            fen=wanted,
            targets=references,
            day=day,
        )

    @precondition(lambda self: any(map(self.books.held, ACCOUNTS)))
    @rule(n=which, less=st.sampled_from([0, 0, -1, 1]), day=days)
    def pay_out(self, n: int, less: int, day: date) -> None:
        account = self.one(n, filter(self.books.held, ACCOUNTS))
        fen = max(self.books.held(account) - less, 1)
        self.perform("pay_out", key=next(self.keys), account=account, fen=fen, day=day)

    @precondition(lambda self: self.books.debts)
    @rule(n=which, more=aside, day=days)
    def waive(self, n: int, more: int, day: date) -> None:
        reference = self.one(n, self.books.debts)
        fen = self.books.open_fen(reference) + more
        self.perform("waive", key=next(self.keys), reference=reference, fen=fen, day=day)

    @precondition(lambda self: self.books.debts)
    @rule(n=which, day=days)
    def correct(self, n: int, day: date) -> None:
        reference = self.one(n, self.books.debts)
        self.perform("correct", key=next(self.keys), reference=reference, day=day)

    @precondition(lambda self: self.books.entries)
    @rule(n=which, day=days)
    def reverse(self, n: int, day: date) -> None:
        target = self.one(n, self.books.entries)
        entry = self.books.entries[target]
        if entry.content[0] == "charge" and not entry.undone:
            self.perform("correct", key=next(self.keys), reference=target, day=day)
        else:
            self.perform("reverse", key=next(self.keys), target=target, day=day)

    @rule(until=days.filter(lambda day: day.day <= DAYS))
    def close(self, until: date) -> None:
        self.perform("close", until=until)

    # The same again, and what looks like it

    @precondition(lambda self: self.calls)
    @rule(n=which)
    def repeat(self, n: int) -> None:
        operation, call = self.one(n, self.calls)
        self.perform(operation, **call)

    @precondition(lambda self: self.calls)
    @rule(n=which, m=which)
    def call_under_a_used_key(self, n: int, m: int) -> None:
        operation, call = self.one(n, self.calls)
        if operation in {"charge_many", "close"}:
            return
        self.perform(operation, **call | {"key": self.one(m, self.books.entries or ["new"])})

    @precondition(lambda self: self.books.stakes)
    @rule(n=which, day=days)
    def waive_under_the_key_that_paid(self, n: int, day: date) -> None:
        stake = self.one(n, self.books.stakes)
        self.perform("waive", key=stake.source, reference=stake.reference, fen=stake.fen, day=day)

    @precondition(lambda self: any(debt.canceled for debt in self.books.debts.values()))
    @rule(n=which, m=which, day=days, used=st.booleans())
    def cancel_again(self, n: int, m: int, day: date, used: bool) -> None:
        canceled = [name for name, debt in self.books.debts.items() if debt.canceled]
        key = self.one(m, self.books.entries) if used else next(self.keys)
        self.perform("cancel", key=key, reference=self.one(n, canceled), day=day)

    def perform(self, operation: str, **call: Any) -> None:
        """Make a call; what was accepted is made again at once, and once more with another amount."""
        if not self.judge(operation, call):
            return
        self.calls.append((operation, call))
        self.judge(operation, call)
        if call.get("fen"):
            self.judge(operation, call | {"fen": call["fen"] + 1})

    def judge(self, operation: str, call: dict[str, Any]) -> bool:
        promise, answer = getattr(self.books, operation)(**call), self.attempt(operation, call)
        if isinstance(answer, MetercashError):
            assert type(answer) in promise.refusals, (operation, call, answer, promise)
            return False
        assert not promise.refusals, (operation, call, answer, promise)
        assert answer == promise.answer, (operation, call)
        return True

    def attempt(self, operation: str, call: dict[str, Any]) -> object:
        try:
            return getattr(self, f"do_{operation}")(**call)
        except MetercashError as failure:
            return failure

    def choose(self, account: int, chosen: Any) -> list[str] | None:
        """References of the account by number; every twelfth number names anyone's."""
        if chosen is None:
            return None
        own = [name for name, debt in self.books.debts.items() if debt.account == account]
        pools = [list(self.books.debts) if n % 12 == 11 else own for n in chosen]
        picked = [pool[n % len(pool)] for n, pool in zip(chosen, pools, strict=True) if pool]
        return sorted(set(picked))

    @staticmethod
    def one(n: int, among: Any) -> Any:
        pool = list(among)
        return pool[n % len(pool)]

    def once(self, key: str, journal_id: int) -> None:
        assert self.journal_ids.setdefault(key, journal_id) == journal_id

    def item_ids_of(self, references: list[str] | None) -> list[int] | None:
        return None if references is None else [self.item_ids[name] for name in references]

    def receipt(self, key: str, receipt: c.Receipt) -> object:
        self.once(key, receipt.journal_id)
        names = {item_id: name for name, item_id in self.item_ids.items()}
        assert {type(fen) for _, fen in receipt.allocations} <= {int}
        applied = [(names[item_id], fen) for item_id, fen in receipt.allocations]
        return applied, receipt.to_balance_fen

    def do_charge(self, **call: Any) -> None:
        self.do_charge_many([call])
        self.once(call["key"], ledger.journal_lines(business_key=call["key"])[0].journal_id)

    def do_charge_many(self, charges: list[dict[str, Any]]) -> int:
        common = charges[0]
        kind = c.ItemKind(common["kind"])
        count = ledger.charge(
            charges=[
                c.Charge(call["account"], call["key"], call["fen"], ((revenue[kind], call["fen"]),))
                for call in charges
            ],
            kind=kind,
            event="debt.charged",
            due_date=common["due"],
            accounting_date=common["day"],
            occurred_at=NOON,
        )
        references = [call["key"] for call in charges]
        for name, item in ledger.items_by_reference(references=references).items():
            self.item_ids[name] = item.open_item_id
        return count

    def do_receive(self, *, key: str, targets: list[str] | None, **call: Any) -> object:
        receipt = ledger.receive(
            account_id=call["account"],
            fen=call["fen"],
            business_key=key,
            debit=call["debit"],
            accounting_date=call["day"],
            occurred_at=NOON,
            open_item_ids=self.item_ids_of(targets),
        )
        return self.receipt(key, receipt)

    def do_use_balance(
        self, *, key: str, account: int, fen: int | None, targets: list[str] | None, day: date
    ) -> object:
        receipt = ledger.use_balance(
            account_id=account,
            business_key=key,
            accounting_date=day,
            occurred_at=NOON,
            open_item_ids=self.item_ids_of(targets),
            fen=fen,
        )
        return receipt and self.receipt(key, receipt)

    def do_pay_out(self, *, key: str, account: int, fen: int, day: date) -> None:
        postings = (c.Posting(CHART.PREPAID, fen, account), c.Posting(CHART.BANK, -fen))
        self.once(key, ledger.post(journal=c.Journal(key, "balance.paid_out", day, NOON, postings)))

    def do_waive(self, *, key: str, reference: str, fen: int, day: date) -> None:
        journal_id = ledger.waive(
            reference=reference,
            fen=fen,
            business_key=key,
            accounting_date=day,
            occurred_at=NOON,
        )
        self.once(key, journal_id)

    def do_cancel(self, *, key: str, reference: str, day: date) -> int:
        return ledger.cancel_receivable(
            reference=reference, business_key=key, accounting_date=day, occurred_at=NOON
        )

    def do_correct(self, *, key: str, reference: str, day: date) -> int:
        with db.transaction():
            returned = self.do_cancel(key=f"{key}:cancel", reference=reference, day=day)
            charge = self.books.debts[reference].charge
            self.do_reverse(key=f"{key}:reverse", target=charge, day=day)
        return returned

    def do_reverse(self, *, key: str, target: str, day: date) -> None:
        journal_id = ledger.reverse(
            business_key=target, new_business_key=key, accounting_date=day, occurred_at=NOON
        )
        self.once(key, journal_id)

    def do_close(self, *, until: date) -> None:
        ledger.close_period(until=until, now=NOON)
        assert ledger.closed_until() == until

    # The laws

    @invariant()
    def the_laws_hold(self) -> None:
        with db.transaction():
            trial = ledger.trial_balance()
            applied = ledger.list_allocations(open_item_ids=list(self.item_ids.values()))
            self.the_books_prove_themselves()
            self.every_journal_balances_and_stands_once(trial)
            self.open_items_follow_their_allocations(applied)
            self.received_money_is_applied_held_or_paid_out(trial, applied)

    def the_books_prove_themselves(self) -> None:
        report = ledger.verify()
        assert (report.ok, report.problems) == (True, ())
        assert report.journals == len(self.books.entries)
        assert report.open_items == len(self.books.debts)

    def every_journal_balances_and_stands_once(self, trial: Mapping[CHART, int]) -> None:
        sums: Counter[str] = Counter()
        ids: dict[str, set[int]] = {}
        found: Counter[tuple[CHART, int | None]] = Counter()
        charts: Counter[CHART] = Counter()
        for line in ledger.journal_lines():
            assert type(line.fen) is int
            sums[line.business_key] += line.fen
            ids.setdefault(line.business_key, set()).add(line.journal_id)
            found[line.account, line.account_id] += line.fen
            charts[line.account] += line.fen
        assert not any(sums.values())
        assert set(ids) == set(self.books.entries)
        assert all(len(numbers) == 1 for numbers in ids.values())
        assert {line: fen for line, fen in found.items() if fen} == self.books.lines()
        assert trial == charts
        assert sum(trial.values()) == 0

    def open_items_follow_their_allocations(self, applied: Sequence[c.AllocationLine]) -> None:
        items = ledger.list_open_items(include_settled=True)
        assert {item.reference for item in items} == set(self.books.debts)
        changes: Counter[int] = Counter()
        for line in applied:
            changes[line.open_item_id] += line.fen
        for item in items:
            debt = self.books.debts[item.reference]
            assert item.original_fen == debt.fen
            assert item.open_fen == item.original_fen - changes[item.open_item_id]
            assert item.open_fen == self.books.open_fen(item.reference)
            closed = "CANCELED" if debt.canceled else "SETTLED"
            assert item.status == ("OPEN" if item.open_fen else closed)

    def received_money_is_applied_held_or_paid_out(
        self, trial: Mapping[CHART, int], applied: Sequence[c.AllocationLine]
    ) -> None:
        balances = ledger.balances(account_ids=ACCOUNTS)
        assert balances == {account: self.books.held(account) for account in ACCOUNTS}
        assert {type(fen) for fen in balances.values()} == {int}
        paid = sum(line.fen for line in applied if line.kind == c.AllocationKind.PAYMENT)
        received = sum(trial.get(chart, 0) for chart in MONEY)
        paid_out = -trial.get(CHART.BANK, 0)
        assert received >= paid_out >= 0
        assert paid + sum(balances.values()) == received - paid_out
        assert received == self.books.received()


@pytest.mark.usefixtures("database")
def test_the_ledger_keeps_its_promises() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
