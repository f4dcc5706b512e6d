"""The proof document of a bill as the engine rates it, for the second calculator to verify."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from metercash.kernel.quantity import plain
from metercash.proof.bill import Told, differences, verify
from metercash.rating import engine
from metercash.rating.bill import Line
from metercash.rating.document import parse
from metercash.rating.facts import RatingFacts


class CalculatorsDiffer(Exception):
    """The engine and the second calculator do not agree on a bill; told in its sentences."""

    def __init__(self, told: Sequence[Told]) -> None:
        super().__init__("".join(zh for zh, _ in told))


def hold_to_their_words(lines: Iterable[Line]) -> None:
    """Work out the arithmetic of every line again, of bills, refunds and late fees alike.

    Raises:
        CalculatorsDiffer: if a line is not what it says.
    """
    if told := [*differences([line_json(line) for line in lines], [])]:
        raise CalculatorsDiffer(told)


def facts_json(value: Any) -> Any:
    """Facts as JSON primitives, written apart from the product's own reader and writer."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: facts_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: facts_json(one) for name, one in value.items()}
    if isinstance(value, frozenset | tuple):
        return [
            facts_json(one) for one in (sorted(value) if isinstance(value, frozenset) else value)
        ]
    return str(value) if isinstance(value, date | Decimal) else value


def line_json(line: Line) -> dict[str, Any]:
    """A line as a bill prints it."""
    return {
        "code": line.code,
        "label": line.kind.label_zh,
        "quantity": plain(line.quantity),
        "unit": line.kind.unit,
        "price": plain(line.kind.price),
        "amount_fen": line.amount.fen,
        "because": line.because.as_json(),
    }


def proof(
    stretches: Sequence[tuple[str, RatingFacts]],
    lines: Iterable[Line],
) -> dict[str, Any]:
    """The document of lines that were rated from texts of price documents and facts."""
    documents, written = {}, []
    for text, facts in stretches:
        sha = hashlib.sha256(text.encode()).hexdigest()
        head = yaml.load(text, Loader=yaml.BaseLoader)
        documents[sha] = {
            "text": text, "code": head["code"], "version": 1, "citation": head["citation"]
        }  # fmt: skip
        written.append({"document": sha, "facts": facts_json(facts)})
    printed = [line_json(line) for line in lines]
    return {
        "format": "metercash-bill/1",
        "bill_no": "B1",
        "account_no": "A1",
        "category": stretches[0][1].category if stretches else "",
        "purpose": "REGULAR",
        "period": written[0]["facts"]["period"] if written else {},
        "stretches": written,
        "documents": documents,
        "lines": printed,
        "total_fen": sum(line["amount_fen"] for line in printed),
    }


def rated(text: str, facts: RatingFacts) -> dict[str, Any]:
    """The proof document of one stretch, rated by the engine."""
    return proof([(text, facts)], engine.rate(plan=parse(text), facts=facts).lines)


def told(text: str, facts: RatingFacts) -> list[Told]:
    """What the calculator has to say of the engine's bill."""
    return verify(rated(text, facts))
