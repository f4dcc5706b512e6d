"""Simulations: a price that does not hold yet over the bills of a past period."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from metercash.contexts.analytics.contracts import Change, Refused, Simulation
from metercash.contexts.analytics.core.impact import impact
from metercash.contexts.billing import api as billing
from metercash.contexts.billing.contracts import Billed, Population
from metercash.contexts.tariffs import api as tariffs
from metercash.kernel.errors import MetercashError
from metercash.kernel.money import Money
from metercash.rating import document as documents
from metercash.rating import engine
from metercash.rating.plan import Plan


PAGE = 5_000


def simulate(
    plan: Plan, population: Population, on_progress: Callable[[int], None] | None
) -> Simulation:
    """Rate every posted bill of the population again, by its own documents and by the plan."""
    changes: list[Change] = []
    refused: list[Refused] = []
    not_reproduced: list[str] = []
    after, done = 0, 0
    while page := billing.billed(population=population, after=after, limit=PAGE):
        for bill in page:
            try:
                if _total(bill, _plan_of) != bill.total_fen:
                    not_reproduced.append(bill.account_no)
                changes.append(_change(bill, _total(bill, lambda _sha256: plan)))
            except MetercashError as error:
                refused.append(Refused(bill.account_no, error.chinese))
        after, done = page[-1].bill_id, done + len(page)
        if on_progress is not None:
            on_progress(done)
    return Simulation(impact(changes), tuple(refused), tuple(not_reproduced))


def _change(bill: Billed, after_fen: int) -> Change:
    evidence = frozenset().union(*(stretch.facts.evidence for stretch in bill.stretches))
    return Change(
        bill.account_no, bill.community_id, bill.category, bill.area_milli, evidence,
        bill.total_fen, after_fen,
    )  # fmt: skip


def _total(bill: Billed, plan_of: Callable[[str], Plan]) -> int:
    fen = 0
    for stretch in bill.stretches:
        total = engine.rate(plan=plan_of(stretch.sha256), facts=stretch.facts).total
        if stretch.share is not None:
            days, index = stretch.share
            total = Money.allocate(total, days)[index]
        fen += total.fen
    return fen


@lru_cache(maxsize=64)
def _plan_of(sha256: str) -> Plan:
    """The plan of a document that was approved; equal hashes are equal texts, whoever's they are."""
    return documents.parse(tariffs.texts_by_hash(hashes=[sha256])[sha256].yaml_text)
