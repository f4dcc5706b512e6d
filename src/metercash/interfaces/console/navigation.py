"""The side navigation: one table; what a user may not open is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the navigation.

    Attributes:
        section: First part of the names of the routes that belong to it.
    """

    section: str
    route: str
    label: str | Promise
    icon: str
    permission: str


GROUPS: Sequence[tuple[str | Promise, Sequence[Item]]] = (
    ("", (Item("dashboard", "dashboard", _("经营概览"), "layout-dashboard", "dashboard.view"),)),
    (
        _("收费业务"),
        (
            Item("counter", "counter", _("柜台收费"), "cash-register", "payments.take"),
            Item("building", "building", _("楼栋缴费图"), "building-community", "billing.view"),
            Item("bills", "bills", _("账单管理"), "file-invoice", "billing.view"),
            Item("payments", "payments", _("收款记录"), "receipt", "payments.view"),
            Item("shift", "shift", _("交班日结"), "clock-dollar", "payments.take"),
        ),
    ),
    (
        _("客户与催收"),
        (
            Item("customers", "customers", _("客户档案"), "users", "customers.view"),
            Item("arrears", "arrears", _("欠费催缴"), "phone", "arrears.view"),
            Item("late_fees", "late_fees", _("违约金政策"), "report-money", "arrears.view"),
            Item("messages", "messages", _("消息发送"), "message", "notifications.view"),
        ),
    ),
    (
        _("计量与计费"),
        (
            Item("readings", "readings", _("表计采集"), "gauge", "metering.view"),
            Item("prices", "prices", _("价格文件"), "adjustments-dollar", "tariffs.view"),
            Item("runs", "runs", _("账单核算"), "calculator", "billing.view"),
            Item("exceptions", "exceptions", _("异常审核"), "alert-triangle", "billing.review"),
        ),
    ),
    (
        _("财务"),
        (Item("reconciliation", "reconciliation", _("渠道对账"), "scale", "reconciliation.view"),),
    ),
    (
        _("系统"),
        (
            Item("users", "users", _("用户与角色"), "user-shield", "users.view"),
            Item("tokens", "tokens", _("接口令牌"), "key", "tokens.view"),
            Item("mail", "mail", _("邮件设置"), "inbox", "notifications.configure"),
            Item("wechat", "wechat", _("微信支付"), "qrcode", "payments.setup"),
            Item("audit", "audit", _("操作日志"), "history", "audit.view"),
        ),
    ),
)


def visible(user: Any) -> list[tuple[str | Promise, list[Item]]]:
    """The groups and pages the user may open."""
    shown = [(label, [i for i in items if user.has(i.permission)]) for label, items in GROUPS]
    return [(label, items) for label, items in shown if items]


def first_route(user: Any) -> str:
    """The page the user lands on after signing in."""
    preferred: tuple[str, ...] = ("counter",) if user.has("payments.take") else ()
    routes = [item.route for _label, items in visible(user) for item in items]
    for route in (*preferred, *routes):
        if route in routes:
            return route
    return "profile"
