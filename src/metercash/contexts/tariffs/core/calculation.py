"""What a plan makes of facts, in lines anybody can read."""

from metercash.contexts.tariffs.contracts import Calculation, PricedLine
from metercash.kernel.quantity import plain
from metercash.rating import engine
from metercash.rating.bill import Line
from metercash.rating.facts import RatingFacts
from metercash.rating.plan import Plan


def calculation(plan: Plan, facts: RatingFacts) -> Calculation:
    """Rate and explain."""
    rated = engine.rate(plan=plan, facts=facts)
    lines = tuple(_line(line) for line in rated.lines)
    return Calculation(plan.code, plan.citation, lines, rated.total.fen)


def _line(line: Line) -> PricedLine:
    kind, because = line.kind, line.because
    return PricedLine(
        code=line.code,
        label_zh=kind.label_zh,
        label_en=kind.label_en,
        quantity=plain(line.quantity),
        unit=kind.unit,
        price=plain(kind.price),
        amount_fen=line.amount.fen,
        sentence_zh=because.sentence_zh(),
        sentence_en=because.sentence_en(),
        because=because.as_json(),
    )
