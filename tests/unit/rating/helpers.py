"""Short ways to a plan and to facts."""

from datetime import date

from metercash.kernel.interval import Interval
from metercash.rating import document, engine
from metercash.rating.facts import RatingFacts


HEAD = """\
code: test-plan
name_zh: 测试
name_en: Test
locality: test
commodity: HEAT
citation: 测试文号
source: 测试
confidence: D
effective_from: 2020-01-01
season: {start: 11-15, until: 03-16}
components:
"""
SEASON = Interval(date(2025, 11, 15), date(2026, 3, 16))


def plan(*components, head=HEAD):
    """The plan of the given components, each written as one YAML flow mapping."""
    return document.parse(head + "".join(f"  - {{{text}}}\n" for text in components))


def fen(rated):
    """Line codes with their fen."""
    return [(line.code, line.amount.fen) for line in rated.lines]


def rate(*components, period=SEASON, **facts):
    """Rate one account by the given components."""
    rated = engine.rate(plan=plan(*components), facts=RatingFacts(period=period, **facts))
    assert rated.total.fen == sum(amount for _, amount in fen(rated))
    return rated
