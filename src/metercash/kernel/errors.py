"""Anticipated failures: named, coded, with a sentence for people."""

from collections.abc import Mapping
from typing import Any, ClassVar


class MetercashError(Exception):
    """Base of every failure we expect.

    Attributes:
        code: Stable identifier such as ``billing.bill_already_issued``; never changes once published.
        status: HTTP status an interface answers with.
        message_zh: Sentence for a Chinese reader, a format string over ``data``.
        message_en: The same for an English reader.
        data: Facts about this occurrence, primitives only.
    """

    code: ClassVar[str] = "metercash.error"
    status: ClassVar[int] = 400
    message_zh: ClassVar[str] = "操作未能完成。"
    message_en: ClassVar[str] = "The operation could not be completed."

    def __init__(self, **data: object) -> None:
        self.data: Mapping[str, Any] = data
        super().__init__(self.english)

    @property
    def chinese(self) -> str:
        """The sentence for a Chinese reader."""
        return self.message_zh.format(**self.data)

    @property
    def english(self) -> str:
        """The sentence for an English reader."""
        return self.message_en.format(**self.data)


class NotFound(MetercashError):
    """The thing asked for does not exist, or not for this tenant."""

    code = "metercash.not_found"
    status = 404
    message_zh = "没有找到{what}。"
    message_en = "{what} was not found."


class PermissionRefused(MetercashError):
    """The user may not do this; ``label`` names it for people, ``permission`` for programs."""

    code = "access.permission_refused"
    status = 403
    message_zh = "您没有“{label}”的权限。"
    message_en = "You lack the permission '{permission}'."


class InvalidInput(MetercashError):
    """One field of the input is wrong; says which, why and what to do."""

    code = "metercash.invalid_input"
    status = 422
    message_zh = "“{field}”不正确：{reason}"
    message_en = "'{field}' is not valid: {reason}"
