"""What the ledger promises, told a second time in dictionaries of fen; shares no decision with it.

A promise is the answer a call must give or the failures it may be refused with. A refused call changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from metercash.contexts.ledger import contracts as c
from metercash.kernel.errors import MetercashError


CHART = c.ChartAccount
Line: TypeAlias = tuple[c.ChartAccount, int | None]


@dataclass(frozen=True, slots=True)
class Promise:
    """The answer a call must give, or the failures it may be refused with."""

    answer: object = None
    refusals: frozenset[type[MetercashError]] = frozenset()


@dataclass(slots=True)
class Debt:
    """An open item: what it was, and what of it is left."""

    number: int
    account: int
    kind: str
    due: date
    fen: int
    charge: str
    canceled: bool = False


@dataclass(slots=True)
class Stake:
    """Money of a journal that stands applied to a debt."""

    source: str
    reference: str
    kind: str
    fen: int


@dataclass(slots=True)
class Entry:
    """A journal: its content, its answer, what it moved."""

    content: tuple[object, ...]
    answer: object
    lines: Counter[Line]
    stakes: list[Stake] = field(default_factory=list)
    undone: bool = False


def refused(*failures: type[MetercashError]) -> Promise:
    """A call that must be refused with one of these."""
    return Promise(refusals=frozenset(failures))


class Books:
    """One tenant's books."""

    def __init__(self, *, fees_first: bool) -> None:
        self.fees_first = fees_first
        self.closed: date | None = None
        self.debts: dict[str, Debt] = {}
        self.entries: dict[str, Entry] = {}
        self.stakes: list[Stake] = []

    # What stands

    def open_fen(self, reference: str) -> int:
        debt = self.debts[reference]
        return 0 if debt.canceled else debt.fen - self.applied(reference=reference)

    def applied(self, *, reference: str = "", source: str = "", kind: str = "") -> int:
        return sum(
            stake.fen
            for stake in self.stakes
            if reference in {"", stake.reference}
            and source in {"", stake.source}
            and kind in {"", stake.kind}
        )

    def lines(self) -> dict[Line, int]:
        total: Counter[Line] = Counter()
        for entry in self.entries.values():
            for line, fen in entry.lines.items():
                total[line] += fen
        return {line: fen for line, fen in total.items() if fen}

    def held(self, account: int) -> int:
        return -self.lines().get((CHART.PREPAID, account), 0)

    def received(self) -> int:
        """Fen of every payment whose reversal was not accepted."""
        return sum(
            int(str(entry.content[2]))
            for entry in self.entries.values()
            if entry.content[0] == "receive" and not entry.undone
        )

    # What happens

    def charge(
        self, *, key: str, account: int, kind: str, fen: int, due: date, day: date
    ) -> Promise:
        content = ("charge", account, kind, fen)
        if key in self.entries:
            return refused(c.BusinessKeyConflict)
        if self._closed(day):
            return refused(c.PeriodClosed)
        revenue = CHART.REVENUE_HEAT if kind == "BILL" else CHART.REVENUE_LATE_FEE
        self.debts[key] = Debt(len(self.debts), account, kind, due, fen, key)
        lines = {(_receivable(kind), account): fen, (revenue, None): -fen}
        return self._enter(key, content, Counter(lines))

    def charge_many(self, *, charges: list[dict[str, object]]) -> Promise:
        if any(charge["key"] in self.entries for charge in charges):
            return refused(c.BusinessKeyConflict)
        if any(self._closed(charge["day"]) for charge in charges):
            return refused(c.PeriodClosed)
        for charge in charges:
            self.charge(**charge)  # type: ignore[arg-type]
        return Promise(len(charges))

    def receive(
        self,
        *,
        key: str,
        account: int,
        fen: int,
        debit: c.ChartAccount,
        targets: list[str] | None,
        day: date,
    ) -> Promise:
        content = ("receive", account, fen, debit)
        if key in self.entries:
            return self._again(key, content)
        failures = self._failures(
            (self._closed(day), c.PeriodClosed),
            (fen <= 0, c.AmountRefused),
            (self._strange(account, targets), c.OpenItemNotFound),
        )
        if failures:
            return refused(*failures)
        stakes = self._pay(key, account, fen, targets)
        lines = self._applying(account, stakes)
        lines[debit, account] += fen
        lines[CHART.PREPAID, account] -= fen
        rest = fen - sum(stake.fen for stake in stakes)
        return self._enter(key, content, lines, stakes, rest)

    def use_balance(
        self, *, key: str, account: int, fen: int | None, targets: list[str] | None, day: date
    ) -> Promise:
        if key in self.entries:
            used = sum(stake.fen for stake in self.entries[key].stakes)
            if fen is not None and fen != used:
                return refused(c.BusinessKeyConflict)
            return self._again(key, ("use_balance", account))
        limit = min(self.held(account), sum(map(self.open_fen, self._payable(account, targets))))
        failures = self._failures(
            (self._strange(account, targets), c.OpenItemNotFound),
            (fen is not None and not 0 < fen <= limit, c.AmountRefused),
            (self._closed(day) and bool(limit), c.PeriodClosed),
        )
        if failures:
            return refused(*failures)
        if not limit:
            return Promise(None)
        stakes = self._pay(key, account, limit if fen is None else fen, targets)
        lines = self._applying(account, stakes)
        return self._enter(key, ("use_balance", account), lines, stakes, 0)

    def pay_out(self, *, key: str, account: int, fen: int, day: date) -> Promise:
        content = ("pay_out", account, fen)
        if key in self.entries:
            return self._again(key, content)
        failures = self._failures(
            (self._closed(day), c.PeriodClosed), (fen > self.held(account), c.BalanceInsufficient)
        )
        if failures:
            return refused(*failures)
        lines = {(CHART.PREPAID, account): fen, (CHART.BANK, None): -fen}
        return self._enter(key, content, Counter(lines))

    def waive(self, *, key: str, reference: str, fen: int, day: date) -> Promise:
        content = ("waive", reference, fen)
        if key in self.entries:
            return self._again(key, content)
        failures = self._failures(
            (self._closed(day), c.PeriodClosed),
            (not 0 < fen <= self.open_fen(reference), c.AmountRefused),
        )
        if failures:
            return refused(*failures)
        debt = self.debts[reference]
        stakes = [Stake(key, reference, "WAIVER", fen)]
        lines = {
            (_expense(debt.kind), debt.account): fen,
            (_receivable(debt.kind), debt.account): -fen,
        }
        return self._enter(key, content, Counter(lines), stakes)

    def cancel(self, *, key: str, reference: str, day: date) -> Promise:
        content = ("cancel", reference)
        if key in self.entries:
            return self._again(key, content)
        debt = self.debts[reference]
        if debt.canceled:
            return Promise(0)
        if self._closed(day):
            return refused(c.PeriodClosed)
        lines: Counter[Line] = Counter()
        returned = self.applied(reference=reference, kind="PAYMENT")
        forgiven = self.applied(reference=reference, kind="WAIVER")
        lines[CHART.PREPAID, debt.account] -= returned
        lines[_expense(debt.kind), debt.account] -= forgiven
        lines[_receivable(debt.kind), debt.account] += returned + forgiven
        self.stakes = [stake for stake in self.stakes if stake.reference != reference]
        debt.canceled = True
        return self._enter(key, content, lines, (), returned)

    def correct(self, *, key: str, reference: str, day: date) -> Promise:
        """Cancel a debt and reverse its charge, both or neither."""
        debt = self.debts[reference]
        keys = f"{key}:cancel", f"{key}:reverse"
        known = [part in self.entries for part in keys]
        if any(known) and self.entries[keys[0]].content != ("cancel", reference):
            return refused(c.BusinessKeyConflict)
        if debt.canceled and not any(known):
            return refused(c.AlreadyReversed)
        canceled = self.cancel(key=keys[0], reference=reference, day=day)
        if canceled.refusals:
            return canceled
        self.reverse(key=keys[1], target=debt.charge, day=day)
        return canceled

    def reverse(self, *, key: str, target: str, day: date) -> Promise:
        if target not in self.entries:
            return refused(c.JournalNotFound)
        content = ("reverse", target)
        if key in self.entries:
            return self._again(key, content)
        entry = self.entries[target]
        operation = entry.content[0]
        standing = [stake for stake in self.stakes if stake.source == target]
        if entry.undone:
            return refused(c.AlreadyReversed)
        if operation in {"reverse", "cancel"} or (operation == "waive" and not standing):
            return refused(c.NotReversible)
        lines: Counter[Line] = Counter({line: -fen for line, fen in entry.lines.items()})
        if operation in {"receive", "use_balance"}:
            gone = Counter({(s.reference, s.kind): s.fen for s in entry.stakes})
            gone.subtract({(s.reference, s.kind): s.fen for s in standing})
            for (reference, _), fen in gone.items():
                debt = self.debts[reference]
                lines[_receivable(debt.kind), debt.account] -= fen
                lines[CHART.PREPAID, debt.account] += fen
        short = any(
            chart is CHART.PREPAID and account is not None and self.held(account) - fen < 0
            for (chart, account), fen in lines.items()
        )
        failures = self._failures(
            (self._closed(day), c.PeriodClosed), (short, c.BalanceInsufficient)
        )
        if failures:
            return refused(*failures)
        entry.undone = True
        self.stakes = [stake for stake in self.stakes if stake.source != target]
        return self._enter(key, content, lines)

    def close(self, *, until: date) -> Promise:
        if self.closed is not None and until <= self.closed:
            return refused(c.PeriodClosed)
        self.closed = until
        return Promise()

    # How

    def _enter(
        self,
        key: str,
        content: tuple[object, ...],
        lines: Counter[Line],
        stakes: Iterable[Stake] = (),
        answer: object = None,
    ) -> Promise:
        applied = list(stakes)
        if content[0] in {"receive", "use_balance"}:
            answer = ([(stake.reference, stake.fen) for stake in applied], answer)
        self.entries[key] = Entry(content, answer, lines, applied)
        self.stakes += applied
        return Promise(answer)

    def _again(self, key: str, content: tuple[object, ...]) -> Promise:
        entry = self.entries[key]
        return Promise(entry.answer) if entry.content == content else refused(c.BusinessKeyConflict)

    def _closed(self, day: object) -> bool:
        assert isinstance(day, date)
        return self.closed is not None and day < self.closed

    def _strange(self, account: int, targets: Collection[str] | None) -> bool:
        return any(self.debts[target].account != account for target in targets or ())

    def _payable(self, account: int, targets: Collection[str] | None) -> list[str]:
        return [
            reference
            for reference, debt in self.debts.items()
            if debt.account == account and (targets is None or reference in targets)
        ]

    def _pay(
        self, key: str, account: int, fen: int, targets: Collection[str] | None
    ) -> list[Stake]:
        left = {
            reference: self.open_fen(reference) for reference in self._payable(account, targets)
        }
        stakes = []
        while fen and any(left.values()):
            reference = min((r for r in left if left[r]), key=self._rank)
            part = min(fen, left.pop(reference))
            stakes.append(Stake(key, reference, "PAYMENT", part))
            fen -= part
        return stakes

    def _rank(self, reference: str) -> tuple[bool, date, int]:
        debt = self.debts[reference]
        return (debt.kind == "LATE_FEE") != self.fees_first, debt.due, debt.number

    def _applying(self, account: int, stakes: Iterable[Stake]) -> Counter[Line]:
        lines: Counter[Line] = Counter()
        for stake in stakes:
            lines[CHART.PREPAID, account] += stake.fen
            lines[_receivable(self.debts[stake.reference].kind), account] -= stake.fen
        return lines

    @staticmethod
    def _failures(*cases: tuple[bool, type[MetercashError]]) -> list[type[MetercashError]]:
        return [failure for applies, failure in cases if applies]


def _receivable(kind: str) -> c.ChartAccount:
    return CHART.RECEIVABLE if kind == "BILL" else CHART.LATE_FEE_RECEIVABLE


def _expense(kind: str) -> c.ChartAccount:
    return CHART.DISCOUNT if kind == "BILL" else CHART.LATE_FEE_WAIVED
