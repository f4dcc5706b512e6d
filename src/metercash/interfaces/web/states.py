"""Words and tones of every state a page shows: one table, so that one state looks alike everywhere."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


Tone = str
OK: Final = "ok"
BAD: Final = "bad"
WARN: Final = "warn"
GO: Final = "go"
MUTE: Final = "mute"

STATES: Mapping[str, tuple[str | Promise, Tone]] = {
    "PAID": (_("已缴"), OK),
    "SETTLED": (_("已缴"), OK),
    "OPEN": (_("欠费"), BAD),
    "UNPAID": (_("欠费"), BAD),
    "OVERDUE": (_("逾期"), BAD),
    "OVERDUE_LONG": (_("逾期 90 天以上"), BAD),
    "DUE": (_("待缴"), WARN),
    "ISSUED": (_("已出账"), GO),
    "PARTIAL": (_("部分缴"), WARN),
    "PARTLY_PAID": (_("部分缴"), WARN),
    "PART_PAID": (_("部分缴"), WARN),
    "POSTED": (_("已出账"), GO),
    "CANCELLED": (_("已取消"), MUTE),
    "COUNTED": (_("已交班"), GO),
    "HANDED_OVER": (_("已移交"), GO),
    "BANKED": (_("已存行"), OK),
    "AUTO_FIXED": (_("已自动修正"), OK),
    "SUSPENSE": (_("挂账"), WARN),
    "CREDITED": (_("已入账"), OK),
    "ASSIGNED": (_("已入账"), OK),
    "RETURNED": (_("已退回"), MUTE),
    "REVERSED": (_("已冲正"), MUTE),
    "VOIDED": (_("已冲正"), MUTE),
    "VOID": (_("已作废"), MUTE),
    "HELD": (_("待审核"), WARN),
    "STOPPED": (_("停供"), MUTE),
    "SUSPENDED": (_("停供"), MUTE),
    "VACANT": (_("空户"), MUTE),
    "NONE": (_("无账单"), MUTE),
    "ACTIVE": (_("在用"), OK),
    "ENDED": (_("已终止"), MUTE),
    "IN_FORCE": (_("有效"), OK),
    "COMING": (_("未开始"), GO),
    "LAPSED": (_("已失效"), MUTE),
    "CLOSED": (_("已关闭"), MUTE),
    "REMOVED": (_("已拆除"), MUTE),
    "INSTALLED": (_("在用"), OK),
    "DRAFT": (_("草稿"), MUTE),
    "SUBMITTED": (_("待批准"), WARN),
    "APPROVED": (_("已批准"), GO),
    "PUBLISHED": (_("已公布"), OK),
    "SUPERSEDED": (_("已废止"), MUTE),
    "WITHDRAWN": (_("已撤回"), MUTE),
    "CREATED": (_("待执行"), MUTE),
    "PLANNED": (_("待执行"), MUTE),
    "QUEUED": (_("排队中"), MUTE),
    "PENDING": (_("待处理"), WARN),
    "RUNNING": (_("执行中"), GO),
    "ON_DUTY": (_("当班中"), GO),
    "INTERRUPTED": (_("已中断"), WARN),
    "SUCCEEDED": (_("已完成"), OK),
    "COMPLETED": (_("已完成"), OK),
    "DONE": (_("已完成"), OK),
    "FAILED": (_("失败"), BAD),
    "RELEASED": (_("已放行"), OK),
    "ACCEPTED": (_("已放行"), OK),
    "REJECTED": (_("已退回"), BAD),
    "DISMISSED": (_("已忽略"), MUTE),
    "RESOLVED": (_("已处理"), OK),
    "MATCHED": (_("已对平"), OK),
    "UNMATCHED": (_("未对平"), BAD),
    "BALANCED": (_("已对平"), OK),
    "BROKEN": (_("有差异"), BAD),
    "SENT": (_("已发送"), OK),
    "DELIVERED": (_("已送达"), OK),
    "EXPIRED": (_("已过期"), MUTE),
    "EXPIRES_SOON": (_("即将到期"), WARN),
    "REVOKED": (_("已吊销"), MUTE),
    "TAKEN": (_("已收"), OK),
    "RECEIVED": (_("已收"), OK),
    "CONFIRMED": (_("已确认"), OK),
    "REFUNDED": (_("已退款"), MUTE),
}

NAMES: Mapping[str, str | Promise] = {
    "COUNTER_CLERK": _("收费员"),
    "BILLER": _("核算员"),
    "COLLECTOR": _("催收员"),
    "METER_READER": _("抄表员"),
    "FINANCE": _("财务"),
    "MANAGER": _("经理"),
    "SERVICE_AGENT": _("客服"),
    "TARIFF_OFFICER": _("价格管理员"),
    "SYSTEM_ADMIN": _("系统管理员"),
    "SECURITY_ADMIN": _("安全管理员"),
    "AUDITOR": _("审计员"),
    "customers:read": _("查看客户档案"),
    "customers:write": _("登记计费资料"),
    "billing:read": _("查看账单和试算"),
    "prices:read": _("查看已公示价格"),
    "prices:write": _("起草价格文件"),
    "prices:approve": _("批准价格文件"),
    "payments:read": _("查看收款和订单"),
    "payments:write": _("发起支付订单"),
    "metering:read": _("查看读数"),
    "metering:write": _("上传读数"),
    "CONSOLE": _("服务器日志"),
    "FILE": _("文件"),
    "SMTP": _("邮件服务器（SMTP）"),
    "HEAT": _("供热"),
    "POWER": _("供电"),
    "RESIDENT": _("居民"),
    "NON_RESIDENT": _("非居民"),
    "LOW_INCOME": _("低保"),
    "RESIDENTIAL": _("居民"),
    "COMMERCIAL": _("商业"),
    "INDUSTRIAL": _("工业"),
    "PUBLIC": _("公共"),
    "SCHOOL": _("学校"),
    "NON_RESIDENTIAL": _("非居民"),
    "CASH": _("现金"),
    "POS": _("POS 刷卡"),
    "TRANSFER": _("转账"),
    "BALANCE": pgettext_lazy("one", "预存余额"),
    "WECHAT": _("微信"),
    "ALIPAY": _("支付宝"),
    "BANK": _("银行代扣"),
    "COUNTER": _("营业厅"),
    "UNIONPAY": _("云闪付"),
    "BILL": pgettext_lazy("one", "账单"),
    "LATE_FEE": _("违约金"),
    "REGULAR": _("正常出账"),
    "SEASON": _("采暖季"),
    "SMS": _("短信"),
    "EMAIL": _("邮件"),
    "LETTER": _("信函"),
    "CERTAIN": _("已核原文"),
    "VERIFIED": _("已核原文"),
    "LIKELY": _("基本可信"),
    "UNCERTAIN": _("待核实"),
    "A": _("已核原文"),
    "B": _("基本可信"),
    "C": _("转载，待核实"),
    "D": _("未核实"),
    "ZONE_TOTAL": _("总用量"),
    "ZONE_PEAK": _("高峰"),
    "ZONE_SHARP": _("尖峰"),
    "ZONE_FLAT": _("平段"),
    "ZONE_VALLEY": _("低谷"),
    "NOTIFICATION": _("渠道通知"),
    "QUERY": _("主动查询"),
    "STATEMENT": _("渠道对账单"),
    "HIGH": _("高"),
    "MEDIUM": _("中"),
    "LOW": _("低"),
}


def state_of(code: object) -> tuple[str, Tone]:
    """Word and tone of a state; an unknown code is shown as it is, without a tone."""
    text = str(code)
    label, tone = STATES.get(text, (text, MUTE))
    return str(label), tone


def name_of(code: object) -> str:
    """The word for a code that is no state: method, category, commodity, kind."""
    text = str(code)
    if text in NAMES:
        return str(NAMES[text])
    return str(STATES[text][0]) if text in STATES else text
