"""Why a plan was refused or an account could not be rated."""

from collections.abc import Sequence
from dataclasses import dataclass

from metercash.kernel.errors import MetercashError


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a price document.

    Attributes:
        line: Line of the text, from 1.
        path: Where in the document, such as ``components.1.price``.
        reason: What was expected, in Chinese.
    """

    line: int
    path: str
    reason: str

    def __str__(self) -> str:
        return (
            f"第{self.line}行 {self.path}：{self.reason}"
            if self.path
            else (f"第{self.line}行：{self.reason}")
        )


class PlanDocumentInvalid(MetercashError):
    """The price document cannot be read; ``problems`` lists every mistake with its line."""

    code = "rating.plan_document_invalid"
    status = 422
    message_zh = "价格文件有误：{summary}"
    message_en = "The price document is not valid: {summary}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(summary="；".join(str(problem) for problem in self.problems))


class UsageMissing(MetercashError):
    """A component needs a measured quantity that the facts do not hold."""

    code = "rating.usage_missing"
    status = 422
    message_zh = "缺少“{zone}”用量，不能计费。"
    message_en = "The usage '{zone}' is missing; the account cannot be rated."


class UnitMismatch(MetercashError):
    """The usage is counted in another unit than the price; prices are never converted."""

    code = "rating.unit_mismatch"
    status = 422
    message_zh = "价格按{expected}计，用量单位却是{actual}；不作换算。"
    message_en = "The price is per {expected} but usage is in {actual}; prices are never converted."


class UsageInconsistent(MetercashError):
    """The zones do not add up to the total."""

    code = "rating.usage_inconsistent"
    status = 422
    message_zh = "各时段用量之和{zones}与总用量{total}不一致（单位：千分之一）。"
    message_en = "Zones sum to {zones} but the total is {total} (thousandths of a unit)."


class FactMissing(MetercashError):
    """A fact about the premises that the plan prices by is absent or not positive."""

    code = "rating.fact_missing"
    status = 422
    message_zh = "缺少计费依据“{fact}”。"
    message_en = "The fact '{fact}' needed for rating is missing."


class TermsMissing(MetercashError):
    """No version of the terms speaks of the day."""

    code = "rating.terms_missing"
    status = 422
    message_zh = "没有{on}适用的{what}规定。"
    message_en = "No terms of '{what}' are in force on {on}."


class HolidaysUnlisted(MetercashError):
    """The kind of a day hangs on holidays that the document does not list."""

    code = "rating.holidays_unlisted"
    status = 422
    message_zh = "价格文件没有列出 {year} 年的法定节假日，不能判断 {day} 是哪一种日子。"
    message_en = "The document lists no holidays of {year}; the kind of day of {day} is unknown."


class StopNotWhole(MetercashError):
    """Heat is stopped for whole seasons only, and this home had some."""

    code = "rating.stop_not_whole"
    status = 422
    message_zh = "停热以整个供暖期为限；本户自 {day} 起用热，不能按停热计费，应登记为恢复用热。"
    message_en = "Heat is stopped for whole seasons; this home has heat from {day}: it resumed."


class PriceNegotiated(MetercashError):
    """The document leaves the price to an agreement between the parties."""

    code = "rating.price_negotiated"
    status = 422
    message_zh = "{what}的价格由双方协商，不能按本文件计费。"
    message_en = "The price of '{what}' is left to agreement; this document cannot rate it."


class PeriodNotMonthly(MetercashError):
    """A charge by the month was asked for a longer period."""

    code = "rating.period_not_monthly"
    status = 422
    message_zh = "按月计收的费用应逐月计算，账期 {start} 至 {end} 超过一个月。"
    message_en = "A monthly charge is rated month by month; {start} to {end} is longer."


class PowerFactorUndefined(MetercashError):
    """Neither active nor reactive energy was used: there is no power factor."""

    code = "rating.power_factor_undefined"
    status = 422
    message_zh = "有功、无功电量均为零，无从计算功率因数。"
    message_en = "No active and no reactive energy: the power factor is undefined."


class CorrectionUndefined(MetercashError):
    """The terms do not say how to correct this, or nothing can be told from the wrong bill."""

    code = "rating.correction_undefined"
    status = 422
    message_zh = "追补无从计算：{what}。"
    message_en = "The correction cannot be counted: {what}."
