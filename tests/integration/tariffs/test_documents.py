"""Price documents against the real database."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError

from metercash import localities
from metercash.contexts.tariffs import api, contracts
from metercash.contexts.tariffs.models import PriceDocument
from metercash.platform import db


AUTHOR, APPROVER = 1, 2

TEXT = """\
code: test-heat
name_zh: 测试供热价
name_en: Test heat
locality: test
commodity: HEAT
citation: 测试〔2025〕1号
source: 测试
confidence: D
effective_from: {start}
components:
  - {{kind: area, price: {price}, clause: 第一条}}
"""


def published(now: datetime, start: str, price: str) -> contracts.PriceDocument:
    drafted = api.draft(yaml_text=TEXT.format(start=start, price=price), author_id=AUTHOR, now=now)
    api.approve(document_id=drafted.document_id, approver_id=APPROVER, now=now)
    return api.publish(document_id=drafted.document_id, now=now)


class TestApprove:
    def test_refuses_the_author(self, tenant: int, now: datetime) -> None:
        text = TEXT.format(start="2025-01-01", price="20")
        drafted = api.draft(yaml_text=text, author_id=AUTHOR, now=now)
        with pytest.raises(contracts.SamePerson):
            api.approve(document_id=drafted.document_id, approver_id=AUTHOR, now=now)
        assert api.get_document(document_id=drafted.document_id).status == "DRAFT"

    def test_freezes_the_text(self, tenant: int, now: datetime) -> None:
        document = published(now, "2025-01-01", "20")
        with pytest.raises(IntegrityError), db.transaction():
            PriceDocument.objects.filter(pk=document.document_id).update(yaml_text="x")
        assert api.get_document(document_id=document.document_id) == document


class TestPublish:
    def test_refuses_an_overlap(self, tenant: int, now: datetime) -> None:
        published(now, "2026-01-01", "20")
        with pytest.raises(contracts.PeriodTaken):
            published(now, "2025-01-01", "21")
        assert api.plan_in_force(plan_code="test-heat", on=date(2026, 1, 1)).version == 1

    def test_prices_no_day_before_it_begins(self, tenant: int, now: datetime) -> None:
        published(now, "2026-01-01", "20")
        with pytest.raises(contracts.NoPriceInForce):
            api.plan_in_force(plan_code="test-heat", on=date(2025, 12, 31))


class TestTextsByHash:
    def test_finds_what_a_bill_was_rated_by(self, tenant: int, now: datetime) -> None:
        document = published(now, "2025-01-01", "20")
        force = api.plan_in_force(plan_code="test-heat", on=date(2025, 6, 1))
        assert api.texts_by_hash(hashes=[force.sha256, "0" * 64]) == {document.sha256: document}

    def test_knows_no_draft(self, tenant: int, now: datetime) -> None:
        text = TEXT.format(start="2025-01-01", price="20")
        draft = api.draft(yaml_text=text, author_id=AUTHOR, now=now)
        assert api.texts_by_hash(hashes=[draft.sha256]) == {}


class TestAdopt:
    @pytest.mark.parametrize("locality", ["harbin", "beijing", "shanghai"])
    def test_publishes_a_locality(self, tenant: int, now: datetime, locality: str) -> None:
        texts = [document.text for document in localities.load(locality).documents]
        adopted = api.adopt(texts=texts, author_id=AUTHOR, approver_id=APPROVER, now=now)
        assert len(adopted) == len(texts) == len(api.public_documents())
