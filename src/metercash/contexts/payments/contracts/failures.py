"""Anticipated failures of payments."""

from metercash.kernel.errors import MetercashError


class ProviderNotConfigured(MetercashError):
    """The tenant has no active account with the provider."""

    code = "payments.provider_not_configured"
    status = 409
    message_zh = "尚未配置{provider}收款账户。"
    message_en = "No account with {provider} is configured."


class AmountInvalid(MetercashError):
    """An amount to collect that is not positive or above the limit."""

    code = "payments.amount_invalid"
    status = 422
    message_zh = "收款金额无效：应大于0且不超过{limit_yuan}元。"
    message_en = "The amount must be above 0 and at most {limit_yuan} yuan."


class IdempotencyConflict(MetercashError):
    """The key was used for another request."""

    code = "payments.idempotency_conflict"
    status = 409
    message_zh = "幂等键“{key}”已用于另一笔不同的请求。"
    message_en = "Idempotency key '{key}' was already used for another request."


class NotificationRefused(MetercashError):
    """A notification whose proof does not hold; it was kept, nothing was believed."""

    code = "payments.notification_refused"
    status = 401
    message_zh = "支付通知未通过验证：{reason}"
    message_en = "Payment notification refused: {reason}"


class ProviderRefused(MetercashError):
    """The provider answered a definite no."""

    code = "payments.provider_refused"
    status = 502
    message_zh = "支付渠道拒绝：{reason}"
    message_en = "The provider refused: {reason}"


class ProviderUnclear(MetercashError):
    """No clear answer: the call may or may not have had its effect."""

    code = "payments.provider_unclear"
    status = 504
    message_zh = "支付渠道没有明确答复，系统正在查询，请勿重复收款。"
    message_en = "The provider gave no clear answer; the order is being queried."


class OrderUndecided(MetercashError):
    """An earlier order of the account is undecided; it is being asked for first."""

    code = "payments.order_undecided"
    status = 409
    message_zh = "上一笔订单{order_no}尚未确定结果，请稍候再试。"
    message_en = "Order {order_no} is undecided; try again shortly."


class StatementNotReady(MetercashError):
    """The channel has no statement of the day yet; that does not mean there was no trade."""

    code = "payments.statement_not_ready"
    status = 409
    message_zh = "{day}的渠道对账单尚未生成，请在次日10时后再试。"
    message_en = "The channel's statement of {day} is not ready."


class StatementChanged(MetercashError):
    """The channel's bytes are not those it announced, or not those of an earlier fetch."""

    code = "payments.statement_changed"
    status = 409
    message_zh = "{day}的对账单摘要不符，已拒绝。"
    message_en = "The statement of {day} does not match its hash; refused."


class ShiftClosed(MetercashError):
    """The shift takes no more money."""

    code = "payments.shift_closed"
    status = 409
    message_zh = "班次不在进行中，不能收款。"
    message_en = "The shift is not open."


class ShiftAlreadyOpen(MetercashError):
    """The teller has an open shift."""

    code = "payments.shift_already_open"
    status = 409
    message_zh = "您已有进行中的班次。"
    message_en = "You already have an open shift."


class BalanceTenderRefused(MetercashError):
    """The prepaid balance does not pay what the tender says."""

    code = "payments.balance_tender_refused"
    status = 422
    message_zh = "预存余额可抵扣{available_yuan}元，与所填{asked_yuan}元不符。"
    message_en = "The balance pays {available_yuan} yuan, not {asked_yuan}."


class VoidRefused(MetercashError):
    """A receipt that may not be voided, or not by this person."""

    code = "payments.void_refused"
    status = 409
    message_zh = "不能作废该收据：{reason}"
    message_en = "The receipt cannot be voided: {reason}"


class BreakRefused(MetercashError):
    """A break that may not be resolved so."""

    code = "payments.break_refused"
    status = 409
    message_zh = "不能这样处理该差异：{reason}"
    message_en = "The break cannot be resolved so: {reason}"


class CredentialsRefused(MetercashError):
    """A part of the provider's credentials is malformed."""

    code = "payments.credentials_refused"
    status = 422
    message_zh = "微信支付凭证“{part}”不可用：{reason}"
    message_en = "The WeChat Pay credential '{part}' cannot be used: {reason}"
