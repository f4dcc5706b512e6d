"""The audit trail in people's words: what was done, to what, and with which figures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from metercash.interfaces.web import amounts
from metercash.interfaces.web.states import name_of
from metercash.platform import audit


AREAS: Final[Mapping[str, str | Promise]] = {
    "payments.": gettext_lazy("收款与对账"),
    "billing.": gettext_lazy("出账与审核"),
    "collections.": gettext_lazy("催缴与违约金"),
    "customers.": gettext_lazy("客户档案"),
    "metering.": gettext_lazy("表计与读数"),
    "tariffs.": gettext_lazy("价格文件"),
    "ledger.": gettext_lazy("总账"),
    "notifications.": gettext_lazy("消息设置"),
    "access.": gettext_lazy("用户与权限"),
}

DEEDS: Final[Mapping[str, str | Promise]] = {
    "access.api_token.issue": gettext_lazy("发放接口令牌"),
    "access.api_token.revoke": gettext_lazy("吊销接口令牌"),
    "access.password.change": gettext_lazy("修改密码"),
    "access.roles.assign": gettext_lazy("分配角色"),
    "access.token.issue": gettext_lazy("发放一次性地址"),
    "access.user.create": gettext_lazy("新建用户"),
    "access.user.disable": gettext_lazy("停用用户"),
    "access.user.enable": gettext_lazy("启用用户"),
    "billing.bill.rebill": gettext_lazy("重新出账"),
    "billing.bill.reverse": gettext_lazy("冲正账单"),
    "billing.exception.approve": gettext_lazy("放行异常"),
    "billing.exception.reject": gettext_lazy("退回异常"),
    "billing.run.cancel": gettext_lazy("取消出账批次"),
    "billing.run.create": gettext_lazy("新建出账批次"),
    "billing.run.fail": gettext_lazy("出账批次失败"),
    "billing.run.finish": gettext_lazy("完成出账批次"),
    "collections.late_fee.waive": gettext_lazy("减免违约金"),
    "collections.policy.adopt": gettext_lazy("施行违约金政策"),
    "collections.reminders.switch": gettext_lazy("开关自动催缴"),
    "customers.account.moved_in": gettext_lazy("办理入户"),
    "customers.account.moved_out": gettext_lazy("办理销户"),
    "customers.account.owner_changed": gettext_lazy("办理过户"),
    "customers.account.plan_changed": gettext_lazy("更改价格方案"),
    "customers.contact.record": gettext_lazy("登记联系方式"),
    "customers.fact.end": gettext_lazy("终止计费资料"),
    "customers.fact.record": gettext_lazy("登记计费资料"),
    "customers.fact.remove": gettext_lazy("删除计费资料"),
    "customers.import": gettext_lazy("导入客户档案"),
    "customers.supply.change": gettext_lazy("停供或复供"),
    "ledger.period.close": gettext_lazy("关账"),
    "metering.batch.estimate": gettext_lazy("估算缺失读数"),
    "metering.batch.import": gettext_lazy("导入读数"),
    "metering.device.install": gettext_lazy("装表"),
    "metering.device.remove": gettext_lazy("拆表"),
    "metering.register.correct": gettext_lazy("更正示数"),
    "metering.day.announce": gettext_lazy("登记公布事项"),
    "metering.day.withdraw": gettext_lazy("撤销公布事项"),
    "notifications.mail.configure": gettext_lazy("修改邮件设置"),
    "notifications.mail.test": gettext_lazy("发送测试邮件"),
    "payments.break.resolve": gettext_lazy("处理对账差异"),
    "payments.money.apply": gettext_lazy("到账入账"),
    "payments.order.draft": gettext_lazy("生成扫码订单"),
    "payments.order.end": gettext_lazy("关闭扫码订单"),
    "payments.provider.configure": gettext_lazy("配置支付渠道"),
    "payments.receipt.issue": gettext_lazy("收款开收据"),
    "payments.receipt.void": gettext_lazy("冲正收据"),
    "payments.reconciliation.run": gettext_lazy("渠道对账"),
    "payments.shift.bank": gettext_lazy("现金存行"),
    "payments.shift.count": gettext_lazy("清点交班"),
    "payments.shift.hand_over": gettext_lazy("移交现金"),
    "payments.shift.open": gettext_lazy("开班"),
    "tariffs.document.approve": gettext_lazy("批准价格文件"),
    "tariffs.document.attach": gettext_lazy("上传价格文件附件"),
    "tariffs.document.close": gettext_lazy("终止价格方案"),
    "tariffs.document.detach": gettext_lazy("删除价格文件附件"),
    "tariffs.document.draft": gettext_lazy("起草价格文件"),
    "tariffs.document.edit": gettext_lazy("修改价格文件草稿"),
    "tariffs.document.publish": gettext_lazy("公布价格文件"),
    "tariffs.document.return": gettext_lazy("退回价格文件"),
    "tariffs.document.submit": gettext_lazy("提交价格文件"),
    "tariffs.document.withdraw": gettext_lazy("撤回价格文件"),
}

SUBJECTS: Final[Mapping[str, str | Promise]] = {
    "account": gettext_lazy("客户"),
    "batch": gettext_lazy("读数文件"),
    "bill": pgettext_lazy("one", "账单"),
    "bill_exception": pgettext_lazy("one", "异常"),
    "bill_run": pgettext_lazy("one", "出账批次"),
    "break": gettext_lazy("对账差异"),
    "fact": gettext_lazy("到账"),
    "file": gettext_lazy("文件"),
    "installation": gettext_lazy("装表记录"),
    "late_fee_policy": gettext_lazy("违约金政策"),
    "mail_server": gettext_lazy("邮件服务器"),
    "order": gettext_lazy("订单"),
    "period": gettext_lazy("截至"),
    "price": gettext_lazy("价格文件"),
    "provider": gettext_lazy("支付渠道"),
    "read": gettext_lazy("示数"),
    "receipt": pgettext_lazy("one", "收据"),
    "receivable": gettext_lazy("应收"),
    "reconciliation": gettext_lazy("对账"),
    "service_point": gettext_lazy("用能点"),
    "shift": gettext_lazy("班次"),
    "tenant": gettext_lazy("本单位"),
    "token": gettext_lazy("令牌"),
    "user": gettext_lazy("员工"),
}

DETAILS: Final[Mapping[str, str | Promise]] = {
    "accepted": gettext_lazy("接收"),
    "account_id": gettext_lazy("客户"),
    "accounts": gettext_lazy("户数"),
    "after": gettext_lazy("改为"),
    "after_fen": gettext_lazy("改后金额"),
    "already_billed": gettext_lazy("已出过账"),
    "approved_by": gettext_lazy("复核人"),
    "before": gettext_lazy("原为"),
    "before_fen": gettext_lazy("原金额"),
    "bill_id": gettext_lazy("账单"),
    "by": gettext_lazy("经办人"),
    "cap_of_principal": gettext_lazy("上限（本金倍数）"),
    "citation": gettext_lazy("依据"),
    "code": gettext_lazy("方案代码"),
    "count": gettext_lazy("数量"),
    "counted_fen": gettext_lazy("实点"),
    "created": gettext_lazy("新增"),
    "credit_account_id": gettext_lazy("记入客户"),
    "days": gettext_lazy("天数"),
    "effective_from": gettext_lazy("施行日"),
    "end_register_milli": gettext_lazy("止码"),
    "expected_fen": gettext_lazy("应有"),
    "failure": gettext_lazy("原因"),
    "fen": gettext_lazy("金额"),
    "filename": gettext_lazy("文件"),
    "from_milli": gettext_lazy("原示数"),
    "host": gettext_lazy("服务器"),
    "kind": gettext_lazy("种类"),
    "lines": gettext_lazy("笔数"),
    "matched": gettext_lazy("对平"),
    "merchant_id": gettext_lazy("商户号"),
    "minimum_fen": gettext_lazy("最低金额"),
    "note": gettext_lazy("说明"),
    "on": gettext_lazy("日期"),
    "outcome": gettext_lazy("去向"),
    "plan_code": gettext_lazy("方案代码"),
    "password_changed": gettext_lazy("密码已改"),
    "port": gettext_lazy("端口"),
    "posted": gettext_lazy("已入账"),
    "program": gettext_lazy("程序"),
    "quality": gettext_lazy("可信度"),
    "rate_per_mille_per_day": gettext_lazy("每日千分比"),
    "reason": gettext_lazy("原因"),
    "received_by": gettext_lazy("接收人"),
    "recovered": gettext_lazy("自动修正"),
    "reference": gettext_lazy("凭据"),
    "replaces": gettext_lazy("替代账单"),
    "roles": gettext_lazy("角色"),
    "scopes": gettext_lazy("范围"),
    "security": gettext_lazy("加密"),
    "service_point_id": gettext_lazy("用能点"),
    "serial_no": gettext_lazy("证书序列号"),
    "sha256": gettext_lazy("指纹"),
    "source": gettext_lazy("来源"),
    "stake_fen": gettext_lazy("涉及金额"),
    "start_days": gettext_lazy("起算天数"),
    "status": gettext_lazy("状态"),
    "to_milli": gettext_lazy("改后示数"),
    "total_fen": gettext_lazy("金额"),
    "transport": gettext_lazy("方式"),
    "until": gettext_lazy("截至"),
    "updated": gettext_lazy("更新"),
    "unchanged": gettext_lazy("未变"),
    "version": gettext_lazy("版本"),
    "voided_by": gettext_lazy("冲正人"),
}


ACCOUNTS: Final = ("account_id", "credit_account_id")

ACTORS: Final[Mapping[str, str | Promise]] = {
    "system": gettext_lazy("系统"),
    "resident": gettext_lazy("居民本人"),
    "wechat": gettext_lazy("微信支付通知"),
    "demo": gettext_lazy("演示数据"),
    "job": gettext_lazy("自动任务"),
    "cli": gettext_lazy("服务器命令"),
    "api": gettext_lazy("程序"),
}
"""Who acts without being staff; the last three are followed by a name."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the trail as the page shows it.

    Attributes:
        actor: Who did it, in words; ``actor_code`` finds everything they did.
        subject: What it was done to, in words; ``subject_code`` finds everything done to it.
        detail: Pairs of a name and a value, both in words.
    """

    at: datetime
    actor: str
    actor_code: str
    address: str
    action: str
    action_code: str
    subject: str
    subject_code: str
    detail: tuple[tuple[str, str], ...]


def in_words(
    entry: audit.Entry,
    account_numbers: Mapping[int, str],
    staff_names: Mapping[int, str] | None = None,
) -> Deed:
    """The entry in words; what has no word keeps its code rather than being hidden.

    Args:
        account_numbers: Number of every account that :func:`accounts_of` names.
        staff_names: What every member of the staff is called.
    """
    known = {f"account:{key}": number for key, number in account_numbers.items()}
    known |= {f"user:{key}": name for key, name in (staff_names or {}).items()}
    return Deed(
        at=entry.at,
        actor=actor_in_words(entry.actor_name),
        actor_code=entry.actor_name,
        address=entry.address,
        action=str(DEEDS.get(entry.action, entry.action)),
        action_code=entry.action,
        subject=subject_in_words(entry.subject, known.get(entry.subject)),
        subject_code=entry.subject,
        detail=tuple(_pairs(entry.detail, account_numbers)),
    )


def accounts_of(entries: Iterable[audit.Entry]) -> list[int]:
    """Ids of the accounts that the entries name."""
    named = {entry.detail.get(key) for entry in entries for key in ACCOUNTS}
    acted_on = (entry.subject.partition(":") for entry in entries)
    named |= {
        int(rest) for kind, _colon, rest in acted_on if kind == "account" and rest.isdecimal()
    }
    return sorted(account_id for account_id in named if isinstance(account_id, int))


def actor_in_words(name: str) -> str:
    """``cli:wang`` as a person says it; staff keep their names."""
    kind, colon, rest = name.partition(":")
    if kind not in ACTORS:
        return name
    return f"{ACTORS[kind]} {rest}".strip() if colon and kind != "job" else str(ACTORS[kind])


def subject_in_words(subject: str, name: str | None = None) -> str:
    """``bill:12`` as a person says it, by its name where one is given."""
    kind, _colon, number = subject.partition(":")
    if kind == "tenant":
        number = ""
    if kind in {"reconciliation", "provider"}:
        number = " ".join(name_of(part) for part in number.split(":"))
    return f"{SUBJECTS.get(kind, kind)} {name or number}".strip()


def _pairs(
    detail: Mapping[str, Any], account_numbers: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    for key, value in detail.items():
        if value is None or value == "":
            continue
        if key in ACCOUNTS:
            yield str(DETAILS[key]), account_numbers.get(value, str(value))
            continue
        if key == "on" and isinstance(value, bool):
            yield _("自动催缴"), _("开启") if value else _("关闭")
            continue
        yield str(DETAILS.get(key, key)), _value(key, value)


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int) and (key == "fen" or key.endswith("_fen")):
        return f"{amounts.yuan(value)} {_('元')}"
    if isinstance(value, int) and key.endswith("_milli"):
        return amounts.milli(value)
    if isinstance(value, list):
        return "、".join(_one(item) for item in value) or "—"
    if key == "sha256":
        return f"{str(value)[:12]}…"
    return f"{value:,}" if isinstance(value, int) and not key.endswith("_id") else _one(value)


def _one(value: object) -> str:
    return name_of(str(value))
