"""What this codec refuses."""

from metercash.kernel.errors import MetercashError


class MessageRefused(MetercashError):
    """A message does not have the form the provider documents."""

    code = "wechatpay.message_refused"
    status = 400
    message_zh = "微信支付报文不合规：{reason}"
    message_en = "WeChat Pay message refused: {reason}"


class SignatureRefused(MetercashError):
    """A signature is missing, stale, made by an unknown key, or wrong."""

    code = "wechatpay.signature_refused"
    status = 401
    message_zh = "微信支付签名验证未通过：{reason}"
    message_en = "WeChat Pay signature refused: {reason}"


class ResourceRefused(MetercashError):
    """An encrypted resource does not open with our key."""

    code = "wechatpay.resource_refused"
    status = 400
    message_zh = "微信支付密文解不开：{reason}"
    message_en = "WeChat Pay resource refused: {reason}"


class StatementRefused(MetercashError):
    """A statement is malformed or does not foot; nothing of it may be used."""

    code = "wechatpay.statement_refused"
    status = 422
    message_zh = "微信对账单第{line}行：{reason}"
    message_en = "WeChat Pay statement, line {line}: {reason}"
