"""What tariffs says to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from metercash.kernel.errors import MetercashError
from metercash.rating.plan import Plan


class DocumentStatus(StrEnum):
    """Life of a price document; a published one never changes."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"DRAFT": "草稿", "APPROVED": "已批准", "PUBLISHED": "已公示"}[self.value]


@dataclass(frozen=True, slots=True)
class PriceDocument:
    """One version of a price document.

    Attributes:
        effective_until: First day it no longer holds; None while open.
        yaml_text: The full text, as drafted.
        sha256: Hash of the text; what was approved is what is in force.
        confidence: How sure the source is, A (official) to D (memory).
        drafted_by, approved_by: Ids of two different staff users.
    """

    document_id: int
    code: str
    version: int
    title: str
    commodity: str
    locality: str
    citation: str
    source: str
    confidence: str
    effective_from: date
    effective_until: date | None
    yaml_text: str
    sha256: str
    status: str
    drafted_by: int
    drafted_at: datetime
    approved_by: int | None
    approved_at: datetime | None
    published_at: datetime | None

    @property
    def status_label(self) -> str:
        """The Chinese name of the status."""
        return DocumentStatus(self.status).label


@dataclass(frozen=True, slots=True)
class InForce:
    """The price that decides on a day; ``sha256`` is the hash of the text the plan was read from."""

    document_id: int
    version: int
    plan: Plan
    citation: str
    confidence: str
    sha256: str


class NoPriceInForce(MetercashError):
    """No published document of that code holds on the day."""

    code = "tariffs.no_price_in_force"
    status = 422
    message_zh = "价格方案“{plan_code}”在 {on} 没有已公示的价格文件。"
    message_en = "No published price document of '{plan_code}' holds on {on}."


class NotTheNextStep(MetercashError):
    """A draft is approved, an approved document is published; nothing else."""

    code = "tariffs.not_the_next_step"
    status = 409
    message_zh = "价格文件目前是“{document_status}”，不能执行这一步。"
    message_en = "The document is {document_status}; this step does not follow."


class SamePerson(MetercashError):
    """The author of a document may not approve it."""

    code = "tariffs.same_person"
    status = 403
    message_zh = "起草人不能批准自己的价格文件，请由另一人批准。"
    message_en = "The author may not approve the document; another person must."


class PeriodTaken(MetercashError):
    """Another published version holds on some of the days."""

    code = "tariffs.period_taken"
    status = 409
    message_zh = "{code} 在 {since} 起已有公示的版本，执行期不能重叠。"
    message_en = "Another published version of {code} holds from {since}; periods may not overlap."
