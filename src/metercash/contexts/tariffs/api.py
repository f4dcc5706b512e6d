"""The front door of tariffs: which price holds, and how a price comes to hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from metercash.contexts.tariffs import operations, queries
from metercash.contexts.tariffs.contracts import DocumentStatus, InForce, PriceDocument
from metercash.platform import db


@db.transaction()
def draft(*, yaml_text: str, author_id: int, now: datetime) -> PriceDocument:
    """Keep a price document as a draft, as the next version of its code.

    Raises:
        PlanDocumentInvalid: listing every mistake with its line.
    """
    return queries.view(operations.draft(yaml_text, author_id, now))


@db.transaction()
def approve(*, document_id: int, approver_id: int, now: datetime) -> PriceDocument:
    """Approve a draft.

    Raises:
        SamePerson: if the approver drafted it.
        NotTheNextStep: if it is no draft.
    """
    return queries.view(operations.approve(document_id, approver_id, now))


@db.transaction()
def publish(*, document_id: int, now: datetime) -> PriceDocument:
    """Publish an approved document; from its first day on it decides.

    Raises:
        PeriodTaken: if another published version of the code holds on some of its days.
        NotTheNextStep: if it is not approved.
    """
    return queries.view(operations.publish(document_id, now))


@db.transaction()
def adopt(
    *, texts: Sequence[str], author_id: int, approver_id: int, now: datetime
) -> list[PriceDocument]:
    """Draft, approve and publish documents that two people agree on, such as a locality's."""
    adopted = []
    for text in texts:
        drafted = draft(yaml_text=text, author_id=author_id, now=now)
        approve(document_id=drafted.document_id, approver_id=approver_id, now=now)
        adopted.append(publish(document_id=drafted.document_id, now=now))
    return adopted


@db.transaction()
def plan_in_force(*, plan_code: str, on: date) -> InForce:
    """The price that decides on a service day.

    Raises:
        NoPriceInForce: if no published document of the code holds on the day.
    """
    return queries.plan_in_force(plan_code, on)


@db.transaction()
def texts_by_hash(*, hashes: Iterable[str]) -> dict[str, PriceDocument]:
    """Approved and published documents by the SHA-256 of their text; unknown hashes are left out.

    Where two versions say the same to the byte, the later stands for both.
    """
    return queries.texts_by_hash(hashes)


@db.transaction()
def list_documents() -> list[PriceDocument]:
    """Every document, by code, newest version first."""
    return queries.documents_of()


@db.transaction()
def plan_titles() -> dict[str, str]:
    """What people call each published plan, by code."""
    return queries.plan_titles()


@db.transaction()
def public_documents() -> list[PriceDocument]:
    """What anybody may see: the published documents."""
    return queries.documents_of(status=DocumentStatus.PUBLISHED)


@db.transaction()
def get_document(*, document_id: int) -> PriceDocument:
    """One document.

    Raises:
        NotFound: if there is none.
    """
    return queries.document(document_id)
