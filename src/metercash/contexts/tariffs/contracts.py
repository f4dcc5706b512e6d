"""What the context says to others: price documents, plans in force, and its failures."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from metercash.kernel.errors import MetercashError
from metercash.rating.plan import Plan


class DocumentStatus(StrEnum):
    """How far a document has come; it never goes back."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"


@dataclass(frozen=True, slots=True)
class PriceDocument:
    """One version of a plan as written; in force in ``[effective_from, effective_until)``."""

    document_id: int
    code: str
    title: str
    version: int
    commodity: str
    status: str
    citation: str
    source: str
    confidence: str
    confidence_note: str
    effective_from: date
    effective_until: date | None
    yaml_text: str
    sha256: str
    drafted_by: int
    drafted_at: datetime
    approved_by: int | None
    approved_at: datetime | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class InForce:
    """The plan that prices a service day, and the document that says so."""

    document_id: int
    version: int
    plan: Plan
    citation: str
    confidence: str


class PlanNotInForce(MetercashError):
    """No published document prices that day."""

    code = "tariffs.plan_not_in_force"
    status = 404
    message_zh = "{on}没有生效的价格文件“{plan_code}”。"
    message_en = "No published document of plan '{plan_code}' is in force on {on}."


class SelfApproval(MetercashError):
    """The author may not approve the document."""

    code = "tariffs.self_approval"
    status = 409
    message_zh = "价格文件须由起草人以外的人审批。"
    message_en = "A price document must be approved by someone other than its author."


class WrongStatus(MetercashError):
    """The document is not at the step asked for."""

    code = "tariffs.wrong_status"
    status = 409
    message_zh = "价格文件当前为{actual}，此操作要求{expected}。"
    message_en = "The document is {actual}; this needs {expected}."


class VersionsOverlap(MetercashError):
    """Another published version covers some of the same days."""

    code = "tariffs.versions_overlap"
    status = 409
    message_zh = "“{plan_code}”已有生效期重叠的价格文件。"
    message_en = "Another published version of '{plan_code}' covers some of the same days."
