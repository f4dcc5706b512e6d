"""Pure decisions: the wording of a message, and when people are left in peace."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from metercash.contexts.notifications.contracts import (
    ContextIncomplete,
    Template,
    TemplateUnknown,
)


ATTEMPTS_MAX = 5
RETRY_MIN = timedelta(minutes=1)
RETRY_FACTOR = 5

TEMPLATES: Mapping[str, Template] = {
    "collections.first_reminder": Template(
        subject="缴费提醒",
        body=(
            "【{company}】{name}，您户号{account_no}有{count}笔费用共{open_yuan}元已到期未缴"
            "（最早到期日{due_date}），请尽快缴纳，避免产生或增加违约金。如已缴费请忽略。"
        ),
    ),
    "billing.bill_issued": Template(
        subject="账单通知",
        body="【{company}】{name}，您户号{account_no}本期账单{amount_yuan}元，请于{due_date}前缴纳。",
    ),
    "payments.received": Template(
        subject="缴费成功",
        body="【{company}】{name}，您户号{account_no}已缴费{amount_yuan}元，感谢您的支持。",
        urgent=True,
    ),
    "system.test": Template(
        subject="测试邮件",
        body="【{company}】这是一封测试邮件。您收到它，说明邮件设置可用。",
        urgent=True,
    ),
}


def render(template: str, context: Mapping[str, object]) -> Template:
    """The template with its words filled in.

    Raises:
        TemplateUnknown: if there is none of that name.
        ContextIncomplete: if a word is missing.
    """
    if template not in TEMPLATES:
        raise TemplateUnknown(template=template)
    form = TEMPLATES[template]
    try:
        return Template(
            form.subject.format_map(context), form.body.format_map(context), form.urgent
        )
    except KeyError as missing:
        raise ContextIncomplete(template=template, word=missing.args[0]) from None


def is_quiet(local: datetime, *, start: time, end: time) -> bool:
    """Whether the local time lies in the quiet hours ``[start, end)``, which may cross midnight."""
    at = local.time()
    return start <= at < end if start <= end else at >= start or at < end


def next_try(*, attempts: int, now: datetime) -> datetime | None:
    """When a message that failed is tried again: after 1, 5, 25 and 125 minutes; None gives it up."""
    if attempts >= ATTEMPTS_MAX:
        return None
    pause: timedelta = RETRY_MIN * RETRY_FACTOR ** (attempts - 1)
    return now + pause
