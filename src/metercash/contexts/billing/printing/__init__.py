"""The printed bill: one typst template, one bill or two hundred at a time."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import segno
import typst

from metercash.contexts.billing.contracts import BillDetail, BillStatus, Comparison
from metercash.kernel.errors import InvalidInput
from metercash.kernel.money import Money


TEMPLATE = Path(__file__).with_name("bill.typ")
BATCH_MAX = 200
COMMODITY_TITLES = {"HEAT": "供热费账单", "POWER": "电费账单"}


@dataclass(frozen=True, slots=True)
class Printable:
    """A bill and what is printed beside it.

    Attributes:
        company: Name at the head of the page.
        pay_url: What the QR code says.
    """

    bill: BillDetail
    comparison: Comparison
    company: str
    pay_url: str


def render(printables: Sequence[Printable]) -> bytes:
    """Set the bills as one PDF, each on a page of its own.

    Raises:
        InvalidInput: if there is none or there are more than ``BATCH_MAX``.
    """
    if not 1 <= len(printables) <= BATCH_MAX:
        raise InvalidInput(field="账单", reason=f"一次可打印 1 至 {BATCH_MAX} 张")
    data = [_page(printable) for printable in printables]
    # The template goes in by path: a compiler fed with source bytes cannot be used twice.
    pdf = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        sys_inputs={"bills": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(pdf, bytes), "PDF is one document, not a list of pages"
    return pdf


def _page(printable: Printable) -> dict[str, Any]:
    bill = printable.bill
    last_day = bill.period.end - timedelta(days=1)
    return {
        "company": printable.company,
        "title": COMMODITY_TITLES.get(bill.commodity, "账单"),
        "bill_no": bill.bill_no,
        "account_no": bill.account_no,
        "name": bill.name,
        "address": bill.address,
        "period": f"{bill.period.start:%Y-%m-%d} 至 {last_day:%Y-%m-%d}",
        "area": f"{_milli(bill.area_milli)} m²" if bill.area_milli else "",
        "usage": f"{_milli(bill.usage_milli)} {bill.usage_unit}" if bill.usage_milli else "",
        "estimated": _milli(bill.estimated_milli) if bill.estimated_milli else "",
        "total": str(Money(bill.total_fen)),
        "open": str(Money(bill.open_fen)),
        "due_date": f"{bill.due_date:%Y-%m-%d}" if bill.due_date else "",
        "issued_on": f"{bill.issued_at:%Y-%m-%d}" if bill.issued_at else "",
        "reversed": bill.status == BillStatus.REVERSED,
        "generation": bill.generation,
        "lines": [
            {
                "label": line.label,
                "quantity": f"{line.quantity} {line.unit}".strip(),
                "price": line.price,
                "amount": str(Money(line.amount_fen)),
                "sentence": line.sentence,
            }
            for line in bill.lines
        ],
        "citations": list(bill.citations),
        "bars": _bars(printable),
        "homes": printable.comparison.similar_homes_count,
        "qr": _qr(printable.pay_url),
    }


def _bars(printable: Printable) -> list[dict[str, Any]]:
    history = printable.comparison.own_history
    bars = [
        (f"{bar.period.start:%Y-%m}", bar.total_fen, bar.bill_id == printable.bill.bill_id)
        for bar in history
    ]
    average = printable.comparison.similar_homes_average_fen
    if average is not None:
        bars.append(("同小区相近面积平均", average, False))
    most = max((abs(fen) for _, fen, _ in bars), default=0) or 1
    return [
        {
            "label": label,
            "amount": str(Money(fen)),
            "percent": 100 * max(0, fen) // most,
            "current": current,
        }
        for label, fen, current in bars
    ]


def _qr(text: str) -> str:
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", scale=4, border=1)
    return buffer.getvalue().decode()


def _milli(milli: int) -> str:
    whole, part = divmod(abs(milli), 1000)
    sign = "-" if milli < 0 else ""
    return f"{sign}{whole}" + (f".{part:03d}".rstrip("0") if part else "")


__all__ = ["BATCH_MAX", "Printable", "render"]
