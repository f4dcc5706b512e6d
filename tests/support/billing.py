"""Prices for tests of billing: one plan by area, 38.32 yuan a square meter and season."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from metercash.rating.document import parse
from metercash.rating.plan import Plan


PRICE = """
code: plan-a
name_zh: 居民面积热费
name_en: Heat by area
locality: test
commodity: HEAT
citation: 测价〔2025〕1号
source: 测试
confidence: D
effective_from: 2000-01-01
season: {start: "10-20", until: "04-20"}
components:
- {kind: area, price: 38.32, clause: 第三条}
"""


@dataclass(frozen=True)
class InForce:
    """The part of a published price that billing reads."""

    document_id: int
    version: int
    plan: Plan
    citation: str
    sha256: str


@dataclass(frozen=True)
class Document:
    """The part of a stored price document that proves a bill."""

    code: str
    version: int
    citation: str
    yaml_text: str


_plan = parse(PRICE)
_SHA256 = sha256(PRICE.encode()).hexdigest()


def plan_in_force(*, plan_code: str, on: date) -> InForce:
    """The one plan there is."""
    return InForce(1, 1, _plan, _plan.citation, _SHA256)


def texts_by_hash(*, hashes: Iterable[str]) -> dict[str, Document]:
    """The one text there is."""
    document = Document(_plan.code, 1, _plan.citation, PRICE)
    return {sha: document for sha in hashes if sha == _SHA256}
