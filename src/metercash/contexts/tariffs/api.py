"""The front door of tariffs."""

from datetime import date, datetime

from metercash.contexts.tariffs import operations, queries
from metercash.contexts.tariffs.contracts import InForce, PriceDocument
from metercash.platform import db


@db.transaction()
def draft(*, yaml_text: str, author_id: int, now: datetime) -> PriceDocument:
    """Keep a new version of a plan as a draft.

    Raises:
        PlanDocumentInvalid: with every mistake of the text and its line.
    """
    return queries.contract(operations.draft(yaml_text, author_id, now))


@db.transaction()
def approve(*, document_id: int, approver_id: int, now: datetime) -> PriceDocument:
    """Approve a draft; its text can never change again.

    Raises:
        SelfApproval: if the approver drafted it.
        WrongStatus: if it is no draft.
        NotFound: if there is no such document.
    """
    return queries.contract(operations.approve(document_id, approver_id, now))


@db.transaction()
def publish(*, document_id: int, now: datetime) -> PriceDocument:
    """Put an approved document in force; an open earlier version ends where this one begins.

    Raises:
        VersionsOverlap: if another published version covers some of the same days.
        WrongStatus: if it is not approved.
        NotFound: if there is no such document.
    """
    return queries.contract(operations.publish(document_id, now))


@db.transaction()
def plan_in_force(*, plan_code: str, on: date) -> InForce:
    """The plan that prices a service day.

    Raises:
        PlanNotInForce: if no published document covers the day.
    """
    return queries.plan_in_force(plan_code, on)


@db.transaction()
def list_documents() -> list[PriceDocument]:
    """Every document, by code, newest version first."""
    return queries.documents(None)


@db.transaction()
def public_documents() -> list[PriceDocument]:
    """What the public may read: published documents."""
    return queries.documents("PUBLISHED")


@db.transaction()
def get_document(*, document_id: int) -> PriceDocument:
    """One document.

    Raises:
        NotFound: if there is no such document.
    """
    return queries.get_document(document_id)


@db.transaction()
def load_locality(
    *, locality: str, author_id: int, approver_id: int, now: datetime
) -> list[PriceDocument]:
    """Draft, approve and publish a locality's documents; loading again changes nothing.

    Raises:
        NotFound: if there is no such locality.
        SelfApproval: if author and approver are one person.
    """
    return operations.load_locality(locality, author_id, approver_id, now)
