"""The daily trade statement (交易账单): parse it, foot it or refuse it, and write it.

Cells begin with a backtick and rows are split on a comma before a backtick, since names hold commas. Both
the 27 columns in use since November 2018 and the 24 before are read; byte-order mark and CRLF may be there
or not. Times in the file are civil times of China (UTC+8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from metercash.protocols.wechatpay.errors import StatementRefused


CHINA = timezone(timedelta(hours=8))
MICRO_PER_FEN = 10_000
LINES_MAX = 2_000_000
_NAME_CELL = 20
_BOM = "\ufeff"

COLUMNS = (
    "交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号",
    "用户标识", "交易类型", "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额",
    "微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态",
    "商品名称", "商户数据包", "手续费", "费率", "订单金额", "申请退款金额", "费率备注",
)  # fmt: skip
TOTALS = (
    "总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额", "手续费总金额", "订单总金额",
    "申请退款总金额",
)  # fmt: skip
COLUMN_COUNTS = {27: 7, 24: 5}


class LineKind(StrEnum):
    """What a row of the statement says happened."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One row.

    Attributes:
        amount_fen: What the order or the refund is worth to the customer.
        settled_fen: What the merchant is settled: the amount less coupons it bears.
        fee_micro: The provider's fee in millionths of a yuan; negative where a refund returns it.
        refund_no: Our refund number; empty on a payment.
        refund_status: SUCCESS, PROCESSING, …; empty on a payment.
    """

    line_no: int
    kind: LineKind
    occurred_at: datetime
    app_id: str
    merchant_id: str
    transaction_id: str
    order_no: str
    trade_type: str
    trade_state: str
    amount_fen: int
    settled_fen: int
    fee_micro: int
    coupon_fen: int = 0
    refund_id: str = ""
    refund_no: str = ""
    refund_status: str = ""
    description: str = ""
    rate: str = "0.60%"
    coupon_refund_fen: int = 0

    @property
    def provider_txn(self) -> str:
        """The provider's number of the movement of money: of the refund where it is one."""
        return self.refund_id if self.kind is LineKind.REFUND else self.transaction_id

    @property
    def refunded(self) -> bool:
        """Whether the row is a refund whose money has left."""
        return self.kind is LineKind.REFUND and self.refund_status == "SUCCESS"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose rows add up to its own totals."""

    lines: tuple[StatementLine, ...]

    @property
    def paid_fen(self) -> int:
        """Payments, in the customer's fen."""
        return sum(line.amount_fen for line in self.lines if line.kind is LineKind.PAYMENT)

    @property
    def settled_fen(self) -> int:
        """Payments as settled to the merchant, before fees."""
        return sum(line.settled_fen for line in self.lines if line.kind is LineKind.PAYMENT)

    @property
    def refunded_fen(self) -> int:
        """Refunds as settled."""
        return sum(line.settled_fen for line in self.lines if line.kind is LineKind.REFUND)

    @property
    def fee_micro(self) -> int:
        """Fees in millionths of a yuan, net of those returned."""
        return sum(line.fee_micro for line in self.lines)

    @property
    def fee_fen(self) -> int:
        """Fees rounded once, half up, to the fen."""
        exact = Decimal(self.fee_micro) / MICRO_PER_FEN
        return int(exact.to_integral_value(rounding=ROUND_HALF_UP))


def parse(raw: bytes) -> Statement:
    """Read a statement and foot it.

    Raises:
        StatementRefused: if it is not UTF-8, a row is malformed, or count or sums differ from its totals.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise StatementRefused(line=0, reason="不是 UTF-8 文本") from None
    rows = [row.rstrip("\r") for row in text.removeprefix(_BOM).split("\n")]
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) < 3 or len(rows) > LINES_MAX:
        raise StatementRefused(line=len(rows), reason="行数不足或过多，文件不完整")
    header = _plain_cells(rows[0])
    if len(header) not in COLUMN_COUNTS or header[0] != COLUMNS[0]:
        raise StatementRefused(line=1, reason="表头不是交易账单")
    total_header, totals = _plain_cells(rows[-2]), _cells(rows[-1], len(rows))
    if total_header[0] != TOTALS[0] or len(totals) != COLUMN_COUNTS[len(header)]:
        raise StatementRefused(line=len(rows), reason="缺少合计行，文件可能被截断")
    lines = tuple(
        _read_line(row, number, len(header)) for number, row in enumerate(rows[1:-2], start=2)
    )
    statement = Statement(lines)
    _foot(statement, totals, line=len(rows))
    return statement


def write(
    lines: Iterable[StatementLine], *, bom: bool = True, crlf: bool = True, columns: int = 27
) -> bytes:
    """Write a statement whose totals are computed from its lines.

    Raises:
        ValueError: if a text holds a line break or the column count is none the provider knows.
    """
    footer_width = COLUMN_COUNTS[columns]
    statement = Statement(tuple(lines))
    rows = [",".join(COLUMNS[:columns])]
    rows += [_write_row(_line_cells(line)[:columns]) for line in statement.lines]
    coupon_refunds = sum(line.coupon_refund_fen for line in statement.lines)
    requested = statement.refunded_fen + coupon_refunds
    totals = [
        str(len(statement.lines)), _yuan(statement.settled_fen), _yuan(statement.refunded_fen),
        _yuan(coupon_refunds), _fee(statement.fee_micro), _yuan(statement.paid_fen),
        _yuan(requested),
    ]  # fmt: skip
    rows += [",".join(TOTALS[:footer_width]), _write_row(totals[:footer_width])]
    ending = "\r\n" if crlf else "\n"
    return ((_BOM if bom else "") + ending.join(rows) + ending).encode()


def _read_line(row: str, number: int, columns: int) -> StatementLine:
    cells = _cells(row, number)
    extra = len(cells) - columns
    if extra > 0:
        name = ",`".join(cells[_NAME_CELL : _NAME_CELL + extra + 1])
        cells = [*cells[:_NAME_CELL], name, *cells[_NAME_CELL + extra + 1 :]]
    if len(cells) != columns:
        raise StatementRefused(line=number, reason=f"应有{columns}列，实有{len(cells)}列")
    kind = {"REFUND": LineKind.REFUND, "REVOKED": LineKind.REVOKED}.get(cells[9], LineKind.PAYMENT)
    if kind is LineKind.PAYMENT and cells[9] != "SUCCESS":
        raise StatementRefused(line=number, reason=f"未知的交易状态 {cells[9][:20]}")
    if cells[11] != "CNY":
        raise StatementRefused(line=number, reason=f"币种不是人民币：{cells[11][:10]}")
    refund = kind is not LineKind.PAYMENT
    settled = _fen(cells[16 if refund else 12], number)
    coupon_refund = _fen(cells[17], number) if refund else 0
    amount = settled + coupon_refund
    if columns == 27:
        amount = _fen(cells[25 if refund else 24], number)
    return StatementLine(
        line_no=number,
        kind=kind,
        occurred_at=_instant(cells[0], number),
        app_id=cells[1],
        merchant_id=cells[2],
        transaction_id=cells[5],
        order_no=cells[6],
        trade_type=cells[8],
        trade_state=cells[9],
        amount_fen=abs(amount),
        settled_fen=abs(settled),
        fee_micro=_micro(cells[22], number),
        coupon_fen=_fen(cells[13], number),
        refund_id=_absent(cells[14]) if refund else "",
        refund_no=_absent(cells[15]) if refund else "",
        refund_status=cells[19] if refund else "",
        description=cells[20],
        rate=cells[23],
        coupon_refund_fen=abs(coupon_refund),
    )


def _foot(statement: Statement, totals: Sequence[str], *, line: int) -> None:
    refunds = [row for row in statement.lines if row.kind is not LineKind.PAYMENT]
    sums = [
        len(statement.lines) * 100,
        statement.settled_fen,
        sum(row.settled_fen for row in refunds),
        sum(row.coupon_refund_fen for row in refunds),
        None,
        statement.paid_fen,
        sum(row.amount_fen for row in refunds),
    ]
    for name, text, computed in zip(TOTALS, totals, sums, strict=False):
        if computed is not None and abs(_fen(text, line)) != computed:
            raise StatementRefused(line=line, reason=f"{name}与明细合计不符")
    written = _decimal(totals[4], line)
    exponent = Decimal(1).scaleb(-max(2, -int(written.as_tuple().exponent)))
    fee = Decimal(statement.fee_micro).scaleb(-6).quantize(exponent, rounding=ROUND_HALF_UP)
    if fee != written:
        raise StatementRefused(line=line, reason="手续费总金额与明细合计不符")


def _line_cells(line: StatementLine) -> list[str]:
    refund = line.kind is not LineKind.PAYMENT
    pay, back = (0, line.amount_fen) if refund else (line.amount_fen, 0)
    return [
        line.occurred_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"), line.app_id,
        line.merchant_id, "0", "", line.transaction_id, line.order_no, "", line.trade_type,
        line.trade_state, "OTHERS", "CNY", _yuan(0 if refund else line.settled_fen),
        _yuan(line.coupon_fen), line.refund_id or "0", line.refund_no or "0",
        _yuan(line.settled_fen if refund else 0), _yuan(line.coupon_refund_fen),
        "ORIGINAL" if refund else "", line.refund_status, line.description, "",
        _fee(line.fee_micro), line.rate, _yuan(pay), _yuan(back), "",
    ]  # fmt: skip


def _write_row(cells: Sequence[str]) -> str:
    row = ",".join(f"`{cell}" for cell in cells)
    if "\n" in row or "\r" in row:
        msg = "a cell of a statement holds no line break"
        raise ValueError(msg)
    return row


def _cells(row: str, number: int) -> list[str]:
    if not row.startswith("`"):
        raise StatementRefused(line=number, reason="数据行没有以反引号开头")
    return row[1:].split(",`")


def _plain_cells(row: str) -> list[str]:
    return [cell.lstrip("`").strip() for cell in row.split(",")]


def _absent(cell: str) -> str:
    return "" if cell == "0" else cell


def _decimal(text: str, number: int) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise StatementRefused(line=number, reason=f"“{text[:20]}”不是数字") from None
    if not value.is_finite() or abs(value) >= 10**13:
        raise StatementRefused(line=number, reason=f"“{text[:20]}”超出范围")
    return value


def _whole(text: str, number: int, *, scale: int) -> int:
    value = _decimal(text, number).scaleb(scale)
    if value != value.to_integral_value():
        raise StatementRefused(line=number, reason=f"“{text[:20]}”小数位过多")
    return int(value)


def _fen(text: str, number: int) -> int:
    return _whole(text, number, scale=2)


def _micro(text: str, number: int) -> int:
    return _whole(text, number, scale=6)


def _instant(text: str, number: int) -> datetime:
    try:
        civil = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - zone follows
    except ValueError:
        raise StatementRefused(line=number, reason=f"时间“{text[:20]}”不合规") from None
    return civil.replace(tzinfo=CHINA)


def _yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


def _fee(micro: int) -> str:
    exact = Decimal(micro).scaleb(-6)
    return f"{exact:.5f}" if micro % 10 == 0 else f"{exact:.6f}"
