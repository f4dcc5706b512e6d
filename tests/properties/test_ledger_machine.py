"""Laws of the ledger's decisions: how money meets debts, and how everything done can be undone; no database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from metercash.contexts.ledger import contracts as c
from metercash.contexts.ledger.core import allocation, journals, unwinding


CHART = c.ChartAccount
CUSTOMER = 7
DAY = date(2026, 1, 20)
NOON = datetime(2026, 1, 20, 4, tzinfo=UTC)

orders = st.sampled_from(c.AllocationOrder)
kinds = st.sampled_from(c.ItemKind)
fens = st.integers(1, 10**13) | st.integers(1, 300)
days = st.integers(0, 5).map(lambda number: DAY + timedelta(days=number))
postings = st.lists(
    st.builds(
        c.Posting, st.sampled_from(CHART), fens | fens.map(lambda f: -f), st.sampled_from([7, 8])
    ),
    max_size=8,
)


@st.composite
def debts(draw: st.DrawFn) -> list[c.OpenItem]:
    """Items of one customer, partly paid, in any order."""
    drawn = draw(st.lists(st.tuples(kinds, days, fens, st.integers(0, 300)), max_size=7))
    items = [
        c.OpenItem(number, CUSTOMER, kind, f"r{number}", "", due, fen, max(fen - paid, 0), DAY)
        for number, (kind, due, fen, paid) in enumerate(drawn)
    ]
    return draw(st.permutations(items))


def left(
    items: Sequence[c.OpenItem], applied: Sequence[tuple[c.OpenItem, int]]
) -> list[c.OpenItem]:
    """What is open after money was applied."""
    paid = {item.open_item_id: fen for item, fen in applied}
    return [replace(i, open_fen=i.open_fen - paid.get(i.open_item_id, 0)) for i in items]


def sums(lines: Sequence[c.Posting]) -> dict[tuple[CHART, int | None], int]:
    """Fen per account and customer, zeros left out."""
    total: Counter[tuple[CHART, int | None]] = Counter()
    for line in lines:
        total[line.account, line.account_id] += line.fen
    return {key: fen for key, fen in total.items() if fen}


@given(st.integers(0, 10**14), debts(), orders)
def test_money_is_used_up_or_nothing_is_open(
    fen: int, items: list[c.OpenItem], order: c.AllocationOrder
) -> None:
    applied = allocation.allocate(fen, items, order=order)
    assert sum(part for _, part in applied) == min(fen, sum(item.open_fen for item in items))
    assert all(0 < part <= item.open_fen for item, part in applied)
    assert len({item.open_item_id for item, _ in applied}) == len(applied)


@given(st.integers(0, 10**14), debts(), orders)
def test_no_debt_is_paid_while_one_before_it_is_open(
    fen: int, items: list[c.OpenItem], order: c.AllocationOrder
) -> None:
    applied = allocation.allocate(fen, items, order=order)
    bills_first = order is c.AllocationOrder.PRINCIPAL_FIRST
    for paid, _ in applied:
        for item in left(items, applied):
            same_kind = item.kind == paid.kind
            kind_before = not same_kind and (item.kind == c.ItemKind.BILL) == bills_first
            assert not (
                item.open_fen and (kind_before or (same_kind and item.due_date < paid.due_date))
            )


@given(st.integers(0, 10**13), st.integers(0, 10**13), debts(), orders)
def test_two_payments_do_what_their_sum_does(
    one: int, two: int, items: list[c.OpenItem], order: c.AllocationOrder
) -> None:
    first = allocation.allocate(one, items, order=order)
    second = allocation.allocate(two, left(items, first), order=order)
    both: Counter[int] = Counter()
    for item, fen in (*first, *second):
        both[item.open_item_id] += fen
    whole = allocation.allocate(one + two, items, order=order)
    assert both == {item.open_item_id: fen for item, fen in whole}


@given(st.data(), st.integers(0, 10**13), debts(), orders)
def test_the_order_debts_are_listed_in_changes_nothing(
    data: st.DataObject, fen: int, items: list[c.OpenItem], order: c.AllocationOrder
) -> None:
    shuffled = data.draw(st.permutations(items))
    assert allocation.allocate(fen, shuffled, order=order) == allocation.allocate(
        fen, items, order=order
    )


@given(postings)
def test_merging_keeps_sums_and_sides(lines: list[c.Posting]) -> None:
    merged = journals.merge(lines)
    assert sums(merged) == sums(lines)
    sides = [(line.account, line.account_id, line.fen > 0) for line in merged]
    assert len(set(sides)) == len(sides)
    assert all(line.fen for line in merged)


@given(postings, postings)
def test_changes_of_the_balance_add_up(one: list[c.Posting], two: list[c.Posting]) -> None:
    added = Counter(journals.prepaid_changes(one))
    added.update(journals.prepaid_changes(two))
    assert journals.prepaid_changes(one + two) == {key: fen for key, fen in added.items() if fen}


@given(postings)
def test_a_journal_and_its_reversal_leave_nothing(lines: list[c.Posting]) -> None:
    undone = journals.reversal(lines, returned={}, account_id=None)
    assert sums([*lines, *undone]) == {}


class CoreMachine(RuleBasedStateMachine):
    """Carries out whatever the core decides, keeps sums, and undoes things in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[c.OpenItem] = []
        self.canceled: set[int] = set()
        self.standing: list[unwinding.Applied] = []
        self.posted: list[tuple[str, tuple[c.Posting, ...], tuple[unwinding.Applied, ...]]] = []
        self.undone: set[int] = set()
        self.books: Counter[CHART] = Counter()
        self.received = 0

    def post(self, event: str, lines: tuple[c.Posting, ...]) -> None:
        journals.check(c.Journal("key", event, DAY, NOON, lines))
        for line in lines:
            self.books[line.account] += line.fen

    def apply(self, event: str, lines: tuple[c.Posting, ...], parts: dict[int, int]) -> None:
        self.post(event, lines)
        kind = "WAIVER" if event == "waived" else "PAYMENT"
        source = len(self.posted)
        applied = tuple(unwinding.Applied(i, source, kind, fen) for i, fen in parts.items())
        self.standing += applied
        self.posted.append((event, lines, applied))
        self.change(applied, -1)

    def change(self, applied: Sequence[unwinding.Applied], sign: int) -> None:
        for line in applied:
            item = self.items[line.open_item_id]
            self.items[item.open_item_id] = replace(item, open_fen=item.open_fen + sign * line.fen)

    @property
    def held(self) -> int:
        return -self.books[CHART.PREPAID]

    @rule(kind=kinds, fen=fens, due=days)
    def charge(self, kind: c.ItemKind, fen: int, due: date) -> None:
        number = len(self.items)
        self.items.append(c.OpenItem(number, CUSTOMER, kind, str(number), "", due, fen, fen, DAY))
        self.post("charged", (c.Posting(kind.receivable, fen, 7), c.Posting(CHART.BANK, -fen)))

    @rule(fen=fens, order=orders)
    def receive(self, fen: int, order: c.AllocationOrder) -> None:
        plan = allocation.receive(
            account_id=CUSTOMER, fen=fen, debit=CHART.CASH, items=self.items, order=order
        )
        assert plan.to_balance_fen == fen - sum(part for _, part in plan.allocations)
        parts = {item.open_item_id: part for item, part in plan.allocations}
        self.apply("received", plan.postings, parts)
        self.received += fen

    @rule(order=orders)
    def use_balance(self, order: c.AllocationOrder) -> None:
        plan = allocation.use_balance(
            account_id=CUSTOMER, balance_fen=self.held, items=self.items, order=order
        )
        if plan.postings:
            parts = {item.open_item_id: part for item, part in plan.allocations}
            self.apply("used", plan.postings, parts)

    @precondition(lambda self: self.items)
    @rule(n=st.integers(0, 30), more=st.sampled_from([-30, 0, 1]))
    def waive(self, n: int, more: int) -> None:
        item = self.items[n % len(self.items)]
        fen = item.open_fen + more
        if more > 0 or fen <= 0:
            with pytest.raises(c.AmountRefused):
                unwinding.waive(item, fen)
        else:
            self.apply("waived", unwinding.waive(item, fen), {item.open_item_id: fen})

    @precondition(lambda self: len(self.canceled) < len(self.items))
    @rule(n=st.integers(0, 30))
    def cancel(self, n: int) -> None:
        live = [item for item in self.items if item.open_item_id not in self.canceled]
        item = live[n % len(live)]
        standing = [line for line in self.standing if line.open_item_id == item.open_item_id]
        plan = unwinding.cancel(item, standing)
        assert plan.closing_fen == item.original_fen
        if plan.postings:
            self.post("canceled", plan.postings)
        self.standing = [line for line in self.standing if line not in plan.undone]
        receivable = c.ItemKind(item.kind).receivable
        fen = item.original_fen
        self.post("uncharged", (c.Posting(receivable, -fen, 7), c.Posting(CHART.BANK, fen)))
        self.items[item.open_item_id] = replace(item, open_fen=0)
        self.canceled.add(item.open_item_id)

    @precondition(lambda self: len(self.undone) < len(self.posted))
    @rule(n=st.integers(0, 30))
    def reverse(self, n: int) -> None:
        number = [k for k in range(len(self.posted)) if k not in self.undone][
            n % (len(self.posted) - len(self.undone))
        ]
        event, lines, applied = self.posted[number]
        standing = [line for line in self.standing if line.source_id == number]
        if event == "waived" and not standing:
            return
        plan = unwinding.reverse(
            lines,
            applied=applied,
            standing=standing,
            kinds={item.open_item_id: item.kind for item in self.items},
            account_id=CUSTOMER,
        )
        if self.held + journals.prepaid_changes(plan.postings).get(CUSTOMER, 0) < 0:
            return
        self.post("reversed", plan.postings)
        self.undone.add(number)
        self.standing = [line for line in self.standing if line.source_id != number]
        self.change(plan.undone, 1)
        if event == "received":
            self.received -= lines[0].fen

    @invariant()
    def nothing_is_lost_or_made(self) -> None:
        assert sum(self.books.values()) == 0
        assert self.books[CHART.CASH] == self.received
        assert self.held >= 0
        paid = sum(line.fen for line in self.standing if line.kind == "PAYMENT")
        assert paid + self.held == self.received

    @invariant()
    def receivables_are_what_is_open(self) -> None:
        for kind in c.ItemKind:
            owed = sum(item.open_fen for item in self.items if item.kind == kind)
            assert self.books[kind.receivable] == owed

    @invariant()
    def open_items_are_original_less_what_stands(self) -> None:
        for item in self.items:
            number = item.open_item_id
            applied = sum(line.fen for line in self.standing if line.open_item_id == number)
            live = 0 if number in self.canceled else item.original_fen
            assert item.open_fen == live - applied >= 0

    @invariant()
    def forgiven_is_what_waivers_stand_for(self) -> None:
        forgiven = sum(line.fen for line in self.standing if line.kind == "WAIVER")
        assert self.books[CHART.DISCOUNT] + self.books[CHART.LATE_FEE_WAIVED] == forgiven


TestCoreMachine = CoreMachine.TestCase
TestCoreMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
