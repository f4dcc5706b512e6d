"""Roles and what each may do: the one table behind every permission check."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    """Roles of staff; the last three exclude each other and stay away from money."""

    COUNTER_CLERK = "COUNTER_CLERK"
    BILLER = "BILLER"
    COLLECTOR = "COLLECTOR"
    METER_READER = "METER_READER"
    FINANCE = "FINANCE"
    MANAGER = "MANAGER"
    SERVICE_AGENT = "SERVICE_AGENT"
    TARIFF_OFFICER = "TARIFF_OFFICER"
    SYSTEM_ADMIN = "SYSTEM_ADMIN"
    SECURITY_ADMIN = "SECURITY_ADMIN"
    AUDITOR = "AUDITOR"


ROLE_NAMES: Mapping[Role, str] = {
    Role.COUNTER_CLERK: "收费员",
    Role.BILLER: "核算员",
    Role.COLLECTOR: "催收员",
    Role.METER_READER: "抄表员",
    Role.FINANCE: "财务",
    Role.MANAGER: "经理",
    Role.SERVICE_AGENT: "客服",
    Role.TARIFF_OFFICER: "价格管理员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDITOR: "审计员",
}

SEPARATED: frozenset[Role] = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})

_BUSINESS = frozenset(Role) - SEPARATED
_R = Role

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "dashboard.view": frozenset({_R.MANAGER, _R.FINANCE, _R.COLLECTOR, _R.BILLER}),
    "customers.view": _BUSINESS,
    "customers.edit": frozenset({_R.COUNTER_CLERK, _R.SERVICE_AGENT, _R.BILLER}),
    "customers.import": frozenset({_R.BILLER}),
    "customers.export": frozenset({_R.BILLER, _R.MANAGER, _R.FINANCE}),
    "metering.view": _BUSINESS,
    "metering.edit": frozenset({_R.METER_READER, _R.BILLER}),
    "tariffs.view": _BUSINESS,
    "tariffs.draft": frozenset({_R.TARIFF_OFFICER}),
    "tariffs.approve": frozenset({_R.MANAGER, _R.TARIFF_OFFICER}),
    "billing.view": _BUSINESS,
    "billing.run": frozenset({_R.BILLER}),
    "billing.review": frozenset({_R.BILLER, _R.MANAGER}),
    "billing.reverse": frozenset({_R.BILLER, _R.MANAGER}),
    "payments.view": frozenset({_R.COUNTER_CLERK, _R.FINANCE, _R.MANAGER, _R.SERVICE_AGENT}),
    "payments.take": frozenset({_R.COUNTER_CLERK}),
    "payments.void": frozenset({_R.COUNTER_CLERK, _R.FINANCE}),
    "reconciliation.view": frozenset({_R.FINANCE, _R.MANAGER}),
    "reconciliation.resolve": frozenset({_R.FINANCE}),
    "arrears.view": frozenset({_R.COLLECTOR, _R.MANAGER, _R.FINANCE, _R.COUNTER_CLERK}),
    "arrears.remind": frozenset({_R.COLLECTOR}),
    "arrears.waive": frozenset({_R.MANAGER}),
    "arrears.policy": frozenset({_R.MANAGER}),
    "notifications.configure": frozenset({_R.SYSTEM_ADMIN}),
    "payments.setup": frozenset({_R.FINANCE, _R.SYSTEM_ADMIN}),
    "notifications.view": frozenset({_R.COLLECTOR, _R.SERVICE_AGENT, _R.MANAGER}),
    "ledger.view": frozenset({_R.FINANCE, _R.MANAGER}),
    "users.view": frozenset({_R.SYSTEM_ADMIN, _R.SECURITY_ADMIN}),
    "users.manage": frozenset({_R.SYSTEM_ADMIN}),
    "roles.assign": frozenset({_R.SECURITY_ADMIN}),
    "tokens.view": frozenset({_R.SYSTEM_ADMIN, _R.SECURITY_ADMIN, _R.AUDITOR}),
    "tokens.manage": frozenset({_R.SYSTEM_ADMIN}),
    "audit.view": frozenset({_R.AUDITOR, _R.SECURITY_ADMIN}),
    "session.own": frozenset(Role),
}


PERMISSION_NAMES: Mapping[str, str] = {
    "dashboard.view": "查看经营概览",
    "customers.view": "查看客户档案",
    "customers.edit": "修改客户档案",
    "customers.import": "导入客户档案",
    "customers.export": "导出客户档案",
    "metering.view": "查看表计读数",
    "metering.edit": "录入和导入读数",
    "tariffs.view": "查看价格文件",
    "tariffs.draft": "起草价格文件",
    "tariffs.approve": "批准价格文件",
    "billing.view": "查看账单",
    "billing.run": "执行出账",
    "billing.review": "审核账单异常",
    "billing.reverse": "冲正和重出账单",
    "payments.view": "查看收款记录",
    "payments.take": "柜台收款",
    "payments.void": "冲正收据",
    "reconciliation.view": "查看渠道对账",
    "reconciliation.resolve": "处理对账差异",
    "arrears.view": "查看欠费",
    "arrears.remind": "发送催缴提醒",
    "arrears.waive": "减免违约金",
    "arrears.policy": "修改违约金政策",
    "notifications.configure": "设置邮件",
    "payments.setup": "设置支付渠道",
    "notifications.view": "查看消息",
    "ledger.view": "查看总账",
    "users.view": "查看用户",
    "users.manage": "管理用户",
    "roles.assign": "分配角色",
    "tokens.view": "查看接口令牌",
    "tokens.manage": "发放和吊销接口令牌",
    "audit.view": "查看操作日志",
    "session.own": "使用本人的会话",
}
"""How a refusal names a permission to people."""


SCOPES: frozenset[str] = frozenset(
    {
        "customers:read", "customers:write", "billing:read", "prices:read", "prices:write",
        "prices:approve", "payments:read", "payments:write", "metering:read", "metering:write",
    }
)  # fmt: skip
"""What a program's token may be given."""


def permitted(roles: Collection[str], permission: str) -> bool:
    """Whether any of the roles carries the permission.

    Raises:
        KeyError: if no such permission exists; a route asking for it is a fault in the program.
    """
    return not PERMISSIONS[permission].isdisjoint(roles)


def conflict(roles: Collection[Role]) -> bool:
    """Whether the roles may not be held by one person: at most one separated role, and that one alone."""
    separated = SEPARATED.intersection(roles)
    return bool(separated) and len(set(roles)) > 1
