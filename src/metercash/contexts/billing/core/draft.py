"""A bill before it is written: what preview shows and what a run stores are this one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic_core import to_json

from metercash.contexts.billing.contracts import BillLine, Reason, ReasonFound
from metercash.contexts.billing.core.pricing import RatedStretch, Share
from metercash.contexts.customers.contracts import BillingFacts
from metercash.kernel.interval import Interval
from metercash.kernel.quantity import plain
from metercash.rating import facts_json
from metercash.rating.bill import Line


@dataclass(frozen=True, slots=True)
class Draft:
    """One agreement's share of a period, rated and checked.

    Attributes:
        stretches: What the lines were made from, in their order.
        total_fen: The sum of the printed lines.
        year_usage_milli: The part of the usage in the calendar year of the period's last day.
        aggregated: Whether its quantities came from readings.
        generation: 1, or one more than the reversed bill it stands in for.
    """

    facts: BillingFacts
    period: Interval[date]
    lines: tuple[Line, ...]
    stretches: tuple[RatedStretch, ...]
    total_fen: int
    determinants: Mapping[str, int]
    usage_milli: int
    usage_unit: str
    year_usage_milli: int
    estimated_milli: int
    citations: tuple[str, ...]
    reasons: tuple[ReasonFound, ...]
    aggregated: bool
    generation: int
    replaces_bill_id: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An account for which nothing could be rated."""

    account_id: int
    account_no: str
    name: str
    community_id: int
    period: Interval[date]
    reason: ReasonFound


def content_json(draft: Draft) -> str:
    """The append-only document of a bill as JSON text."""
    facts = draft.facts
    return to_json(
        {
            "address": facts.address,
            "lines": [_line_data(line) for line in draft.lines],
            "stretches": [
                {
                    "document": stretch.sha256,
                    "facts": facts_json.to_json(stretch.facts),
                    **({"share": _share_data(stretch, share)} if (share := stretch.share) else {}),
                }
                for stretch in draft.stretches
            ],
            "determinants": draft.determinants,
            "estimated_milli": draft.estimated_milli,
            "usage_unit": draft.usage_unit,
            "citations": draft.citations,
            "reasons": reasons_data(draft.reasons),
        }
    ).decode()


def _share_data(stretch: RatedStretch, share: Share) -> dict[str, Any]:
    period = {"start": stretch.period.start.isoformat(), "end": stretch.period.end.isoformat()}
    return {"period": period, "days": share.days, "index": share.index}


def _line_data(line: Line) -> dict[str, Any]:
    kind = line.kind
    return {
        "code": kind.code,
        "label": kind.label_zh,
        "label_en": kind.label_en,
        "quantity": plain(line.quantity),
        "unit": kind.unit,
        "price": plain(kind.price),
        "amount_fen": line.amount.fen,
        "because": line.because.as_json(),
    }


def told_lines(draft: Draft) -> tuple[BillLine, ...]:
    """The lines as the document of the bill would tell them."""
    return lines_of({"lines": [_line_data(line) for line in draft.lines]})


def lines_of(content: Mapping[str, Any]) -> tuple[BillLine, ...]:
    """The lines of a stored document."""
    return tuple(BillLine(**line) for line in content["lines"])


def reasons_data(reasons: tuple[ReasonFound, ...]) -> list[dict[str, Any]]:
    """Reasons as JSON data."""
    return [
        {"reason": found.reason, "sentence": found.sentence, "evidence": dict(found.evidence)}
        for found in reasons
    ]


def reasons_of(data: list[dict[str, Any]]) -> tuple[ReasonFound, ...]:
    """Reasons from JSON data."""
    return tuple(
        ReasonFound(Reason(item["reason"]), item["sentence"], item["evidence"]) for item in data
    )
