"""What tariffs says to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from metercash.kernel.errors import MetercashError
from metercash.rating.comparison import Difference
from metercash.rating.plan import Plan


class DocumentStatus(StrEnum):
    """Life of a price document; what was submitted changes only by going back to its author."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "DRAFT": "草稿",
            "SUBMITTED": "待批准",
            "APPROVED": "已批准",
            "PUBLISHED": "已公示",
            "WITHDRAWN": "已撤回",
        }[self.value]


@dataclass(frozen=True, slots=True)
class PriceDocument:
    """One version of a price document.

    Attributes:
        effective_until: First day it no longer holds, be it by its text, by a decision to close the
            plan, or because a successor begins; None while open.
        closed_on: First day the plan is closed by decision.
        yaml_text: The full text, as drafted.
        sha256: Hash of the text; what was approved is what is in force.
        confidence: How sure the source is, A (official) to D (memory).
        drafted_by, approved_by: Ids of two different staff users.
        returned_reason: Why it came back to its author; empty otherwise.
        signature: Ed25519 signature of the approval, base64; empty before.
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
    closed_on: date | None
    yaml_text: str
    sha256: str
    status: str
    drafted_by: int
    drafted_at: datetime
    submitted_at: datetime | None
    returned_reason: str
    approved_by: int | None
    approved_at: datetime | None
    signature: str
    published_at: datetime | None

    @property
    def status_label(self) -> str:
        """The Chinese name of the status."""
        return DocumentStatus(self.status).label


@dataclass(frozen=True, slots=True)
class Attachment:
    """A source file of a document.

    Attributes:
        media_type: As the content says, whatever the name claims.
        size_bytes: Length of the content.
        sha256: Hash of the content.
    """

    attachment_id: int
    document_id: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_by: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line the calculator answers.

    Attributes:
        quantity, price: Exact decimal text in ``unit`` and yuan per unit.
        sentence_zh, sentence_en: Why the line is what it is.
        because: The same as JSON primitives.
    """

    code: str
    label_zh: str
    label_en: str
    quantity: str
    unit: str
    price: str
    amount_fen: int
    sentence_zh: str
    sentence_en: str
    because: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calculation:
    """What a document makes of facts; the total is the sum of the lines."""

    code: str
    citation: str
    lines: tuple[PricedLine, ...]
    total_fen: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side.

    Attributes:
        old: ``None`` where there is no version before.
        differences: By component and field, in the order of the new text.
        text: Unified difference, line by line.
    """

    old: PriceDocument | None
    new: PriceDocument
    differences: tuple[Difference, ...]
    text: tuple[str, ...]


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
    """The document is not in a status this step begins from."""

    code = "tariffs.not_the_next_step"
    status = 409
    message_zh = (
        "价格文件目前是“{document_status}”，不能执行这一步；这一步只适用于“{expected}”的文件。"
    )
    message_en = "The document is {document_status}; this step is for {expected} documents."


class NotTheAuthor(MetercashError):
    """Only who drafted a document edits and submits it."""

    code = "tariffs.not_the_author"
    status = 403
    message_zh = "只有起草人能修改和提交这份草稿；请起草人处理，或以它为底稿另起草一份。"
    message_en = "Only the author edits and submits a draft; copy it into a draft of your own."


class SamePerson(MetercashError):
    """The author of a document may neither approve nor return it."""

    code = "tariffs.same_person"
    status = 403
    message_zh = "起草人不能批准或退回自己的价格文件，请由另一人处理。"
    message_en = "The author may not approve or return the document; another person must."


class ReasonMissing(MetercashError):
    """The step must be explained to those it concerns."""

    code = "tariffs.reason_missing"
    status = 422
    message_zh = "请写明原因，起草人和以后的查阅者要看。"
    message_en = "Give a reason; the author and later readers need it."


class PeriodTaken(MetercashError):
    """A version says it holds beyond the first day of the next one."""

    code = "tariffs.period_taken"
    status = 409
    message_zh = (
        "“{code}”第 {version} 版写明执行到 {until} 前，与第 {successor} 版从 {since} 起执行重叠。"
        "请把第 {successor} 版的 effective_from 改为 {until}，"
        "或先把第 {version} 版提前终止在 {since}。"
    )
    message_en = (
        "Version {version} of {code} holds until {until} but version {successor} begins on {since}: "
        "begin on {until}, or close version {version} on {since} first."
    )


class FirstDayTaken(MetercashError):
    """Two versions begin on the same day."""

    code = "tariffs.first_day_taken"
    status = 409
    message_zh = (
        "“{code}”第 {version} 版也从 {since} 起执行，同一天只能有一个版本。"
        "请改第 {successor} 版的 effective_from；第 {version} 版尚未生效的，也可以先撤回它。"
    )
    message_en = (
        "Version {version} of {code} begins on {since} as well: change the first day of version "
        "{successor}, or withdraw version {version} if it is not yet in force."
    )


class PeriodGap(MetercashError):
    """A version ends before the next begins."""

    code = "tariffs.period_gap"
    status = 409
    message_zh = (
        "“{code}”第 {version} 版执行到 {until} 前，第 {successor} 版从 {since} 才起执行，"
        "中间没有价格。请把第 {successor} 版的 effective_from 改为 {until}，或先公布衔接的版本。"
    )
    message_en = (
        "Version {version} of {code} ends on {until} and version {successor} begins on {since}: no "
        "price holds between. Begin on {until}, or publish a version for the days between first."
    )


class AlreadyInForce(MetercashError):
    """What has begun to hold is not withdrawn; bills may rest on it."""

    code = "tariffs.already_in_force"
    status = 409
    message_zh = "第 {version} 版已从 {since} 起执行，不能撤回；请公布新版本，或用“终止”结束它。"
    message_en = (
        "Version {version} has held since {since}: publish a successor or close it instead."
    )


class NotClosable(MetercashError):
    """The plan cannot be closed on that day."""

    code = "tariffs.not_closable"
    status = 409
    message_zh = "“{plan_code}”不能在 {on} 终止：{reason}。"
    message_en = "{plan_code} cannot be closed on {on}: {reason}."


class DocumentTampered(MetercashError):
    """The stored text or approval is not what was signed; nothing is billed by it."""

    code = "tariffs.document_tampered"
    status = 500
    message_zh = (
        "“{code}”第 {version} 版与批准时的签名不符，已停止使用：{reason}。"
        "请从备份恢复该文件，或由两人重新起草、批准新版本，并查明是谁改动了数据库。"
    )
    message_en = (
        "Version {version} of {code} is not what was signed and is not used: {reason}. Restore it "
        "from a backup, and find out who changed the database."
    )


class AttachmentRefused(MetercashError):
    """The source file is too large, too many, or not of a kind we keep."""

    code = "tariffs.attachment_refused"
    status = 422
    message_zh = "附件“{name}”不能上传：{reason}。"
    message_en = "The attachment '{name}' was refused: {reason}."
