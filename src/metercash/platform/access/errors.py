"""Why somebody was not let in."""

from metercash.kernel.errors import MetercashError


class SignInRefused(MetercashError):
    """Wrong company, user name or password; never says which."""

    code = "access.sign_in_refused"
    status = 401
    message_zh = "单位、用户名或密码不正确。"
    message_en = "Company, user name or password is wrong."


class UserLocked(MetercashError):
    """Too many failures; the account opens again by itself."""

    code = "access.user_locked"
    status = 423
    message_zh = "连续输错密码，账号已锁定到 {until}。"
    message_en = "Too many failures: the user is locked until {until}."


class PasswordTooWeak(MetercashError):
    """The new password does not meet the policy."""

    code = "access.password_too_weak"
    status = 422
    message_zh = "密码不符合要求：{reason}"
    message_en = "The password is too weak: {reason}"


class RolesConflict(MetercashError):
    """Separated duties in one hand."""

    code = "access.roles_conflict"
    status = 422
    message_zh = "系统管理员、安全管理员、审计员互斥，也不能兼任业务岗位。"
    message_en = "The three administrators exclude each other and every business role."


class TokenInvalid(MetercashError):
    """Unknown, used, expired or revoked token."""

    code = "access.token_invalid"
    status = 401
    message_zh = "令牌无效、已使用或已过期。"
    message_en = "The token is unknown, used, expired or revoked."
