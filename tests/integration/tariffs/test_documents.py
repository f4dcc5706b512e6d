"""Price documents against the real database."""

from datetime import date, datetime

import pytest

from metercash import localities
from metercash.contexts.tariffs import api, contracts
from metercash.kernel.errors import NotFound
from tests.support.tariffs import APPROVER, AUTHOR, CODE, published, submitted, text


class TestPlanInForce:
    def test_prices_no_day_before_it_begins(self, tenant: int, now: datetime) -> None:
        published(now, "2026-01-01", "20")
        with pytest.raises(contracts.NoPriceInForce):
            api.plan_in_force(plan_code=CODE, on=date(2025, 12, 31))


class TestTextsByHash:
    def test_finds_what_a_bill_was_rated_by(self, tenant: int, now: datetime) -> None:
        document = published(now, "2025-01-01", "20")
        force = api.plan_in_force(plan_code=CODE, on=date(2025, 6, 1))
        assert api.texts_by_hash(hashes=[force.sha256, "0" * 64]) == {document.sha256: document}

    def test_knows_no_draft(self, tenant: int, now: datetime) -> None:
        draft = api.draft(yaml_text=text(), author_id=AUTHOR, now=now)
        assert api.texts_by_hash(hashes=[draft.sha256]) == {}


class TestPublicDocuments:
    def test_are_found_by_words_commodity_place_and_day(self, tenant: int, now: datetime) -> None:
        old = published(now, "2025-01-01", "20")
        new = published(now, "2026-01-01", "21")
        other = published(now, code="other-heat")
        submitted(now, code="hidden-heat")
        assert [d.document_id for d in api.search(text="测试 2025", on=date(2026, 3, 1))] == [
            other.document_id,
            new.document_id,
        ]
        assert len(api.search(commodity="HEAT", locality="test")) == 3
        assert api.search(commodity="POWER") == api.search(locality="elsewhere") == []
        assert api.search(text="没有的字") == []
        assert [d.version for d in api.history(code=CODE)] == [new.version, old.version]

    def test_hide_what_is_not_published(self, tenant: int, now: datetime) -> None:
        hidden = submitted(now).document_id
        for read in (api.get_document, api.list_attachments):
            with pytest.raises(NotFound):
                read(document_id=hidden, public=True)  # type: ignore[operator]
        assert api.get_document(document_id=hidden).status == "SUBMITTED"


class TestAdopt:
    @pytest.mark.parametrize("locality", localities.codes())
    def test_publishes_a_locality(self, tenant: int, now: datetime, locality: str) -> None:
        texts = [document.text for document in localities.load(locality).documents]
        adopted = api.adopt(texts=texts, author_id=AUTHOR, approver_id=APPROVER, now=now)
        assert len(adopted) == len(texts) == len(api.public_documents())

    def test_publishes_versions_in_the_order_of_their_days(
        self, tenant: int, now: datetime
    ) -> None:
        texts = [text("2026-01-01", "22"), text("2024-01-01", until="2025-01-01"), text()]
        adopted = api.adopt(texts=texts, author_id=AUTHOR, approver_id=APPROVER, now=now)
        assert [one.effective_from.year for one in adopted] == [2024, 2025, 2026]
