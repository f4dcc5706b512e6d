"""Small price documents and the steps of their life."""

from datetime import datetime

from metercash.contexts.tariffs import api
from metercash.contexts.tariffs.contracts import PriceDocument


AUTHOR, APPROVER = 1, 2
CODE = "test-heat"

TEXT = """\
code: {code}
name_zh: 测试供热价
name_en: Test heat
locality: test
commodity: HEAT
citation: 测试〔2025〕1号
source: 测试
confidence: D
effective_from: {start}
{until}components:
  - {{kind: area, price: {price}, clause: 第一条}}
"""


def text(start: str = "2025-01-01", price: str = "20", until: str = "", code: str = CODE) -> str:
    """A document by area."""
    until = f"effective_until: {until}\n" if until else ""
    return TEXT.format(start=start, price=price, until=until, code=code)


def submitted(now: datetime, *args: str, **kwargs: str) -> PriceDocument:
    """Drafted and handed in."""
    return api.draft(yaml_text=text(*args, **kwargs), author_id=AUTHOR, now=now, submit=True)


def approved(now: datetime, *args: str, **kwargs: str) -> PriceDocument:
    """Approved by a second person."""
    document = submitted(now, *args, **kwargs)
    return api.approve(document_id=document.document_id, approver_id=APPROVER, now=now)


def published(now: datetime, *args: str, **kwargs: str) -> PriceDocument:
    """Public."""
    return api.publish(document_id=approved(now, *args, **kwargs).document_id, now=now)
