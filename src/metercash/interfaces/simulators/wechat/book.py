"""What the simulated provider knows: orders, refunds, and the faults it was told to show."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from metercash.protocols.wechatpay.messages import PAID_STATES, TradeState, Transaction
from metercash.protocols.wechatpay.statement import CHINA, LineKind, StatementLine


FEE_BASIS_POINTS = 20
FAULTS = frozenset(
    {
        "drop", "delay", "duplicate", "reorder", "early_notify", "wrong_amount", "wrong_merchant",
        "probe", "rotate_key", "query_lag", "lose_request", "lose_answer", "refuse", "down",
        "pay_on_close", "statement_late",
        "statement_truncated", "statement_extra", "statement_missing", "cross_day",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """One order; instants as ISO text so that it can be kept as JSON."""

    order_no: str
    merchant_id: str
    app_id: str
    description: str
    fen: int
    notify_url: str
    expires_at: str
    state: str = TradeState.NOTPAY
    transaction_id: str = ""
    paid_at: str = ""
    listed_on: str = ""
    refunds: tuple[tuple[str, str, int, str], ...] = ()

    @property
    def paid(self) -> bool:
        """Whether money was taken."""
        return self.state in PAID_STATES

    def transaction(self) -> Transaction:
        """As a query or a notification tells it."""
        return Transaction(
            app_id=self.app_id,
            merchant_id=self.merchant_id,
            order_no=self.order_no,
            trade_state=TradeState(self.state),
            transaction_id=self.transaction_id,
            amount_fen=self.fen if self.paid else None,
            success_at=datetime.fromisoformat(self.paid_at) if self.paid_at else None,
        )


@dataclass
class Book:
    """Orders under one lock, kept in a file between starts."""

    file: Path
    orders: dict[str, Order] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    offset_s: int = 0
    serial: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    dirty: bool = False

    @classmethod
    def load(cls, file: Path) -> Book:
        """Read the book, or begin an empty one."""
        book = cls(file)
        if file.exists():
            kept = json.loads(file.read_text())
            book.serial = kept["serial"]
            for value in kept["orders"]:
                value["refunds"] = tuple(tuple(refund) for refund in value["refunds"])
                book.orders[value["order_no"]] = Order(**value)
        return book

    def save(self) -> None:
        """Keep the book if it changed since."""
        with self.lock:
            if not self.dirty:
                return
            self.dirty = False
            kept = {"serial": self.serial, "orders": [asdict(o) for o in self.orders.values()]}
        draft = self.file.with_suffix(".draft")
        draft.write_text(json.dumps(kept, ensure_ascii=False))
        draft.replace(self.file)

    def follow(self, timestamp: int) -> None:
        """Set the clock by the merchant's: a demo runs a season in minutes."""
        difference = timestamp - int(datetime.now(CHINA).timestamp())
        self.offset_s = difference if abs(difference) > 60 else 0

    def now(self) -> datetime:
        """The simulated instant."""
        return datetime.now(CHINA).replace(microsecond=0) + timedelta(seconds=self.offset_s)

    def take_fault(self, name: str) -> bool:
        """Whether a fault is due; each showing uses one up, a negative count never ends."""
        with self.lock:
            left = self.faults.get(name, 0)
            if left > 0:
                self.faults[name] = left - 1
            return left != 0

    def put(self, order: Order) -> None:
        """Add or change an order."""
        with self.lock:
            self.orders[order.order_no] = order
            self.dirty = True

    def pay(self, order_no: str, *, at: datetime | None = None) -> Order | None:
        """Take the money once; None if the order is unknown, closed or expired."""
        with self.lock:
            order = self.orders.get(order_no)
            if order is None or order.paid:
                return order
            moment = at or self.now()
            expired = moment >= datetime.fromisoformat(order.expires_at)
            if order.state == TradeState.CLOSED or expired:
                return None
            self.serial += 1
            listed = moment.astimezone(CHINA).date()
            if self.take_fault("cross_day"):
                listed += timedelta(days=1)
            paid = replace(
                order,
                state=TradeState.SUCCESS,
                transaction_id=f"42000{moment:%Y%m%d%H%M%S}{self.serial:09d}",
                paid_at=moment.isoformat(timespec="seconds"),
                listed_on=listed.isoformat(),
            )
            self.put(paid)
            return paid

    def lines(self, merchant_id: str, day: date) -> list[StatementLine]:
        """The merchant's statement of a day."""
        with self.lock:
            found = [o for o in self.orders.values() if o.merchant_id == merchant_id]
        lines = [_line(o) for o in found if o.listed_on == day.isoformat()]
        for order in found:
            for refund_no, refund_id, fen, at in order.refunds:
                if at[:10] == day.isoformat():
                    lines.append(_refund_line(order, refund_no, refund_id, fen, at))
        lines.sort(key=lambda line: (line.occurred_at, line.provider_txn))
        if lines and self.take_fault("statement_missing"):
            lines.pop(0)
        if self.take_fault("statement_extra"):
            lines.append(_extra(merchant_id, day))
        return [replace(line, line_no=number) for number, line in enumerate(lines, start=2)]


def fee_micro(fen: int) -> int:
    """The provider's fee in millionths of a yuan, in whole fen as it charges it."""
    return (fen * FEE_BASIS_POINTS + 5_000) // 10_000 * 10_000


def _line(order: Order) -> StatementLine:
    return StatementLine(
        line_no=0,
        kind=LineKind.PAYMENT,
        occurred_at=datetime.fromisoformat(order.paid_at),
        app_id=order.app_id,
        merchant_id=order.merchant_id,
        transaction_id=order.transaction_id,
        order_no=order.order_no,
        trade_type="NATIVE",
        trade_state="SUCCESS",
        amount_fen=order.fen,
        settled_fen=order.fen,
        fee_micro=fee_micro(order.fen),
        description=order.description,
        rate="0.20%",
    )


def _refund_line(order: Order, refund_no: str, refund_id: str, fen: int, at: str) -> StatementLine:
    return replace(
        _line(order),
        kind=LineKind.REFUND,
        trade_state="REFUND",
        occurred_at=datetime.fromisoformat(at),
        amount_fen=fen,
        settled_fen=fen,
        fee_micro=-fee_micro(fen),
        refund_id=refund_id,
        refund_no=refund_no,
        refund_status="SUCCESS",
    )


def _extra(merchant_id: str, day: date) -> StatementLine:
    at = datetime(day.year, day.month, day.day, 12, 34, 56, tzinfo=CHINA)
    order = Order(
        order_no=f"STRAY{day:%Y%m%d}",
        merchant_id=merchant_id,
        app_id="wxsimulator",
        description="线下扫码",
        fen=8_800,
        notify_url="",
        expires_at=at.isoformat(),
        state=TradeState.SUCCESS,
        transaction_id=f"42999{day:%Y%m%d}000000000000001",
        paid_at=at.isoformat(),
    )
    return _line(order)
