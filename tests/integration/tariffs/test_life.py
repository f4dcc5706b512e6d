"""From draft to publication: who may do what, and what never changes."""

from datetime import datetime

import pytest
from django.db import IntegrityError

from metercash.contexts.tariffs import api, contracts
from metercash.contexts.tariffs.models import PriceDocument
from metercash.platform import audit, db
from metercash.rating.errors import PlanDocumentInvalid
from tests.support.tariffs import APPROVER, AUTHOR, CODE, approved, published, submitted, text


def draft(now, **kwargs):
    return api.draft(yaml_text=text(**kwargs), author_id=AUTHOR, now=now)


class TestDraft:
    def test_is_edited_by_its_author_alone(self, tenant: int, now: datetime) -> None:
        kept = draft(now)
        edited = api.update_draft(
            document_id=kept.document_id, yaml_text=text(price="21"), author_id=AUTHOR
        )
        assert (edited.version, edited.status) == (1, "DRAFT")
        assert edited.sha256 != kept.sha256
        for step in (api.update_draft, api.submit):
            extra = {"yaml_text": text()} if step is api.update_draft else {"now": now}
            with pytest.raises(contracts.NotTheAuthor):
                step(document_id=kept.document_id, author_id=APPROVER, **extra)  # type: ignore[operator]

    def test_keeps_its_text_when_the_new_one_is_wrong(self, tenant: int, now: datetime) -> None:
        kept = draft(now)
        with pytest.raises(PlanDocumentInvalid):
            api.update_draft(document_id=kept.document_id, yaml_text="x: 1", author_id=AUTHOR)
        assert api.get_document(document_id=kept.document_id) == kept

    def test_may_move_to_another_code(self, tenant: int, now: datetime) -> None:
        published(now, code="other-heat")
        moved = api.update_draft(
            document_id=draft(now).document_id, yaml_text=text(code="other-heat"), author_id=AUTHOR
        )
        assert (moved.code, moved.version) == ("other-heat", 2)

    def test_cannot_be_approved_or_published(self, tenant: int, now: datetime) -> None:
        kept = draft(now).document_id
        with pytest.raises(contracts.NotTheNextStep, match="草稿"):
            api.approve(document_id=kept, approver_id=APPROVER, now=now)
        with pytest.raises(contracts.NotTheNextStep):
            api.publish(document_id=kept, now=now)


class TestSubmitted:
    def test_is_refused_to_its_author(self, tenant: int, now: datetime) -> None:
        kept = submitted(now).document_id
        with pytest.raises(contracts.SamePerson):
            api.approve(document_id=kept, approver_id=AUTHOR, now=now)
        with pytest.raises(contracts.SamePerson):
            api.return_to_author(document_id=kept, reviewer_id=AUTHOR, reason="再想想")
        assert api.get_document(document_id=kept).status == "SUBMITTED"

    def test_goes_back_with_a_reason_and_comes_again(self, tenant: int, now: datetime) -> None:
        kept = submitted(now).document_id
        with pytest.raises(contracts.ReasonMissing):
            api.return_to_author(document_id=kept, reviewer_id=APPROVER, reason=" ")
        back = api.return_to_author(document_id=kept, reviewer_id=APPROVER, reason="文号不对")
        assert (back.status, back.returned_reason) == ("DRAFT", "文号不对")
        api.update_draft(document_id=kept, yaml_text=text(price="22"), author_id=AUTHOR)
        again = api.submit(document_id=kept, author_id=AUTHOR, now=now)
        assert (again.status, again.returned_reason) == ("SUBMITTED", "")
        actions = {entry.action for entry in audit.list_entries().items}
        steps = {"draft", "submit", "return", "edit"}
        assert {f"tariffs.document.{step}" for step in steps} <= actions

    def test_is_not_edited(self, tenant: int, now: datetime) -> None:
        with pytest.raises(contracts.NotTheNextStep):
            api.update_draft(
                document_id=submitted(now).document_id, yaml_text=text(), author_id=AUTHOR
            )


class TestDatabase:
    @pytest.mark.parametrize("status", ["SUBMITTED", "APPROVED", "PUBLISHED", "WITHDRAWN"])
    @pytest.mark.parametrize(
        "column", sorted(f.name for f in PriceDocument._meta.fields if f.name != "status")
    )
    def test_freezes_every_column_but_those_of_the_next_step(
        self, tenant: int, now: datetime, status: str, column: str
    ) -> None:
        next_step = {
            "SUBMITTED": {"returned_reason", "approved_by", "approved_at", "approval", "signature"},
            "APPROVED": {"published_at", "effective_until"},
            "PUBLISHED": {"effective_until", "closed_on"},
            "WITHDRAWN": set(),
        }
        if column in next_step[status]:
            return
        make = {"SUBMITTED": submitted, "APPROVED": approved, "PUBLISHED": published}
        document = make.get(status, approved)(now)
        if status == "WITHDRAWN":
            api.withdraw(document_id=document.document_id, reason="误", now=now)
        field = PriceDocument._meta.get_field(column)
        kind = field.get_internal_type()
        value = {"DateField": "2030-01-01", "DateTimeField": now.replace(year=2031)}.get(
            kind, 99 if "Integer" in kind or "Auto" in kind else "x"
        )
        with pytest.raises(Exception, match=r"never changes|row-level security"), db.transaction():
            PriceDocument.objects.filter(id=document.document_id).update(**{column: value})

    @pytest.mark.parametrize("status", ["DRAFT", "APPROVED", "WITHDRAWN"])
    def test_knows_the_order_of_the_steps(self, tenant: int, now: datetime, status: str) -> None:
        document = published(now)
        rows = {"id": document.document_id}
        if status == "WITHDRAWN":
            rows = {"id": draft(now, code="other-heat").document_id}
        with pytest.raises(IntegrityError, match="does not go from"), db.transaction():
            PriceDocument.objects.filter(**rows).update(status=status)

    def test_lets_nothing_begin_but_as_a_draft(self, tenant: int, now: datetime) -> None:
        public = published(now)
        with db.transaction():
            row = PriceDocument.objects.get(id=public.document_id)
        row.id, row.version = None, 2
        with pytest.raises(IntegrityError, match="begins as a draft"), db.transaction():
            row.save(force_insert=True)

    def test_keeps_what_was_submitted(self, tenant: int, now: datetime) -> None:
        with pytest.raises(IntegrityError, match="kept for ever"), db.transaction():
            PriceDocument.objects.filter(id=submitted(now).document_id).delete()

    def test_knows_two_people(self, tenant: int, now: datetime) -> None:
        rows = {"id": submitted(now).document_id}
        with pytest.raises(IntegrityError, match="tariffs_two_people"), db.transaction():
            PriceDocument.objects.filter(**rows).update(approved_by=AUTHOR)


def test_a_code_counts_its_versions(tenant: int, now: datetime) -> None:
    assert [draft(now).version for _ in range(3)] == [1, 2, 3]
    assert [one.version for one in api.list_documents(code=CODE)] == [3, 2, 1]
