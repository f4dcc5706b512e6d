"""Which bills of a batch are made again by the second calculator, and what it is given."""

from __future__ import annotations

import heapq
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from metercash.contexts.billing.contracts import BillDetail
from metercash.contexts.billing.core.draft import Draft, content_json
from metercash.contexts.tariffs.contracts import PriceDocument


SAMPLE_MIN = 20
SAMPLE_ONE_IN = 100
FORMAT = "metercash-bill/1"


def sample(drafts: Sequence[Draft], *, run_id: int) -> list[Draft]:
    """At least twenty of a batch, or all of a smaller one, and one in a hundred.

    A hash of run, account and first day decides: who knows the run chooses the same again, and who
    makes a bill does not know beforehand whether it is chosen.
    """

    def rank(draft: Draft) -> bytes:
        return sha256(f"{run_id}:{draft.facts.account_id}:{draft.period.start}".encode()).digest()

    return heapq.nsmallest(max(SAMPLE_MIN, -(-len(drafts) // SAMPLE_ONE_IN)), drafts, key=rank)


def content_of(draft: Draft) -> dict[str, Any]:
    """What will be stored of the bill, read from the very text that will be."""
    content: dict[str, Any] = json.loads(content_json(draft))
    return content


def face_of(draft: Draft, *, purpose: str) -> dict[str, Any]:
    """What identifies a bill that has no number yet."""
    facts, period = draft.facts, draft.period
    return {
        "bill_no": "",
        "account_no": facts.account_no,
        "category": facts.category,
        "purpose": purpose,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "total_fen": draft.total_fen,
    }


def face_of_bill(bill: BillDetail) -> dict[str, Any]:
    """What identifies a bill that was issued."""
    return {
        "bill_no": bill.bill_no,
        "account_no": bill.account_no,
        "category": bill.category,
        "purpose": bill.purpose,
        "period": {"start": bill.period.start.isoformat(), "end": bill.period.end.isoformat()},
        "total_fen": bill.total_fen,
    }


def hashes_of(content: Mapping[str, Any]) -> set[str]:
    """Hashes of the price documents a stored bill was made by."""
    return {stretch["document"] for stretch in content["stretches"]}


def proof_document(
    content: Mapping[str, Any], face: Mapping[str, Any], documents: Mapping[str, PriceDocument]
) -> dict[str, Any]:
    """A bill with all it was made from, for the second calculator.

    Args:
        content: The stored content: lines and stretches.
        face: Number, account, category, purpose, period and total of the bill.
        documents: Price documents by hash.
    """
    return {
        "format": FORMAT,
        **face,
        "stretches": content["stretches"],
        "documents": {
            sha: {
                "text": documents[sha].yaml_text,
                "code": documents[sha].code,
                "version": documents[sha].version,
                "citation": documents[sha].citation,
            }
            for sha in sorted(hashes_of(content))
        },
        "lines": content["lines"],
    }
