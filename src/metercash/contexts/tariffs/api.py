"""The front door of tariffs: which price holds, and how a price comes to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from metercash.contexts.tariffs import queries
from metercash.contexts.tariffs.contracts import (
    Attachment,
    Calculation,
    Comparison,
    DocumentStatus,
    InForce,
    PriceDocument,
)
from metercash.contexts.tariffs.core.calculation import calculation
from metercash.contexts.tariffs.operations import attaching, drafting, publishing
from metercash.kernel.errors import InvalidInput
from metercash.platform import db, signing
from metercash.protocols.signed_document import SignedDocument
from metercash.rating import comparison, facts_json
from metercash.rating import document as documents


SEARCH_LIMIT = 200


@db.transaction()
def draft(*, yaml_text: str, author_id: int, now: datetime, submit: bool = False) -> PriceDocument:
    """Keep a price document as a draft, as the next version of its code.

    Args:
        submit: Hand it in for approval at once.

    Raises:
        PlanDocumentInvalid: listing every mistake with its line.
    """
    row = drafting.draft(yaml_text, author_id, now)
    return queries.view(drafting.submit(row.id, author_id, now) if submit else row)


@db.transaction()
def update_draft(*, document_id: int, yaml_text: str, author_id: int) -> PriceDocument:
    """Replace the text of one's own draft; another code makes it that code's next version.

    Raises:
        PlanDocumentInvalid: listing every mistake with its line.
        NotTheAuthor: if somebody else drafted it.
        NotTheNextStep: if it was submitted.
    """
    return queries.view(drafting.update_draft(document_id, yaml_text, author_id))


@db.transaction()
def submit(*, document_id: int, author_id: int, now: datetime) -> PriceDocument:
    """Hand one's own draft in; from now on text and source files are frozen.

    Raises:
        NotTheAuthor: if somebody else drafted it.
        NotTheNextStep: if it is no draft.
    """
    return queries.view(drafting.submit(document_id, author_id, now))


@db.transaction()
def return_to_author(*, document_id: int, reviewer_id: int, reason: str) -> PriceDocument:
    """Send a submitted document back to be a draft again.

    Raises:
        SamePerson: if the reviewer drafted it.
        ReasonMissing: if no reason is given.
        NotTheNextStep: if it was not submitted.
    """
    return queries.view(drafting.return_to_author(document_id, reviewer_id, reason))


@db.transaction()
def approve(*, document_id: int, approver_id: int, now: datetime) -> PriceDocument:
    """Approve a submitted document; hash, code, version, both persons and times are signed.

    Raises:
        SamePerson: if the approver drafted it.
        NotTheNextStep: if it was not submitted.
    """
    return queries.view(drafting.approve(document_id, approver_id, now))


@db.transaction()
def publish(*, document_id: int, now: datetime) -> PriceDocument:
    """Publish an approved document: public at once, decisive from its first day on.

    A version that was open, or whose end a successor made, ends on the new one's first day.

    Raises:
        PeriodTaken: if a version says itself that it holds longer.
        PeriodGap: if days between two versions would have no price.
        FirstDayTaken: if a version of the code begins on the same day.
        NotTheNextStep: if it is not approved.
        DocumentTampered: if it is not what was signed.
    """
    return queries.view(publishing.publish(document_id, now))


@db.transaction()
def withdraw(*, document_id: int, reason: str, now: datetime) -> PriceDocument:
    """Take back an approved document, or a published one that does not hold yet.

    The version before it goes on as if it had never been published.

    Raises:
        AlreadyInForce: if its first day has come.
        ReasonMissing: if no reason is given.
        NotTheNextStep: if it is neither approved nor published.
        PeriodGap: if days before a later version would have no price.
    """
    return queries.view(publishing.withdraw(document_id, reason, now))


@db.transaction()
def close(*, plan_code: str, on: date, reason: str, now: datetime) -> PriceDocument:
    """End a plan on purpose: from ``on`` it has no price.

    Raises:
        NoPriceInForce: if nothing of the code is published.
        NotClosable: if the day has passed, lies before the last version or after its own end.
        ReasonMissing: if no reason is given.
    """
    return queries.view(publishing.close(plan_code, on, reason, now))


@db.transaction()
def adopt(
    *, texts: Sequence[str], author_id: int, approver_id: int, now: datetime
) -> list[PriceDocument]:
    """Draft, approve and publish documents that two people agree on, such as a locality's.

    Versions of one code are published in the order of their first days.
    """
    adopted = []
    for text in sorted(texts, key=lambda one: documents.parse(one).effective_from):
        drafted = draft(yaml_text=text, author_id=author_id, now=now, submit=True)
        approve(document_id=drafted.document_id, approver_id=approver_id, now=now)
        adopted.append(publish(document_id=drafted.document_id, now=now))
    return adopted


@db.transaction()
def plan_in_force(*, plan_code: str, on: date) -> InForce:
    """The price that decides on a service day; its signature is proved once per process.

    Raises:
        NoPriceInForce: if no published document of the code holds on the day.
        DocumentTampered: if it is not what was signed.
    """
    return queries.plan_in_force(plan_code, on)


@db.transaction()
def texts_by_hash(*, hashes: Iterable[str]) -> dict[str, PriceDocument]:
    """Documents that were approved, by the SHA-256 of their text; unknown hashes are left out.

    Where two versions say the same to the byte, the later stands for both.
    """
    return queries.texts_by_hash(hashes)


@db.transaction()
def list_documents(*, code: str = "") -> list[PriceDocument]:
    """Every document, or those of a code; by code, newest version first."""
    return queries.documents_of(code=code)


@db.transaction()
def plan_titles() -> dict[str, str]:
    """What people call each published plan, by code."""
    return queries.plan_titles()


@db.transaction()
def public_documents() -> list[PriceDocument]:
    """What anybody may see: the published documents."""
    return queries.documents_of(status=DocumentStatus.PUBLISHED)


@db.transaction()
def search(
    *, text: str = "", commodity: str = "", locality: str = "", on: date | None = None
) -> list[PriceDocument]:
    """Published documents for anybody, at most 200: by words, commodity, locality, day they hold."""
    return queries.search(text, commodity, locality, on, SEARCH_LIMIT)


@db.transaction()
def history(*, code: str) -> list[PriceDocument]:
    """Every published version of a plan, the newest first; a withdrawn one is not among them."""
    return queries.history(code)


@db.transaction()
def get_document(*, document_id: int, public: bool = False) -> PriceDocument:
    """One document; with ``public`` only a published one.

    Raises:
        NotFound: if there is none.
    """
    return queries.document(document_id, public=public)


@db.transaction()
def signed_document(*, document_id: int) -> SignedDocument:
    """An approved document as a file that anybody can check offline.

    Raises:
        NotFound: if it is not approved.
        DocumentTampered: if it is not what was signed.
    """
    return queries.signed(document_id)


@db.transaction()
def public_key() -> str:
    """The company's Ed25519 key, base64, to compare with the one in a signed file."""
    return signing.public_key()


@db.transaction()
def attach(
    *, document_id: int, name: str, content: bytes, author_id: int, now: datetime
) -> Attachment:
    """Add a source file to one's own draft: PDF, PNG, JPEG, Word or Excel up to 20 MB.

    Raises:
        AttachmentRefused: saying why.
        NotTheAuthor: if somebody else drafted the document.
        NotTheNextStep: if it is no draft.
    """
    row = attaching.attach(document_id, name, content, author_id, now)
    return queries.attachment_view(row)


@db.transaction()
def detach(*, attachment_id: int, author_id: int) -> None:
    """Remove a source file from one's own draft.

    Raises:
        NotFound: if there is none.
        NotTheAuthor: if somebody else drafted the document.
        NotTheNextStep: if it is no draft.
    """
    attaching.detach(attachment_id, author_id)


@db.transaction()
def list_attachments(*, document_id: int, public: bool = False) -> list[Attachment]:
    """Source files of a document, oldest first; with ``public`` only of a published one.

    Raises:
        NotFound: if there is no such document.
    """
    return queries.attachments_of(document_id, public=public)


@db.transaction()
def read_attachment(*, attachment_id: int, public: bool = False) -> tuple[Attachment, bytes]:
    """A source file and its content; with ``public`` only of a published document.

    Raises:
        NotFound: if there is none.
        FileDamaged: if the content is no longer what was kept.
    """
    return queries.attachment(attachment_id, public=public)


@db.transaction()
def compare(*, document_id: int, with_id: int | None = None, public: bool = False) -> Comparison:
    """What a document changes: against another one, else against the version it follows.

    That is the published version of its code that holds on its first day or held last before it.

    Raises:
        NotFound: if there is no such document, or with ``public`` none that is published.
    """
    new = queries.document(document_id, public=public)
    if with_id is not None:
        old: PriceDocument | None = queries.document(with_id, public=public)
    else:
        old = queries.predecessor(new)
    before = old.yaml_text if old else ""
    return Comparison(
        old=old,
        new=new,
        differences=tuple(comparison.differences(before, new.yaml_text)) if old else (),
        text=tuple(
            comparison.text_diff(
                before,
                new.yaml_text,
                old_name=f"{old.code} v{old.version}" if old else "",
                new_name=f"{new.code} v{new.version}",
            )
        ),
    )


def calculate(
    *, facts: Mapping[str, Any], document_id: int | None = None, text: str | None = None,
    public: bool = False,
) -> Calculation:  # fmt: skip
    """What a kept document, or a text nobody has kept, makes of facts; writes nothing.

    Args:
        facts: As ``rating.facts_json`` reads them.
        document_id: A document; its text is rated whatever its status.
        text: A text instead, which needs no database.
        public: Refuse documents that are not published.

    Raises:
        PlanDocumentInvalid: if the text is wrong.
        FactsInvalid: if the facts cannot be read.
        FactMissing, UsageMissing, UnitMismatch, TermsMissing, …: if the facts do not suffice.
        NotFound: if there is no such document.
    """
    if (document_id is None) == (text is None):
        raise InvalidInput(field="text", reason="document_id 与 text 应给且只给一个")
    if document_id is not None:
        text = get_document(document_id=document_id, public=public).yaml_text
    assert text is not None
    return calculation(documents.parse(text), facts_json.from_json(facts))
