"""Shapes of requests and answers about price documents."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from metercash.rating.document import MAX_CHARACTERS


Text = Annotated[str, Field(max_length=MAX_CHARACTERS, description="The document, YAML")]
Username = Annotated[str, Field(max_length=60, description="User name of who answers for it")]
Reason = Annotated[str, Field(max_length=1000, description="Kept for ever")]


class PriceOut(Schema):
    """A price document in a list."""

    document_id: int
    code: str
    version: int
    title: str
    commodity: str
    locality: str
    citation: str
    source: str
    effective_from: date
    effective_until: date | None
    confidence: str
    status: str
    sha256: str


class PriceFull(PriceOut):
    """A price document with its text; persons are ids of staff users."""

    text: str
    drafted_by: int
    approved_by: int | None
    approved_at: datetime | None
    published_at: datetime | None
    returned_reason: str
    signature: str


class AttachmentOut(Schema):
    """A source file; its content is under ``/prices/attachments/{attachment_id}``."""

    attachment_id: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str


class DifferenceOut(Schema):
    """One component or field that changed; ``old`` and ``new`` as written."""

    change: str
    path: str
    component: str
    name: str
    unit: str
    old: str | None
    new: str | None
    line: int


class ComparisonOut(Schema):
    """A version beside the one it follows; ``old_id`` is null for a first version."""

    old_id: int | None
    new_id: int
    differences: list[DifferenceOut]
    text: list[str]


class TextIn(Schema):
    """A document nobody has kept."""

    text: Text


class StepIn(Schema):
    """Who takes the step."""

    by: Username


class WrittenIn(StepIn):
    """A document and its author."""

    text: Text


class DraftIn(WrittenIn):
    """A document to keep as a draft, handed in at once with ``submit``."""

    submit: bool = False


class ReasonedStepIn(StepIn):
    """Who takes the step, and why."""

    reason: Reason


class CloseIn(ReasonedStepIn):
    """The first day without a price."""

    on: date


class FindingOut(Schema):
    """A mistake, or (``HINT``) what was likely meant otherwise."""

    kind: str
    line: int
    path: str
    reason: str


class CalculateIn(Schema):
    """A published document or a text, and the facts of one account and period."""

    document_id: int | None = None
    text: Annotated[str | None, Field(max_length=MAX_CHARACTERS)] = None
    facts: dict[str, Any]


class PricedLineOut(Schema):
    """One line and why it is what it is."""

    code: str
    label_zh: str
    label_en: str
    quantity: str
    unit: str
    price: str
    amount: str
    sentence_zh: str
    sentence_en: str
    because: dict[str, Any]


class CalculationOut(Schema):
    """What a document makes of facts."""

    code: str
    citation: str
    lines: list[PricedLineOut]
    total: str
