"""Price documents written from what a case says of its tariff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from metercash.kernel.interval import Interval
from metercash.proof.bill import verify
from metercash.rating import engine
from metercash.rating.bill import Line
from metercash.rating.document import parse
from metercash.rating.facts import RatingFacts
from metercash.rating.plan import Plan
from tests.support import proofs


HEAD = {
    "code": "case",
    "name_zh": "算例",
    "name_en": "Case",
    "locality": "case",
    "citation": "算例",
    "source": "算例",
    "confidence": "A",
    "effective_from": "2000-01-01",
}
YEAR = Interval(date(2025, 1, 1), date(2026, 1, 1))
MONTH = Interval(date(2025, 1, 1), date(2025, 2, 1))
SEASON = Interval(date(2024, 11, 15), date(2025, 3, 16))

# What each plan was read from; the plan is kept, so that its identity stays its own.
_TEXTS: dict[int, tuple[str, Plan]] = {}


def plan(commodity: str, *components: Mapping[str, Any], **head: Any) -> Plan:
    """The plan of a document with these components, read as any other document is."""
    document = {**HEAD, "commodity": commodity, **head, "components": list(components)}
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    made = parse(text)
    _TEXTS[id(made)] = (text, made)
    return made


def rated(made: Plan, period: Interval[date], **facts: Any) -> tuple[Line, ...]:
    """The lines of one account under the plan."""
    return verified(made, RatingFacts(period=period, **facts))


def verified(made: Plan, facts: RatingFacts) -> tuple[Line, ...]:
    """The lines of the engine, agreed to by the second calculator.

    Raises:
        proofs.CalculatorsDiffer: with what differs, if it does not agree.
    """
    lines = engine.rate(plan=made, facts=facts).lines
    text, _ = _TEXTS[id(made)]
    if told := verify(proofs.proof([(text, facts)], lines)):
        raise proofs.CalculatorsDiffer(told)
    return lines
